"""A ranking, days of publication and a clock → the ranking that prefers what was news at that time.

A prior, and a gentle one: it decides between passages that fit about as well, and does nothing where all articles
are about as old, undated, or from long before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from qa.base.types import DateRange, Hit, Ranking, parse_passage_id
from qa.search.ranking import ordered

# Both chosen on dev/realtimeqa_2024 (585 questions) by tests/quality/dates.py, with weights of 0.1: 180 to 730 days and 3 to 14
# days are within noise, and the longer first one does no harm when the clock is a year late.
HALF_LIFE_DAYS = 365
PERIOD_HALF_LIFE_DAYS = 7
# On the same set: with 0.1, dates bring .055 [.030, .082] in MRR@10 to the 257 questions that name a date range.
PERIOD_WEIGHT = 0.1


def with_recency(
    ranking: Ranking,
    published: Mapping[str, date | None],
    *,
    today: date,
    date_ranges: Sequence[DateRange],
    weight: float,
    k: int,
    period_weight: float = PERIOD_WEIGHT,
    scorer: str = "recency",
) -> Ranking:
    """Each hit's score plus what the day of its article (by article id) has ahead of the others' in the ranking.

    A day earns `weight`, halved for every 365 days between publication and today, whichever is first; and where the question
    names date ranges `period_weight`, halved for every 7 days outside the nearest of them, of which what is yet to come counts
    as today. Added is the difference from the average of these articles, nothing for one without a day: so scores stay as
    high as they were, whatever the clock is.

    Source: the exponential prior of Li & Croft, CIKM 2003, added to the score rather than multiplied.
    """
    articles = {hit.passage_id: parse_passage_id(hit.passage_id)[0] for hit in ranking.hits}
    earned = {
        article: weight * _halved(abs((today - day).days), HALF_LIFE_DAYS) + period_weight * _near(day, date_ranges, today)
        for article in dict.fromkeys(articles.values())
        if (day := published[article]) is not None
    }
    average = sum(earned.values()) / len(earned) if earned else 0.0
    hits = [Hit(hit.passage_id, hit.score + earned.get(articles[hit.passage_id], average) - average) for hit in ranking.hits]
    return Ranking(ranking.question, scorer, ordered(hits, k=k))


def _near(day: date, date_ranges: Sequence[DateRange], today: date) -> float:
    """1 inside a date range, halved for every so many days outside; 0 without date ranges."""
    return max((_halved(_days_outside(day, date_range, today), PERIOD_HALF_LIFE_DAYS) for date_range in date_ranges), default=0.0)


def _days_outside(day: date, date_range: DateRange, today: date) -> int:
    first, last = min(date_range.first, today), min(date_range.last, today)
    return max(0, (first - day).days, (day - last).days)


def _halved(days: int, half_life_days: int) -> float:
    return float(2 ** (-days / half_life_days))
