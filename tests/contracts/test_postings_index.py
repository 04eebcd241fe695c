"""Every PostingsIndex scores as BM25 written out in a loop does."""

from __future__ import annotations

import math
import random
import weakref
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

import numpy as np
import pytest

from qa.base.errors import IndexDamaged
from qa.base.protocols import PostingsIndex
from qa.index.postings import TantivyPostings, write_postings

NO_LANGUAGES: Mapping[int, str] = MappingProxyType({})
WORDS = (
    "harbour", "ferry", "quay", "tide", "crane", "rope", "lantern", "mayor", "council", "budget", "bridge", "river", "school",
    "teacher", "winter", "storm",
)  # fmt: skip


def _texts(n: int, *, seed: int, first_row: int = 1) -> dict[int, str]:
    """Passages of 1 to 300 words, some words much more frequent than others."""
    chance = random.Random(seed)
    weights = [1 / (rank + 1) for rank in range(len(WORDS))]
    return {
        first_row + 3 * position: " ".join(chance.choices(WORDS, weights, k=chance.choice([1, 5, 20, 39, 41, 60, 150, 300])))
        for position in range(n)
    }


def _kept_length(length: int) -> int:
    """The largest length of one byte that is not longer: exact to 39, then 4 bits (Lucene's SmallFloat)."""
    if length < 24:
        return length
    beyond = length - 24
    dropped = max(0, beyond.bit_length() - 4)
    return 24 + (beyond >> dropped << dropped)


def _bm25(
    postings: PostingsIndex,
    texts: dict[int, str],
    question: str,
    *,
    k: int,
    excluded: Collection[int] = (),
    kept_length: Callable[[int], int],
) -> list[tuple[int, float]]:
    """The ten-line loop: k1 = 1.2, b = 0.75, each word of the question once."""
    passages = {row: Counter(postings.terms(text)) for row, text in texts.items()}
    mean_length = sum(words.total() for words in passages.values()) / len(passages)
    scores: dict[int, float] = {}
    for term in set(postings.terms(question)):
        having = sum(term in words for words in passages.values())
        rarity = math.log(1 + (len(passages) - having + 0.5) / (having + 0.5))
        for row, words in passages.items():
            if term in words and row not in excluded:
                length = kept_length(words.total()) / mean_length
                scores[row] = scores.get(row, 0.0) + rarity * words[term] * 2.2 / (words[term] + 1.2 * (0.25 + 0.75 * length))
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:k]


class Engine(Protocol):
    """Where passages are written, and what is searched then; `kept_length` is what it knows of a passage's length."""

    @staticmethod
    def kept_length(length: int) -> int: ...

    def write(
        self, added: Iterable[tuple[int, str]], *, removed: Sequence[int] = (), languages: Mapping[int, str] = NO_LANGUAGES
    ) -> None: ...

    def open(self) -> PostingsIndex: ...


class InAFolder:
    kept_length = staticmethod(_kept_length)

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(
        self, added: Iterable[tuple[int, str]], *, removed: Sequence[int] = (), languages: Mapping[int, str] = NO_LANGUAGES
    ) -> None:
        write_postings(self._folder, added, removed=removed, languages=languages)

    def open(self) -> PostingsIndex:
        return TantivyPostings.open(self._folder)


@pytest.fixture(params=["tantivy", "milvus"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    engine: Engine = InAFolder(tmp_path) if request.param == "tantivy" else request.getfixturevalue("milvus_postings")
    return engine


QUESTIONS = ["Who is the mayor?", "storm lantern", "The harbour's ferry, the harbour!", "winter bridges and rivers", "teachers"]


def _assert_like_the_loop(
    postings: PostingsIndex,
    texts: dict[int, str],
    *,
    k: int,
    excluded: Collection[int] = (),
    kept_length: Callable[[int], int],
) -> None:
    for question in QUESTIONS:
        rows, scores = postings.search(question, k=k, excluded=excluded)
        expected = _bm25(postings, texts, question, k=len(texts), excluded=excluded, kept_length=kept_length)
        assert len(rows) >= min(k, len(expected))
        assert scores == pytest.approx([score for _, score in expected[: len(rows)]], rel=1e-5)
        reference = dict(expected)
        assert scores == pytest.approx([reference[row] for row in rows.tolist()], rel=1e-5)


@pytest.mark.parametrize(
    ("length", "kept"),
    [(0, 0), (1, 1), (23, 23), (39, 39), (40, 40), (41, 40), (42, 42), (55, 54), (56, 56), (59, 56), (60, 60), (63, 60), (64, 64),
     (87, 84), (95, 88), (151, 144), (152, 152), (280, 280), (311, 280), (312, 312), (1_000, 984), (16_407, 15_384)],
)  # fmt: skip
def test_the_loop_keeps_lengths_as_tantivys_table_does(length: int, kept: int) -> None:
    assert _kept_length(length) == kept


@pytest.mark.parametrize("k", [1, 5, 40, 500])
def test_scores_are_those_of_the_loop(index: Engine, k: int) -> None:
    texts = _texts(120, seed=1)
    index.write(texts.items())
    _assert_like_the_loop(index.open(), texts, k=k, kept_length=index.kept_length)


def test_scores_are_those_of_the_loop_after_adding_in_batches(index: Engine) -> None:
    texts: dict[int, str] = {}
    for number, size in enumerate([30, 1, 45, 20, 3]):
        some = _texts(size, seed=number, first_row=1 + 1_000 * number)
        index.write(some.items())
        texts |= some
    postings = index.open()
    assert postings.count == 99
    _assert_like_the_loop(postings, texts, k=15, kept_length=index.kept_length)


def test_many_small_batches_are_merged_without_a_loss(index: Engine) -> None:
    texts: dict[int, str] = {}
    for number in range(20):
        some = _texts(4, seed=number, first_row=1 + 100 * number)
        index.write(some.items())
        texts |= some
    _assert_like_the_loop(index.open(), texts, k=80, kept_length=index.kept_length)


def test_excluded_rows_are_never_found_and_others_take_their_places(index: Engine) -> None:
    texts = _texts(120, seed=2)
    index.write(texts.items())
    excluded = set(list(texts)[:70])
    _assert_like_the_loop(index.open(), texts, k=10, excluded=excluded, kept_length=index.kept_length)


@pytest.mark.parametrize("every", [60, 10, 2, 1], ids=lambda every: f"one in {every}")
def test_of_selected_rows_the_best_are_those_of_the_loop(index: Engine, every: int) -> None:
    texts = _texts(240, seed=8)
    index.write(texts.items())
    postings = index.open()
    selected = np.array(sorted(texts)[::every], np.int64)
    others = set(texts) - set(selected.tolist())
    for question in QUESTIONS:
        rows, scores = postings.search(question, k=10, selected=selected)
        expected = _bm25(postings, texts, question, k=len(rows), excluded=others, kept_length=index.kept_length)
        assert set(rows.tolist()) <= set(selected.tolist())
        assert scores == pytest.approx([score for _, score in expected], rel=1e-5)
        matching = _bm25(postings, texts, question, k=10, excluded=others, kept_length=index.kept_length)
        assert len(rows) >= min(10, len(matching))


def test_selected_rows_that_are_excluded_too_are_not_found(index: Engine) -> None:
    index.write([(row, "the ferry is late") for row in range(1, 201)])
    selected = np.arange(1, 101, dtype=np.int64)
    rows, _ = index.open().search("ferry", k=300, selected=selected, excluded=set(range(50, 150)))
    assert rows.tolist() == list(range(1, 50))
    assert index.open().search("ferry", k=3, selected=selected[:0])[0].tolist() == []


def test_a_removed_row_is_never_found_and_all_others_are(index: Engine) -> None:
    texts = _texts(120, seed=3)
    index.write(texts.items())
    removed = list(texts)[10:40]
    index.write([], removed=removed)
    postings = index.open()
    assert postings.count == 90
    for question in QUESTIONS:
        rows, _ = postings.search(question, k=120)
        wanted = set(postings.terms(question))
        assert set(rows.tolist()) == {
            row for row, text in texts.items() if row not in removed and wanted & set(postings.terms(text))
        }


def test_a_row_removed_and_added_in_one_write_has_its_new_text(index: Engine) -> None:
    index.write([(1, "the ferry sails"), (2, "the crane stands")])
    index.write([(3, "the lantern burns")], removed=[1])
    postings = index.open()
    assert postings.search("ferry", k=5)[0].tolist() == []
    assert postings.search("lantern", k=5)[0].tolist() == [3]


def test_scores_are_those_of_the_loop_when_made_anew_after_removals(tmp_path: Path) -> None:
    texts = _texts(120, seed=4)
    (tmp_path / "old").mkdir()
    write_postings(tmp_path / "old", texts.items())
    write_postings(tmp_path / "old", [], removed=list(texts)[:60])
    rest = dict(list(texts.items())[60:])
    (tmp_path / "new").mkdir()
    write_postings(tmp_path / "new", rest.items())
    _assert_like_the_loop(TantivyPostings.open(tmp_path / "new"), rest, k=20, kept_length=_kept_length)


@pytest.mark.parametrize("copies", [2, 40, 200])
def test_all_rows_that_tie_with_the_last_one_come_along_in_the_order_of_rows(index: Engine, copies: int) -> None:
    twins = [(row, "a storm over the harbour, and the ferry stays in harbour") for row in range(copies, 0, -1)]
    index.write([(1_000, "storm storm harbour ferry"), *twins, (2_000, "nothing of the sort")])
    rows, scores = index.open().search("harbour ferry storm", k=2)
    assert rows.tolist() == [1_000, *range(1, copies + 1)]
    assert len(set(scores[1:].tolist())) == 1


def test_ties_are_complete_when_the_excluded_rows_are_among_them(index: Engine) -> None:
    index.write([(row, "the ferry is late") for row in range(1, 201)])
    rows, _ = index.open().search("ferry", k=3, excluded=set(range(1, 150)))
    assert rows.tolist() == list(range(150, 201))


def test_an_empty_index_finds_nothing(index: Engine) -> None:
    index.write([])
    postings = index.open()
    rows, scores = postings.search("ferry", k=3)
    assert (postings.count, rows.tolist(), scores.tolist()) == (0, [], [])


@pytest.mark.parametrize("question", ["", "???", "\u3000", "zeppelin", "!" * 500])
def test_a_question_without_a_known_word_finds_nothing(index: Engine, question: str) -> None:
    index.write([(1, "the ferry is late")])
    rows, scores = index.open().search(question, k=3)
    assert (rows.tolist(), scores.tolist()) == ([], [])


@pytest.mark.parametrize("question", ['ferry AND "late', "text:ferry", "ferry^9 OR (", "+ferry -late", "row:1 ferry", "ferry\\"])
def test_a_question_is_words_and_never_a_query_language(index: Engine, question: str) -> None:
    index.write([(1, "the ferry is late"), (2, "the crane stands")])
    assert index.open().search(question, k=1)[0].tolist() == [1]


def test_words_are_folded_and_stemmed_and_both_spellings_of_an_accent_are_one(index: Engine) -> None:
    index.write([(1, "The Cafe\u0301s of ÅRHUS were closing")])
    postings = index.open()
    assert postings.terms("The Cafe\u0301s of ÅRHUS were closing") == ["the", "cafe", "of", "arhus", "were", "close"]
    for question in ("café", "cafe\u0301", "CAFES", "århus", "closed"):
        assert postings.search(question, k=1)[0].tolist() == [1]


def test_passages_are_counted_by_the_term_they_hold_however_often(index: Engine) -> None:
    index.write([(1, "ferry ferry"), (2, "ferry quay"), (3, "quay"), (4, "tide")])
    postings = index.open()
    assert [postings.passages_with(term) for term in ("ferri", "tide", "zeppelin")] == [2, 1, 0]


def test_the_same_search_gives_the_same_bits(index: Engine) -> None:
    index.write(_texts(120, seed=5).items())
    postings = index.open()
    first, second = (postings.search("harbour storm ferry", k=20) for _ in range(2))
    assert [found.tobytes() for found in first] == [found.tobytes() for found in second]


def test_a_folder_without_postings_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="qa rebuild"):
        TantivyPostings.open(tmp_path)


def test_a_folder_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot be written"):
        write_postings(tmp_path / "missing", [(1, "text")])


def test_rows_and_scores_have_the_types_of_the_protocol(index: Engine) -> None:
    index.write([(1, "the ferry is late")])
    rows, scores = index.open().search("ferry", k=1)
    assert (rows.dtype, scores.dtype) == (np.int64, np.float32)


# Languages


def _found(postings: PostingsIndex, question: str) -> list[int]:
    return sorted(postings.search(question, k=10)[0].tolist())


def test_each_language_has_its_own_word_stems(index: Engine) -> None:
    texts = {1: "Die Häuser am Hafen brannten", 2: "The houses at the quay were burning", 3: "Дома у причала сгорели"}
    index.write(texts.items(), languages={1: "de", 3: "ru"})
    postings = index.open()
    assert _found(postings, "Welches Haus brannte?") == [1]
    assert _found(postings, "Which house burned?") == [2]
    assert _found(postings, "какой дом сгорел") == [3]
    assert _found(postings, "haus Hafens") == [1]


def test_a_language_without_stems_is_found_by_its_words_as_they_are(index: Engine) -> None:
    index.write([(1, "Prom przypłynął późno"), (2, "The ferry came late")], languages={1: "pl"})
    postings = index.open()
    assert _found(postings, "PROM") == _found(postings, "przyplynal") == [1]


def test_where_no_blanks_are_written_pairs_of_characters_are_words(index: Engine) -> None:
    texts = {
        1: "渡轮周五晚点十分钟",
        2: "起重机在港口倒塌",
        3: "フェリーは霧で遅れた",
        4: "เรือข้ามฟากมาสาย",
        5: "The Halcyon sank",
    }
    index.write(texts.items(), languages={1: "zh", 2: "zh", 3: "ja", 4: "th"})
    postings = index.open()
    assert _found(postings, "渡轮为什么晚点？") == [1]
    assert _found(postings, "港口的起重机") == [2]
    assert _found(postings, "フェリーの遅れ") == [3]
    assert _found(postings, "เรือข้ามฟาก") == [4]
    assert _found(postings, "halcyon") == [5]
    assert postings.terms("渡轮 Halcyon") == ["渡轮", "halcyon"]


def test_the_words_of_a_text_are_those_of_the_language_that_most_passages_are_in(index: Engine) -> None:
    index.write([(1, "Die Häuser"), (2, "Die Häfen"), (3, "The houses")], languages={1: "de", 2: "de"})
    postings = index.open()
    assert postings.terms("Häuser") == ["haus"]
    assert postings.passages_with("haus") == 1


def test_postings_that_nobody_uses_are_gone_at_once() -> None:
    postings = TantivyPostings.empty()
    postings.passages_with("ferry")
    left = weakref.ref(postings)
    del postings
    assert left() is None
