"""A folder of sets of judged questions → the examples that a reader is trained on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qa.base.errors import DatasetError, SettingsError
from qa.base.protocols import TokenCounter
from qa.base.types import PassageRule
from qa.cli.output.screen import Screen
from qa.cli.output.text import numbered
from qa.evaluation.datasets.reading import read_dataset
from qa.index.encoder import SentenceTransformerEncoder
from qa.training.pairs import Example, pairs_of

# Shorter than the passages that a reader reads in use: more of them are learned from in the same time.
_RULE = PassageRule(characters=700, overlap_sentences=0, title_tokens=32)
_NEAR_MISSES_KEPT = 6  # of each question, of which every epoch takes others


def read_examples(data: Path, screen: Screen, *, repeats: Sequence[str]) -> list[Example]:
    """The examples of every set in a folder, or of the one set that it is; what each set gave is printed.

    `repeats` are `SET=N`: a set's examples are there N times.

    Raises:
        DatasetError: no set, or no question with an answer whose place is known.
        SettingsError: a repeat that cannot be used.
    """
    sets = sets_in(data)
    repeated = times(repeats, [path.name for path in sets], option="--repeat")
    counter = SentenceTransformerEncoder()
    examples = [example for path in sets for example in _examples(path, counter, screen) * repeated.get(path.name, 1)]
    if not any(example.right for example in examples):
        raise DatasetError(f"No question of {data} has an answer whose place is known, so there is nothing to learn from.")
    return examples


def sets_in(data: Path) -> list[Path]:
    """The folders in a folder, else the set itself."""
    if not data.exists():
        raise DatasetError(f"There is no file or folder {data}. Name a folder of sets of judged questions.")
    inside = sorted(path for path in data.iterdir() if path.is_dir()) if data.is_dir() else []
    has_own_files = data.is_dir() and any(path.is_file() and not path.name.startswith(".") for path in data.iterdir())
    return inside if inside and not has_own_files else [data]


def times(given: Sequence[str], known: Sequence[str], *, option: str) -> dict[str, int]:
    """What an option says as `SET=N`, by the set's name; SettingsError for what cannot be used."""
    counts: dict[str, int] = {}
    for one in given:
        name, _, count = one.rpartition("=")
        if not name or not count.isdecimal() or int(count) < 1:
            raise SettingsError(f"{option} {one}: expected SET=N, a set's name and a whole number from 1.")
        if name not in known:
            raise SettingsError(f"{option} {one}: there is no set of this name, only {', '.join(known)}.")
        counts[name] = int(count)
    return counts


def _examples(path: Path, counter: TokenCounter, screen: Screen) -> tuple[Example, ...]:
    made = pairs_of(read_dataset(path, repeats=True), counter, _RULE, near_misses=_NEAR_MISSES_KEPT)
    skipped = f"; {made.skipped:,} without a usable label are left out" if made.skipped else ""
    screen.note(f"{made.name}: {numbered(len(made.examples), 'question')}{skipped}")
    return made.examples
