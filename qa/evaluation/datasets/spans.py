"""Our own format → a Dataset: JSON lines of questions, each with the spans of articles that answer it.

    {"id": "q1", "question": "…", "answerable": true, "kind": "fact",
     "judgements": [{"article_id": "a1", "start": 298, "end": 316, "text": "…", "grade": 2}],
     "earlier_questions": [], "standalone_question": null, "answers": [], "asked_at": null}

Only `id`, `question` and `judgements` are needed. Where articles say different things, `statements` stand in place of
`judgements`, the one that answers first:

    "statements": [{"relation": "leads", "spans": [{"article_id": "a1", "start": 298, "end": 316}]},
                   {"relation": "corrected_by", "spans": [{"article_id": "a2", "start": 0, "end": 90}]}]

The other relations are `earlier`, `corrected_by` and `differs`. A folder holds questions.jsonl and, where the set brings them,
articles.jsonl (each gzipped or not). A questions file that is named itself is read without the articles
beside it: so the same set can be asked over another index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from qa.base.errors import DatasetError
from qa.base.types import Relation, Span
from qa.evaluation.datasets.articles import UNKNOWN_ARTICLE, ArticleSource, KnownArticles
from qa.evaluation.datasets.assembly import SetFormat, make_dataset, refuse_split
from qa.evaluation.datasets.files import SetFiles, files_at, first_object, records_of
from qa.evaluation.datasets.shapes import Day, Id, Shape, Words
from qa.evaluation.datasets.tally import Tally
from qa.evaluation.judgements import Dataset, JudgedBy, JudgedQuestion, JudgedStatement, Judgement

NAME = "spans"
EXPECTED = (
    'questions.jsonl whose records have "judgements" or "statements", with articles.jsonl or without; '
    "or such a questions file alone"
)
_RELATIONS = {relation.value: relation for relation in Relation}  # "leads" is the answer itself
QUESTIONS, ARTICLES = "questions.jsonl", "articles.jsonl"


class JudgementShape(Shape):
    article_id: Id
    start: Annotated[int, Field(ge=0)]
    end: int
    text: str | None = None
    grade: Annotated[int, Field(ge=0)] = 1

    @model_validator(mode="after")
    def _in_order(self) -> JudgementShape:
        if self.end <= self.start:
            raise ValueError(f"the span {self.start}-{self.end} needs an end above its start")
        return self


class StatementShape(Shape):
    relation: Literal["leads", "earlier", "corrected_by", "differs"]
    spans: Annotated[list[JudgementShape], Field(min_length=1)]


class QuestionShape(Shape):
    id: Id
    question: Words
    judgements: list[JudgementShape] | None = None
    statements: list[StatementShape] | None = None
    answerable: bool | None = None
    kind: str | None = None
    answers: Sequence[str] = ()
    asked_at: Day | None = None
    earlier_questions: Sequence[Words] = ()
    standalone_question: Words | None = None

    @property
    def answering(self) -> list[JudgementShape]:
        """What answers: the judgements, else the spans of the statement that leads."""
        return (self.statements[0].spans if self.statements else self.judgements) or []

    @property
    def places(self) -> list[JudgementShape]:
        """All judged places, those of other statements too."""
        return [place for one in self.statements for place in one.spans] if self.statements else self.answering

    @model_validator(mode="after")
    def _one_of_both(self) -> QuestionShape:
        if (self.judgements is None) == (not self.statements):
            raise ValueError("expected judgements or statements, and not both")
        leading = [at for at, one in enumerate(self.statements or ()) if one.relation == "leads"]
        if self.statements and leading != [0]:
            raise ValueError("the statement that leads must be the first")
        return self

    @model_validator(mode="after")
    def _not_both(self) -> QuestionShape:
        if self.answerable is False and any(judgement.grade for judgement in self.answering):
            raise ValueError("answerable is false, yet a judgement has a grade above 0; expected one of them")
        return self


def fits(files: SetFiles) -> bool:
    """Whether there is a questions file whose first record has judgements or statements."""
    path = _questions_file(files)
    return path is not None and not {"judgements", "statements"}.isdisjoint(first_object(path))


def read(files: SetFiles, split: str | None) -> Dataset:
    """The set.

    Raises:
        DatasetError: a damaged record, a span behind its article's end, or a `text` that differs from the text at its span.
    """
    refuse_split(files, split)
    tally, source = Tally(), _source(files)
    path = _questions_file(files) or files.path
    records = dict(records_of(path, QuestionShape))
    known = _known(source, records, tally)
    if known is not None:
        _check(records, known, path)
    elif not files.is_folder and files_at(files.folder).matching(ARTICLES):
        tally.add("Articles beside the file that were not read; name the folder to ask over them", [ARTICLES])
    texts = known.texts if known else {}
    questions = [_question(record, texts) for record in records.values()]
    tally.add("Questions that are called answerable and have no judgement", _unjudged(questions))
    return make_dataset(files, NAME, questions, source, read=[path, *(source.paths if source else ())], tally=tally)


def _questions_file(files: SetFiles) -> Path | None:
    return files.only(QUESTIONS) if files.is_folder else files.only("*.jsonl")


def _source(files: SetFiles) -> ArticleSource | None:
    path = files.only(ARTICLES) if files.is_folder else None
    return ArticleSource((path,)) if path else None


def _known(source: ArticleSource | None, records: Mapping[int, QuestionShape], tally: Tally) -> KnownArticles | None:
    if source is None:
        return None
    named = [judgement.article_id for record in records.values() for judgement in record.places]
    known = source.known(set(named), tally)
    tally.add(UNKNOWN_ARTICLE, (name for name in named if name not in known.ids))
    return known


def _check(records: Mapping[int, QuestionShape], known: KnownArticles, path: Path) -> None:
    """DatasetError when a span does not hold its text: the judgements would be about something else."""
    wrong = [
        f"line {line}: {reason}"
        for line, record in records.items()
        for judgement in record.places
        if judgement.article_id in known.texts and (reason := _fault(judgement, known.texts[judgement.article_id]))
    ]
    if wrong:
        raise DatasetError(
            f"{path}: {len(wrong):,} judgements differ from the text at their offsets, first {wrong[0]}. Offsets are code points "
            "of the article's text, half-open. Mend them, or bring the articles that they were made on."
        )


def _fault(judgement: JudgementShape, text: str) -> str | None:
    """The fault of a judgement on this text, None without one."""
    place = f"{judgement.article_id!r} {judgement.start}-{judgement.end}"
    if judgement.end > len(text):
        return f"{place} ends behind a text of {len(text):,} characters"
    there = text[judgement.start : judgement.end]
    return f"{place} is {there!r}, expected {judgement.text!r}" if judgement.text not in (None, there) else None


def _question(record: QuestionShape, texts: Mapping[str, str]) -> JudgedQuestion:
    judgements = _judgements(record.answering, texts)
    return JudgedQuestion(
        record.id,
        record.question,
        JudgedBy.SPANS,
        judgements,
        answers=tuple(record.answers),
        answerable=record.answerable if record.answerable is not None else any(j.grade for j in judgements) or None,
        asked_at=record.asked_at,
        earlier_questions=tuple(record.earlier_questions),
        standalone_question=record.standalone_question,
        kind=record.kind,
        statements=tuple(
            JudgedStatement(_RELATIONS.get(one.relation, Relation.AGREES), _judgements(one.spans, texts))
            for one in record.statements or ()
        ),
    )


def _judgements(places: Sequence[JudgementShape], texts: Mapping[str, str]) -> tuple[Judgement, ...]:
    return tuple(_judgement(place, texts.get(place.article_id)) for place in places)


def _judgement(judgement: JudgementShape, text: str | None) -> Judgement:
    span = Span(judgement.start, judgement.end)
    quote = judgement.text if judgement.text is not None or text is None else span.of(text)
    return Judgement(judgement.article_id, span, judgement.grade, quote)


def _unjudged(questions: Sequence[JudgedQuestion]) -> list[str]:
    return [question.id for question in questions if question.answerable and not question.judgements]


FORMAT = SetFormat(NAME, EXPECTED, fits, read)
