"""Examples → a trained reader: layers and heads on the packaged encoder's words, which stay as they are.

Each step reads the groups of so many questions; `losses.py` says what it learns from them. The rate of learning rises, then
falls with a cosine (Loshchilov & Hutter, ICLR 2017). What is written is the running average of the weights (Polyak &
Juditsky, 1992), which reads better than the last ones.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from itertools import count, islice
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from qa.answer.reader_weights import ReaderNetwork
from qa.base.errors import SettingsError
from qa.base.protocols import WordVectors
from qa.index.encoder import usual_device
from qa.training.examples import SetExamples
from qa.training.groups import Asked, Group, group_of, questions_of_pass
from qa.training.losses import early_loss, label_loss, teaching_loss
from qa.training.own_errors import SPARE, with_own_errors
from qa.training.reader_model import Batch, judge, judged_by, parts_of

_CHECKPOINT = "checkpoint.pt"
_LOG = "log.jsonl"
_START_STRENGTH = 0.5  # of the start as a teacher of languages other than English
_LABELS_BESIDE_A_TEACHER = 0.5  # the weight of the labels
_LOWEST_RATE = 0.02  # of the highest
_CHECKPOINT_MINUTES = 5.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a reader is trained.

    `epochs` are passes over the questions, of which each step reads `questions` with `windows` each. `times` and `takes` are
    how often a pass asks a set's questions, and how many of them, by the set's name. The heads learn faster by
    `head_factor`. `own_errors`: half of the near misses are those that the reader takes most for answers.
    """

    epochs: float = 1.0
    questions: int = 128
    windows: int = 8
    learning_rate: float = 1.5e-4
    head_factor: float = 2.0
    weight_decay: float = 0.01
    warmup_steps: int = 60
    dropout: float = 0.1
    average: float = 0.99
    own_errors: bool = False
    times: Mapping[str, int] = field(default_factory=dict)
    takes: Mapping[str, int] = field(default_factory=dict)
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Step:
    """How far a training is: steps done and in all, the mean loss of the last ones, and the seconds left."""

    step: int
    steps: int
    loss: float
    learning_rate: float
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Teacher:
    """A reader that is learned from. One that is `given` teaches all languages, the start itself all but English."""

    reader: ReaderNetwork
    given: bool

    def strength(self, part: Sequence[Group], device: str) -> Tensor:
        """(n,) its weight in each window."""
        english = torch.tensor([window.is_english for group in part for window in group], device=device)
        return torch.ones(len(english), device=device) if self.given else _START_STRENGTH * (~english).float()


class Training:
    """One training in a folder, which goes on where the folder's checkpoint says."""

    def __init__(
        self,
        start: ReaderNetwork,
        sets: Sequence[SetExamples],
        words: WordVectors,
        out: Path,
        recipe: Recipe,
        *,
        teacher: Teacher | None,
    ) -> None:
        """Raises SettingsError for a checkpoint of another recipe or of other questions."""
        self.device = usual_device()
        self._reader = _with_dropout(start, recipe.dropout).to(self.device).requires_grad_(True).train()
        self.average = deepcopy(start).to(self.device).requires_grad_(False).eval()
        self._sets, self._words, self._out, self._recipe, self._teacher = sets, words, out, recipe, teacher
        if teacher is not None:
            teacher.reader.to(self.device)
        self._labels_weight = _LABELS_BESIDE_A_TEACHER if teacher and teacher.given else 1.0
        self._optimizer = _optimizer(self._reader, recipe)
        self._questions = len(self._pass(0))
        self.steps = max(1, round(recipe.epochs * self._questions / recipe.questions))
        self.done = self.windows = 0
        self._losses: list[float] = []
        self._resume()

    def run(self, progress: Callable[[Step], None]) -> None:
        """Take the steps that are left, with a line of each in the log, and a checkpoint every few minutes and at the end."""
        saved = started = time.monotonic()
        already = self.done
        stream = islice(self._stream(), self.done * self._recipe.questions, None)
        with (self._out / _LOG).open("a", encoding="utf-8") as log:
            while self.done < self.steps:
                rate = self._step(list(islice(stream, self._recipe.questions)))
                left = (time.monotonic() - started) / (self.done - already) * (self.steps - self.done)
                step = Step(self.done, self.steps, float(np.mean(self._losses)), rate, left)
                log.write(json.dumps(asdict(step)) + "\n")
                log.flush()
                progress(step)
                if self.done == self.steps or time.monotonic() - saved > 60 * _CHECKPOINT_MINUTES:
                    self._keep()
                    saved = time.monotonic()

    def forget(self) -> None:
        """Delete the checkpoint: what was made of it is written."""
        (self._out / _CHECKPOINT).unlink(missing_ok=True)

    def _pass(self, number: int) -> list[Asked]:
        recipe = self._recipe
        return questions_of_pass(
            self._sets, times=recipe.times, takes=recipe.takes, random_=random.Random(f"{recipe.seed} {number}")
        )

    def _stream(self) -> Iterator[Asked]:
        for number in count():
            yield from self._pass(number)

    def _step(self, asked: Sequence[Asked]) -> float:
        """Learn from these questions; the learning rate. All chance is drawn from the seed and the step's number."""
        recipe = self._recipe
        torch.manual_seed(1_000_003 * recipe.seed + self.done)
        rate = recipe.learning_rate * _scale(self.done, self.steps, recipe.warmup_steps)
        for parameters in self._optimizer.param_groups:
            parameters["lr"] = rate * parameters["factor"]
        groups = self._groups(asked, random.Random(f"{recipe.seed} step {self.done}"))
        self._optimizer.zero_grad(set_to_none=True)
        loss = sum(self._learn(part, len(groups)) for part in parts_of(groups, self.device))
        nn.utils.clip_grad_norm_(self._reader.parameters(), 1.0)
        self._optimizer.step()
        self.done += 1
        self.windows += sum(map(len, groups))
        self._losses = [*self._losses[-99:], loss]
        kept = min(recipe.average, self.done / (self.done + 9))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self._reader.parameters()), 1 - kept)
        return rate

    def _groups(self, asked: Sequence[Asked], random_: random.Random) -> Sequence[Group]:
        size = self._recipe.windows
        if not self._recipe.own_errors:
            return [group_of(one, size=size, random_=random_) for one in asked]
        groups = [group_of(one, size=size + SPARE, random_=random_) for one in asked]
        return with_own_errors(self._reader, groups, self._words, size=size, random_=random_, device=self.device)

    def _learn(self, part: Sequence[Group], groups: int) -> float:
        """The part's share of the loss of so many groups; its gradient is added to that of the parts before."""
        batch = Batch.of(part, self._words, self.device)
        judged = judged_by(self._reader, batch)
        loss = early_loss(judged, batch.labels) + self._labels_weight * label_loss(judged, batch.labels)
        if self._teacher is not None and (strength := self._teacher.strength(part, self.device)).any():
            loss = loss + teaching_loss(judged, judge(self._teacher.reader, batch), batch.labels, strength)
        loss = loss * len(part) / groups
        loss.backward()  # type: ignore[no-untyped-call]
        return float(loss.detach())

    def _keep(self) -> None:
        """Write a checkpoint beside the old one and rename it, so that an interruption leaves a whole one."""
        state = {
            "reader": self._reader.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "progress": {"done": self.done, "windows": self.windows, "losses": self._losses},
            "recipe": self._identity(),
        }
        torch.save(state, self._out / f"{_CHECKPOINT}.new")
        (self._out / f"{_CHECKPOINT}.new").replace(self._out / _CHECKPOINT)

    def _resume(self) -> None:
        path = self._out / _CHECKPOINT
        if not path.exists():
            return
        state = torch.load(path, map_location=self.device, weights_only=True)
        if state["recipe"] != self._identity():
            raise SettingsError(
                f"{path} is of a training with other options or questions. Give those again to go on with it, or another --out."
            )
        self._reader.load_state_dict(state["reader"])
        self.average.load_state_dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.done, self.windows, self._losses = (state["progress"][name] for name in ("done", "windows", "losses"))

    def _identity(self) -> dict[str, object]:
        """What must be the same for a training to go on."""
        shapes = {name: list(parameter.shape) for name, parameter in self._reader.named_parameters()}
        taught = None if self._teacher is None else self._teacher.given
        return {"recipe": json.dumps(asdict(self._recipe)), "questions": self._questions, "taught": taught, "shapes": shapes}


def _with_dropout(reader: ReaderNetwork, share: float) -> ReaderNetwork:
    """Dropout of what layers pass on, not of attention."""
    for name, module in reader.named_modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0 if name.endswith("attention.self.dropout") else share
    return reader


def _optimizer(reader: ReaderNetwork, recipe: Recipe) -> torch.optim.Optimizer:
    parts = [
        {"params": list(reader.body.parameters()), "factor": 1.0},
        {"params": list(reader.heads.parameters()), "factor": recipe.head_factor},
    ]
    return torch.optim.AdamW(parts, lr=recipe.learning_rate, betas=(0.9, 0.98), weight_decay=recipe.weight_decay, fused=True)


def _scale(step: int, steps: int, warmup: int) -> float:
    """The share of the highest learning rate: linear up, then a cosine down."""
    cosine = (1 + math.cos(math.pi * step / steps)) / 2
    rising = max(1, min(warmup, steps // 10))
    return min(1.0, (step + 1) / rising) * (_LOWEST_RATE + (1 - _LOWEST_RATE) * cosine)
