"""A set of judged questions → its index, opened for a training: made of the set's articles where it does not exist."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from qa.base.settings import Settings
from qa.evaluation.articles import StoredArticles
from qa.evaluation.indexes import plan_index, set_articles
from qa.evaluation.judgements import Dataset
from qa.evaluation.judging import ItemisedQuestion, Itemiser
from qa.evaluation.runner import moment_of, taken
from qa.index.snapshot import Snapshot
from qa.index.store import Store, open_store
from qa.service.engine import Engine
from qa.service.service import Service


@dataclass(frozen=True, slots=True, eq=False)
class SetIndex:
    """The set's articles by `store`, what is searched, and the engine that searches. `itemiser` finds judged places."""

    store: Store
    snapshot: Snapshot
    engine: Engine
    articles: StoredArticles
    itemiser: Itemiser

    def itemised(self, dataset: Dataset, limit: int | None = None) -> list[ItemisedQuestion]:
        """The set's questions, or so many of them, evenly spread, with the judged places in the stored articles."""
        return [self.itemiser.itemise(question, stands_anywhere=lambda _: True) for question in taken(dataset, limit)]

    def is_short(self, question: str) -> bool:
        """Whether it may be asked."""
        return len(question) <= self.engine.settings.max_question_characters


@contextlib.contextmanager
def open_set(dataset: Dataset, settings: Settings) -> Iterator[SetIndex]:
    """The index that the settings name."""
    plan = plan_index(dataset, settings.index, own=False)
    with Service(settings) as service:
        if plan.to_add:
            service.add_articles(set_articles(dataset))
        with open_store(service.folder) as store, service.snapshot() as snapshot:
            articles = StoredArticles(store)
            yield SetIndex(store, snapshot, service.engine, articles, Itemiser(articles.article, given=plan.given))


def clock_of(asked_at: str | None) -> datetime:
    """When a question is asked; now, where nobody says."""
    return moment_of(asked_at or None) or datetime.now(UTC)
