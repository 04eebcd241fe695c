from __future__ import annotations

import pytest

from qa.answer.settled import latest_first
from qa.base.types import Evidence, Span

QUESTION = "Is the bridge open again?"
HOPE, REPORT, OTHER = "They hope to have the bridge open again in October.", "The bridge is open.", "The port is open."


def found(quote: str, probability: float, article: str) -> Evidence:
    return Evidence("p", article, "0" * 64, 0, Span(0, len(quote)), quote, probability, probability)


def words(text: str) -> list[str]:
    return [word.strip(".?").lower() for word in text.split()]


def ordered(evidence: list[Evidence], published: dict[str, str | None]) -> list[str]:
    return [one.quote for one in latest_first(evidence, published, QUESTION, terms=words)]


def test_a_later_sentence_about_the_same_is_first() -> None:
    evidence = [found(HOPE, 0.4, "old"), found(OTHER, 0.3, "new"), found(REPORT, 0.2, "newer")]
    published: dict[str, str | None] = {"old": "2024-03-08", "new": "2024-09-01", "newer": "2025-01-20T08:00:00Z"}
    assert ordered(evidence, published) == [REPORT, HOPE, OTHER]
    assert latest_first(evidence, published, QUESTION, terms=words)[0].probability == 0.4


def test_of_one_article_the_best_sentence_settles() -> None:
    evidence = [found(HOPE, 0.4, "old"), found(REPORT, 0.3, "new"), found("The bridge was open once.", 0.2, "new")]
    assert ordered(evidence, {"old": "2024-03-08", "new": "2025-01-20"})[0] == REPORT


@pytest.mark.parametrize(
    "published",
    [{"old": "2024-03-08", "new": "2024-03-01"}, {"old": "2024-03-08", "new": None}, {"old": None, "new": "2025-01-20"}],
)
def test_an_earlier_sentence_or_one_without_a_date_keeps_its_place(published: dict[str, str | None]) -> None:
    assert ordered([found(HOPE, 0.4, "old"), found(REPORT, 0.3, "new")], published) == [HOPE, REPORT]


def test_a_later_sentence_that_lacks_a_word_of_the_question_settles_nothing() -> None:
    evidence = [found(HOPE, 0.4, "old"), found(OTHER, 0.4, "new")]
    assert ordered(evidence, {"old": "2024-03-08", "new": "2025-01-20"}) == [HOPE, OTHER]


def test_a_question_of_one_word_is_settled_by_the_best_sentence() -> None:
    evidence = [found("The strike is over.", 0.4, "old"), found("The strike cost the port a record.", 0.4, "new")]
    published: dict[str, str | None] = {"old": "2024-10-08", "new": "2025-01-15"}
    assert latest_first(evidence, published, "Is the strike over?", terms=words) == evidence


def test_without_evidence_there_is_none() -> None:
    assert latest_first([], {}, QUESTION, terms=words) == []
