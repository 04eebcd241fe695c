"""News questions with the articles that hold their answers: reading them, judging passages, and intervals.

The format is that of RealTimeQA made into JSON lines: `question`, `answers`, `articles_with_answer`
(ids of articles), `answer_in_articles`. A passage is right when it belongs to one of these articles and
holds an answer as whole words.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa.protocols import Candidate


@dataclass(frozen=True, slots=True)
class NewsQuestion:
    id: str
    question: str
    answers: tuple[str, ...]
    articles_with_answer: frozenset[str]
    answerable: bool

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> NewsQuestion:
        return cls(
            record["id"],
            record["question"],
            tuple(record["answers"]),
            frozenset(record["articles_with_answer"]),
            record["answer_in_articles"],
        )

    def is_answer_in(self, text: str) -> bool:
        """Whether an answer stands in the text as whole words, letter case aside."""
        return any(re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text, re.IGNORECASE) for answer in self.answers)

    def is_right(self, candidate: Candidate, *, any_article: bool = False) -> bool:
        judged = any_article or candidate.article.given_id in self.articles_with_answer
        return judged and self.is_answer_in(candidate.text)


def read_questions(path: Path) -> list[NewsQuestion]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [NewsQuestion.from_record(json.loads(line)) for line in lines]


def bootstrap_interval(values: Sequence[float], *, rounds: int = 2_000, seed: int = 7) -> tuple[float, float]:
    """The 95 % percentile interval of the mean, over resampled questions."""
    sample = np.asarray(values, dtype=float)  # (n,)
    draws = np.random.default_rng(seed).integers(0, len(sample), size=(rounds, len(sample)))
    low, high = np.percentile(sample[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)
