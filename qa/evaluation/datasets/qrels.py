"""Lines of qrels → which articles were judged for a question, and how.

TREC's have four columns (question, unused, article, grade), BEIR's three below a header, and both mean one thing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from qa.base.errors import DatasetError
from qa.evaluation.datasets.articles import UNKNOWN_ARTICLE
from qa.evaluation.datasets.files import lines_of
from qa.evaluation.datasets.tally import Tally
from qa.evaluation.judgements import Judgement

Qrels = Mapping[str, Mapping[str, int]]  # question id → article id → grade, in the order of the file

UNJUDGED = "Questions without a judged article that answers them"  # a note that several formats make
TREC_NAMES = ("qrels*.txt", "*.qrels")
_TREC_COLUMNS = ("question", "0", "article", "grade")
_BEIR_COLUMNS = ("query-id", "corpus-id", "score")
_INTEGER = re.compile(r"[+-]?[0-9]{1,9}")


def read_trec_qrels(path: Path) -> Qrels:
    """The grades of a file with four columns, parted by any white space.

    Raises:
        DatasetError: another number of columns, a grade that is no integer, or an article judged twice with two grades.
    """
    rows = ((number, _columns(line.split(), _TREC_COLUMNS, path, number)) for number, line in lines_of(path))
    return _graded(path, (_Row(number, row[0], row[2], row[3]) for number, row in rows))


def read_beir_qrels(path: Path) -> Qrels:
    """The grades of a file with three columns parted by tabs; a header may precede them. Raises as TREC's do."""
    rows = ((number, _columns(line.split("\t"), _BEIR_COLUMNS, path, number)) for number, line in lines_of(path))
    return _graded(path, (_Row(number, *row) for number, row in rows if tuple(row) != _BEIR_COLUMNS))


def judgements_of(grades: Mapping[str, int]) -> tuple[Judgement, ...]:
    """One judgement of the whole article each; grades below 0 (TREC's for spam) count as 0."""
    return tuple(Judgement(article, None, max(grade, 0)) for article, grade in grades.items())


def answered_by(grades: Mapping[str, int]) -> bool | None:
    """True when an article was judged to answer, else None, since nobody has judged all articles."""
    return True if any(grade > 0 for grade in grades.values()) else None


def count_unknown(qrels: Qrels, questions: Collection[str], articles: Collection[str] | None, tally: Tally) -> None:
    """Count in the tally the ids that the set does not have; `articles` is None for a set that brings none."""
    asked = frozenset(questions)
    strangers = (f"question {question}" for question, grades in qrels.items() if question not in asked for _ in grades)
    tally.add("Judgements left out, for a question that the set does not have", strangers)
    if articles is not None:
        named = (article for question, grades in qrels.items() if question in asked for article in grades)
        tally.add(UNKNOWN_ARTICLE, (article for article in named if article not in articles))


class _Row(NamedTuple):
    line: int
    question: str
    article: str
    grade: str


def _columns(columns: list[str], expected: tuple[str, ...], path: Path, line: int) -> list[str]:
    if len(columns) != len(expected):
        raise DatasetError(
            f"{path}, line {line}: {len(columns)} columns, expected {len(expected)} ({', '.join(expected)}). Mend the line."
        )
    return [column.strip() for column in columns]


def _graded(path: Path, rows: Iterator[_Row]) -> Qrels:
    qrels: dict[str, dict[str, int]] = {}
    for row in rows:
        place = f"{path}, line {row.line}"
        if not _INTEGER.fullmatch(row.grade):
            raise DatasetError(f"{place}: the grade is {row.grade!r}, expected an integer such as 0, 1 or 2. Mend the line.")
        grades, grade = qrels.setdefault(row.question, {}), int(row.grade)
        if grades.setdefault(row.article, grade) != grade:
            raise DatasetError(
                f"{place}: article {row.article!r} is judged {grade} for question {row.question!r}, and {grades[row.article]} "
                "above; expected one grade. Take one of the lines out."
            )
    return qrels
