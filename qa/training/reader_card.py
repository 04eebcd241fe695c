"""A training → the card that says how a reader was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from qa.answer.reader_windows import QUESTION_TOKENS, TEXT_TOKENS, TITLE_TOKENS
from qa.evaluation.resampling import mean_interval
from qa.training.examples import SetExamples
from qa.training.reader_figures import Floats, SetFigures
from qa.training.steps import Recipe

CARD_FILE = "MODEL_CARD.md"


@dataclass(frozen=True, slots=True)
class Made:
    """What the card tells of one training. `figures` are by reader: of the start, where it was a reader, and of the result."""

    command: str
    origin: str
    sha256: str
    layers: int
    parameters: int
    recipe: Recipe
    steps: int
    windows: int
    sets: Sequence[SetExamples]
    figures: Mapping[str, Sequence[SetFigures]]


def card(made: Made) -> str:
    set_lines = "".join(f"| {one.name} | {len(one.examples):,} | {len(one.passages):,} |\n" for one in made.sets)
    return f"""# A reader on the packaged encoder's words

It says where in a passage a question is answered, whether the passage answers it, and how sure it is of either. It has
{made.layers} layers and {made.parameters:,} weights in fp16. The vectors of words are the encoder's own and are not in the file.

SHA-256 of the weights: `{made.sha256}`

## Training

    {made.command}

The command wrote this card. {made.origin}
{_recipe(made.recipe)}

- {made.steps:,} steps read {made.windows:,} windows: `<s> question </s></s> title </s> passage </s>`, with at most
  {QUESTION_TOKENS}, {TITLE_TOKENS} and {TEXT_TOKENS} tokens.
- A group is one question with up to {made.recipe.windows} windows: passages with the answer, and near misses that the ranker
  puts high. Passages that hold the answer without being judged were left out.
- Some English questions were also made unanswerable. A name, number or date was replaced, a word by its antonym, or a negation
  added.
- Where a set is news, headlines asked for the first passage of their article.
- The losses are of spans in each window and over a group, and of relevance, listwise and as yes or no. Relevance is also judged
  after a few layers.
- The weights are a running average of those of the last steps.

| set | questions | passages |
|---|---|---|
{set_lines}{_figures(made.figures)}
## Limits

It may share the bias of its sets. It learned from questions: it reads pasted sentences and single keywords less well.
"""


def _recipe(recipe: Recipe) -> str:
    values = {name: value for name, value in asdict(recipe).items() if name not in ("times", "takes")}
    return "Recipe: " + ", ".join(f"{name} {value}" for name, value in values.items()) + "."


def _figures(figures: Mapping[str, Sequence[SetFigures]]) -> str:
    """The section of development figures; nothing where none were measured."""
    lines = "".join(_line(reader, of_set) for reader, of_sets in figures.items() for of_set in of_sets)
    if not lines:
        return ""
    return f"""
## Development figures

With 95 % intervals. The right passage is given, as the index cuts it. "Exact": the best span is a judged one. F1 counts tokens.
"First": the right passage is the most relevant of eight. AUROC is of the best span less no answer.

| set | reader | questions | exact | F1 | first | AUROC answerable |
|---|---|---|---|---|---|---|
{lines}"""


def _line(reader: str, one: SetFigures) -> str:
    auroc = "–" if np.isnan(one.answerable) else f"{one.answerable:.3f}"
    values = [one.name, reader, f"{len(one.exact):,}", _mean(one.exact), _mean(one.f1), _mean(one.first), auroc]
    return f"| {' | '.join(values)} |\n"


def _mean(values: Floats) -> str:
    low, high = mean_interval(values)
    return f"{values.mean():.3f} [{low:.3f}, {high:.3f}]" if len(values) else "–"
