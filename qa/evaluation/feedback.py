"""Users' feedback on answers → a set of judged questions in our own format, as `datasets/spans.py` reads it.

Feedback on a sentence judges its characters: right 2, wrong 0. Feedback on a whole answer judges each cited sentence that has
none of its own: helpful 1, not helpful 0. It judges all of them, since nobody named the one that was meant. For "not found",
helpful means that nothing answers the question, not helpful that something does. Where feedback contradicts itself, the last
counts, also over several answers to one question.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qa.base.errors import DatasetError
from qa.base.feedback import JudgedAnswer, JudgedSentence, Verdict
from qa.base.types import Article, Span, text_digest
from qa.evaluation.datasets.articles import ArticleShape
from qa.evaluation.datasets.spans import ARTICLES, QUESTIONS, JudgementShape, QuestionShape
from qa.evaluation.datasets.tally import Tally
from qa.evaluation.judgements import Judgement
from qa.evaluation.judging import stored_place
from qa.index.store import Store
from qa.search.date_ranges import date_ranges

_POINTED_AT, _CITED = 2, 1  # grades: of a sentence marked right, and of a sentence cited by a helpful answer
_OF_A_SENTENCE = {Verdict.RIGHT: _POINTED_AT, Verdict.WRONG: 0}
_OF_AN_ANSWER = {Verdict.HELPFUL: _CITED, Verdict.NOT_HELPFUL: 0}
_ID_DIGITS = 16
_SUFFIXES = (".jsonl", ".jsonl.gz")


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """`notes` count the feedback that could not become a judgement."""

    questions: tuple[QuestionShape, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Characters of an article as it is now, under the id that was given."""

    article_id: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class _Remark:
    """The grade of a place; without a place, whether anything answers the question (1) or nothing (0)."""

    at: str
    answer: JudgedAnswer
    place: _Place | None
    grade: int


def judged_set(answers: Iterable[JudgedAnswer], store: Store) -> JudgedSet:
    """The questions in the order of their first feedback, judged on the articles as they are now.

    Answers to the same words belong to one question, unless the words mean other days ("last week").
    """
    tally = Tally()
    remarks = sorted((one for answer in answers for one in _remarks(answer, store, tally)), key=lambda one: one.at)
    by_question: dict[str, list[_Remark]] = {}
    for one in remarks:
        by_question.setdefault(_question_id(one.answer), []).append(one)
    return JudgedSet(tuple(_question(id_, of_it) for id_, of_it in by_question.items()), tally.notes())


def _question_id(answer: JudgedAnswer) -> str:
    days = [f"{one.first}/{one.last}" for one in date_ranges(answer.question, date.fromisoformat(answer.asked_at[:10]))]
    return "q_" + text_digest("\n".join((answer.question, *days)))[:_ID_DIGITS]


def _remarks(answer: JudgedAnswer, store: Store, tally: Tally) -> Iterator[_Remark]:
    for sentence in answer.sentences:
        verdict, at, grades = sentence.verdict, sentence.said_at, _OF_A_SENTENCE
        if verdict is None and sentence.shown == "citations":
            verdict, at, grades = answer.verdict, answer.said_at, _OF_AN_ANSWER
        if verdict is None or at is None:
            continue
        place = _place(sentence, store, tally)
        if place is not None:
            yield _Remark(at, answer, place, grades[verdict])
    if answer.verdict is None or answer.said_at is None or not answer.is_abstention:
        return
    if answer.is_narrowed:
        tally.add('"Not found" that was judged while not every article could answer', [answer.id])
    else:
        yield _Remark(answer.said_at, answer, None, int(answer.verdict is Verdict.NOT_HELPFUL))


def _place(sentence: JudgedSentence, store: Store, tally: Tally) -> _Place | None:
    """The sentence's place now; None, with the reason in the tally, where the article no longer has it."""
    stored = store.article(sentence.article_id)
    if stored is None:
        tally.add("Judged sentences of articles that are not in the index any more", [sentence.article_id])
        return None
    article, span = stored.article, sentence.span
    if article.digest != sentence.article_digest:
        earlier = store.version(article.id, sentence.article_digest)
        moved = earlier and stored_place(Judgement(article.given_id, span, _CITED), article.text, given=earlier[0].article.text)
        if not moved:
            tally.add("Judged sentences that their article, which has changed, does not have any more", [article.id])
            return None
        span = moved
    return _Place(article.given_id, span, span.of(article.text))


def _question(id_: str, remarks: Sequence[_Remark]) -> QuestionShape:
    """One question of the feedback on it, in the order of time."""
    grades: dict[_Place, int] = {}
    anything: bool | None = None
    for one in remarks:
        if one.place is not None:
            grades[one.place] = one.grade
            continue
        anything = bool(one.grade)
        if not anything:  # this contradicts the sentences marked right before
            grades = {place: grade for place, grade in grades.items() if not grade}
    last = remarks[-1].answer
    return QuestionShape(
        id=id_,
        question=last.question,
        answerable=True if any(grades.values()) else anything,
        judgements=[
            JudgementShape(article_id=place.article_id, start=place.span.start, end=place.span.end, text=place.text, grade=grade)
            for place, grade in grades.items()
        ],
        asked_at=last.asked_at,
    )


def write_set(judged: JudgedSet, out: Path, articles: Iterable[Article]) -> None:
    """Write the questions alone to a file of JSON lines, else, to a folder, the questions and all articles.

    Raises:
        DatasetError: it cannot be written.
    """
    questions = "".join(f"{one.model_dump_json(exclude_none=True, exclude_unset=True)}\n" for one in judged.questions).encode()
    try:
        if is_questions_file(out):
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_bytes(gzip.compress(questions, mtime=0) if out.name.endswith(".gz") else questions)
            return
        out.mkdir(parents=True, exist_ok=True)
        (out / QUESTIONS).write_bytes(questions)
        with (out / ARTICLES).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{_record(article).model_dump_json(exclude_none=True)}\n" for article in articles)
    except OSError as error:
        raise DatasetError(f"The set cannot be written to {out}: {error}. Choose another place with --out.") from error


def is_questions_file(out: Path) -> bool:
    """Whether the path names a file for the questions alone, and no folder."""
    return out.name.endswith(_SUFFIXES) and not out.is_dir()


def _record(article: Article) -> ArticleShape:
    return ArticleShape(
        id=article.given_id,
        text=article.text,
        title=article.title,
        url=article.url,
        source=article.source,
        author=article.author,
        published_at=article.published_at,
        language=article.language,
    )
