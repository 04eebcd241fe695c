"""Steps of a training: the loss falls, an interrupted one ends like one that was not, and another one's is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from qa.answer.reader_weights import ReaderNetwork
from qa.base.errors import SettingsError
from qa.index.packaged_words import PackagedWords
from qa.training.examples import SetExamples
from qa.training.groups import Kind, window_of
from qa.training.steps import Recipe, Step, Teacher, Training

RECIPE = Recipe(epochs=4, questions=3, windows=4, learning_rate=5e-4)

Start = Callable[..., Training]


class Interruption(Exception):
    pass


@pytest.fixture
def start(small_reader: Callable[[], ReaderNetwork], keys: SetExamples, words: PackagedWords, tmp_path: Path) -> Start:
    def start_(name: str, recipe: Recipe = RECIPE, *, teacher: Teacher | None = None) -> Training:
        (tmp_path / name).mkdir(exist_ok=True)
        return Training(small_reader(), [keys], words, tmp_path / name, recipe, teacher=teacher)

    return start_


def run(training: Training, *, interrupt_at: int | None = None) -> Sequence[Step]:
    taken: list[Step] = []

    def follow(step: Step) -> None:
        taken.append(step)
        if step.step == interrupt_at:
            raise Interruption

    training.run(follow)
    return taken


def test_the_loss_falls_and_the_learning_rate_rises_and_falls(start: Start, tmp_path: Path) -> None:
    taken = run(start("one", replace(RECIPE, epochs=12)))
    assert [step.step for step in taken] == [*range(1, 25)]
    assert (taken[-1].steps, taken[-1].seconds_left) == (24, 0)
    logged = [json.loads(line) for line in (tmp_path / "one" / "log.jsonl").read_text("utf-8").splitlines()]
    assert [step["loss"] for step in logged] == [step.loss for step in taken]
    assert taken[-1].loss < taken[0].loss / 2
    rates = [step.learning_rate for step in taken]
    assert rates[0] < rates[1] > rates[2] > rates[-1] > 0


def test_an_interrupted_training_ends_like_one_that_was_not(
    start: Start, small_reader: Callable[[], ReaderNetwork], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.training.steps._CHECKPOINT_MINUTES", 0.0)
    recipe = replace(RECIPE, epochs=2, own_errors=True)
    teacher = Teacher(small_reader(), given=False)
    whole = start("whole", recipe, teacher=teacher)
    run(whole)
    with pytest.raises(Interruption):
        run(start("parts", recipe, teacher=teacher), interrupt_at=3)
    rest = start("parts", recipe, teacher=teacher)
    assert [step.step for step in run(rest)] == [3, 4]  # the third was not kept
    assert rest.windows == whole.windows
    expected = dict(whole.average.named_parameters())
    assert all(torch.equal(weights, expected[name]) for name, weights in rest.average.named_parameters())


def test_a_checkpoint_of_another_training_is_refused(start: Start) -> None:
    short = replace(RECIPE, epochs=1)
    run(start("one", short))
    with pytest.raises(SettingsError, match="of a training with other options or questions"):
        start("one", replace(short, learning_rate=1e-4))
    finished = start("one", short)
    assert run(finished) == []
    finished.forget()
    assert start("one", short).done == 0


def test_the_start_teaches_other_languages_and_a_given_teacher_all(
    small_reader: Callable[[], ReaderNetwork], keys: SetExamples
) -> None:
    group = [window_of(Kind.MISS, [7], keys.passages[row]) for row in (1, 3)]  # English, and not
    assert Teacher(small_reader(), given=False).strength([group], "cpu").tolist() == [0.0, 0.5]
    assert Teacher(small_reader(), given=True).strength([group], "cpu").tolist() == [1.0, 1.0]
