"""A ranking → its passages that are no near-duplicates of an earlier one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from qa.base.types import Hit, Ranking, parse_passage_id

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
            elsewhere = {shingle: _of_others(kept_with.get(shingle, ()), hit.passage_id) for shingle in shingles}
            if _is_near_duplicate(elsewhere):
                ((repeated, _),) = Counter(id_ for ids in elsewhere.values() for id_ in ids).most_common(1)
                near_duplicates[repeated].append(hit.passage_id)
                continue
            kept.append(hit)
            if len(kept) == most:
                return Deduplicated(Ranking(ranking.question, scorer, (*kept, *ranking.hits[place + 1 :])), near_duplicates)
            for shingle in shingles:
                kept_with[shingle].append(hit.passage_id)
    return Deduplicated(Ranking(ranking.question, scorer, tuple(kept)), near_duplicates)


def _article_id(passage_id: str) -> str:
    return parse_passage_id(passage_id)[0]


def _of_others(passage_ids: Sequence[str], passage_id: str) -> list[str]:
    """Those that are of another article than the last one."""
    return [other for other in passage_ids if _article_id(other) != _article_id(passage_id)]


def _is_near_duplicate(elsewhere: Mapping[str, Sequence[str]]) -> bool:
    """Whether a passage is one, each of whose runs of words stands in these passages of other articles."""
    new = [shingle for shingle, passages in elsewhere.items() if not passages]
    again = sum(len({_article_id(passage) for passage in passages}) > 1 for passages in elsewhere.values())
    needed = _REPEATED_SHARE * len(elsewhere)
    if not elsewhere or len(elsewhere) - len(new) < needed:
        return False
    return again >= needed or not any(character.isdigit() for shingle in new for character in shingle)


def crowded(ranking: Ranking, clusters: Mapping[str, int]) -> bool:
    """Whether more than half of the passages are of articles similar to one before them; `clusters` are by article id."""
    first: dict[int, str] = {}
    articles = [_article_id(hit.passage_id) for hit in ranking.hits]
    repeated = [first.setdefault(clusters[article_id], article_id) != article_id for article_id in articles]
    return 2 * sum(repeated) > len(repeated)
