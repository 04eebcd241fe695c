"""Articles by what people call them: an id, a title, or the name or path of a file."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qa.base.errors import ArticleNotFound, ArticleUnclear
from qa.corpus.articles import make_article
from qa.service.library import Library
from qa.service.service import Service

FARES, BREAD, BREAD_AGAIN, COLUMN = "/news/2024/fares.md", "/news/bread.txt", "b-2", "/columns/bread.txt"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, open_service: Callable[..., Service]) -> Library:
    service = open_service(tmp_path_factory.mktemp("index"))
    service.add_articles(
        [
            make_article("The ferry costs 3 euros.", title="Ferry fares, in short", fallback_id=FARES),
            make_article("A loaf costs 4 euros.", title="Bread is dear", fallback_id=BREAD),
            make_article("A loaf costs 5 euros.", title="Bread is dear", given_id=BREAD_AGAIN, published_at="2025-03-03"),
            make_article("A baker thinks.", title="What a baker thinks", fallback_id=COLUMN),
        ]
    )
    return Library(service.folder)


def test_an_id_is_taken_as_it_is_given(library: Library) -> None:
    ids = [library.article(FARES)[0].article.id, BREAD_AGAIN]
    assert library.named_ids(ids) == ids


@pytest.mark.parametrize(
    "name",
    ["Ferry fares, in short", "ferry fares in short", "“Ferry fares, in short”", "fares.md", "Fares", "/news/2024/fares.md"],
)
def test_a_title_and_a_file_s_name_stand_for_the_article(library: Library, name: str) -> None:
    (id_,) = library.named_ids([name])
    assert library.article(id_)[0].article.given_id == FARES


def test_a_path_is_that_of_the_folder_one_is_in(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getcwd", lambda: "/news/2024")
    (id_,) = library.named_ids(["../bread.txt"])
    assert library.article(id_)[0].article.given_id == BREAD


@pytest.mark.parametrize("name", ["Bread is dear", "bread.txt"])
def test_of_several_with_one_name_each_is_named(library: Library, name: str) -> None:
    with pytest.raises(ArticleUnclear) as raised:
        library.named_ids([name])
    assert str(raised.value).startswith(f"2 articles are called '{name}': art_")
    assert str(raised.value).endswith(". Give the id of one.")
    assert ("(Bread is dear, 3 March 2025)" in str(raised.value)) is (name == "Bread is dear")


@pytest.mark.parametrize(("name", "nearest"), [("dear", "(Bread is dear"), ("Feri fares in short", "(Ferry fares, in short)")])
def test_where_nobody_is_called_so_the_nearest_are_named(library: Library, name: str, nearest: str) -> None:
    with pytest.raises(ArticleNotFound) as raised:
        library.named_ids([name])
    assert nearest in str(raised.value)


def test_what_is_near_no_article_names_none(library: Library) -> None:
    with pytest.raises(ArticleNotFound, match=r"^No article '\?\?' in this index. `qa list` shows their ids.$"):
        library.named_ids(["??"])
