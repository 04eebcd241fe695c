"""Groups → a ranker's trees, by LambdaMART. Home of LightGBM.

The trees learn to order the candidates of each question (Burges, MSR-TR-2010-82). Their scores are then scaled, so that a
score is the log-odds that a passage answers (Platt 1999), on questions that other trees were not trained on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np

from qa.search.features import FEATURES
from qa.search.ranker import Ranker, Trees
from qa.search.term_counts import Floats
from qa.training.ranking_groups import Group

# A better match never lowers a score: without this, trees learn from chance that it does.
_RISING = ("passage_bm25", "passage_bm25_scaled", "article_bm25", "article_bm25_scaled", "cosine_deviation", "near_date_range")
_FALLING = ("passage_bm25_rank", "article_bm25_rank", "cosine_gap", "cosine_rank")
_FOLDS = 5
_NEWTON_STEPS = 30


@dataclass(frozen=True, slots=True)
class TreesRecipe:
    """How trees are trained. `rows_share` and `features_share` are what each tree sees; `smoothing` is L2 on its leaves."""

    trees: int = 300
    leaves: int = 15
    learning_rate: float = 0.03
    fewest_in_a_leaf: int = 50
    rows_share: float = 0.7
    features_share: float = 0.4
    smoothing: float = 5.0
    truncation: int = 15
    seed: int = 7


def train_trees(groups: Sequence[Group], recipe: TreesRecipe) -> Trees:
    """The trees of all groups. The same groups and recipe give the same trees on the same machine."""
    held_out = groups[::_FOLDS]
    others = [group for place, group in enumerate(groups) if place % _FOLDS]
    slope, intercept = (1.0, 0.0) if not others else _log_odds(Ranker(_trained(others, recipe)), held_out)
    return _scaled(_trained(groups, recipe), slope, intercept)


def _trained(groups: Sequence[Group], recipe: TreesRecipe) -> Trees:
    data = lightgbm.Dataset(
        np.concatenate([group.features for group in groups]),
        np.concatenate([group.right for group in groups]).astype(np.int32),
        group=[len(group.right) for group in groups],
        feature_name=list(FEATURES),
        params={"verbosity": -1},
        free_raw_data=True,
    )
    booster = lightgbm.train(_parameters(recipe), data, num_boost_round=recipe.trees)
    return _arrays([one["tree_structure"] for one in booster.dump_model()["tree_info"]], recipe.leaves)


def _parameters(recipe: TreesRecipe) -> dict[str, Any]:
    return {
        "objective": "lambdarank",
        "num_leaves": recipe.leaves,
        "learning_rate": recipe.learning_rate,
        "min_data_in_leaf": recipe.fewest_in_a_leaf,
        "bagging_fraction": recipe.rows_share,
        "bagging_freq": 1,
        "feature_fraction": recipe.features_share,
        "lambda_l2": recipe.smoothing,
        "lambdarank_truncation_level": recipe.truncation,
        "monotone_constraints": [(name in _RISING) - (name in _FALLING) for name in FEATURES],
        "use_missing": False,
        "seed": recipe.seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbosity": -1,
    }


def _arrays(roots: Sequence[Mapping[str, Any]], leaves: int) -> Trees:
    """LightGBM's nested trees as arrays, nodes in pre-order and leaves from left to right."""
    shape = (len(roots), leaves - 1)
    trees = Trees(
        feature=np.full(shape, -1, np.int32),
        threshold=np.zeros(shape, np.float32),
        left=np.zeros(shape, np.int32),
        right=np.zeros(shape, np.int32),
        value=np.zeros((len(roots), leaves), np.float32),
        count=np.zeros((len(roots), leaves), np.int64),
        base=0.0,
    )
    for tree, root in enumerate(roots):
        _number(trees, tree, root, node=0, leaf=0)
    return trees


def _number(trees: Trees, tree: int, branch: Mapping[str, Any], *, node: int, leaf: int) -> tuple[int, int, int]:
    """Write a branch from this node and leaf on; (its own number, the next node, the next leaf)."""
    if "split_feature" not in branch:
        trees.value[tree, leaf], trees.count[tree, leaf] = branch["leaf_value"], branch.get("leaf_count", 1)
        return -leaf - 1, node, leaf + 1
    trees.feature[tree, node] = branch["split_feature"]
    trees.threshold[tree, node] = _below(branch["threshold"])
    trees.left[tree, node], next_node, leaf = _number(trees, tree, branch["left_child"], node=node + 1, leaf=leaf)
    trees.right[tree, node], next_node, leaf = _number(trees, tree, branch["right_child"], node=next_node, leaf=leaf)
    return node, next_node, leaf


def _below(threshold: float) -> np.float32:
    """The highest float32 that is not above it: the same float32 features are at most either."""
    near = np.float32(threshold)
    return near if float(near) <= threshold else np.nextafter(near, np.float32(-np.inf))


def _log_odds(ranker: Ranker, groups: Sequence[Group]) -> tuple[float, float]:
    """(slope, intercept) of the logistic that fits best, by Newton's method."""
    scores: Floats = np.concatenate([ranker.score(group.features) for group in groups]).astype(np.float64)
    right = np.concatenate([group.right for group in groups]).astype(np.float64)
    inputs = np.stack([scores, np.ones_like(scores)], axis=1)  # (n, 2)
    weights = np.array([1.0, math.log(right.mean() / (1 - right.mean()))])
    for _ in range(_NEWTON_STEPS):
        probable = 1 / (1 + np.exp(-inputs @ weights))
        spread = probable * (1 - probable)
        step = np.linalg.solve((inputs * spread[:, None]).T @ inputs + 1e-6 * np.eye(2), inputs.T @ (right - probable))
        weights = weights + step
    return float(weights[0]), float(weights[1])


def _scaled(trees: Trees, slope: float, intercept: float) -> Trees:
    return Trees(trees.feature, trees.threshold, trees.left, trees.right, trees.value * np.float32(slope), trees.count, intercept)
