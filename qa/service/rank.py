"""The place that wires the search stages: question and index → candidates → merged → ranked → deduplicated.

Every ranking comes from here: those of answers, of searches and of measurements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from qa.base.languages import ENGLISH
from qa.base.protocols import Vectors
from qa.base.settings import ENGLISH_ENCODER, Settings
from qa.base.terms import SearchedPassage
from qa.base.types import Ranking, article_id_of
from qa.corpus.near_duplicates import Shingles, shingles
from qa.index.snapshot import Snapshot
from qa.index.store import Store
from qa.search.deduplicate import crowded, deduplicate
from qa.search.merge import weighted_merge
from qa.search.searchers import Searcher
from qa.service.candidates import RankedCandidates, ranked_candidates
from qa.service.engine import Engine
from qa.service.question import Question

PASSAGES_KEPT = 100  # that a trace keeps of the rankings behind the searchers
# That encoder is English: where the first of the passages with the question's words are not, words count for more.
# Chosen on dev/xquad_de, _es and _ru: MRR@10 .887, .907 and .804, against .858, .844 and .458 with 0.5; 0.7 and 0.95 are near.
_LEXICAL_WEIGHT_ELSEWHERE = 0.85
_LANGUAGE_HITS = 5
_LEXICAL_SHARE = 2  # the ranker considers so many times as many of the lexical searcher's passages
_MOST_CANDIDATES = 10_000  # passages that a searcher brings where near-duplicates crowd out the others


@dataclass(frozen=True, slots=True)
class RankedPassages:
    """One ranking for each of `qa.base.stages.SEARCH_STAGES`.

    `near_duplicates` are ids of the passages that the last one leaves out, by the id of the passage that they repeat.
    `candidates` are all passages that the ranker scored. `taken` is how many passages each searcher was asked for, by name.
    """

    rankings: tuple[Ranking, ...]
    near_duplicates: Mapping[str, Sequence[str]]
    candidates: RankedCandidates
    taken: Mapping[str, int]


def rank(question: Question, vector: Vectors, snapshot: Snapshot, engine: Engine, *, most: int) -> RankedPassages:
    """The rankings of a question; the first `most` passages of the last one are no near-duplicates of one another.

    `vector` is the question's, (d,) of length 1. Where near-duplicates take the places of other passages, the searchers are
    asked for more.
    """

    def shingles_of(passage_ids: Sequence[str]) -> list[Shingles]:
        return [shingles(candidate.text) for candidate in snapshot.store.candidates(passage_ids)]

    settings = engine.settings
    brought = settings.candidates
    while True:
        found = _found(question, vector, snapshot, settings, brought=brought)
        candidates = ranked_candidates(
            question, vector, snapshot, found.passages, found.dense, engine.ranker, dates_count=settings.dates_count
        )
        ranked = candidates.ranking(question.words, "ranked") if engine.ranker else replace(found.merged, scorer="ranked")
        kept = deduplicate(ranked, shingles_of, most=most)
        if brought == _MOST_CANDIDATES or len(found.dense.hits) < brought:
            break
        clusters = snapshot.store.near_duplicates.clusters(_article_ids(found.dense, found.lexical))
        if len(kept.ranking.hits) >= most and not crowded(found.dense, clusters) and not crowded(found.lexical, clusters):
            break
        brought = min(4 * brought, _MOST_CANDIDATES)
    searched = (replace(ranking, hits=ranking.hits[: settings.candidates]) for ranking in (found.dense, found.lexical))
    last = max(most, PASSAGES_KEPT)
    ordered = (replace(ranking, hits=ranking.hits[:last]) for ranking in (found.merged, ranked, kept.ranking))
    return RankedPassages((*searched, *ordered), kept.near_duplicates, candidates, _taken(brought, engine))


def _taken(brought: int, engine: Engine) -> dict[str, int]:
    """Without a ranker, only those are candidates that the merged ranking ranks."""
    return {"dense": brought, "lexical": (_LEXICAL_SHARE if engine.ranker else 1) * brought}


@dataclass(frozen=True, slots=True)
class _Found:
    """What both searchers brought. `passages` are all of them, of which `lexical` and `merged` rank those first found."""

    dense: Ranking
    lexical: Ranking
    merged: Ranking
    passages: Sequence[SearchedPassage]


class _Names:
    """The passages of a store by row, each asked for once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.passages: dict[int, SearchedPassage] = {}

    def passage_ids(self, rows: Iterable[int]) -> dict[int, str]:
        wanted = list(rows)
        new = [row for row in wanted if row not in self.passages]
        self.passages.update((passage.row, passage) for passage in self._store.searched_passages(new))
        return {row: self.passages[row].id for row in wanted if row in self.passages}


def _found(question: Question, vector: Vectors, snapshot: Snapshot, settings: Settings, *, brought: int) -> _Found:
    names = _Names(snapshot.store)
    searched = snapshot.searched(question.filters)
    seen = (names, searched.hidden, searched.selected)
    dense = Searcher("dense", searched.vectors, *seen).search(question.words, vector, k=brought)
    lexical = Searcher("lexical", searched.postings, *seen).search(question.words, question.words, k=_LEXICAL_SHARE * brought)
    first = replace(lexical, hits=lexical.hits[:brought])
    weight = _lexical_weight(lexical, snapshot.store, settings)
    merged = weighted_merge(((dense, 1 - weight), (first, weight)), k=2 * brought)
    return _Found(dense, first, merged, tuple(names.passages.values()))


def _lexical_weight(lexical: Ranking, store: Store, settings: Settings) -> float:
    articles = [article_id_of(hit.passage_id) for hit in lexical.hits[:_LANGUAGE_HITS]]
    if settings.encoder == ENGLISH_ENCODER and _mostly_not_english(articles, store):
        return max(settings.lexical_weight, _LEXICAL_WEIGHT_ELSEWHERE)
    return settings.lexical_weight


def _mostly_not_english(article_ids: Sequence[str], store: Store) -> bool:
    """Whether more than half of the articles, of which the same may be named again, are in other languages."""
    languages = store.languages(dict.fromkeys(article_ids))
    return 2 * sum(languages[article_id] != ENGLISH for article_id in article_ids) > len(article_ids)


def _article_ids(*rankings: Ranking) -> list[str]:
    """Those of the rankings' passages, each once."""
    return list(dict.fromkeys(article_id_of(hit.passage_id) for ranking in rankings for hit in ranking.hits))
