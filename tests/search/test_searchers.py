"""Question → a ranking of passage ids, cut only after ties were ordered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from qa.base.types import Hit
from qa.index.encoder import TransformerEncoder
from qa.index.snapshot import SnapshotReader
from qa.index.vectors import ExactVectors
from qa.search.ordering import ordered, ranked
from qa.search.searchers import Searcher


class Names:
    """Rows named so that their order by id is the reverse of that by row."""

    def passage_ids(self, rows: Iterable[int]) -> dict[int, str]:
        return {row: f"p{999 - row}" for row in rows}


def test_a_ranking_is_cut_after_ties_were_ordered_by_id() -> None:
    made = ranked("q", "dense", np.array([1, 2, 3, 4]), np.array([0.9, 0.5, 0.5, 0.5], np.float32), Names(), k=2)
    assert [hit.passage_id for hit in made.hits] == ["p998", "p995"]
    assert (made.question, made.scorer) == ("q", "dense")


def test_hits_are_ordered_by_score_then_id() -> None:
    assert ordered([Hit("b", 1.0), Hit("a", 1.0), Hit("c", 2.0)], k=2) == (Hit("c", 2.0), Hit("a", 1.0))


def test_the_dense_searcher_ranks_by_cosine_and_never_finds_hidden_rows(encoder: TransformerEncoder) -> None:
    asked = encoder.embed_question("Who cut the rope?")
    other = encoder.embed_question("tax law of 1931")
    vectors = ExactVectors(np.array([1, 2, 3]), np.stack([other, asked, asked]))
    found = Searcher("dense", vectors, Names(), {2}).search("Who cut the rope?", asked, k=5)
    assert [hit.passage_id for hit in found.hits] == ["p996", "p998"]
    assert found.hits[0].score > 0.99
    assert found.scorer == "dense"


def test_both_searchers_find_the_article_of_a_sample_question(
    sample_index: Path, open_reader: Callable[..., SnapshotReader], encoder: TransformerEncoder
) -> None:
    question = "How much did the new Ropewalk Quay ferry terminal cost?"
    with open_reader(sample_index).snapshot() as snapshot:
        seen = (snapshot.store, snapshot.hidden)
        for name, found in (
            ("dense", Searcher("dense", snapshot.vectors, *seen).search(question, encoder.embed_question(question), k=3)),
            ("lexical", Searcher("lexical", snapshot.postings, *seen).search(question, question, k=3)),
        ):
            assert found.hits[0].passage_id.startswith("ferry-terminal-opens@"), name
            assert (len(found.hits), found.question, found.scorer) == (3, question, name)


def test_four_of_five_sample_questions_have_their_passage_among_the_best_ten(
    sample_index: Path, sample_questions: list[dict], open_reader: Callable[..., SnapshotReader], searched: Callable[..., tuple]
) -> None:
    answerable = [record for record in sample_questions if record["answerable"] and not record["earlier_questions"]][:40]
    right = 0
    with open_reader(sample_index).snapshot() as snapshot:
        for record in answerable:
            merged = searched(snapshot, record["question"])[-1]
            held = [
                (candidate.article.id, candidate.passage.span)
                for candidate in snapshot.store.candidates([hit.passage_id for hit in merged.hits])
            ]
            right += any(
                id_ == judged["article_id"] and span.start <= judged["start"] and judged["end"] <= span.end
                for id_, span in held
                for judged in record["judgements"]
            )
    assert right >= 0.8 * len(answerable)
