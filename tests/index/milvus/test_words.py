from __future__ import annotations

import re

import pytest

from qa.index.milvus.words import word_of, words_of
from qa.index.postings import FIELD_LETTERS, field_of, terms_in


def test_a_word_is_of_ascii_letters_and_digits_alone_so_that_no_analyzer_splits_it() -> None:
    for text, language in (("Die Häuser am Hafen", "de"), ("渡轮周五晚点", "zh"), ("เรือข้ามฟาก", "th"), ("какой дом", "ru")):
        words = words_of(field_of(language), terms_in(text, language)).split(" ")
        assert len(words) == len(terms_in(text, language))
        assert all(re.fullmatch("[a-z0-9]+", word) for word in words)


def test_the_same_term_of_two_languages_is_two_words_and_no_plain_word_is_one_of_digits() -> None:
    assert word_of("text_english", "die") == "enadie" != word_of("text_german", "die")
    assert word_of("text_english", "xc3a9") == "enaxc3a9" != word_of("text_english", "é") == "enxc3a9"
    assert len(set(FIELD_LETTERS.values())) == len(FIELD_LETTERS)
    assert all(len(letters) == 2 for letters in FIELD_LETTERS.values())


@pytest.mark.parametrize("count", [1, 10_000])
def test_words_fit_into_a_field(count: int) -> None:
    words = words_of("text_english", ["harbour"] * count)
    assert len(words) <= 65_000 and set(words.split(" ")) == {"enaharbour"}
