"""Training: the loss falls, an interrupted one goes on, and what comes out is a reader."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from qa.answer.span_model import SpanModel
from qa.base.protocols import TitledText
from qa.base.types import Span
from qa.index.packaged_encoders import ENGLISH
from qa.training.pairs import Example, Pair
from qa.training.reader import Recipe, Step, train

RECIPE = Recipe(
    epochs=6, near_misses=1, made_unanswerable=0, batch_size=4, learning_rate=5e-4, head_learning_rate=2e-3, frozen_layers=0
)
NAMES = ("Ada Thorn", "Barnaby Quill", "Odette Farrow", "Leonie Strake", "Piet Doon", "Wilhelmina Sorrowby")


def examples() -> list[Example]:
    made = []
    for name in NAMES:
        text = f"The mill closed early. {name} kept the keys of it. Nobody came."
        right = Pair("Who kept the keys?", TitledText("", text), (Span(23, 23 + len(name)),))
        made.append(Example((right,), (Pair("Who kept the keys?", TitledText("", f"{name} rowed home at noon."), ()),)))
    return made


class Interruption(Exception):
    pass


def trained(out: Path, recipe: Recipe, *, interrupt_at: int | None = None) -> Sequence[Step]:
    steps: list[Step] = []

    def follow(step: Step) -> None:
        steps.append(step)
        if step.step == interrupt_at:
            raise Interruption

    train(ENGLISH.path(), examples(), out, recipe, progress=follow)
    return steps


def test_it_learns_to_find_the_answer_and_when_there_is_none(tmp_path: Path) -> None:
    steps = trained(tmp_path, replace(RECIPE, epochs=14))
    assert steps[-1].step == steps[-1].steps and steps[-1].seconds_left == 0
    logged = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text("utf-8").splitlines()]
    assert [step["step"] for step in logged] == [step.step for step in steps]
    assert logged[-1]["loss"] < logged[0]["loss"]
    text = "The mill closed early. Gus Ferrow kept the keys of it. Nobody came."
    passages = [TitledText("", text), TitledText("", "Gus Ferrow rowed home at noon.")]
    held, missing = SpanModel(tmp_path, precision="float32").read(
        "Who kept the keys?", passages, [[Span(0, len(one.text))] for one in passages]
    )
    assert held.best is not None and missing.best is not None
    assert held.best.span.of(text) == "Gus Ferrow"
    assert held.best.score > 0 > missing.best.score


def test_the_same_training_gives_the_same_weights_and_half_the_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        trained(tmp_path / name, replace(RECIPE, epochs=1))
    one, other = (load_file(tmp_path / name / "model.safetensors") for name in ("one", "other"))
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert {tensor.dtype for tensor in one.values()} == {torch.float16}


def test_an_interrupted_training_goes_on_where_it_was_kept(tmp_path: Path) -> None:
    kept_always = replace(RECIPE, epochs=14, checkpoint_minutes=0)
    with pytest.raises(Interruption):
        trained(tmp_path, kept_always, interrupt_at=20)
    state = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert state["step"] == 19
    steps = trained(tmp_path, replace(kept_always, checkpoint_minutes=5))
    assert [step.step for step in steps] == [20, 40, 42]
    assert not (tmp_path / "checkpoint.pt").exists()
    assert (tmp_path / "model.safetensors").exists()
