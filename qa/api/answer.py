"""An answer ⇄ its JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from qa.api.changed_citation import ChangedCitationShape
from qa.api.citation import CitationShape, NearestShape, citation_of, citation_shape, nearest_shape
from qa.api.filters import FilterAdviceShape, FiltersShape, filter_advice_of, filter_advice_shapes, filters_of, filters_shape
from qa.api.notice import NoticeShape, notice_of, notice_shape
from qa.api.question import CarriedShape, PeriodShape, date_range_of, date_range_shapes, inherited_shapes
from qa.api.shape import Shape, rounded_timings
from qa.api.span import span_of
from qa.api.statement import StatementShape, statement_of, statement_shape
from qa.base.times import rfc3339
from qa.base.types import Answer, Band, Confidence, Reason, Status, Trace
from qa.conversation import Turn


class ConfidenceShape(Shape):
    probability: float
    band: Band
    threshold: float
    answered_threshold: float


class ShortAnswerShape(Shape):
    """`display` is `text` as people read it, null where that is the same."""

    text: str
    citation: int
    start_char_index: int
    end_char_index: int
    display: str | None = None


class AnswerShape(Shape):
    """`statements` are what the articles say, that of the answer first; their citations beyond the answer's own are numbered on
    from these.

    `changed_citations` and `check` tell of a kept answer what became of it since: the citations that no longer stand in their
    articles, and, if the leading one is among them, why the answer is to be checked.
    """

    object: Literal["answer"] = "answer"
    id: str
    created_at: str
    index_generation: int
    question: str
    standalone_question: str
    carried: list[CarriedShape] = Field(default=[])  # answers kept by an earlier version of qa have none
    status: Status
    answer: str
    short_answer: ShortAnswerShape | None
    asked_at: str
    periods: list[PeriodShape]
    filters: FiltersShape
    confidence: ConfidenceShape
    citations: list[CitationShape]
    nearest: list[NearestShape]
    reason: Reason | None
    timings_ms: dict[str, float]
    notices: list[NoticeShape] = Field(default=[])  # answers kept by an earlier version of qa have none
    filter_advice: list[FilterAdviceShape] = Field(default=[])  # nor these
    searched_for: list[str] = Field(default=[])  # nor these
    agreeing: int = 0  # in them, too
    statements: list[StatementShape] = Field(default=[])  # nor these
    changed_citations: list[ChangedCitationShape] = Field(default=[])
    check: str | None = None

    @property
    def other_statements(self) -> list[StatementShape]:
        """Those that say something else than the answer."""
        return self.statements[1:]

    @property
    def all_citations(self) -> list[CitationShape]:
        """Those of the answer and of the other statements, in the order of their numbers."""
        return [*self.citations, *(other.citation for other in self.other_statements)]


def answer_shape(answer: Answer) -> AnswerShape:
    return AnswerShape(
        id=answer.id,
        created_at=rfc3339(answer.created_at),
        index_generation=answer.index_generation,
        question=answer.question,
        standalone_question=answer.standalone_question,
        carried=inherited_shapes(answer.standalone_question, answer.inherited),
        status=answer.status,
        answer=answer.text,
        short_answer=_short_answer_shape(answer),
        asked_at=rfc3339(answer.asked_at),
        periods=date_range_shapes(answer.standalone_question, answer.date_ranges),
        filters=filters_shape(answer.filters),
        filter_advice=filter_advice_shapes(answer.filter_advice),
        confidence=_confidence_shape(answer.confidence),
        citations=[citation_shape(citation) for citation in answer.citations],
        nearest=[nearest_shape(citation) for citation in answer.nearest],
        reason=answer.reason,
        timings_ms=rounded_timings(answer.trace.timings_ms),
        notices=[notice_shape(notice) for notice in answer.notices],
        searched_for=list(answer.searched_for),
        agreeing=answer.agreeing,
        statements=[statement_shape(one) for one in answer.statements],
    )


def answer_of(shape: AnswerShape) -> Answer:
    """The answer that a shape was made from, equal to it in all that the JSON holds.

    The trace has the timings alone: no rankings, no evidence. Times are rounded down to the second, the probability and the
    scores to 4 digits, the timings to tenths of a millisecond. Citations that an earlier version of qa kept have the score 0 and
    no short answer.
    """
    return Answer(
        id=shape.id,
        created_at=datetime.fromisoformat(shape.created_at),
        index_generation=shape.index_generation,
        question=shape.question,
        standalone_question=shape.standalone_question,
        inherited=tuple(span_of(words) for words in shape.carried),
        asked_at=datetime.fromisoformat(shape.asked_at),
        date_ranges=tuple(date_range_of(one) for one in shape.periods),
        filters=filters_of(shape.filters),
        status=shape.status,
        text=shape.answer,
        confidence=_confidence_of(shape.confidence),
        citations=tuple(citation_of(citation) for citation in shape.citations),
        nearest=tuple(citation_of(citation) for citation in shape.nearest),
        reason=shape.reason,
        trace=Trace((), (), shape.timings_ms),
        filter_advice=tuple(map(filter_advice_of, shape.filter_advice)),
        notices=tuple(notice_of(notice) for notice in shape.notices),
        searched_for=tuple(shape.searched_for),
        agreeing=shape.agreeing,
        statements=tuple(map(statement_of, shape.statements)),
    )


def earlier_turn(answer: AnswerShape) -> Turn:
    """The turn that a later question of the same conversation may inherit words from."""
    return Turn(
        question=answer.question,
        standalone_question=answer.standalone_question,
        answer=" ".join(citation.cited_text for citation in answer.citations),
        short_answer=answer.short_answer.text if answer.short_answer else None,
        titles=tuple(dict.fromkeys(citation.article_title for citation in answer.citations)),
    )


def _short_answer_shape(answer: Answer) -> ShortAnswerShape | None:
    text = answer.short_answer
    if text is None:
        return None
    cited = answer.citations[0]
    assert cited.answer is not None  # the text comes from it
    shown = answer.shown_short_answer
    return ShortAnswerShape(
        text=text,
        citation=cited.number,
        start_char_index=cited.answer.start,
        end_char_index=cited.answer.end,
        display=shown if shown != text else None,
    )


def _confidence_shape(confidence: Confidence) -> ConfidenceShape:
    return ConfidenceShape(
        probability=round(confidence.probability, 4),
        band=confidence.band,
        threshold=confidence.threshold,
        answered_threshold=confidence.answered_threshold,
    )


def _confidence_of(shape: ConfidenceShape) -> Confidence:
    return Confidence(
        probability=shape.probability,
        band=shape.band,
        threshold=shape.threshold,
        answered_threshold=shape.answered_threshold,
    )
