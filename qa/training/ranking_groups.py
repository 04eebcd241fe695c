"""Sets of judged questions and their indexes → groups: the candidates of a question, each with its features and its label."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from qa.base.settings import Settings
from qa.base.types import NO_FILTERS, parse_passage_id
from qa.evaluation.articles import StoredArticles, text_of
from qa.evaluation.indexes import plan_index, set_articles
from qa.evaluation.judgements import Dataset, JudgedQuestion
from qa.evaluation.judging import ItemisedQuestion, Itemiser
from qa.evaluation.runner import taken
from qa.evaluation.runs import RankedSpan
from qa.index.store import open_store
from qa.search.term_counts import Floats
from qa.service.question import Question, checked_question
from qa.service.rank import rank
from qa.service.service import Service

# A question is also asked late, so that the trees learn more than this week's news. Without late clocks, the gain over BM25
# falls from .08 to .03 on dev/realtimeqa_2024 where the clock is late; with them it stays above .05.
LATE_DAYS = (0, 0, 30, 180, 365)
_BATCH = 64  # questions encoded together


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The candidates of one question: (n, f) `features`, and (n,) which of them answer. At least one does, and one does not."""

    features: Floats
    right: NDArray[np.bool_]


def groups_of(dataset: Dataset, settings: Settings, *, limit: int | None, seed: int, late_days: Sequence[int]) -> Iterator[Group]:
    """A group for each question of which a candidate answers, over the index that the settings name.

    The index is made of the set's articles where it does not exist. A candidate that holds an answer but was not judged is
    left out. Each question's clock is moved by one of `late_days`, drawn by the seed.
    """
    plan = plan_index(dataset, settings.index, own=False)
    random_ = random.Random(f"{seed} {dataset.name}")
    with Service(settings.model_copy(update={"ranker": "none"})) as service:
        if plan.to_add:
            service.add_articles(set_articles(dataset))
        with open_store(service.folder) as store, service.snapshot() as snapshot:
            articles = StoredArticles(store)
            itemiser = Itemiser(articles.article, given=plan.given)
            itemised = [itemiser.itemise(question, stands_anywhere=lambda _: True) for question in taken(dataset, limit)]
            longest = service.settings.max_question_characters
            usable = [one for one in itemised if one.items and len(one.judged.question) <= longest]
            for start in range(0, len(usable), _BATCH):
                batch = usable[start : start + _BATCH]
                asked = [_asked(one.judged, random_.choice(late_days), service.settings) for one in batch]
                vectors = service.engine.encoder.embed_questions([one.words for one in asked])
                for question, words, vector in zip(batch, asked, vectors, strict=True):
                    found = rank(words, vector, snapshot, service.engine, most=1).candidates
                    labels = [_label(question, passage.id, articles) for passage in found.passages]
                    kept = np.array([label is not None for label in labels], bool)
                    right = np.array([bool(label) for label in labels], bool)[kept]
                    if right.any() and not right.all():
                        yield Group(found.features[kept], right)


def _asked(judged: JudgedQuestion, late: int, settings: Settings) -> Question:
    moment = datetime.fromisoformat(judged.asked_at) if judged.asked_at else datetime.now(UTC)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return checked_question(judged.question, moment + timedelta(late), NO_FILTERS, settings)


def _label(question: ItemisedQuestion, passage_id: str, articles: StoredArticles) -> bool | None:
    """Whether a passage answers; None where it holds an answer, but was not judged."""
    article_id, span = parse_passage_id(passage_id)
    hit = RankedSpan(article_id, span, 0.0)
    if question.is_right(hit):
        return True
    return None if question.is_answer_in(text_of(articles, hit)) else False
