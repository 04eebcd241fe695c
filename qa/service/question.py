"""A request → a checked question: its words, the clock that they are read by, and the articles that may answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from qa.answer.question_kind import is_no_question
from qa.base.errors import QuestionError
from qa.base.settings import Settings
from qa.base.times import with_zone
from qa.base.types import NO_FILTERS, DateRange, Filters, NoticeCode, Span
from qa.conversation import Resolved, Turn, as_given, resolve
from qa.corpus.decode import clean
from qa.search.date_ranges import read_dates

_MOST_EARLIER_TURNS = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched for: checked words, the clock and its day in UTC, the date ranges in the words, and the filters.

    `date_problems` are words that read like a date and mean none. `is_clock_given`: the request names the clock, so that later
    articles are left out unless its filters say otherwise.
    """

    words: str
    asked_at: datetime
    today: date
    date_ranges: tuple[DateRange, ...]
    filters: Filters
    is_clock_given: bool = False
    date_problems: tuple[tuple[Span, NoticeCode], ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """A question as somebody asks it; None leaves a value to the clock or to the settings.

    A follow-up is made to stand alone by the last 20 of the `earlier` turns. `standalone_question` is searched for instead.
    `searched_for` are the wordings to search with, as an answer names them; the reader reads the question all the same.
    """

    question: str
    asked_at: datetime | None = None
    filters: Filters = NO_FILTERS
    threshold: float | None = None
    max_citations: int | None = None
    earlier: Sequence[Turn] = ()
    standalone_question: str | None = None
    searched_for: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class CheckedRequest:
    """A request that can be answered: the question as asked and made to stand alone, and what is searched for."""

    asked: Resolved
    question: Question
    threshold: float
    answered_threshold: float
    max_citations: int

    def __post_init__(self) -> None:
        if not 0 <= self.threshold <= 1:
            raise ValueError(f"threshold is a probability from 0 to 1, got {self.threshold}")
        if self.max_citations < 1:
            raise ValueError(f"max_citations is at least 1, got {self.max_citations}")


def checked_request(request: AnswerRequest, settings: Settings) -> CheckedRequest:
    """The request with everything that it left to the settings.

    Raises:
        QuestionError: a blank or too long question.
        ValueError: a threshold outside 0..1, fewer than one citation, or a time without a zone.
    """
    asked = _checked_words(request.question, settings)
    if request.standalone_question is None:
        resolved = _resolved(asked, request.earlier, settings)
    else:
        resolved = as_given(asked, _checked_words(request.standalone_question, settings))
    if request.searched_for:
        resolved = replace(resolved, searched_for=tuple(request.searched_for))
    return CheckedRequest(
        asked=resolved,
        question=checked_question(resolved.standalone_question, request.asked_at, request.filters, settings),
        threshold=settings.threshold if request.threshold is None else request.threshold,
        answered_threshold=max(settings.answered_threshold, request.threshold or 0.0),
        max_citations=settings.max_citations if request.max_citations is None else request.max_citations,
    )


def checked_question(words: str, asked_at: datetime | None, filters: Filters, settings: Settings) -> Question:
    """The question with the date ranges that its words name; raises as `checked_request` does."""
    moment = datetime.now(UTC) if asked_at is None else with_zone(asked_at)
    checked = _checked_words(words, settings)
    today = moment.astimezone(UTC).date()
    dates = read_dates(checked, today)
    return Question(checked, moment, today, dates.ranges, filters, asked_at is not None, dates.problems)


def _checked_words(question: str, settings: Settings) -> str:
    cleaned = clean(question).strip()
    if not cleaned:
        raise QuestionError('The question is blank. Ask about the articles, for example: "Who met whom?"')
    longest = settings.max_question_characters
    if len(cleaned) > longest:
        raise QuestionError(f"The question has {len(cleaned):,} characters, at most {longest:,} are read. Ask it in fewer words.")
    return cleaned


def _resolved(question: str, earlier: Sequence[Turn], settings: Settings) -> Resolved:
    """The question made to stand alone; the question itself where that would be longer than a question may be."""
    if is_no_question(question):
        return as_given(question, question)
    questions = [turn for turn in earlier if not is_no_question(turn.question)]  # thanks and greetings are no turns
    resolved = resolve(question, questions[-_MOST_EARLIER_TURNS:])
    too_long = len(resolved.standalone_question) > settings.max_question_characters
    return as_given(question, question) if too_long else resolved
