"""Every VectorIndex finds what numpy finds."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np
import pytest

import qa.index.vectors
from qa.base.errors import IndexDamaged
from qa.base.protocols import Rows, VectorIndex, Vectors
from qa.index.vectors import ExactVectors, FaissVectors, OverlaidVectors, best, can_grow, kind_for

Builder = Callable[[Rows, Vectors], VectorIndex]


def _in_two_parts(rows: Rows, vectors: Vectors) -> VectorIndex:
    half = len(rows) // 2
    return OverlaidVectors(
        FaissVectors.build(rows[:half], vectors[:half], kind="Flat"), ExactVectors(rows[half:], vectors[half:])
    )


def _every_cell(rows: Rows, vectors: Vectors) -> VectorIndex:
    """IVF that looks into all its cells: exact but for the 8 bits."""
    index = FaissVectors.build(rows, vectors, kind="IVF4,SQ8")
    index._index.nprobe = 4
    return index


EXACT: dict[str, Builder] = {
    "faiss flat": lambda rows, vectors: FaissVectors.build(rows, vectors, kind="Flat"),
    "exact": ExactVectors,
    "overlaid": _in_two_parts,
    "overlaid on nothing": lambda rows, vectors: OverlaidVectors(
        ExactVectors(rows[:0], vectors[:0]), ExactVectors(rows, vectors)
    ),
}
ROUNDED: dict[str, Builder] = {
    "faiss sq8": lambda rows, vectors: FaissVectors.build(rows, vectors, kind="SQ8"),
    "faiss ivf,sq8": _every_cell,
}
REMOTE = "milvus"  # exact here: Milvus Lite compares every vector of a small collection


def _builder(request: pytest.FixtureRequest) -> Builder:
    made: Builder = request.getfixturevalue("milvus_vectors") if request.param == REMOTE else (EXACT | ROUNDED)[request.param]
    return made


@pytest.fixture(params=[*EXACT, *ROUNDED, REMOTE])
def build(request: pytest.FixtureRequest) -> Builder:
    return _builder(request)


@pytest.fixture(params=[*EXACT, REMOTE])
def build_exact(request: pytest.FixtureRequest) -> Builder:
    return _builder(request)


@pytest.fixture(params=ROUNDED.values(), ids=ROUNDED.keys())
def build_rounded(request: pytest.FixtureRequest) -> Builder:
    return request.param


def _unit(n: int, *, seed: int, d: int = 32) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _reference(
    rows: Rows, vectors: Vectors, question: Vectors, *, k: int, excluded: Collection[int] = ()
) -> list[tuple[int, float]]:
    scored = [(row, float(vector @ question)) for row, vector in zip(rows.tolist(), vectors, strict=True) if row not in excluded]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:k]


ROWS = np.arange(3, 3 + 7 * 300, 7, dtype=np.int64)  # with holes, as a store has them
VECTORS = _unit(300, seed=1)
QUESTIONS = _unit(5, seed=2)


@pytest.mark.parametrize("k", [1, 10, 299, 300])
def test_the_best_rows_and_their_cosines_are_those_of_numpy(build_exact: Builder, k: int) -> None:
    index = build_exact(ROWS, VECTORS)
    for question in QUESTIONS:
        rows, cosines = index.search(question, k=k)
        expected = _reference(ROWS, VECTORS, question, k=k)
        assert rows.tolist() == [row for row, _ in expected]
        assert cosines == pytest.approx([cosine for _, cosine in expected], abs=1e-6)


def test_eight_bits_a_number_move_a_cosine_by_less_than_a_hundredth(build_rounded: Builder) -> None:
    index = build_rounded(ROWS, VECTORS)
    for question in QUESTIONS:
        rows, cosines = index.search(question, k=300)
        exact = dict(_reference(ROWS, VECTORS, question, k=300))
        assert sorted(rows.tolist()) == ROWS.tolist()
        assert cosines == pytest.approx([exact[row] for row in rows.tolist()], abs=0.01)
        assert set(rows[:20].tolist()) >= {row for row, _ in _reference(ROWS, VECTORS, question, k=10)}


def test_excluded_rows_are_never_found_and_others_take_their_places(build: Builder) -> None:
    index = build(ROWS, VECTORS)
    for question in QUESTIONS:
        everything, _ = index.search(question, k=300)
        excluded = set(everything[:50].tolist())
        rows, _ = index.search(question, k=10, excluded=excluded)
        assert rows.tolist() == everything[50:60].tolist()


def test_excluding_rows_changes_no_score(build: Builder) -> None:
    index = build(ROWS, VECTORS)
    everything = dict(zip(*[found.tolist() for found in index.search(QUESTIONS[0], k=300)], strict=True))
    rows, cosines = index.search(QUESTIONS[0], k=20, excluded=[*ROWS[:77].tolist()])
    assert dict(zip(rows.tolist(), cosines.tolist(), strict=True)) == {row: everything[row] for row in rows.tolist()}


def test_excluding_rows_it_does_not_hold_changes_nothing(build: Builder) -> None:
    index = build(ROWS, VECTORS)
    with_strangers = index.search(QUESTIONS[0], k=9, excluded={1, 2, 4, 10**12})
    assert [found.tolist() for found in with_strangers] == [found.tolist() for found in index.search(QUESTIONS[0], k=9)]


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 1.0])
def test_of_selected_rows_the_best_are_those_of_numpy(build: Builder, share: float) -> None:
    index = build(ROWS, VECTORS)
    chosen = np.sort(np.random.default_rng(7).choice(ROWS, int(share * len(ROWS)), replace=False))
    for question in QUESTIONS:
        everything, cosines = index.search(question, k=300)
        own = dict(zip(everything.tolist(), cosines.tolist(), strict=True))  # rounded ones order by their own cosines
        rows, found = index.search(question, k=10, selected=chosen)
        assert rows.tolist() == [row for row in everything.tolist() if row in set(chosen.tolist())][:10]
        assert found == pytest.approx([own[row] for row in rows.tolist()], abs=1e-6)  # a few may be compared one by one


def test_selected_rows_that_are_excluded_too_are_not_found(build: Builder) -> None:
    index = build(ROWS, VECTORS)
    rows, _ = index.search(QUESTIONS[0], k=300, selected=ROWS[:50], excluded=set(ROWS[10:].tolist()))
    assert sorted(rows.tolist()) == ROWS[:10].tolist()


@pytest.mark.parametrize("selected", [[], [1, 2, 10**6]], ids=["none", "strangers"])
def test_selecting_no_row_that_it_holds_finds_nothing(build: Builder, selected: list[int]) -> None:
    rows, cosines = build(ROWS, VECTORS).search(QUESTIONS[0], k=3, selected=np.array(selected, np.int64))
    assert (rows.tolist(), cosines.tolist()) == ([], [])


def test_ivf_looks_through_more_lists_the_fewer_rows_are_selected() -> None:
    rows, vectors = np.arange(1, 4001, dtype=np.int64), _unit(4000, seed=5)
    index = FaissVectors.build(rows, vectors, kind="IVF64,SQ8")
    index._index.nprobe = 4  # of its 64 lists
    flat = FaissVectors.build(rows, vectors, kind="SQ8")
    few = rows[::100]
    for question in QUESTIONS:
        found, _ = index.search(question, k=10, selected=few)
        assert len(set(found.tolist()) & set(flat.search(question, k=10, selected=few)[0].tolist())) >= 9  # 8 bits apart


def test_when_all_rows_are_excluded_nothing_is_found(build: Builder) -> None:
    rows, cosines = build(ROWS, VECTORS).search(QUESTIONS[0], k=3, excluded=ROWS.tolist())
    assert (rows.tolist(), cosines.tolist()) == ([], [])


@pytest.mark.parametrize("copies", [2, 63, 100])
def test_all_rows_that_tie_with_the_last_one_come_along_in_the_order_of_rows(build: Builder, copies: int) -> None:
    question = QUESTIONS[0]
    by_cosine = VECTORS[np.argsort(-(VECTORS @ question))]
    twins = np.tile(by_cosine[4], (copies, 1))  # all alike, and fifth best
    vectors = np.concatenate([by_cosine[:4], twins, by_cosine[150:]])
    rows = np.arange(len(vectors), 0, -1, dtype=np.int64)  # higher places have lower rows
    found, cosines = build(rows, vectors).search(question, k=6)
    assert sorted(found[:4].tolist()) == sorted(rows[:4].tolist())
    if isinstance(build(rows, vectors), OverlaidVectors):  # two arithmetics: equal vectors differ by a rounding
        assert set(found[4:].tolist()) <= set(rows[4 : 4 + copies].tolist())
    else:
        assert found[4:].tolist() == sorted(rows[4 : 4 + copies].tolist())
        assert len(set(cosines[4:].tolist())) == 1


def test_asking_for_more_than_there_are_gives_all(build: Builder) -> None:
    found, cosines = build(ROWS, VECTORS).search(QUESTIONS[0], k=5_000)
    assert sorted(found.tolist()) == ROWS.tolist()
    assert cosines.tolist() == sorted(cosines.tolist(), reverse=True)


def test_it_counts_its_rows(build: Builder) -> None:
    assert build(ROWS, VECTORS).count == 300


def test_the_same_search_gives_the_same_bits(build: Builder) -> None:
    index = build(ROWS, VECTORS)
    first, second = index.search(QUESTIONS[1], k=30), index.search(QUESTIONS[1], k=30)
    assert [found.tobytes() for found in first] == [found.tobytes() for found in second]


@pytest.mark.parametrize(
    "empty", [ExactVectors, lambda rows, vectors: FaissVectors.build(rows, vectors, kind="Flat"), _in_two_parts]
)
def test_an_empty_index_finds_nothing(empty: Builder) -> None:
    index = empty(ROWS[:0], VECTORS[:0])
    rows, cosines = index.search(QUESTIONS[0], k=3)
    assert (index.count, rows.tolist(), cosines.tolist()) == (0, [], [])
    rows, _ = index.search(QUESTIONS[0], k=3, excluded={1})
    assert rows.tolist() == []


def test_an_index_with_one_row_finds_it(build_exact: Builder) -> None:
    rows, cosines = build_exact(ROWS[:1], VECTORS[:1]).search(VECTORS[0], k=3)
    assert rows.tolist() == [3]
    assert cosines == pytest.approx([1.0], abs=1e-6)


@pytest.mark.parametrize("kind", ["Flat", "SQ8", "IVF4,SQ8"])
def test_a_saved_file_finds_the_same(kind: str, tmp_path: Path) -> None:
    index = FaissVectors.build(ROWS, VECTORS, kind=kind)
    index.save(tmp_path / "v.faiss")
    again = FaissVectors.open(tmp_path / "v.faiss")
    for excluded in ((), {10, 17}):
        before, after = (held.search(QUESTIONS[0], k=12, excluded=excluded) for held in (index, again))
        assert [found.tolist() for found in after] == [found.tolist() for found in before]


@pytest.mark.parametrize("kind", ["Flat", "SQ8", "IVF4,SQ8"])
def test_a_file_grows_by_rows_and_loses_others_and_stays_itself_as_it_is(kind: str, tmp_path: Path) -> None:
    FaissVectors.build(ROWS[:200], VECTORS[:200], kind=kind).save(tmp_path / "v.faiss")
    before = (tmp_path / "v.faiss").read_bytes()
    grown = FaissVectors.grown(tmp_path / "v.faiss", ROWS[200:], VECTORS[200:], without=ROWS[:10])
    assert sorted(grown.rows().tolist()) == ROWS[10:].tolist()
    for row, vector in ((ROWS[50], VECTORS[50]), (ROWS[250], VECTORS[250])):
        assert grown.search(vector, k=1)[0].tolist() == [row]
    assert ROWS[5] not in grown.search(VECTORS[5], k=300)[0]
    assert (tmp_path / "v.faiss").read_bytes() == before


def test_ivf_looks_through_an_eighth_of_its_lists_or_through_many_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, vectors = np.arange(1, 1001, dtype=np.int64), _unit(1000, seed=5)

    def lists_searched(least: int) -> int:
        monkeypatch.setattr(qa.index.vectors, "_SEARCHED", least)
        return int(FaissVectors.build(rows, vectors, kind="IVF16,SQ8")._index.nprobe)

    assert [lists_searched(least) for least in (0, 500, 50_000)] == [2, 8, 16]


@pytest.mark.parametrize(
    ("kind", "count", "may"),
    [
        ("Flat", 100_000, True),
        ("Flat", 100_001, False),
        ("IVF316,SQ8", 390_000, True),
        ("IVF316,SQ8", 410_000, False),  # 640 lists are more than twice as many
        ("SQ8", 500_000, False),  # as files were before
    ],
)
def test_a_file_grows_until_its_lists_are_too_few(kind: str, count: int, may: bool) -> None:
    assert can_grow(kind, to=count) is may


def test_a_file_of_another_kind_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "v.faiss").write_bytes(b"no vectors here")
    with pytest.raises(IndexDamaged, match="qa rebuild"):
        FaissVectors.open(tmp_path / "v.faiss")


def test_saving_where_nothing_can_be_written_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot be written"):
        FaissVectors.build(ROWS, VECTORS, kind="Flat").save(tmp_path / "no folder" / "v.faiss")


@pytest.mark.parametrize(
    ("count", "kind"),
    [
        (1, "Flat"),
        (100_000, "Flat"),
        (100_001, "IVF316,SQ8"),
        (1_000_000, "IVF1000,SQ8"),
        (4_000_000, "IVF2000,SQ8"),
    ],
)
def test_the_kind_follows_from_the_size(count: int, kind: str) -> None:
    assert kind_for(count) == kind


def test_best_keeps_ties_with_the_kth_and_orders_by_score_then_row() -> None:
    rows, scores = best(np.array([9, 4, 7, 1, 8]), np.array([0.5, 0.9, 0.5, 0.1, 0.5], np.float32), 2)
    assert rows.tolist() == [4, 7, 8, 9]
    assert scores == pytest.approx([0.9, 0.5, 0.5, 0.5])
