"""The JSON of SQuAD 1.1 and 2.0 → a Dataset.

Each entry of `data` is one article, its contexts joined by a blank line, with its title for an id (`#2` behind the
second of one title). Every annotator's span is judged, each once.

Source: Rajpurkar et al., EMNLP 2016 and ACL 2018.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field

from qa.base.errors import DatasetError
from qa.base.types import Span
from qa.corpus.decode import clean
from qa.corpus.formats.article_draft import ArticleDraft
from qa.corpus.formats.json_values import parse_json
from qa.evaluation.datasets.articles import ArticleSource
from qa.evaluation.datasets.assembly import SetFormat, make_dataset, refuse_split
from qa.evaluation.datasets.files import SetFiles, head_of, text_of
from qa.evaluation.datasets.shapes import Id, Shape, Words, parsed
from qa.evaluation.datasets.tally import Tally
from qa.evaluation.judgements import Dataset, JudgedBy, JudgedQuestion, Judgement

NAME = "squad"
EXPECTED = 'one .json file with "data", "paragraphs" and "qas" as SQuAD 1.1 and 2.0 have them, or a folder with one'
_JSON = "*.json"
_HEAD_BYTES = 2**16  # "paragraphs" is before the first text, in every order of the keys that has been seen
_BETWEEN = "\n\n"


class AnswerShape(Shape):
    text: Words
    answer_start: Annotated[int, Field(ge=0)]


class QuestionShape(Shape):
    id: Id
    question: Words
    answers: Sequence[AnswerShape] = ()
    is_impossible: bool | None = None


class ParagraphShape(Shape):
    context: str
    qas: list[QuestionShape]


class EntryShape(Shape):
    title: str = ""
    paragraphs: list[ParagraphShape]


class SquadShape(Shape):
    data: list[EntryShape]


def fits(files: SetFiles) -> bool:
    """Whether a .json file begins like SQuAD; one that is named itself only needs its suffix."""
    paths = files.matching(_JSON)
    return bool(paths) if not files.is_folder else any(b'"paragraphs"' in head_of(path, _HEAD_BYTES) for path in paths)


def read(files: SetFiles, split: str | None) -> Dataset:
    """The set; a question without answers that is not called impossible has `answerable` None.

    Raises:
        DatasetError: several such files, or one of another shape.
    """
    refuse_split(files, split)
    path = _squad_file(files)
    tally, source = Tally(), ArticleSource((path,), article_drafts)
    source.known((), tally)
    questions = [
        _question(question, paragraph.context, start, name, tally)
        for name, entry in _entries(path)
        for start, paragraph in _placed(entry)
        for question in paragraph.qas
    ]
    unlabelled = (question.id for question in questions if question.answerable is None)
    tally.add("Questions with neither an answer nor is_impossible, not judged", unlabelled)
    return make_dataset(files, NAME, questions, source, read=[path], tally=tally)


def article_drafts(path: Path) -> Iterator[ArticleDraft]:
    """One draft an entry, in the order of the file; the underscores of a title are blanks."""
    for position, (name, entry) in enumerate(_entries(path), start=1):
        text = _BETWEEN.join(paragraph.context for paragraph in entry.paragraphs)
        yield ArticleDraft(text, title=entry.title.replace("_", " "), given_id=name, record=position)


def _squad_file(files: SetFiles) -> Path:
    paths = [path for path in files.matching(_JSON) if not files.is_folder or b'"paragraphs"' in head_of(path, _HEAD_BYTES)]
    if len(paths) > 1:
        names = ", ".join(path.name for path in paths)
        raise DatasetError(f"{files.path} holds {names}; expected one set. Name the file that is meant.")
    return paths[0]


def _entries(path: Path) -> Iterator[tuple[str, EntryShape]]:
    """The entries with their ids."""
    try:
        value = parse_json(text_of(path), most=None)  # the user's own file
    except ValueError as error:
        raise DatasetError(f"{path}: {error}; expected the JSON of SQuAD. Mend the file, or fetch it again.") from error
    if not isinstance(value, dict):
        raise DatasetError(f"{path}: JSON, but no object; expected {EXPECTED}.")
    used: set[str] = set()
    for entry in parsed(SquadShape, value, f"{path}, read as SQuAD").data:
        name = _unused(clean(entry.title).strip() or "untitled", used)
        used.add(name)
        yield name, entry


def _unused(title: str, used: set[str]) -> str:
    name, number = title, 1
    while name in used:
        number += 1
        name = f"{title}#{number}"
    return name


def _placed(entry: EntryShape) -> Iterator[tuple[int, ParagraphShape]]:
    """The paragraphs with the offset of each in the article."""
    start = 0
    for paragraph in entry.paragraphs:
        yield start, paragraph
        start += len(paragraph.context) + len(_BETWEEN)


def _question(question: QuestionShape, context: str, start: int, article_id: str, tally: Tally) -> JudgedQuestion:
    answers = [] if question.is_impossible else question.answers
    spans = dict.fromkeys(
        Span(answer.answer_start, answer.answer_start + len(answer.text))
        for answer in answers
        if _is_at_its_start(answer, context)
    )
    wrong = [question.id for answer in answers if not _is_at_its_start(answer, context)]
    tally.add("Answers left out, for they are not at answer_start in their context", wrong)
    return JudgedQuestion(
        question.id,
        question.question,
        JudgedBy.SPANS,
        tuple(Judgement(article_id, Span(start + span.start, start + span.end), 1, span.of(context)) for span in spans),
        answers=tuple(dict.fromkeys(answer.text for answer in answers)),
        answerable=False if question.is_impossible else True if answers else None,
    )


def _is_at_its_start(answer: AnswerShape, context: str) -> bool:
    return context.startswith(answer.text, answer.answer_start)


FORMAT = SetFormat(NAME, EXPECTED, fits, read)
