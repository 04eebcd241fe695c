"""What every part of the campaign is given, and what it reports."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Outcome:
    """Counts of what was tried, by kind; each fault as a sentence with what repeats it; and figures worth telling."""

    tried: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)


class Plan:
    """A seed, so many seconds, an empty folder, and a log."""

    def __init__(self, seed: int, seconds: float, folder: Path, say: Callable[[str], None] = lambda _: None) -> None:
        self.chance = random.Random(seed)
        self.seconds = seconds
        self.folder = folder
        self.outcome = Outcome()
        self._say = say
        self._ends: float | None = None

    def goes_on(self) -> bool:
        """Whether there is time left. It begins with the first call."""
        if self._ends is None:
            self._ends = time.monotonic() + self.seconds
        return time.monotonic() < self._ends

    def fault(self, what: str) -> None:
        self.outcome.faults.append(what)
        self._say(f"FAULT {what}")

    def say(self, what: str) -> None:
        self._say(what)


def of_one_line(what: object, most: int = 400) -> str:
    spelled = repr(what)
    return spelled if len(spelled) <= most else f"{spelled[:most]}… ({len(spelled):,} characters)"
