"""A ranking → its passages that are no near-duplicates of an earlier one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from qa.base.types import Hit, Ranking, article_id_of

_REPEATED_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Deduplicated:
    """`near_duplicates` are ids of passages that were left out, by the id of the passage whose words they repeat most."""

    ranking: Ranking
    near_duplicates: Mapping[str, Sequence[str]]


def deduplicate(
    ranking: Ranking, shingles_of: Callable[[Sequence[str]], Sequence[Set[str]]], *, most: int, scorer: str = "distinct"
) -> Deduplicated:
    """The ranking; its first `most` repeat none before them. Those behind are not compared, and stay.

    `shingles_of` gives the runs of words of passages, by their ids. A passage is a near-duplicate when at least 80 % of
    its runs stand in passages of other articles that were kept. One with a new number, such as another toll, is none
    until its runs stand in two such articles.
    """
    kept: list[Hit] = []
    near_duplicates: defaultdict[str, list[str]] = defaultdict(list)
    kept_with: defaultdict[str, list[str]] = defaultdict(list)  # run of words → ids of the passages kept
    for start in range(0, len(ranking.hits), most):
        hits = ranking.hits[start : start + most]
        for place, shingles in enumerate(shingles_of([hit.passage_id for hit in hits]), start=start):
            hit = ranking.hits[place]
            known = shingles & kept_with.keys()
            elsewhere = (
                {shingle: others for shingle in known if (others := _of_others(kept_with[shingle], hit.passage_id))}
                if _is_most(len(known), shingles)  # few passages: others cost next to nothing
                else {}
            )
            if _is_near_duplicate(shingles, elsewhere):
                ((repeated, _),) = Counter(id_ for ids in elsewhere.values() for id_ in ids).most_common(1)
                near_duplicates[repeated].append(hit.passage_id)
                continue
            kept.append(hit)
            if len(kept) == most:
                return Deduplicated(Ranking(ranking.question, scorer, (*kept, *ranking.hits[place + 1 :])), near_duplicates)
            for shingle in shingles:
                kept_with[shingle].append(hit.passage_id)
    return Deduplicated(Ranking(ranking.question, scorer, tuple(kept)), near_duplicates)


def _of_others(passage_ids: Sequence[str], passage_id: str) -> list[str]:
    """Those that are of another article than the last one."""
    article_id = article_id_of(passage_id)
    return [other for other in passage_ids if article_id_of(other) != article_id]


def _is_most(count: int, shingles: Set[str]) -> bool:
    return count > 0 and count >= _REPEATED_SHARE * len(shingles)


def _is_near_duplicate(shingles: Set[str], elsewhere: Mapping[str, Sequence[str]]) -> bool:
    """Whether a passage is one; `elsewhere` are its runs of words that stand in passages of other articles, by run."""
    if not _is_most(len(elsewhere), shingles):
        return False
    again = sum(len({article_id_of(passage) for passage in passages}) > 1 for passages in elsewhere.values())
    new = shingles - elsewhere.keys()
    return _is_most(again, shingles) or not any(character.isdigit() for shingle in new for character in shingle)


def crowded(ranking: Ranking, clusters: Mapping[str, int]) -> bool:
    """Whether more than half of the passages are of articles similar to one before them; `clusters` are by article id."""
    first: dict[int, str] = {}
    articles = [article_id_of(hit.passage_id) for hit in ranking.hits]
    repeated = [first.setdefault(clusters[article_id], article_id) != article_id for article_id in articles]
    return 2 * sum(repeated) > len(repeated)
