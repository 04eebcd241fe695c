"""The exit codes of `qa`, with their meanings for `qa --help`."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command ended with."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    NOT_FOUND = 3
    PARTLY = 4
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.DONE: "answered or done",
    ExitCode.ERROR: "error",
    ExitCode.USAGE: "wrong usage",
    ExitCode.NOT_FOUND: "not found",
    ExitCode.PARTLY: "partly done, some was refused",
    ExitCode.INTERRUPTED: "interrupted",
}
EXIT_CODES_IN_WORDS = f"Exit codes: {', '.join(f'{code.value} {code.meaning}' for code in ExitCode)}."
