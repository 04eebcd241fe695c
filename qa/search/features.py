"""Candidates → what the ranker knows of each: one row of FEATURES for a passage.

A rank is the logarithm of 1 + the number of better candidates. "scaled" is a share of the best candidate's. Days count from
the day of asking. Where the question names a date range that is over, they count from the range: it is news of that time that
is asked for. -1 stands for a day that is unknown or does not count, and for a question without a date range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from qa.base.protocols import Vectors
from qa.base.terms import SearchedArticle, SearchedPassage
from qa.base.types import DateRange
from qa.search.question_terms import QuestionTerms
from qa.search.term_counts import COLUMNS, Floats, Ints, term_counts

HALF_LIVES = (7, 30, 365)  # days
_RANGE_HALF_LIFE = 7
_FUSION = 60  # damping of reciprocal ranks: Cormack, Clarke & Büttcher, SIGIR 2009

_RELATIVE = (
    "passage_bm25_scaled",
    "passage_bm25_rank",
    "article_bm25_scaled",
    "article_bm25_rank",
    "title_bm25_scaled",
    "lead_bm25_scaled",
    "best_passage_of_article",
)
_DENSE = ("cosine_deviation", "cosine_gap", "cosine_rank", "best_cosine_of_article", "reciprocal_ranks")
_DATES = ("days", "within_7_days", "within_30_days", "within_365_days", "published_after", "near_date_range")
_QUESTION = ("question_terms", "question_names", "question_coverage", "cosine_peak")
FEATURES = (*COLUMNS, *_RELATIVE, *_DENSE, *_DATES, *_QUESTION)


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The n candidates of a question, and all that is known of them. `cosines` are theirs, (n,).

    `typical_cosine` and `spread` are the mean and the standard deviation of the dense ranking's cosines: cosines of
    another encoder have another scale.
    """

    passages: Sequence[SearchedPassage]
    articles: Mapping[int, SearchedArticle]
    cosines: Vectors
    typical_cosine: float
    spread: float


@dataclass(frozen=True, slots=True)
class Clock:
    """When a question is asked, and the days that its words mean."""

    today: date
    date_ranges: Sequence[DateRange]


def features(candidates: Candidates, terms: Mapping[str, QuestionTerms], clock: Clock | None) -> Floats:
    """(n, len(FEATURES)) float32. `terms` are the question's by language. Without a clock, no date counts."""
    counted = term_counts(candidates.passages, candidates.articles, terms)
    of = _places([passage.article for passage in candidates.passages])
    question = next(iter(terms.values()))
    parts = (
        counted,
        _relative(counted, of),
        _dense(candidates, counted, of),
        _dates([passage.published for passage in candidates.passages], clock),
        _same_for_all(candidates, counted, question),
    )
    return np.concatenate(parts, axis=1)


def _places(articles: Sequence[int]) -> Ints:
    """(n,) the place of each passage's article among the articles."""
    place_of = {row: place for place, row in enumerate(dict.fromkeys(articles))}
    return np.array([place_of[row] for row in articles], np.int64)


def _relative(counted: Floats, of: Ints) -> Floats:
    passage, article, title, lead = (
        counted[:, COLUMNS.index(f"{what}_bm25")] for what in ("passage", "article", "title", "lead")
    )
    columns = (
        _scaled(passage),
        _ranks(passage),
        _scaled(article),
        _ranks(article),
        _scaled(title),
        _scaled(lead),
        _best_of_article(_scaled(passage), of),
    )
    return np.stack(columns, axis=1)


def _dense(candidates: Candidates, counted: Floats, of: Ints) -> Floats:
    cosines, spread = candidates.cosines, max(candidates.spread, 1e-6)
    deviations = (cosines - candidates.typical_cosine) / spread
    better = _better(cosines)
    fused = 1 / (_FUSION + 1 + better) + 1 / (_FUSION + 1 + _better(counted[:, COLUMNS.index("passage_bm25")]))
    columns = (
        deviations,
        (cosines.max() - cosines) / spread,
        np.log1p(better),
        _best_of_article(deviations, of),
        fused,
    )
    return np.stack(columns, axis=1).astype(np.float32)


def _scaled(scores: Floats) -> Floats:
    return scores / max(float(scores.max()), 1e-6)


def _better(scores: Floats) -> Ints:
    """(n,) how many different scores are higher."""
    _, places = np.unique(-scores, return_inverse=True)
    return places.astype(np.int64)


def _ranks(scores: Floats) -> Floats:
    return np.log1p(_better(scores)).astype(np.float32)


def _best_of_article(scores: Floats, of: Ints) -> Floats:
    best = np.full(of.max() + 1, -np.inf, np.float32)
    np.maximum.at(best, of, scores)
    its: Floats = best[of]
    return its


def _dates(published: Sequence[date | None], clock: Clock | None) -> Floats:
    made = np.full((len(published), len(_DATES)), -1, np.float32)
    if clock is None:
        return made
    ordinals = np.array([0 if day is None else day.toordinal() for day in published])
    known = ordinals > 0
    today = clock.today.toordinal()
    over = [one for one in clock.date_ranges if one.last < clock.today]
    days = np.min([_outside(ordinals, one, today) for one in over], axis=0) if over else np.abs(today - ordinals)
    made[known, 0] = np.log1p(days[known])
    for column, half_life in enumerate(HALF_LIVES, start=1):
        made[known, column] = np.exp2(-days[known] / half_life)
    made[known, 4] = ordinals[known] > today + 1  # of another time zone, or the day after the quiz was written
    for date_range in clock.date_ranges:
        near = np.exp2(-_outside(ordinals, date_range, today)[known] / _RANGE_HALF_LIFE)
        made[known, 5] = np.maximum(made[known, 5], near)
    return made


def _outside(ordinals: Ints, date_range: DateRange, today: int) -> Ints:
    """(n,) the days between each day and the nearest one of the range; its future days count as today."""
    first, last = (min(day.toordinal(), today) for day in (date_range.first, date_range.last))
    outside: Ints = np.maximum(0, np.maximum(first - ordinals, ordinals - last))
    return outside


def _same_for_all(candidates: Candidates, counted: Floats, question: QuestionTerms) -> Floats:
    """What the trees may ask of the question: its length, what words can find of it, how far the best cosine stands out."""
    cosines = np.sort(candidates.cosines)[::-1]
    values = (
        len(question.keys),
        question.names.sum(),
        counted[:, COLUMNS.index("passage_coverage")].max(),
        (cosines[0] - cosines[min(9, len(cosines) - 1)]) / max(candidates.spread, 1e-6),
    )
    return np.tile(np.array(values, np.float32), (len(cosines), 1))
