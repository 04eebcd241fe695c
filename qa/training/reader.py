"""Sets of judged questions and their indexes → a reader's folder: weights, their SHA-256, and a card on how they were made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from qa.answer.reader_files import DIGEST_FILE, reader_folder
from qa.answer.reader_weights import ReaderNetwork, write_weights
from qa.base.errors import DatasetError
from qa.base.settings import load_settings
from qa.evaluation.datasets.reading import read_dataset
from qa.index.packaged_words import PackagedWords, packaged_words
from qa.training.collecting import collect
from qa.training.examples import SetExamples, read_examples, write_examples
from qa.training.reader_card import CARD_FILE, Made, card
from qa.training.reader_figures import SetFigures, measure
from qa.training.reader_start import named_reader, new_reader, with_layers
from qa.training.steps import Recipe, Step, Teacher, Training

_EXAMPLES = "examples"  # the folder of what was found for each set
_DIGITS = 8  # of the set's digest in its file's name


@dataclass(frozen=True, slots=True)
class Order:
    """What is trained. `sets` and `dev` are sets of judged questions, each with its index of the same name in `indexes`.

    `start` and `teacher` are readers, named as in the setting `reader`. Without a start it is the encoder. `layers` are those
    of the start that the reader has, None for all.
    """

    sets: Sequence[Path]
    dev: Sequence[Path]
    indexes: Path
    out: Path
    start: str | None
    teacher: str | None
    layers: Sequence[int] | None
    recipe: Recipe

    @property
    def command(self) -> str:
        """What to type for the same training, but for the folders."""
        recipe = self.recipe
        options = [
            *(["--from READER"] if self.start else []),
            *(["--teacher READER"] if self.teacher else []),
            *([f"--layers {','.join(map(str, self.layers))}"] if self.layers is not None else []),
            *(["--dev DIR"] if self.dev else []),
            *(f"--repeat {name}={times}" for name, times in recipe.times.items()),
            *(f"--take {name}={most}" for name, most in recipe.takes.items()),
            f"--epochs {recipe.epochs:g} --questions {recipe.questions}",
            f"--learning-rate {recipe.learning_rate:g} --seed {recipe.seed}",
        ]
        return f"python -m qa.training reader --data DIR --indexes DIR --out DIR {' '.join(options)}"

    @property
    def origin(self) -> str:
        """What it is made of, for its card."""
        start = (
            f"the reader with SHA-256 `{_digest(self.start)}`" if self.start else "the packaged encoder's layers, with new heads"
        )
        if self.teacher is None:
            return f"It began with {start}."
        return f"It began with {start}. Its teacher was the reader with SHA-256 `{_digest(self.teacher)}`."


def _digest(reader: str) -> str:
    return (reader_folder(reader) / DIGEST_FILE).read_text("utf-8").strip()


@dataclass(frozen=True, slots=True)
class _Models:
    words: PackagedWords
    start: ReaderNetwork
    teacher: Teacher | None

    @classmethod
    def of(cls, order: Order) -> _Models:
        words = packaged_words()
        whole = named_reader(order.start, words) if order.start else new_reader(seed=order.recipe.seed)
        start = whole if order.layers is None else with_layers(whole, order.layers)
        return cls(words, start, _teacher(order, whole, words))


def _teacher(order: Order, whole: ReaderNetwork, words: PackagedWords) -> Teacher | None:
    """The reader that was named, else the start, so that it forgets no language."""
    if order.teacher is not None:
        return Teacher(named_reader(order.teacher, words), given=True)
    return Teacher(deepcopy(whole), given=False) if order.start else None


def train_reader(order: Order, *, told: Callable[[SetExamples], None], progress: Callable[[Step], None]) -> None:
    """Train and write the reader's folder; an interrupted training goes on.

    Raises:
        DatasetError: no question has an answer whose place is known.
        ModelError: the start or the teacher cannot be loaded, or is of another kind.
        SettingsError: layers that are not there, or a checkpoint of another training.
    """
    models = _Models.of(order)
    sets, dev = (_examples(paths, order, models.words, told) for paths in (order.sets, order.dev))
    if not any(one.has_answers for one in sets):
        raise DatasetError("No question has an answer whose place is known, so there is nothing to learn from.")
    training = Training(models.start, sets, models.words, order.out, order.recipe, teacher=models.teacher)
    training.run(progress)
    sha256 = write_weights(training.average, order.out, words_digest=models.words.digest)
    made = Made(
        order.command,
        order.origin,
        sha256,
        layers=training.average.body.sizes.layers,
        parameters=sum(parameter.numel() for parameter in training.average.parameters()),
        recipe=order.recipe,
        steps=training.steps,
        windows=training.windows,
        sets=sets,
        figures=_figures(order, dev, models.words, training),
    )
    (order.out / CARD_FILE).write_text(card(made), "utf-8")
    training.forget()


def _figures(order: Order, dev: Sequence[SetExamples], words: PackagedWords, training: Training) -> dict[str, list[SetFigures]]:
    """Of the start, where it was a reader, and of the one that was made."""
    readers = {"start": named_reader(order.start, words).to(training.device)} if order.start and dev else {}
    return {name: measure(reader, dev, words) for name, reader in (readers | {"this one": training.average}).items()}


def _examples(
    paths: Sequence[Path], order: Order, words: PackagedWords, told: Callable[[SetExamples], None]
) -> list[SetExamples]:
    """Those of every set; what was found for a set is kept, and not searched for again."""
    found: list[SetExamples] = []
    for path in paths:
        dataset = read_dataset(path, repeats=True)
        kept = order.out / _EXAMPLES / f"{dataset.name}-{dataset.digest[:_DIGITS]}.json.gz"
        if not kept.exists():
            write_examples(collect(dataset, load_settings(index=order.indexes / dataset.name), words), kept)
        of_set = read_examples(kept)
        for one in of_set:
            told(one)
        found += of_set
    return found
