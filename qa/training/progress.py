"""How far a training is: a bar with the loss and the time left on a terminal, else a line now and then."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from qa.cli.output.progress import SECONDS_BETWEEN_LINES, clock
from qa.training.steps import Step


@contextlib.contextmanager
def showing_steps(console: Console) -> Iterator[Callable[[Step], None]]:
    """A function that shows each step it is called with."""
    columns = (TextColumn("Training"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[state]}", markup=False))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Training", total=None, state="")
        last_line = progress.get_time()

        def follow(step: Step) -> None:
            nonlocal last_line
            state = f"loss {step.loss:.3f}, {clock(step.seconds_left)} left"
            progress.update(task, completed=step.step, total=step.steps, state=state)
            is_due = progress.get_time() - last_line >= SECONDS_BETWEEN_LINES or step.step == step.steps
            if progress.disable and is_due:
                last_line = progress.get_time()
                console.print(f"Training: {step.step:,} of {step.steps:,} steps, {state}")

        yield follow
