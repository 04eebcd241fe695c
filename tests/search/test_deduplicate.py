"""Which passages of a ranking are copies of those before them."""

from __future__ import annotations

from collections.abc import Sequence

from qa.base.types import Hit, Ranking
from qa.search.deduplicate import crowded, deduplicate

TOLD = [f"{letter} x y" for letter in "abcdefghij"]


def _ranking(*articles: str) -> Ranking:
    """One passage of each article, in this order; a passage's place in the ranking is where it begins."""
    hits = [Hit(f"{article}@{8 * '0'}:{place}-{place + 1}", 1 - place / 100) for place, article in enumerate(articles)]
    return Ranking("q", "ranked", tuple(hits))


def _kept(ranking: Ranking, runs: Sequence[Sequence[str]], *, most: int = 10) -> list[int]:
    """The places of the passages that are kept, each with these runs of words."""
    by_id = {hit.passage_id: frozenset(of) for hit, of in zip(ranking.hits, runs, strict=True)}
    found = deduplicate(ranking, lambda ids: [by_id[one] for one in ids], most=most)
    kept = found.ranking
    assert (kept.question, kept.scorer) == ("q", "distinct")
    assert [hit for hit in ranking.hits if hit in kept.hits] == list(kept.hits)
    assert len({id_ for ids in found.near_duplicates.values() for id_ in ids} | {hit.passage_id for hit in kept.hits}) == len(
        ranking.hits
    )
    return [ranking.hits.index(hit) for hit in kept.hits]


def test_of_copies_the_first_is_kept() -> None:
    assert _kept(_ranking("a", "b", "c"), [TOLD, TOLD, ["p q r"]]) == [0, 2]


def test_eight_tenths_are_a_copy_and_fewer_are_not() -> None:
    assert _kept(_ranking("a", "b"), [TOLD[:8], TOLD]) == [0]
    assert _kept(_ranking("a", "b"), [TOLD[:7], TOLD]) == [0, 1]


def test_what_is_new_and_holds_a_number_is_no_copy() -> None:
    assert _kept(_ranking("a", "b"), [["a b c"] * 9 + ["d e f"], ["a b c", "d e f"]]) == [0]
    told = ["a b c", "b c d", "c d e", "d e f", "e f g", "f g h", "g h i", "h i j", "i j k"]
    assert _kept(_ranking("a", "b"), [told, [*told, "j k ten"]]) == [0]
    assert _kept(_ranking("a", "b"), [told, [*told, "j k 10"]]) == [0, 1]


def test_what_two_articles_have_told_is_a_copy_with_any_number() -> None:
    told = ["a b c", "b c d", "c d e", "d e f", "e f g", "f g h", "g h i", "h i j", "i j k"]
    assert _kept(_ranking("a", "b", "c"), [told, [*told, "j k 10"], [*told, "j k 11"]]) == [0, 1]


def test_a_passage_is_no_copy_of_one_of_its_own_article() -> None:
    assert _kept(_ranking("a", "a"), [TOLD, TOLD]) == [0, 1]
    assert _kept(_ranking("a", "a", "b"), [TOLD[:5], TOLD[5:], TOLD]) == [0, 1]  # all of b stands in a


def test_a_passage_that_was_dropped_takes_nothing_with_it() -> None:
    assert _kept(_ranking("a", "b", "c"), [TOLD[:8], TOLD, TOLD[8:]]) == [0, 2]


def test_a_passage_without_words_is_no_copy() -> None:
    assert _kept(_ranking("a", "b"), [[], []]) == [0, 1]


def test_a_copy_is_named_with_the_passage_whose_words_it_repeats_most() -> None:
    ranking = _ranking("a", "b", "c")
    runs = dict(zip((hit.passage_id for hit in ranking.hits), (TOLD[:4], TOLD[4:], TOLD), strict=True))
    _, other, copy = runs
    assert deduplicate(ranking, lambda ids: [set(runs[id_]) for id_ in ids], most=3).near_duplicates == {other: [copy]}


def test_passages_behind_the_last_one_needed_are_not_looked_at_and_stay() -> None:
    asked: list[str] = []

    def shingles_of(ids: Sequence[str]) -> list[frozenset[str]]:
        asked.extend(ids)
        return [frozenset([one]) for one in ids]

    ranking = _ranking(*"abcdef")
    assert deduplicate(ranking, shingles_of, most=2).ranking.hits == ranking.hits
    assert len(asked) == 2


def test_a_ranking_is_crowded_when_more_than_half_are_copies_of_those_before() -> None:
    assert not crowded(_ranking(*"abcd"), {"a": 1, "b": 1, "c": 1, "d": 2})
    assert crowded(_ranking(*"abc"), {"a": 1, "b": 1, "c": 1})
    assert not crowded(_ranking("a", "a", "a", "b"), {"a": 1, "b": 1})
    assert not crowded(_ranking(), {})
