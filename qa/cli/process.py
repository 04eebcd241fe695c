"""A command line → an exit code: runs the commands of an app, and turns errors into messages on stderr."""

from __future__ import annotations

import atexit
import contextlib
import gc
import logging
import os
import sys
from collections.abc import Sequence

import typer

from qa.base.errors import QaError, QuestionError, SettingsError, SnapshotNameError
from qa.cli.exit_codes import ExitCode
from qa.cli.output.screen import Screen
from qa.cli.output.text import prepare_streams

# Loading makes a million objects that stay. With Python's own 700, looking for what may go takes a tenth of a short command.
_OBJECTS_BEFORE_A_LOOK = 100_000
# OpenMP, by which torch shares an operation among cores, reads it when torch is loaded. Its helpers wait so many rounds (30 ms)
# for the next operation before they sleep. With its own 300,000 they slept amid an answer, which then took half as long again.
_ROUNDS = ("GOMP_SPINCOUNT", "3000000")


class Interrupted(QaError):
    """Ctrl-C during long work; the message says what was kept."""


def run_app(app: typer.Typer, arguments: Sequence[str] | None, *, program: str) -> int:
    """Run a command line, by default that of this process; the exit code. `program` is what is typed to start it."""
    prepare_streams()
    os.environ.setdefault(*_ROUNDS)
    gc.set_threshold(_OBJECTS_BEFORE_A_LOOK)
    atexit.register(gc.freeze)  # Python looks through all of them once more at the end: half a second with torch
    logging.basicConfig(level=logging.WARNING, format="qa: %(message)s")
    try:
        code = app(list(sys.argv[1:] if arguments is None else arguments), prog_name=program, standalone_mode=False)
        sys.stdout.flush()
    except typer.TyperException as error:
        return _wrong_usage(error, program)
    except (SettingsError, QuestionError, SnapshotNameError) as error:
        return _failed(str(error), ExitCode.USAGE)
    except Interrupted as error:
        return _failed(str(error), ExitCode.INTERRUPTED)
    except QaError as error:
        return _failed(str(error), ExitCode.ERROR)
    except (typer.Abort, KeyboardInterrupt):
        code = ExitCode.INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    return _failed("interrupted.", ExitCode.INTERRUPTED) if code == ExitCode.INTERRUPTED else int(code or ExitCode.DONE)


def _wrong_usage(error: typer.TyperException, program: str) -> int:
    """A group without a command has no message: its help has been printed."""
    if not error.format_message():
        return int(ExitCode.USAGE)
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else program
    return _failed(f"{error.format_message()}\n`{command} --help` shows how it is used.", ExitCode.USAGE)


def _failed(message: str, code: ExitCode) -> int:
    Screen().note(f"qa: {message}")
    return int(code)


def _reader_left() -> int:
    """`qa list | head`: nobody reads stdout any more. Its last flush goes nowhere, so that it raises nothing."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return int(ExitCode.ERROR)
