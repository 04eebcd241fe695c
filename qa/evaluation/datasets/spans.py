"""Our own format → a Dataset: JSON lines of questions, each with the spans of articles that answer it.

    {"id": "q1", "question": "…", "answerable": true, "kind": "fact",
     "judgements": [{"article_id": "a1", "start": 298, "end": 316, "text": "…", "grade": 2}],
     "earlier_questions": [], "standalone_question": null, "answers": [], "asked_at": null}

Only `id`, `question` and `judgements` are needed. A folder holds questions.jsonl and, where the set brings them,
articles.jsonl (each gzipped or not). A questions file that is named itself is read without the articles
beside it: so the same set can be asked over another index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from qa.base.errors import DatasetError
from qa.base.types import Span
from qa.evaluation.datasets.articles import UNKNOWN_ARTICLE, ArticleSource, KnownArticles
from qa.evaluation.datasets.assembly import SetFormat, make_dataset, refuse_split
from qa.evaluation.datasets.files import SetFiles, files_at, first_object, records_of
from qa.evaluation.datasets.shapes import Day, Id, Shape, Words
from qa.evaluation.datasets.tally import Tally
from qa.evaluation.judgements import Dataset, JudgedBy, JudgedQuestion, Judgement

NAME = "spans"
EXPECTED = 'questions.jsonl whose records have "judgements", with articles.jsonl or without; or such a questions file alone'
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


class QuestionShape(Shape):
    id: Id
    question: Words
    judgements: list[JudgementShape]
    answerable: bool | None = None
    kind: str | None = None
    answers: Sequence[str] = ()
    asked_at: Day | None = None
    earlier_questions: Sequence[Words] = ()
    standalone_question: Words | None = None

    @model_validator(mode="after")
    def _not_both(self) -> QuestionShape:
        if self.answerable is False and any(judgement.grade for judgement in self.judgements):
            raise ValueError("answerable is false, yet a judgement has a grade above 0; expected one of them")
        return self


def fits(files: SetFiles) -> bool:
    """Whether there is a questions file whose first record has judgements."""
    path = _questions_file(files)
    return path is not None and "judgements" in first_object(path)


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
    named = [judgement.article_id for record in records.values() for judgement in record.judgements]
    known = source.known(set(named), tally)
    tally.add(UNKNOWN_ARTICLE, (name for name in named if name not in known.ids))
    return known


def _check(records: Mapping[int, QuestionShape], known: KnownArticles, path: Path) -> None:
    """DatasetError when a span does not hold its text: the judgements would be about something else."""
    wrong = [
        f"line {line}: {reason}"
        for line, record in records.items()
        for judgement in record.judgements
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
    judgements = tuple(_judgement(judgement, texts.get(judgement.article_id)) for judgement in record.judgements)
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
    )


def _judgement(judgement: JudgementShape, text: str | None) -> Judgement:
    span = Span(judgement.start, judgement.end)
    quote = judgement.text if judgement.text is not None or text is None else span.of(text)
    return Judgement(judgement.article_id, span, judgement.grade, quote)


def _unjudged(questions: Sequence[JudgedQuestion]) -> list[str]:
    return [question.id for question in questions if question.answerable and not question.judgements]


FORMAT = SetFormat(NAME, EXPECTED, fits, read)
