"""What the chips of the filters say."""

from __future__ import annotations

import pytest

from web.pages.filter_form import FilterForm
from web.pages.filter_words import filter_words
from web.pages.language_names import language_name


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (FilterForm(), {}),
        (FilterForm(source=" cnn "), {"source": "Source: cnn"}),
        (FilterForm(published_from="2024-06-01"), {"date": "From 1 June 2024"}),
        (FilterForm(published_to="2024-07-03"), {"date": "Until 3 July 2024"}),
        (FilterForm(published_from="2024-06-01", published_to="2024-07-03"), {"date": "1 June 2024 to 3 July 2024"}),
        (FilterForm(published_from="2024-03"), {"date": "From 2024-03"}),  # a month, as an address may have it
        (FilterForm(language="de"), {"language": "Language: German"}),
        (FilterForm(article="my article"), {"article": "Article: my article"}),
        (FilterForm(article=" pier-1 "), {"article": "Article: The new pier"}),
        (FilterForm(article="art_0123456789abcdef art_fedcba9876543210"), {"article": "2 articles"}),
    ],
)
def test_a_chip_says_what_is_set_and_nothing_where_nothing_is(form: FilterForm, said: dict[str, str]) -> None:
    assert {chip: words for chip, words in filter_words(form, {"pier-1": "The new pier"}).items() if words} == said


def test_languages_have_their_english_names_and_what_has_none_its_code() -> None:
    assert [language_name(code) for code in ("en", "EL", "ht", "zu", "xx", "en-GB")] == [
        "English",
        "Greek",
        "Haitian Creole",
        "Zulu",
        "xx",
        "en-GB",
    ]
