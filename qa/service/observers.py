"""Who follows how an answer is made, and the clock that measures its stages."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.base.types import Answer

OnStage = Callable[[str, float], None]


class Observer:
    """Follows one question from its first stage to its answer. Does nothing itself."""

    def stage_done(self, stage: str, milliseconds: float) -> None:
        """A stage is over. What this raises ends the work."""

    def answered(self, answer: Answer) -> None:
        """The answer is made, and is about to be kept."""


@dataclass(frozen=True, slots=True)
class StageObserver(Observer):
    """Passes each stage on to a function."""

    on_stage: OnStage

    def stage_done(self, stage: str, milliseconds: float) -> None:
        self.on_stage(stage, milliseconds)


class StageClock:
    """Milliseconds by stage; the observers hear of each stage when it is over."""

    def __init__(self, observers: Sequence[Observer] = ()) -> None:
        self._observers = observers
        self._started = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """The stage is over; the next one begins."""
        now = time.perf_counter()
        self._laps[stage] = 1000 * (now - self._last)
        self._last = now
        for observer in self._observers:
            observer.stage_done(stage, self._laps[stage])

    def done(self) -> dict[str, float]:
        """Milliseconds of each stage so far, and their `total`."""
        return {**self._laps, "total": 1000 * (time.perf_counter() - self._started)}
