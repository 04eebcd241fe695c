"""A reader and given passages → SQuAD's exact match and F1, abstention, and the answering sentence of SelQA's sections.

    python tests/quality/reading.py READER [--data ../shared/data/dev] [--sets squad11_dev,xquad_de] [--limit N]

READER is named as in the setting `reader`. Nothing is searched for: this measures the reader alone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np

from qa.answer.reading import AnswerSpan, ReadingModel
from qa.base.arithmetic import fastest_floats
from qa.base.protocols import TitledText
from qa.base.settings import Precision
from qa.base.types import Span
from qa.corpus.quote_positions import locate
from qa.corpus.sentences import split_sentences
from qa.evaluation.measures import Floats, answer_f1, auroc, exact_match
from qa.evaluation.resampling import mean_interval
from qa.service.engine import open_reading_model

SETS = ("squad11_dev", "squad20_dev", "xquad_de", "xquad_es", "xquad_ru", "selqa")


@dataclass(frozen=True, slots=True)
class Asked:
    question: str
    passage: TitledText
    answers: tuple[str, ...]
    kind: str | None


@dataclass(frozen=True, slots=True)
class Read:
    """What was predicted for each question: the best span's words and score, and how right it is."""

    scores: Floats
    exact: Floats
    f1: Floats
    answerable: Floats

    def of(self, rows: Sequence[int]) -> Read:
        return Read(self.scores[rows], self.exact[rows], self.f1[rows], self.answerable[rows])


def records(path: Path) -> Iterator[dict]:  # type: ignore[type-arg]  # JSON
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def spread(items: Sequence, limit: int | None) -> list:  # type: ignore[type-arg]
    if limit is None or limit >= len(items):
        return list(items)
    return [items[int(which * len(items) / limit)] for which in range(limit)]


def squad(folder: Path, limit: int | None) -> list[Asked]:
    titles = {article["id"]: article["title"] for article in records(folder / "articles.jsonl.gz")}
    passages = {one["id"]: TitledText(titles[one["article_id"]], one["text"]) for one in records(folder / "passages.jsonl.gz")}
    return [
        Asked(one["question"], passages[one["passage_id"]], tuple(one["answers"]) if one["answerable"] else (), one.get("label"))
        for one in spread(list(records(folder / "questions.jsonl.gz")), limit)
    ]


def best_span(model: ReadingModel, question: str, passage: TitledText) -> AnswerSpan | None:
    """Over the whole passage: a given paragraph's answer may run over a sentence's end."""
    (found,) = model.read(question, [passage], [[Span(0, len(passage.text))]])
    return found.best


def read_all(model: ReadingModel, asked: Sequence[Asked]) -> Read:
    rows = []
    for number, one in enumerate(asked, start=1):
        found = best_span(model, one.question, one.passage)
        short = found.span.of(one.passage.text) if found else ""
        right = (exact_match(short, one.answers), answer_f1(short, one.answers)) if one.answers else (0.0, 0.0)
        rows.append((found.score if found else -np.inf, *right))
        if number % 500 == 0:
            print(f"{number:,} of {len(asked):,}", file=sys.stderr)
    scores, exact, f1 = map(np.array, zip(*rows, strict=True))
    return Read(scores, exact, f1, np.array([bool(one.answers) for one in asked], float))


def best_over_thresholds(read: Read, right: Floats) -> float:
    """SQuAD 2.0's best figure: the highest mean over all thresholds of the score below which nothing is answered.

    Source: Rajpurkar et al., SQuAD 2.0, evaluate-v2.0.py.
    """
    order = np.argsort(-read.scores)
    gained = np.cumsum(right[order] - (1 - read.answerable[order]))
    return float(((1 - read.answerable).sum() + np.concatenate([[0.0], gained]).max()) / len(order))


def line(name: str, values: Floats) -> None:
    low, high = mean_interval(values)
    print(f"  {name:<34} {values.mean():.3f} [{low:.3f}, {high:.3f}]  n {len(values):,}")


def report_squad(name: str, asked: Sequence[Asked], read: Read) -> None:
    print(name)
    answerable = read.of(np.flatnonzero(read.answerable).tolist())
    line("exact match, answerable", answerable.exact)
    line("F1, answerable", answerable.f1)
    if not read.answerable.all():
        parts = {"all": list(range(len(asked))), "official": [row for row, one in enumerate(asked) if one.kind == "official"]}
        for part, rows in parts.items():
            of = read.of(rows)
            exact, f1 = best_over_thresholds(of, of.exact), best_over_thresholds(of, of.f1)
            area = auroc(of.scores, of.answerable > 0)
            print(f"  {part}: best exact {exact:.3f}, best F1 {f1:.3f}, AUROC answerable {area:.3f}  n {len(rows):,}")


def report_selqa(model: ReadingModel, folder: Path, limit: int | None) -> None:
    articles = {one["id"]: one for one in records(folder / "articles.jsonl.gz")}
    right = []
    for one in spread(list(records(folder / "questions.jsonl.gz")), limit):
        article = articles[one["article_id"]]
        text = article["text"]
        places = [place for piece in one["evidence"] for place in locate(piece["text"], text)]
        sentences = [sentence.span for sentence in split_sentences(text) if sentence.citable]
        if not places or not sentences:
            continue
        (found,) = model.read(one["question"], [TitledText(article["title"], text)], [sentences])
        scores = [-np.inf if span is None else span.score for span in found.sentences]
        best = sentences[int(np.argmax(scores))]
        right.append(float(any(best.overlaps(place) for place in places)))
    print("selqa")
    line("answer sentence first", np.array(right))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reader")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/dev"))
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--limit", type=int)
    parser.add_argument("--precision", choices=get_args(Precision), default=fastest_floats())
    arguments = parser.parse_args()
    model = open_reading_model(arguments.reader, precision=arguments.precision)
    for name in arguments.sets.split(","):
        if name == "selqa":
            report_selqa(model, arguments.data / name, arguments.limit)
        else:
            asked = squad(arguments.data / name, arguments.limit)
            report_squad(name, asked, read_all(model, asked))


if __name__ == "__main__":
    main()
