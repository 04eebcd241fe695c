"""Rows of features → scores, by gradient-boosted trees (LambdaMART: Burges, MSR-TR-2010-82) that are arrays.

A score is the log-odds that a passage answers, as fitted on questions that the trees were not trained on. The leaves that a
row reaches are found as QuickScorer does (Lucchese et al., SIGIR 2015): each feature's value rules leaves out, and the first
one left is reached.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from qa.base.checkpoints import check_digest, write_with_digest
from qa.base.errors import ModelError
from qa.search.features import FEATURES
from qa.search.term_counts import Floats

MOST_LEAVES = 32  # of one tree: a bit each
TREES_FILE = "trees.safetensors"
DIGEST_FILE = "trees.sha256"
PACKAGED = Path(__file__).parent / "models" / "ranker"

Leaves = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Of t trees with at most m inner nodes and m + 1 leaves; a tree's first node is its root.

    `feature` (t, m) is -1 where a tree has no more nodes. A row goes left where its feature is at most `threshold`. In
    `left` and `right`, a number c >= 0 is a node and c < 0 the leaf -c - 1; leaves are numbered from left to right.
    `value` (t, m + 1) and `count` (t, m + 1) are each leaf's score and number of training rows.
    """

    feature: NDArray[np.int32]
    threshold: Floats
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: Floats
    count: NDArray[np.int64]
    base: float


class Ranker:
    """Scores rows of FEATURES; `base` is the score of a row of which nothing is known."""

    def __init__(self, trees: Trees) -> None:
        self._bounds, self._left_out = _left_out(trees)
        shares = np.zeros((*trees.value.shape, len(FEATURES)), np.float64)
        base = trees.base
        for tree in range(len(trees.feature)):
            base += _share(trees, tree, shares[tree])
        self.base = base
        self._shares = shares.astype(np.float32)
        self._values = (shares.sum(axis=2)).astype(np.float32)
        self._tree = np.arange(len(trees.feature))

    @classmethod
    def open(cls, folder: Path = PACKAGED) -> Ranker:
        """The ranker of a folder.

        Raises:
            ModelError: it is missing, damaged, or made for other features.
        """
        return cls(read_trees(folder))

    def score(self, rows: Floats) -> Floats:
        """(n,) the log-odds that each passage answers."""
        scores: Floats = (self._values[self._tree, self._leaves(rows)].sum(axis=1) + self.base).astype(np.float32)
        return scores

    def contributions(self, rows: Floats) -> Floats:
        """(n, f) how much each feature moved each score: `base` and a row's contributions sum to its score.

        A split moves the score from the mean of its node to that of the side taken (Saabas 2014).
        """
        made = np.zeros((len(rows), len(FEATURES)), np.float32)
        for tree, leaves in enumerate(self._leaves(rows).T):
            made += self._shares[tree, leaves]
        return made

    def _leaves(self, rows: Floats) -> Leaves:
        """(n, t) the leaf that each row reaches in each tree."""
        left = np.full((len(rows), len(self._tree)), 2**MOST_LEAVES - 1, np.uint32)
        for feature, (bounds, left_out) in enumerate(zip(self._bounds, self._left_out, strict=True)):
            if len(bounds):
                left &= left_out[np.searchsorted(bounds, rows[:, feature])]
        lowest = (left & (~left + np.uint32(1))).astype(np.float32)  # one bit: a power of 2
        leaves: Leaves = (lowest.view(np.uint32) >> 23).astype(np.int64) - 127
        return leaves


def _left_out(trees: Trees) -> tuple[list[Floats], list[NDArray[np.uint32]]]:
    """For each feature its thresholds, ascending, and (thresholds + 1, t) the leaves that stay possible between them, as bits."""
    bounds, stay = [], []
    spans = [dict(_leaves_to_the_left(trees, tree)) for tree in range(len(trees.feature))]
    for feature in range(len(FEATURES)):
        its_bounds = np.unique(trees.threshold[trees.feature == feature])
        table = np.full((len(its_bounds) + 1, len(spans)), 2**MOST_LEAVES - 1, np.uint32)
        for tree, spans_of in enumerate(spans):
            for node, leaves in spans_of.items():
                if trees.feature[tree, node] == feature:
                    place = int(np.searchsorted(its_bounds, trees.threshold[tree, node]))
                    table[place + 1 :, tree] &= np.uint32(~leaves & (2**MOST_LEAVES - 1))
        bounds.append(its_bounds)
        stay.append(table)
    return bounds, stay


def _leaves_to_the_left(trees: Trees, tree: int) -> Iterator[tuple[int, int]]:
    """(node, the leaves of its left side as bits)."""

    def leaves(child: int) -> int:
        if child < 0:
            return 1 << (-child - 1)
        return leaves(int(trees.left[tree, child])) | leaves(int(trees.right[tree, child]))

    for node in np.flatnonzero(trees.feature[tree] >= 0).tolist():
        yield node, leaves(int(trees.left[tree, node]))


def _share(trees: Trees, tree: int, shares: NDArray[np.float64]) -> float:
    """The mean of a tree; `shares` (leaves, f) become what each feature adds on the way to each leaf."""

    @cache
    def mean(child: int) -> tuple[float, int]:
        if child < 0:
            return float(trees.value[tree, -child - 1]), int(trees.count[tree, -child - 1])
        (one, ones), (other, others) = mean(int(trees.left[tree, child])), mean(int(trees.right[tree, child]))
        total = max(1, ones + others)
        return (one * ones + other * others) / total, total

    def walk(child: int, way: NDArray[np.float64]) -> None:
        if child < 0:
            shares[-child - 1] = way
            return
        for side in (int(trees.left[tree, child]), int(trees.right[tree, child])):
            further = way.copy()
            further[trees.feature[tree, child]] += mean(side)[0] - mean(child)[0]
            walk(side, further)

    root = 0 if trees.feature[tree, 0] >= 0 else -1  # a tree may be one leaf
    walk(root, np.zeros(len(FEATURES)))
    return mean(root)[0]


def save_trees(trees: Trees, folder: Path) -> None:
    """Write the trees with their SHA-256 beside them."""
    arrays = {name: getattr(trees, name) for name in ("feature", "threshold", "left", "right", "value", "count")}
    data = save(arrays, {"features": json.dumps(FEATURES), "base": repr(trees.base)})
    write_with_digest(data, folder / TREES_FILE, folder / DIGEST_FILE)


def read_trees(folder: Path) -> Trees:
    """The trees of a folder; raises as `Ranker.open` does."""
    file = folder / TREES_FILE
    check_digest(file, folder / DIGEST_FILE, noun="ranker", holds="trees", advice="Install qa again, or name another folder.")
    try:
        with safe_open(file, "numpy") as opened:
            facts = opened.metadata() or {}
            arrays = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118  # not a mapping
        known = tuple(json.loads(facts.get("features", "[]")))
        if known != FEATURES:
            raise ModelError(_other_features(file, known))
        return Trees(**arrays, base=float(facts["base"]))
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"The ranker's trees {file} are no trees of qa: {error}.") from error


def _other_features(file: Path, known: tuple[str, ...]) -> str:
    lacking = [name for name in known if name not in FEATURES]
    unknown = [name for name in FEATURES if name not in known]
    difference = "; ".join(
        [
            *([f"it asks for {', '.join(lacking)}, which this qa does not make"] if lacking else []),
            *([f"it does not know {', '.join(unknown)}"] if unknown else []),
            *([] if lacking or unknown else ["their order differs"]),
        ]
    )
    return (
        f"The ranker's trees {file} were trained on other features: {difference}. Train them anew: python -m qa.training ranker."
    )
