"""The rules around the reader, on development sets: what names in capitals bring, and which right answers would be refused.

    python tests/quality/answer_rules.py [--data ../shared/data/dev] [--limit 150]

Names: questions of NewsQA that are typed in lower case, each with its story given, read as they are and with names as the story
writes them. Refused: the first right answer to each question that a rule of `answer_fit` is about. --limit is of the first.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from reading import best_span, line, records, spread

from qa.answer.answer_fit import can_answer, is_asked
from qa.answer.typed_names import with_names
from qa.base.arithmetic import fastest_floats
from qa.base.protocols import TitledText
from qa.base.settings import PACKAGED_READER
from qa.base.types import Span
from qa.evaluation.measures import answer_f1
from qa.evaluation.report.slices import Share
from qa.service.engine import open_reading_model

REFUSED_IN = ("squad11_dev", "squad20_dev", "newsqa", "realtimeqa_2024")


def names(folder: Path, limit: int) -> None:
    """F1 of the short answer without and with names, and the difference."""
    stories = {one["id"]: one["text"] for one in records(folder / "passages.jsonl.gz")}
    answered = [one for one in records(folder / "questions.jsonl.gz") if one["answers"]]
    asked = [one for one in answered if one["question"] == one["question"].lower()]
    model = open_reading_model(PACKAGED_READER, precision=fastest_floats())
    rows = []
    for one in spread(asked, limit):
        story = stories[one["passage_id"]]
        wordings = (one["question"], with_names(one["question"], [story]))
        spans = [best_span(model, words, TitledText("", story)) for words in wordings]
        rows.append([answer_f1(span.span.of(story) if span else "", one["answers"]) for span in spans])
    typed, named = np.array(rows).T
    print(f"{folder.name}, questions in lower case")
    line("F1 as typed", typed)
    line("F1 with names", named)
    line("difference", named - typed)


def refused(folder: Path) -> tuple[int, int]:
    """How many right answers would be refused, and of how many."""
    passages = folder / "passages.jsonl.gz"
    texts = {one["id"]: one["text"] for one in records(passages)} if passages.exists() else {}
    asked = [one for one in records(folder / "questions.jsonl.gz") if one["answers"] and one.get("answerable") is not False]
    about = [one for one in asked if is_asked(one["question"]) and one["answers"][0]]
    return sum(not can_answer(one["question"], *_in_its_text(one, texts)) for one in about), len(about)


def _in_its_text(one: Mapping[str, Any], texts: Mapping[str, str]) -> tuple[str, Span]:
    """The text and the place of the first answer in it; the answer alone where nobody marked its place."""
    answer, start, text = one["answers"][0], one.get("answer_start"), texts.get(one.get("passage_id", ""))
    return (answer, Span(0, len(answer))) if start is None or text is None else (text, Span(start, start + len(answer)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/dev"))
    parser.add_argument("--limit", type=int, default=150)
    arguments = parser.parse_args()
    counts = [refused(arguments.data / name) for name in REFUSED_IN]
    share = Share(sum(count for count, _ in counts), sum(n for _, n in counts))
    low, high = share.interval
    print(f"right answers refused: {share.value:.4f} [{low:.4f}, {high:.4f}]  n {share.n:,}")
    names(arguments.data / "newsqa", arguments.limit)


if __name__ == "__main__":
    main()
