from __future__ import annotations

from collections.abc import Callable

import pytest

from qa.base.terms import ArticleTerms
from qa.index.milvus.collection import MilvusCollection
from qa.index.milvus.frequencies import count_terms, counted, is_stale, read_frequencies, write_frequencies

SHIP = ArticleTerms.of(["ship"], [["the", "quay"], ["the", "the", "crane"], ["rope"]])
ROPE = ArticleTerms.of(["rope"], [["a", "quay"]])
ARTICLES = [(SHIP, [(0, 1), (2, 2)]), (ROPE, [(0, 0)])]  # three passages, with their first and last sentences


def test_a_term_counts_once_in_each_passage_that_has_it_and_a_title_in_all_of_its_article() -> None:
    table = count_terms(ARTICLES, generation=4)
    expected = {"ship": 2, "the": 1, "quay": 2, "crane": 1, "rope": 2, "a": 1, "zeppelin": None}
    assert {term: table.of(term, passages=3) for term in expected} == expected
    assert (table.passages, table.of("quay", passages=30)) == (3, 20)  # the share of an index that has grown since


def test_many_passages_are_counted_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = count_terms(ARTICLES * 50, generation=1)
    monkeypatch.setattr("qa.index.milvus.frequencies._MERGED_AT_ONCE", 7)
    pieces = count_terms(ARTICLES * 50, generation=1)
    assert (pieces.keys.tolist(), pieces.counts.tolist()) == (whole.keys.tolist(), whole.counts.tolist())


def test_a_table_is_read_as_it_was_written(milvus_collection: Callable[[int], MilvusCollection]) -> None:
    collection = milvus_collection(2)
    assert (read_frequencies(collection), counted(collection)) == (None, None)
    table = count_terms(ARTICLES, generation=4)
    write_frequencies(collection, table, 2)
    again = read_frequencies(collection)
    assert again is not None and counted(collection) == (3, 4)
    assert (again.keys.tolist(), again.counts.tolist(), again.passages) == (table.keys.tolist(), table.counts.tolist(), 3)


def test_the_table_of_a_large_index_is_counted_anew_when_it_has_grown_by_a_twentieth() -> None:
    assert is_stale(100, 100) and not is_stale(100_000, 104_000) and is_stale(100_000, 106_000) and is_stale(100_000, 90_000)
