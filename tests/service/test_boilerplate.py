"""Lines that recur in the stories of a source: never cited, unless the user says so."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from qa.base.types import Article, SentenceKind
from qa.corpus.articles import make_article
from qa.corpus.boilerplate import recurs_too_often
from qa.corpus.near_duplicates import words_key
from qa.corpus.sentences import split_sentences
from qa.index.near_duplicates import NearDuplicates
from qa.service.boilerplate import LearnedLine, masked_sentences
from qa.service.service import Service

MUG = "Mugs with our ferry on them cost 12 crowns in the shop of this paper."
QUESTION = "What do mugs with the ferry on them cost?"


@pytest.fixture
def story(sample_articles: list[Article]) -> Callable[..., Article]:
    """One of 43 articles that have nothing in common but the line at their end, and their source."""
    different = [article for article in sample_articles if article.id != "port-record-courier"]

    def make(number: int, *, source: str = "Post", line: str = MUG) -> Article:
        return make_article(f"{different[number].text}\n\n{line}", given_id=f"{source} {number}", source=source)

    return make


@pytest.fixture
def index(open_service: Callable[..., Service], tmp_path: Path) -> Service:
    return open_service(tmp_path / "index", threshold=0, read_passages=20)


def _cites_the_mug(index: Service) -> bool:
    answer = index.ask(QUESTION, max_citations=10)
    read = {cited.quote for cited in (*answer.citations, *answer.nearest)} | {one.quote for one in answer.trace.evidence}
    return MUG in read


@pytest.mark.parametrize(
    ("stories", "of", "too_often"), [(10, 1_000, True), (9, 1_000, False), (5, 9, True), (5, 10, False), (4, 4, False)]
)
def test_ten_stories_are_too_many_and_so_are_five_of_nine(stories: int, of: int, too_often: bool) -> None:
    assert recurs_too_often(stories, of=of) is too_often


def test_equal_sentences_are_looked_up_once() -> None:
    asked: list[int] = []

    class Asked(NearDuplicates):
        def frequent(self, keys: Sequence[int], *, fewest: int) -> list[int]:
            asked.extend(keys)
            return super().frequent(keys, fewest=fewest)

    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE overruled (words, sentence, boilerplate)")
        connection.execute("CREATE TABLE sentences (words)")
        article = make_article("It rained. Ann left. " * 500)
        sentences = split_sentences(article.text)
        assert masked_sentences(article, sentences, Asked(connection)) == sentences
    assert asked == [words_key("It rained."), words_key("Ann left.")]


def test_a_line_in_ten_stories_of_a_source_is_not_cited_any_more(index: Service, story: Callable[..., Article]) -> None:
    index.add_articles([story(number, line="") for number in range(12, 40)])
    index.add_articles([story(number) for number in range(9)])
    assert _cites_the_mug(index)
    index.add_articles([story(9)])
    assert not _cites_the_mug(index)
    assert all(
        scored.sentence.span.of(hit.article.text) != MUG for hit in index.search(QUESTION).hits for scored in hit.sentences
    )
    index.remove(["Post 9"])
    assert _cites_the_mug(index)


def test_the_same_line_in_another_source_may_be_cited(index: Service, story: Callable[..., Article]) -> None:
    index.add_articles([*(story(number) for number in range(12)), story(12, source="Mail")])
    answer = index.ask(QUESTION, max_citations=10)
    assert [(cited.quote, cited.source.name) for cited in answer.citations if cited.quote == MUG] == [(MUG, "Mail")]


def test_copies_of_one_report_are_onestory(index: Service, story: Callable[..., Article]) -> None:
    report = story(1)
    index.add_articles(make_article(report.text, given_id=f"copy {number}", source="Post") for number in range(12))
    assert _cites_the_mug(index)


def test_an_article_shows_the_line_as_boilerplate_and_its_passages_stay(index: Service, story: Callable[..., Article]) -> None:
    index.add_articles([story(number) for number in range(10)])
    stored, sentences = index.article("Post 3")
    kinds = {sentence.span.of(stored.article.text): sentence.kind for sentence in sentences}
    assert kinds.pop(MUG) is SentenceKind.BOILERPLATE
    assert SentenceKind.BOILERPLATE not in kinds.values()
    assert any(MUG in hit.passage.span.of(hit.article.text) for hit in index.search(QUESTION).hits)


def test_a_user_overrules_what_was_learned_and_can_forget_it(index: Service, story: Callable[..., Article]) -> None:
    index.add_articles([story(number) for number in range(10)])
    learned = LearnedLine(MUG, "Post", 10, boilerplate=True)
    assert index.boilerplate() == [learned]
    generation = index.generation
    index.overrule(MUG.upper(), boilerplate=False)
    assert index.generation == generation + 1
    assert _cites_the_mug(index)
    assert index.boilerplate() == [LearnedLine(MUG.upper(), None, None, boilerplate=False)]
    index.overrule(MUG, boilerplate=None)
    assert index.boilerplate() == [learned]
    assert not _cites_the_mug(index)


def test_a_user_masks_a_line_that_stands_once(index: Service, story: Callable[..., Article]) -> None:
    index.add_articles([story(1)])
    index.overrule(MUG, boilerplate=True)
    assert not _cites_the_mug(index)
    index.rebuild()
    assert not _cites_the_mug(index)
    with pytest.raises(ValueError, match="no word"):
        index.overrule("…", boilerplate=True)
