"""The place that wires answering: question → ranked passages → read sentences → selected ones → a cited Answer.

A pure function over an engine and a snapshot: it takes no lock and writes nothing. The caller's clock measures its stages.
Only the answer's id and time differ between two calls.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from qa.answer.calibration import confidence
from qa.answer.citations import NOT_FOUND_TEXT, answer_text
from qa.answer.question_kind import is_no_question, is_yes_or_no
from qa.answer.sentence_selection import select
from qa.answer.settled import latest_first
from qa.answer.statements.grouping import led_by, without_others
from qa.base.protocols import Candidate
from qa.base.types import Answer, Citation, Evidence, Reason, Statement, Status, Trace
from qa.index.snapshot import Snapshot
from qa.service.as_of import as_of_its_clock, notices
from qa.service.citing import citations
from qa.service.engine import Engine
from qa.service.filter_advice import advice_on
from qa.service.observers import StageClock
from qa.service.question import CheckedRequest
from qa.service.rank import RankedPassages
from qa.service.reading import read_first
from qa.service.stating import said_by, statements, with_the_same_words
from qa.service.wordings import encoded_wordings, rank_wordings

_NEAREST = 3  # sentences shown when nothing answers
_CLOSE_PROBABILITY = 0.05  # below it, nothing was even close


def answer(engine: Engine, snapshot: Snapshot, request: CheckedRequest, clock: StageClock) -> Answer:
    """The answer with its cited sentences, or that the articles hold none.

    Raises:
        QuestionError: the question is over the encoder's token budget.
    """
    return answer_with_candidates(engine, snapshot, request, clock)[0]


def answer_with_candidates(
    engine: Engine, snapshot: Snapshot, request: CheckedRequest, clock: StageClock
) -> tuple[Answer, RankedPassages | None]:
    """The same with all that the search ranked; None where nothing was searched."""
    request = replace(request, question=as_of_its_clock(request.question, snapshot))
    reason = _nothing_to_read(snapshot, request)
    if reason is not None:
        return _answer(request, snapshot, Trace((), (), clock.done()), reason=reason), None
    question = engine.encode(request.question.words)
    wordings = encoded_wordings(engine, request, question)
    request = replace(request, asked=replace(request.asked, searched_for=tuple(one.words for one in wordings)))
    clock.lap("encode")
    most = engine.settings.read_passages
    ranked = rank_wordings(request, wordings, engine, snapshot, most=most)
    clock.lap("search")
    read = read_first(question, ranked, engine, snapshot, most=most)
    evidence = _settled(question.words, read.evidence, read.candidates, snapshot)
    said = said_by(read.candidates, evidence, request, question.words, snapshot.postings.terms)
    evidence = led_by(said, evidence)
    clock.lap("read")
    selected = _selected(without_others(said, evidence), request, snapshot)
    shown = citations(selected or evidence[:_NEAREST], read.candidates, snapshot.store)
    said_and_cited = statements(said, shown, read.candidates, snapshot.store) if selected else ()
    clock.lap("compose")
    trace = Trace(ranked.rankings, tuple(evidence), clock.done())
    if selected:
        return _answer(request, snapshot, trace, citations=shown, statements=said_and_cited), ranked
    return _answer(request, snapshot, trace, nearest=shown, reason=_reason(evidence)), ranked


def _nothing_to_read(snapshot: Snapshot, request: CheckedRequest) -> Reason | None:
    """Why nothing needs to be searched; None where something does."""
    if not snapshot.store.has_articles():
        return Reason.NO_ARTICLES
    if is_no_question(request.asked.question) or is_no_question(request.question.words):
        return Reason.NOT_A_QUESTION
    return Reason.ALL_FILTERED_OUT if snapshot.lets_none_pass(request.question.filters) else None


def _settled(question: str, evidence: list[Evidence], candidates: Sequence[Candidate], snapshot: Snapshot) -> list[Evidence]:
    """The evidence; for a yes-or-no question the latest sentence that settles it first."""
    if not is_yes_or_no(question):
        return evidence
    published = {candidate.article.id: candidate.article.published_at for candidate in candidates}
    return latest_first(evidence, published, question, terms=snapshot.postings.terms)


def _selected(evidence: Sequence[Evidence], request: CheckedRequest, snapshot: Snapshot) -> list[Evidence]:
    return select(
        evidence,
        threshold=request.threshold,
        answered_threshold=request.answered_threshold,
        most=request.max_citations,
        terms=snapshot.postings.terms,
    )


def _reason(evidence: Sequence[Evidence]) -> Reason:
    is_close = bool(evidence) and evidence[0].probability >= _CLOSE_PROBABILITY
    return Reason.NO_ANSWER_READ if is_close else Reason.NOTHING_CLOSE


def _answer(
    request: CheckedRequest,
    snapshot: Snapshot,
    trace: Trace,
    *,
    citations: tuple[Citation, ...] = (),
    nearest: tuple[Citation, ...] = (),
    reason: Reason | None = None,
    statements: tuple[Statement, ...] = (),
) -> Answer:
    probability = trace.evidence[0].probability if trace.evidence else 0.0
    return Answer(
        id=f"ans_{secrets.token_hex(8)}",
        created_at=datetime.now(UTC),
        index_generation=snapshot.generation,
        question=request.asked.question,
        standalone_question=request.asked.standalone_question,
        inherited=request.asked.inherited,
        asked_at=request.question.asked_at,
        date_ranges=request.question.date_ranges,
        filters=request.question.filters,
        status=_status(citations, probability, request),
        text=answer_text(citations) if citations else NOT_FOUND_TEXT,
        confidence=confidence(probability, threshold=request.threshold, answered_threshold=request.answered_threshold),
        citations=citations,
        nearest=nearest,
        reason=reason,
        trace=trace,
        searched_for=request.asked.searched_for if trace.rankings else (),
        notices=notices(request.question, snapshot.store),
        agreeing=_agreeing(citations, statements),
        statements=statements,
        filter_advice=() if reason is Reason.NOT_A_QUESTION else advice_on(request.question.filters, snapshot),
    )


def _agreeing(citations: Sequence[Citation], statements: Sequence[Statement]) -> int:
    """How many articles give the answer; those with the words of its first citation where it has no short answer."""
    if statements:
        return statements[0].articles
    return len(with_the_same_words(citations[0])) if citations else 0


def _status(citations: Sequence[Citation], probability: float, request: CheckedRequest) -> Status:
    if not citations:
        return Status.NOT_FOUND
    return Status.ANSWERED if probability >= request.answered_threshold else Status.WEAK
