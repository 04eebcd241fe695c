"""What both searches found → the candidates of the ranker, with their features and scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.base.errors import IndexDamaged
from qa.base.protocols import Rows, Vectors
from qa.base.terms import SearchedArticle, SearchedPassage
from qa.base.types import Hit, Ranking
from qa.index.postings import terms_in
from qa.index.snapshot import Snapshot
from qa.search.features import FEATURES, Candidates, Clock, features
from qa.search.ordering import ordered
from qa.search.question_terms import QuestionTerms, question_terms
from qa.search.ranker import Ranker
from qa.search.term_counts import Floats
from qa.service.question import Question


@dataclass(frozen=True, slots=True, eq=False)
class RankedCandidates:
    """All candidates of a question in no order: (n, f) `features`, and (n,) `scores`, which are 0 without a ranker."""

    passages: Sequence[SearchedPassage]
    features: Floats
    scores: Floats

    def ranking(self, question: str, scorer: str) -> Ranking:
        hits = [Hit(passage.id, score) for passage, score in zip(self.passages, self.scores.tolist(), strict=True)]
        return Ranking(question, scorer, ordered(hits, k=len(hits)))


def ranked_candidates(
    question: Question,
    vector: Vectors,
    snapshot: Snapshot,
    passages: Sequence[SearchedPassage],
    dense: Ranking,
    ranker: Ranker | None,
    *,
    dates_count: bool,
) -> RankedCandidates:
    """The features of these passages and their scores. `dense` is the dense ranking of the question."""
    known = _cosines(vector, snapshot, passages, dense)
    passages = [passage for passage in passages if passage.row in known]  # a remote engine may lose some between two calls
    if not passages:
        return RankedCandidates((), np.zeros((0, len(FEATURES)), np.float32), np.zeros(0, np.float32))
    articles = snapshot.store.searched_articles(dict.fromkeys(passage.article for passage in passages))
    _check_cut(passages, articles, snapshot.store.folder)
    cosines = np.array([hit.score for hit in dense.hits] or list(known.values()), np.float32)
    candidates = Candidates(
        passages,
        articles,
        np.array([known[passage.row] for passage in passages], np.float32),
        float(cosines.mean()),
        float(cosines.std()),
    )
    terms = _terms(question.words, snapshot, {article.language for article in articles.values()})
    rows = features(candidates, terms, Clock(question.today, question.date_ranges) if dates_count else None)
    return RankedCandidates(passages, rows, ranker.score(rows) if ranker else np.zeros(len(rows), np.float32))


def _check_cut(passages: Sequence[SearchedPassage], articles: Mapping[int, SearchedArticle], folder: Path) -> None:
    """IndexDamaged where an article lacks the terms of a passage's sentences."""
    for passage in passages:
        article = articles.get(passage.article)
        if article is None or passage.last + 1 >= len(article.terms.counts):  # the title counts first
            raise IndexDamaged(folder, f"{folder} was damaged: it lacks terms of {passage.id}. `qa rebuild` makes them again.")


def _cosines(vector: Vectors, snapshot: Snapshot, passages: Sequence[SearchedPassage], dense: Ranking) -> dict[int, float]:
    """Row → cosine of the passages; those of the dense ranking are known."""
    ranked = {hit.passage_id: hit.score for hit in dense.hits}
    others: Rows = np.sort(np.array([passage.row for passage in passages if passage.id not in ranked], np.int64))
    rows, cosines = snapshot.vectors.search(vector, k=len(others), selected=others)
    known = {passage.row: ranked[passage.id] for passage in passages if passage.id in ranked}
    return known | dict(zip(rows.tolist(), cosines.tolist(), strict=True))


def _terms(question: str, snapshot: Snapshot, languages: Iterable[str]) -> dict[str, QuestionTerms]:
    postings = snapshot.postings
    return {
        language: question_terms(
            question,
            lambda text, language=language: terms_in(text, language),  # type: ignore[misc]
            postings.passages_with,
            passages=postings.count,
        )
        for language in sorted(languages)
    }
