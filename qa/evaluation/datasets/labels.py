"""One question of the records format → a judged question, by whatever label its record has."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from qa.base.errors import DatasetError
from qa.base.types import Span
from qa.evaluation.datasets.articles import UNKNOWN_ARTICLE
from qa.evaluation.datasets.placing import EvidenceShape, PlacedPassage, place_evidence
from qa.evaluation.datasets.shapes import Day, Id, Shape, Words
from qa.evaluation.datasets.tally import Tally
from qa.evaluation.judgements import JudgedBy, JudgedQuestion, Judgement

_Offset = Annotated[int, Field(ge=0)]


class QuestionShape(Shape):
    id: Id
    question: Words
    answers: Sequence[str] = ()
    answerable: bool | None = None
    article_id: Id | None = None
    passage_id: Id | None = None
    answer_start: _Offset | None = None
    spans: Sequence[Annotated[list[_Offset], Field(min_length=2, max_length=2)]] = ()
    evidence: Sequence[EvidenceShape] = ()
    articles_with_answer: list[Id] | None = None
    answer_in_articles: bool | None = None
    asked_at: Day | None = None
    label: str | None = None
    type: str | None = None
    judgements: object = None

    @model_validator(mode="after")
    def _makes_sense(self) -> QuestionShape:
        if self.judgements is not None:
            raise ValueError("it has judgements, the first record has none: mixed formats; expected all or none to have them")
        if self.answer_start is not None and not (self.answers and self.answers[0]):
            raise ValueError(f"answer_start is {self.answer_start}, yet the record has no answer")
        if any(end <= start for start, end in self.spans):
            raise ValueError("each of spans needs an end above its start")
        if self.passage_id is None and self.has_offsets:
            raise ValueError("offsets are of a passage, and there is no 'passage_id'")
        return self

    @property
    def has_offsets(self) -> bool:
        return bool(self.spans) or self.answer_start is not None

    @property
    def names_its_answer(self) -> bool:
        """Whether the record itself gives the place of its answer."""
        return self.has_offsets or bool(self.evidence) or self.articles_with_answer is not None


def judged_question(
    record: QuestionShape, judged_by: JudgedBy, judgements: Sequence[Judgement], answerable: bool | None
) -> JudgedQuestion:
    """The record with these judgements; its `kind` is the record's label, else its type."""
    return JudgedQuestion(
        record.id,
        record.question,
        judged_by,
        tuple(judgements),
        answers=tuple(dict.fromkeys(record.answers)),
        answerable=answerable,
        asked_at=record.asked_at,
        kind=record.label or record.type,
    )


@dataclass(frozen=True, slots=True)
class Labeller:
    """What the questions of one file are judged with.

    `path` is that file. `passages` and `texts` (of articles) are by id; `article_ids` are all of the set, None when it
    brings no articles.
    """

    path: Path
    passages: Mapping[str, PlacedPassage]
    texts: Mapping[str, str]
    article_ids: Collection[str] | None
    tally: Tally

    def question(self, line: int, record: QuestionShape) -> JudgedQuestion:
        """The record of this line, judged by the first label that it has.

        Raises:
            DatasetError: `spans` behind the end of their passage.
        """
        if record.articles_with_answer is not None:
            judgements = self._articles(record.articles_with_answer)
            return judged_question(record, JudgedBy.ANSWERS, judgements, True if record.answer_in_articles else None)
        if record.answerable is False:
            return judged_question(record, JudgedBy.SPANS, (), False)
        if record.names_its_answer:
            return judged_question(record, JudgedBy.SPANS, self._spans(line, record), True)
        return self._without_place(record)

    def _without_place(self, record: QuestionShape) -> JudgedQuestion:
        """Judged by its answers' words in the article they were given for; without either there is no label."""
        home = self._home(record) if record.answers else []
        if home:
            return judged_question(record, JudgedBy.ANSWERS, self._articles(home), True)
        self.tally.add("Questions without a label that can be used, not judged", [record.id])
        return judged_question(record, JudgedBy.SPANS, (), None)

    def _home(self, record: QuestionShape) -> list[str]:
        passage = self.passages.get(record.passage_id or "")
        names = (passage.article_id if passage else None, record.article_id, record.passage_id)
        return [name for name in names if name is not None][:1]

    def _articles(self, names: Sequence[str]) -> list[Judgement]:
        if self.article_ids is not None:
            self.tally.add(UNKNOWN_ARTICLE, [name for name in names if name not in self.article_ids])
        return [Judgement(name, None, 1) for name in dict.fromkeys(names)]

    def _spans(self, line: int, record: QuestionShape) -> list[Judgement]:
        if not record.has_offsets:
            return place_evidence(record.evidence, self.texts, self.tally, record.id)
        passage = self.passages.get(record.passage_id or "")
        if passage is None:
            self.tally.add("Answers left out, for their passage is not there or not in its article", [record.id])
            return []
        return self._passage_spans(line, record, passage) if record.spans else self._answer(record, passage)

    def _passage_spans(self, line: int, record: QuestionShape, passage: PlacedPassage) -> list[Judgement]:
        try:
            return [passage.judgement(span) for span in dict.fromkeys(Span(start, end) for start, end in record.spans)]
        except ValueError as error:
            raise DatasetError(f"{self.path}, line {line}: passage {record.passage_id!r}: {error}. Mend the offsets.") from error

    def _answer(self, record: QuestionShape, passage: PlacedPassage) -> list[Judgement]:
        start, answer = record.answer_start or 0, record.answers[0]
        if not passage.text.startswith(answer, start):
            self.tally.add("Answers left out, for they are not at answer_start in their passage", [record.id])
            return []
        return [passage.judgement(Span(start, start + len(answer)))]
