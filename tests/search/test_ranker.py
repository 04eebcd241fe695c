"""The ranker: its scores against walking the trees, what its contributions add up to, and the files that it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import qa.search.ranker
from qa.base.errors import ModelError
from qa.search.features import FEATURES
from qa.search.ranker import DIGEST_FILE, MOST_LEAVES, TREES_FILE, Ranker, Trees, save_trees

WIDTH = len(FEATURES)


def random_trees(seed: int, *, trees: int = 20, leaves: int = 9) -> Trees:
    """Trees of random shape whose nodes are in pre-order and whose leaves are from left to right."""
    random = np.random.default_rng(seed)
    shape = (trees, leaves - 1)
    made = Trees(
        feature=np.full(shape, -1, np.int32),
        threshold=np.zeros(shape, np.float32),
        left=np.zeros(shape, np.int32),
        right=np.zeros(shape, np.int32),
        value=random.normal(size=(trees, leaves)).astype(np.float32),
        count=random.integers(1, 100, (trees, leaves)),
        base=-2.0,
    )

    def grow(tree: int, node: int, leaf: int, size: int) -> int:
        if size == 1:
            return -leaf - 1
        on_the_left = int(random.integers(1, size))
        made.feature[tree, node] = random.integers(WIDTH)
        made.threshold[tree, node] = random.integers(-2, 3)
        made.left[tree, node] = grow(tree, node + 1, leaf, on_the_left)
        made.right[tree, node] = grow(tree, node + on_the_left, leaf + on_the_left, size - on_the_left)
        return node

    for tree in range(trees):
        grow(tree, 0, 0, int(random.integers(1, leaves + 1)) if tree else leaves)
    return made


def walked(trees: Trees, row: np.ndarray) -> float:
    """The sum of the leaves that a row reaches, step by step."""
    total = trees.base
    for tree in range(len(trees.feature)):
        at = 0 if trees.feature[tree, 0] >= 0 else -1
        while at >= 0:
            goes_left = row[trees.feature[tree, at]] <= trees.threshold[tree, at]
            at = int((trees.left if goes_left else trees.right)[tree, at])
        total += float(trees.value[tree, -at - 1])
    return total


@pytest.mark.parametrize("leaves", [2, 3, 9, MOST_LEAVES])
@pytest.mark.parametrize("seed", range(5))
def test_scores_are_those_of_walking_each_tree(seed: int, leaves: int) -> None:
    trees = random_trees(seed, leaves=leaves)
    rows = np.random.default_rng(seed + 1).integers(-3, 4, (30, WIDTH)).astype(np.float32)  # many equal a threshold
    assert Ranker(trees).score(rows) == pytest.approx([walked(trees, row) for row in rows], abs=1e-4)


def test_contributions_and_base_sum_to_the_score() -> None:
    ranker = Ranker(random_trees(3))
    rows = np.random.default_rng(4).normal(size=(50, WIDTH)).astype(np.float32)
    contributions = ranker.contributions(rows)
    assert contributions.shape == (50, WIDTH)
    assert contributions.sum(axis=1) + ranker.base == pytest.approx(ranker.score(rows), abs=1e-4)


def test_a_contribution_is_the_step_from_the_mean_of_a_node_to_that_of_its_side() -> None:
    trees = Trees(
        feature=np.array([[3]], np.int32),
        threshold=np.array([[0.5]], np.float32),
        left=np.array([[-1]], np.int32),
        right=np.array([[-2]], np.int32),
        value=np.array([[-1.0, 2.0]], np.float32),
        count=np.array([[30, 10]]),
        base=0.5,
    )
    ranker = Ranker(trees)
    rows = np.zeros((2, WIDTH), np.float32)
    rows[1, 3] = 1
    mean = (30 * -1.0 + 10 * 2.0) / 40
    assert ranker.base == pytest.approx(0.5 + mean)
    assert ranker.contributions(rows)[:, 3].tolist() == pytest.approx([-1 - mean, 2 - mean])
    assert ranker.score(rows).tolist() == pytest.approx([-0.5, 2.5])


def test_no_rows_have_no_scores() -> None:
    ranker = Ranker(random_trees(1))
    nothing = np.zeros((0, WIDTH), np.float32)
    assert (ranker.score(nothing).shape, ranker.contributions(nothing).shape) == ((0,), (0, WIDTH))


def test_saved_trees_come_back(tmp_path: Path) -> None:
    trees = random_trees(5)
    save_trees(trees, tmp_path)
    rows = np.random.default_rng(6).normal(size=(9, WIDTH)).astype(np.float32)
    opened = Ranker.open(tmp_path)
    assert opened.score(rows).tolist() == Ranker(trees).score(rows).tolist()
    assert opened.base == Ranker(trees).base


def test_trees_of_other_features_are_refused_with_the_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as other:
        other.setattr(qa.search.ranker, "FEATURES", (*FEATURES[1:], "moon_phase"))
        save_trees(random_trees(1), tmp_path)
    with pytest.raises(ModelError, match="asks for moon_phase, which this qa does not make; it does not know passage_bm25"):
        Ranker.open(tmp_path)


def test_trees_of_another_order_of_features_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as other:
        other.setattr(qa.search.ranker, "FEATURES", FEATURES[::-1])
        save_trees(random_trees(1), tmp_path)
    with pytest.raises(ModelError, match="their order differs"):
        Ranker.open(tmp_path)


def test_damaged_trees_are_refused_with_both_digests(tmp_path: Path) -> None:
    save_trees(random_trees(1), tmp_path)
    data = bytearray((tmp_path / TREES_FILE).read_bytes())
    data[-1] ^= 1
    (tmp_path / TREES_FILE).write_bytes(data)
    with pytest.raises(
        ModelError, match=rf"have SHA-256 [0-9a-f]{{64}}, expected {(tmp_path / DIGEST_FILE).read_text().strip()}"
    ):
        Ranker.open(tmp_path)


def test_a_missing_ranker_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"The ranker in .* cannot be read"):
        Ranker.open(tmp_path)


def test_a_file_that_holds_no_trees_is_told(tmp_path: Path) -> None:
    save_trees(random_trees(1), tmp_path)
    (tmp_path / TREES_FILE).write_bytes(b"{}")
    (tmp_path / DIGEST_FILE).write_text("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\n")
    with pytest.raises(ModelError, match="are no trees of qa"):
        Ranker.open(tmp_path)
