"""TREC run files in and out: `question Q0 document rank score tag`, one hit a line. With them any retriever can be compared.

A document is named by an article's id, for its whole text; by one of our passage ids; or by
`<article id>:<start>-<end>`, in code points of its text, for any other way to cut it. Scores order the hits, as in
trec_eval; equal ones stay in the file's order.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.base.errors import RunError
from qa.base.types import Ranking, Span, parse_passage_id
from qa.evaluation.articles import Articles
from qa.evaluation.runs import RankedSpan

_COLUMNS = 6
_CUT = re.compile(r"(?P<article>.+?)(?:@[0-9a-f]+)?:(?P<start>\d+)-(?P<end>\d+)")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class TrecRun:
    """Hits by question id, best first, under the run's tag; `notes` count what was odd."""

    tag: str
    hits: Mapping[str, Sequence[RankedSpan]]
    notes: tuple[str, ...]


def read_trec_run(path: Path, articles: Articles) -> TrecRun:
    """The run of a file (.gz too), its documents found among the articles.

    A document that is none of theirs keeps its rank and holds nothing.

    Raises:
        RunError: no such file, an empty one, or a line that is not of six columns with a number for a score.
    """
    ranked: dict[str, dict[str, tuple[float, int]]] = {}
    odd: Counter[str] = Counter()
    tags: dict[str, None] = {}
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        question, document, score, tag = _columns(line, path, number)
        tags[tag] = None
        documents = ranked.setdefault(question, {})
        if document in documents:
            odd["documents named twice for one question; the better score counts"] += 1
        documents[document] = max(documents.get(document, (score, -number)), (score, -number))
    if not ranked:
        raise RunError(f"{path} holds no hits; expected lines of `question Q0 document rank score tag`.")
    if len(tags) > 1:
        odd[f"tags ({', '.join(tags)}), taken as one run"] += len(tags)
    hits = {question: _ordered(documents, articles, odd) for question, documents in ranked.items()}
    return TrecRun(next(iter(tags)), hits, tuple(f"{count:,} {what}" for what, count in odd.items()))


def _ordered(documents: Mapping[str, tuple[float, int]], articles: Articles, odd: Counter[str]) -> list[RankedSpan]:
    best_first = sorted(documents, key=documents.__getitem__, reverse=True)
    return [_hit(document, documents[document][0], articles, odd) for document in best_first]


def _hit(document: str, score: float, articles: Articles, odd: Counter[str]) -> RankedSpan:
    article = articles.article(document)
    if article is not None:
        return RankedSpan(article.id, Span(0, len(article.text)), score)
    cut = _CUT.fullmatch(document)
    article = articles.article(cut["article"]) if cut else None
    if cut is None or article is None or not int(cut["start"]) < int(cut["end"]) <= len(article.text):
        odd["hits on documents that are neither an article here nor a part of one; they hold nothing"] += 1
        return RankedSpan(document, Span(0, 1), score)
    return RankedSpan(article.id, Span(int(cut["start"]), int(cut["end"])), score)


def _lines(path: Path) -> list[str]:
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if data[:2] == _GZIP else data).decode().splitlines()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise RunError(f"The TREC run {path} cannot be read: {error}. Expected a text file, or one in .gz.") from error


def _columns(line: str, path: Path, number: int) -> tuple[str, str, float, str]:
    columns = line.split()
    expected = "expected six: question Q0 document rank score tag"
    if len(columns) != _COLUMNS:
        raise RunError(f"{path}, line {number}: {len(columns)} columns, {expected}.")
    try:
        score = float(columns[4])
    except ValueError as error:
        raise RunError(f"{path}, line {number}: the score is {columns[4]!r}, {expected}, the score a number.") from error
    if score != score:
        raise RunError(f"{path}, line {number}: the score is not a number, so it cannot be ranked.")
    return columns[0], columns[2], score, columns[5]


def trec_lines(question_id: str, ranking: Ranking) -> list[str]:
    """The lines of one ranking, documents named by passage id, the stage as the tag."""
    return [
        f"{question_id} Q0 {hit.passage_id} {rank} {hit.score:.6f} {ranking.scorer}"
        for rank, hit in enumerate(ranking.hits, start=1)
    ]


def ranked_spans(ranking: Ranking) -> list[RankedSpan]:
    """The passages of one of our own rankings, by what their ids say."""
    return [RankedSpan(*parse_passage_id(hit.passage_id), round(hit.score, 6)) for hit in ranking.hits]
