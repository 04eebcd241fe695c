"""The time of a stage for a text and for one ten times as long: linear work takes ten times as long, other work more.

    python tests/budget/growth.py --characters 1000000

prints, for each stage, the shape that grew most and both times. Times are the processor's, so that other work on the machine
does not count, and what is shorter than `LEAST_SECONDS` counts as that, so that noise does not either.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shapes import SHAPES
from stages import STAGES

MOST = 15.0  # times as long
LEAST_SECONDS = 0.004
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Growth:
    """Seconds for a tenth of the characters and for all; the first is not measured where the second is short anyway."""

    shape: str
    small: float
    large: float

    @property
    def times(self) -> float:
        return self.large / max(self.small, LEAST_SECONDS)


def growth(stage: Callable[[str], object], shape: str, characters: int) -> Growth:
    """The least that was seen in three tries, if the first tries show too much."""
    small, large = (SHAPES[shape](count) for count in (characters // 10, characters))
    seen = [_seconds(stage, large)]
    if seen[0] <= MOST * LEAST_SECONDS:
        return Growth(shape, LEAST_SECONDS, seen[0])
    tries = [Growth(shape, _seconds(stage, small), seen[0])]
    while tries[-1].times > MOST and len(tries) < _TRIES:
        tries.append(Growth(shape, _seconds(stage, small), _seconds(stage, large)))
    return min(tries, key=lambda one: one.times)


def _seconds(stage: Callable[[str], object], text: str) -> float:
    gc.disable()  # it looks through all that a long text leaves behind several times, and through a short one's not once
    try:
        began = time.process_time()
        stage(text)
        return time.process_time() - began
    finally:
        gc.enable()


def growths(stage: Callable[[str], object], shapes: Iterable[str], characters: int) -> list[Growth]:
    stage("One ship left.")  # what is loaded at the first use
    return [growth(stage, shape, characters) for shape in shapes]


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--characters", type=int, default=1_000_000)
    parser.add_argument("--stages", nargs="*", default=list(STAGES), choices=list(STAGES))
    parser.add_argument("--shapes", nargs="*", default=list(SHAPES), choices=list(SHAPES))
    arguments = parser.parse_args()
    print("| stage | grew most | a tenth, s | all, s | times | slowest | s |\n|---|---|---|---|---|---|---|", flush=True)
    for name in arguments.stages:
        found = growths(STAGES[name], arguments.shapes, arguments.characters)
        most, slowest = max(found, key=lambda one: one.times), max(found, key=lambda one: one.large)
        row = (most.shape, f"{most.small:.3f}", f"{most.large:.3f}", f"{most.times:.1f}", slowest.shape, f"{slowest.large:.2f}")
        print(f"| {' | '.join((name, *row))} |", flush=True)


if __name__ == "__main__":
    _main()
