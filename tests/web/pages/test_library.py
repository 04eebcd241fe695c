"""The addresses of the library."""

from __future__ import annotations

from datetime import datetime

import httpx
import pytest

from qa.base.types import Article, ArticleOrder
from qa.index.store import ArticleRow
from web.pages.article_groups import groups
from web.pages.excerpts import excerpt
from web.pages.filter_form import FilterForm
from web.pages.routes.library import Part

PART = Part("ferry", FilterForm(source="cnn", published_from="2024-03", language="en"), 40)


def test_an_address_holds_what_is_set_and_nothing_else() -> None:
    assert PART.address() == "/library?q=ferry&source=cnn&published_from=2024-03&language=en&before=40"
    assert Part("", FilterForm(), None).address() == "/library"
    assert Part("", FilterForm(), 7).address("/library/a/remove", removed="x") == "/library/a/remove?before=7&removed=x"


def test_each_chip_leads_to_the_first_page_without_what_it_has_set() -> None:
    assert PART.without_each == {
        "source": "/library?q=ferry&published_from=2024-03&language=en",
        "date": "/library?q=ferry&source=cnn&language=en",
        "language": "/library?q=ferry&source=cnn&published_from=2024-03",
    }
    assert PART.filters_set == 3
    assert PART.without_filters == "/library?q=ferry"


def test_an_order_begins_at_its_first_page_and_holds_for_the_others() -> None:
    by_title = Part("ferry", FilterForm(), 40, ArticleOrder.TITLE)
    assert by_title.address("/library/remove", removed=["a", "b"]) == (
        "/library/remove?q=ferry&sort=title&before=40&removed=a&removed=b"
    )
    assert by_title.orders == [
        ("Last added", False, "/library?q=ferry"),
        ("Newest", False, "/library?q=ferry&sort=newest"),
        ("Oldest", False, "/library?q=ferry&sort=oldest"),
        ("Title", True, "/library?q=ferry&sort=title"),
    ]


def test_nothing_selected_removes_nothing_and_an_order_that_is_none_is_refused(client: httpx.Client) -> None:
    assert client.post("/library/remove").headers["location"] == "/library"
    assert client.get("/library?sort=best").status_code == 422


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("One line\nand  another.", [], "One line and another."),
        ("A ferry left.", ["FERRY"], "A ferry left."),
        ("It was a long way to the island and the ferry was late.", ["ferry"], "… the island and the ferry was late."),
        ("Nothing here.", ["ferry"], "Nothing here."),
        ("x" * 500, [], "x" * 200),
        ("x" * 500 + "ferry", ["ferry"], f"… {'x' * 20}ferry"),
    ],
)
def test_one_line_of_the_text_is_shown_with_the_word_that_was_searched_for(text: str, words: list[str], shown: str) -> None:
    assert excerpt(Article("a", "a", "A", text), words) == shown


def test_the_line_does_not_repeat_the_title() -> None:
    assert excerpt(Article("a", "a", "Notes", "# *Notes*\n\nThe boat left.", is_markdown=True)) == "The boat left."
    assert excerpt(Article("a", "a", "Notes", "Notes\nThe boat left."), ["notes"]) == "The boat left."
    assert excerpt(Article("a", "a", "Notes", "Notes of a sailor.\nThe boat left.")) == "Notes of a sailor. The boat left."
    assert excerpt(Article("a", "a", "Notes", "Notes\n")) == "Notes"
    assert excerpt(Article("a", "a", "Notes", "# Notes", is_markdown=True)) == "Notes"


def test_the_line_has_no_marks_of_markdown() -> None:
    article = Article("a", "a", "A", "# Notes\n\nThe **boat** [left](/harbour) at noon, and nobody saw it.", is_markdown=True)
    assert excerpt(article) == "Notes The boat left at noon, and nobody saw it."
    assert excerpt(article, ["nobody"]) == "… at noon, and nobody saw it."


@pytest.mark.parametrize(
    ("order", "names"),
    [
        (ArticleOrder.ADDED, ["Today", "8 March 2024"]),
        (ArticleOrder.NEWEST, ["February 2025", "Without a date"]),
        (ArticleOrder.TITLE, [""]),
    ],
)
def test_articles_stand_under_the_day_they_were_added_or_the_month_of_their_date(order: ArticleOrder, names: list[str]) -> None:
    now = datetime.now().astimezone().isoformat()
    rows = [
        ArticleRow(2, Article(id="b", given_id="b", title="B", text="B.", published_at="2025-02-21"), "B", now, 1),
        ArticleRow(1, Article(id="a", given_id="a", title="A", text="A."), "A", "2024-03-08T12:00:00+00:00", 1),
    ]
    assert [name for name, _ in groups(rows, order)] == names


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("/library?q=&source=&published_from=", "/library"), ("/library?q=a+b&source=&language=en", "/library?q=a+b&language=en")],
)
def test_fields_that_were_left_empty_do_not_stay_in_the_address(client: httpx.Client, asked: str, kept: str) -> None:
    response = client.get(asked)
    assert (response.status_code, response.headers["location"]) == (303, kept)
