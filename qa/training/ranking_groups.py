"""Sets of judged questions and their indexes → groups: the candidates of a question, each with its features and its label."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from qa.base.protocols import Vectors
from qa.base.settings import Settings
from qa.base.types import NO_FILTERS, DateRange, Span, parse_passage_id
from qa.evaluation.articles import StoredArticles, text_of
from qa.evaluation.judgements import Dataset, JudgedQuestion
from qa.evaluation.judging import ItemisedQuestion
from qa.evaluation.runs import RankedSpan
from qa.index.snapshot import Snapshot
from qa.search.term_counts import Floats
from qa.service.candidates import RankedCandidates
from qa.service.engine import Engine
from qa.service.question import Question, checked_question
from qa.service.rank import rank
from qa.training.set_index import clock_of, open_set

# A question is also asked late, so that the trees learn more than this week's news. Without late clocks, the gain over BM25
# falls from .08 to .03 on dev/realtimeqa_2024 where the clock is late; with them it stays above .05.
LATE_DAYS = (0, 0, 30, 180, 365)
# Of questions about news, so many are asked once more with a date range that holds the day of a right passage: few questions
# name one. Otherwise "in January" hardly counts: with a month named, MRR@10 is .67 against .61 on dev/realtimeqa_2024.
_NAMED_SHARE = 0.2
_MISNAMED_SHARE = 0.1  # of these, the range holds the day of any candidate: what a question names need not be when news came
_RANGE_DAYS = (1, 7, 30, 30, 90, 365)
_BATCH = 64  # questions encoded together


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The candidates of one question: (n, f) `features`, and (n,) which of them answer. At least one does, and one does not."""

    features: Floats
    right: NDArray[np.bool_]


def groups_of(dataset: Dataset, settings: Settings, *, limit: int | None, seed: int, late_days: Sequence[int]) -> Iterator[Group]:
    """A group for each question of which a candidate answers, over the index that the settings name; some have two.

    The index is made of the set's articles where it does not exist. A candidate that holds an answer but was not judged is
    left out. Each question's clock is moved by one of `late_days`, drawn by the seed.
    """
    random_ = random.Random(f"{seed} {dataset.name}")
    with open_set(dataset, settings) as index:
        usable = [one for one in index.itemised(dataset, limit) if one.items and index.is_short(one.judged.question)]
        for start in range(0, len(usable), _BATCH):
            batch = usable[start : start + _BATCH]
            asked = [_asked(one.judged, random_.choice(late_days), index.engine.settings) for one in batch]
            vectors = index.engine.encoder.embed_questions([one.words for one in asked])
            for judged, question, vector in zip(batch, asked, vectors, strict=True):
                found = _Found.of(judged, question, vector, index.snapshot, index.engine, index.articles)
                yield from found.groups(random_)


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """The candidates of a question, and (n,) whether each answers, None where it holds an answer but was not judged."""

    candidates: RankedCandidates
    labels: Sequence[bool | None]
    again: Callable[[Question], RankedCandidates]
    question: Question

    @classmethod
    def of(
        cls,
        judged: ItemisedQuestion,
        question: Question,
        vector: Vectors,
        snapshot: Snapshot,
        engine: Engine,
        articles: StoredArticles,
    ) -> _Found:
        def candidates(asked: Question) -> RankedCandidates:
            return rank(asked, vector, snapshot, engine, most=1).candidates

        found = candidates(question)
        return cls(found, [_label(judged, passage.id, articles) for passage in found.passages], candidates, question)

    def groups(self, random_: random.Random) -> Iterator[Group]:
        kept = np.array([label is not None for label in self.labels], bool)
        right = np.array([bool(label) for label in self.labels], bool)[kept]
        if not right.any() or right.all():
            return
        yield Group(self.candidates.features[kept], right)
        named = self._with_date_range(random_) if random_.random() < _NAMED_SHARE else None
        if named is not None:
            yield Group(self.again(named).features[kept], right)

    def _with_date_range(self, random_: random.Random) -> Question | None:
        """The question with a date range that holds the day of a right passage; None without a day."""
        any_one = random_.random() < _MISNAMED_SHARE
        labelled = zip(self.candidates.passages, self.labels, strict=True)
        days = [passage.published for passage, label in labelled if passage.published and (label or any_one)]
        if not days:
            return None
        length = random_.choice(_RANGE_DAYS)
        first = random_.choice(days) - timedelta(random_.randrange(length))
        date_range = DateRange(Span(0, 1), first, first + timedelta(length - 1))
        return replace(self.question, date_ranges=(date_range,))


def _asked(judged: JudgedQuestion, late: int, settings: Settings) -> Question:
    return checked_question(judged.question, clock_of(judged.asked_at) + timedelta(late), NO_FILTERS, settings)


def _label(question: ItemisedQuestion, passage_id: str, articles: StoredArticles) -> bool | None:
    """Whether a passage answers; None where it holds an answer, but was not judged."""
    article_id, span = parse_passage_id(passage_id)
    hit = RankedSpan(article_id, span, 0.0)
    if question.is_right(hit):
        return True
    return None if question.is_answer_in(text_of(articles, hit)) else False
