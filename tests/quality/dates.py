"""What the ranker, its dates and date filters do to the ranking, by clocks that are right, late, and very late.

    python tests/quality/dates.py [SET] [--limit N] [--index DIR]

SET needs dated articles, and questions with the day that they were asked on. The index is that of `qa evaluate SET`, or DIR. The
script prints MRR@10 before the ranker and the change that the ranker makes, with 95 % intervals, over questions with something
to find. It does so by the clock of asking, and as if asked so many days later, for questions that name a date range and for
those without. Then no date counts (the setting `dates_count`). Then what was published after the day of asking is left out, as
answers do, also where a question loses its right article by that. At last it adds a filter for the days before asking, over the
questions of which a right article passes.
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from qa.base.settings import load_settings
from qa.base.stages import SEARCH_STAGES
from qa.base.types import NO_FILTERS, Filters, Ranking
from qa.evaluation.articles import StoredArticles
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.indexes import index_folder
from qa.evaluation.judging import ItemisedQuestion, Itemiser
from qa.evaluation.measures import Booleans, Floats
from qa.evaluation.ranking import ranked_together
from qa.evaluation.resampling import mean_interval
from qa.evaluation.runner import taken
from qa.evaluation.trec_runs import ranked_spans
from qa.index.store import Store
from qa.search.date_ranges import date_ranges
from qa.service.service import Service

DEPTH = 10
LATE_DAYS = (0, 30, 180, 365)
FILTER_DAYS = (30, 365)
BEFORE, AFTER = (SEARCH_STAGES.index(stage) for stage in ("merged", "ranked"))


def reciprocal_rank(question: ItemisedQuestion, ranking: Ranking) -> float:
    """Of the first right passage among the first ten, else 0."""
    spans = ranked_spans(ranking)[:DEPTH]
    return next((1 / rank for rank, span in enumerate(spans, start=1) if question.is_right(span)), 0.0)


def asked_on(question: ItemisedQuestion) -> date:
    assert question.judged.asked_at is not None  # those without are left out
    return date.fromisoformat(question.judged.asked_at[:10])


def ranked(service: Service, questions: Sequence[ItemisedQuestion], *, late_days: int = 0) -> tuple[Floats, Floats]:
    """(n,) reciprocal ranks before and after the ranker, as if asked so many days after the day of asking."""
    moments = [datetime.combine(asked_on(one) + timedelta(late_days), datetime.min.time(), UTC) for one in questions]
    found = ranked_together(service, [one.judged.question for one in questions], asked_at=moments)
    rows = [
        [reciprocal_rank(one, rankings.rankings[stage]) for stage in (BEFORE, AFTER)]
        for one, rankings in zip(questions, found, strict=True)
    ]
    before, after = np.array(rows).T
    return before, after


def filtered(service: Service, questions: Sequence[ItemisedQuestion], *, days: int) -> Iterator[tuple[float, float]]:
    """Reciprocal ranks after the ranker without and with a filter for the days before asking, where a right article passes."""
    for one in questions:
        filters = Filters(published_from=asked_on(one) - timedelta(days), published_to=asked_on(one))
        passing = {row.article.id for row in service.articles(filters)}
        if passing.isdisjoint(item.article_id for item in one.items):
            continue
        moment = datetime.combine(asked_on(one), datetime.min.time(), UTC)
        without, within = (
            ranked_together(service, [one.judged.question], asked_at=[moment], filters=chosen)[0]
            for chosen in (NO_FILTERS, filters)
        )
        yield reciprocal_rank(one, without.rankings[AFTER]), reciprocal_rank(one, within.rankings[AFTER])


def as_of(service: Service, questions: Sequence[ItemisedQuestion]) -> tuple[Floats, Floats]:
    """(n,) reciprocal ranks after the ranker over all articles, and over those published by the day of asking."""
    rows = []
    for one in questions:
        moment = datetime.combine(asked_on(one), datetime.min.time(), UTC)
        found = (
            ranked_together(service, [one.judged.question], asked_at=[moment], filters=chosen)[0]
            for chosen in (NO_FILTERS, Filters(as_of=asked_on(one)))
        )
        rows.append([reciprocal_rank(one, rankings.rankings[AFTER]) for rankings in found])
    before, after = np.array(rows).T
    return before, after


def line(name: str, before: Floats, after: Floats) -> str:
    low, high = mean_interval(after - before)
    change = after.mean() - before.mean()
    return f"{name:<48} n {len(before):>4}  {before.mean():.3f} → {after.mean():.3f}  ({change:+.3f} [{low:+.3f}, {high:+.3f}])"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data/dev/realtimeqa_2024"), metavar="SET")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--index", type=Path, metavar="DIR")
    arguments = parser.parse_args()
    dataset = read_dataset(arguments.data)
    settings = load_settings()
    folder = index_folder(dataset, arguments.index, settings.index)
    with (
        Service(settings.model_copy(update={"index": folder})) as service,
        contextlib.closing(Store.open(folder)) as store,
        store.reading(),
    ):
        itemiser = Itemiser(StoredArticles(store).article, given={})
        itemised = [itemiser.itemise(one, stands_anywhere=lambda _: True) for one in taken(dataset, arguments.limit)]
        questions = [one for one in itemised if one.items and one.judged.asked_at]
        named: Booleans = np.array([bool(date_ranges(one.judged.question, asked_on(one))) for one in questions])
        print("MRR@10 before and after the ranker")
        for days in LATE_DAYS:
            before, after = ranked(service, questions, late_days=days)
            print(line("by the clock of asking" if days == 0 else f"asked {days} days later", before, after))
            if days == 0:
                print(line("  questions that name a date range", before[named], after[named]))
                print(line("  questions that name none", before[~named], after[~named]))
        with Service(settings.model_copy(update={"index": folder, "dates_count": False})) as dateless:
            print(line("no date counts", *ranked(dateless, questions)))
        print("MRR@10 after the ranker, without and with a date filter")
        print(line("as of the day of asking", *as_of(service, questions)))
        for days in FILTER_DAYS:
            without, within = np.array(list(filtered(service, questions, days=days))).T
            print(line(f"published in the {days} days before asking", without, within))


if __name__ == "__main__":
    main()
