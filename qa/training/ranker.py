"""Sets and their indexes → a ranker's folder: the trees, their SHA-256 and a card that says how they were made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from qa.base.errors import DatasetError
from qa.base.settings import NO_RANKER, load_settings
from qa.evaluation.datasets.reading import read_dataset
from qa.search.features import FEATURES
from qa.search.ranker import DIGEST_FILE, Ranker, save_trees
from qa.training.ranking_groups import LATE_DAYS, Group, groups_of
from qa.training.trees import TreesRecipe, train_trees

CARD_FILE = "MODEL_CARD.md"
_NAMED = 12  # features in the card


@dataclass(frozen=True, slots=True)
class SetGroups:
    """What one set gave: the questions with a right candidate."""

    name: str
    groups: Sequence[Group]


def read_groups(
    sets: Sequence[Path], indexes: Path, *, questions: int, takes: dict[str, int], seed: int, told: Callable[[SetGroups], None]
) -> list[SetGroups]:
    """The groups of every set, each over the index of its name in `indexes`, which is made where it is missing.

    Of each set at most so many `questions` are taken, evenly spread, or what `takes` says for its name.
    """
    made = []
    for path in sets:
        dataset = read_dataset(path, repeats=True)
        settings = load_settings(index=indexes / dataset.name, ranker=NO_RANKER)
        limit = takes.get(path.name, questions)
        made.append(SetGroups(path.name, list(groups_of(dataset, settings, limit=limit, seed=seed, late_days=LATE_DAYS))))
        told(made[-1])
    return made


def train_ranker(sets: Sequence[SetGroups], out: Path, recipe: TreesRecipe, *, command: str) -> None:
    """Train on the groups and write the ranker's folder.

    Raises:
        DatasetError: no set has a question of which a candidate answers.
    """
    groups = [group for one in sets for group in one.groups]
    if not groups:
        raise DatasetError("No question has a right passage among its candidates, so there is nothing to learn from.")
    shuffled = np.random.default_rng(recipe.seed).permutation(len(groups))
    trees = train_trees([groups[place] for place in shuffled.tolist()], recipe)
    out.mkdir(parents=True, exist_ok=True)
    save_trees(trees, out)
    (out / CARD_FILE).write_text(_card(sets, groups, Ranker(trees), recipe, out, command), "utf-8")


def _card(
    sets: Sequence[SetGroups], groups: Sequence[Group], ranker: Ranker, recipe: TreesRecipe, out: Path, command: str
) -> str:
    candidates = sum(len(group.right) for group in groups)
    set_lines = "".join(f"| {one.name} | {len(one.groups):,} |\n" for one in sets)
    recipe_line = ", ".join(f"{name} {value}" for name, value in asdict(recipe).items())
    late = ", ".join(map(str, LATE_DAYS))
    moved = np.mean([np.abs(ranker.contributions(group.features)).mean(axis=0) for group in groups], axis=0)  # (f,)
    most = np.argsort(-moved)[:_NAMED].tolist()
    feature_lines = "".join(f"| {FEATURES[feature]} | {moved[feature]:.3f} |\n" for feature in most)
    return f"""# qa-ranker

{recipe.trees} gradient-boosted trees (LambdaMART) over {len(FEATURES)} features of a passage. They order what the searchers found
for a question. A score is the log-odds that the passage answers.

SHA-256 of the trees: `{(out / DIGEST_FILE).read_text("utf-8").strip()}`

## Training

    {command}

The command wrote this card. Recipe: {recipe_line}.

- It learned from {len(groups):,} groups with {candidates:,} candidates. A group is a question with its candidates, of which one
  answers.
- Each question's clock was moved by one of {late} days, drawn by the seed.
- Some questions about dated articles have a second group, with a date range that holds the day of a right passage.
- A candidate that holds an answer, but was not judged, was left out.
- A better BM25 score or cosine never lowers a score.
- Scores were scaled to log-odds on a fifth of the questions, with trees that had not seen them.

| set | groups |
|---|---|
{set_lines}
## Features that move scores most

The mean absolute contribution to a candidate's score:

| feature | mean |
|---|---|
{feature_lines}
## Limits

The news among the questions is from one weekly quiz of 2022 and 2023. Right passages of news are those of judged articles that
hold the answer's words, which is a weak label. Articles without dates are ranked by the other features alone.

`tests/quality/README.md` says how well it ranks.
"""
