"""The nouns refuse what would break their invariants."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import UTC, datetime

import pytest

from qa.base.types import (
    NO_FILTERS,
    Answer,
    Article,
    Band,
    Confidence,
    Hit,
    Ranking,
    Reason,
    Sentence,
    SentenceKind,
    Source,
    Span,
    Status,
    Trace,
    parse_passage_id,
    passage_id,
    source_of,
)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 0)])
def test_a_span_is_not_empty_and_does_not_start_before_the_text(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=f"got {start}-{end}"):
        Span(start, end)


def test_a_span_counts_code_points() -> None:
    assert Span(1, 3).of("a👩e\u0301") == "👩e"
    assert Span(0, 4).of("a👩e\u0301") == "a👩e\u0301"


def test_a_span_behind_the_text_is_refused_and_not_cut() -> None:
    with pytest.raises(ValueError, match="span 2-9 ends behind a text of 4 characters"):
        Span(2, 9).of("four")


def test_spans_that_touch_do_not_overlap() -> None:
    assert not Span(0, 3).overlaps(Span(3, 5))
    assert Span(0, 4).overlaps(Span(3, 5)) and Span(3, 5).overlaps(Span(0, 4))
    assert Span(0, 5).contains(Span(0, 5)) and Span(0, 5).contains(Span(2, 3))
    assert not Span(1, 5).contains(Span(0, 3)) and not Span(0, 3).contains(Span(1, 4))


def test_an_articles_digest_is_that_of_its_text_alone() -> None:
    one, other = Article("a", "a", "One", "Zoë"), Article("b", "b", "Other", "Zoë", url="https://b.example")
    assert one.digest == other.digest == hashlib.sha256("Zoë".encode()).hexdigest()
    assert Article("a", "a", "One", "Zoe\u0308").digest != one.digest  # another spelling is another text


def test_a_passages_id_names_article_version_and_place() -> None:
    article = Article("art_1", "a", "One", "Zoë left.")
    assert passage_id(article, Span(0, 3)) == f"art_1@{article.digest[:8]}:0-3"
    assert parse_passage_id(passage_id(article, Span(0, 3))) == ("art_1", Span(0, 3))


@pytest.mark.parametrize("id_", ["", "art_1", "art_1@0f:0", "art_1@0f:a-3", "@0f:0-3", "art_1@0f:3-3"])
def test_what_is_no_passage_id_is_told(id_: str) -> None:
    with pytest.raises(ValueError, match=r"passage id|got 3-3"):
        parse_passage_id(id_)


def test_an_article_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Article("a", "a", "One", "text").text = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("kind", "citable"),
    [
        (SentenceKind.PROSE, True),
        (SentenceKind.LIST_ITEM, True),
        (SentenceKind.HEADING, False),
        (SentenceKind.BOILERPLATE, False),
    ],
)
def test_prose_and_list_items_are_citable(kind: SentenceKind, citable: bool) -> None:
    assert Sentence(0, Span(0, 1), kind).citable is citable


def test_a_ranking_is_ordered_by_score_then_id() -> None:
    Ranking("q", "dense", (Hit("b", 2.0), Hit("a", 1.0), Hit("c", 1.0)))
    for hits in ((Hit("a", 1.0), Hit("b", 2.0)), (Hit("b", 1.0), Hit("a", 1.0))):
        with pytest.raises(ValueError, match="hits of dense are not ordered"):
            Ranking("q", "dense", hits)


def test_the_source_is_what_the_article_says() -> None:
    article = Article("a", "a", "One", "text", url="https://a.example", source="Post", published_at="2024-02-12")
    assert source_of(article) == Source("Post", "https://a.example", None, "2024-02-12", None)


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.WEAK])
def test_an_answer_without_citations_is_not_found(status: Status) -> None:
    with pytest.raises(ValueError, match="not_found exactly when it cites nothing"):
        _answer(status)
    assert _answer(Status.NOT_FOUND).citations == ()


def _answer(status: Status) -> Answer:
    now = datetime.now(UTC)
    confidence = Confidence(0.1, Band.LOW, 0.35, 0.6)
    trace = Trace((), (), {})
    return Answer("ans_1", now, 1, "q", "q", (), now, (), NO_FILTERS, status, "", confidence, (), (), Reason.NOTHING_CLOSE, trace)
