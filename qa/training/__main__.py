"""`python -m qa.training`: train a reader or a ranker. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from qa.base.in_words import counted
from qa.cli.exit_codes import EXIT_CODES_IN_WORDS
from qa.cli.output.screen import Screen
from qa.cli.process import run_app

PROGRAM = "python -m qa.training"

app = typer.Typer(
    name=PROGRAM,
    help="Train the reader and the ranker that qa ships.",
    epilog=EXIT_CODES_IN_WORDS,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command("reader")
def train_reader(
    data: Annotated[Path, typer.Option("--data", metavar="DIR", help="A folder of sets of judged questions.")],
    indexes: Annotated[
        Path,
        typer.Option("--indexes", metavar="DIR", help="A folder of indexes, each named like its set. A missing one is made."),
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where the reader is written, and an interrupted training continues.")
    ],
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="READER",
            help="A reader to train further, named as in the setting `reader`. Without it: the encoder's layers.",
        ),
    ] = None,
    teacher: Annotated[
        str | None,
        typer.Option("--teacher", metavar="READER", help="A reader to learn from too. Without it: the one of --from."),
    ] = None,
    layers: Annotated[
        str | None,
        typer.Option("--layers", metavar="N,N...", help="The layers to keep, from 0, such as 0,1,2,4,6,8. Without it: all."),
    ] = None,
    dev: Annotated[
        Path | None,
        typer.Option("--dev", metavar="DIR", help="A folder of sets that the result is measured on, for its card."),
    ] = None,
    repeat: Annotated[
        list[str] | None,
        typer.Option("--repeat", metavar="SET=N", help="Ask a set's questions N times in each pass. Can be repeated."),
    ] = None,
    take: Annotated[
        list[str] | None,
        typer.Option(
            "--take", metavar="SET=N", help="Ask at most N questions of a set in each pass, drawn anew. Can be repeated."
        ),
    ] = None,
    epochs: Annotated[float, typer.Option("--epochs", metavar="X", min=0, help="Passes over the questions.")] = 1.0,
    questions: Annotated[int, typer.Option("--questions", metavar="N", min=1, help="Questions of each step.")] = 128,
    learning_rate: Annotated[
        float, typer.Option("--learning-rate", metavar="X", min=0, help="The highest learning rate of the layers.")
    ] = 1.5e-4,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The random seed of the order and the choices.")] = 7,
) -> None:
    """Train the model that finds the answer in a passage, or finds that there is none.

    It trains on a GPU where there is one. The same command continues an interrupted training.
    It reads every format that `qa evaluate` reads.
    """
    from qa.training.progress import showing_steps
    from qa.training.reader import Order, train_reader
    from qa.training.sets import layers_in, sets_in, times
    from qa.training.steps import Recipe

    screen = Screen()
    sets = sets_in(data)
    known = [path.name for path in sets]
    recipe = Recipe(
        epochs=epochs,
        questions=questions,
        learning_rate=learning_rate,
        own_errors=start is not None,
        times=times(repeat or [], known, option="--repeat"),
        takes=times(take or [], known, option="--take"),
        seed=seed,
    )
    order = Order(
        sets=sets,
        dev=sets_in(dev) if dev else [],
        indexes=indexes,
        out=out,
        start=start,
        teacher=teacher,
        layers=layers_in(layers) if layers else None,
        recipe=recipe,
    )
    with showing_steps(screen.err) as follow:
        train_reader(
            order,
            told=lambda one: screen.note(f"{one.name}: {counted(len(one.examples), 'question')}{_skipped(one.skipped)}"),
            progress=follow,
        )
    screen.line(f"The reader is in {out}.")


def _skipped(count: int) -> str:
    return f"; {count:,} without a usable label are left out" if count else ""


@app.command("ranker")
def train_the_ranker(
    data: Annotated[Path, typer.Option("--data", metavar="DIR", help="A folder of sets of judged questions.")],
    indexes: Annotated[
        Path,
        typer.Option("--indexes", metavar="DIR", help="A folder of indexes, each named like its set. A missing one is made."),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the ranker is written.")],
    questions: Annotated[
        int, typer.Option("--questions", metavar="N", min=1, help="How many questions of each set are taken, evenly spread.")
    ] = 150,
    take: Annotated[
        list[str] | None,
        typer.Option("--take", metavar="SET=N", help="How many questions of one set are taken. Can be repeated."),
    ] = None,
    trees: Annotated[int, typer.Option("--trees", metavar="N", min=1, help="How many trees are trained.")] = 300,
    leaves: Annotated[int, typer.Option("--leaves", metavar="N", min=2, max=32, help="Leaves of each tree.")] = 15,
    learning_rate: Annotated[float, typer.Option("--learning-rate", metavar="X", min=0, help="What each tree adds.")] = 0.03,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The random seed of clocks, order and choices.")] = 7,
) -> None:
    r"""Train the trees that order what the searchers found.

    It needs LightGBM: pip install 'article-qa\[train]'. It reads every format that `qa evaluate` reads.
    """
    from qa.training.ranker import read_groups, train_ranker
    from qa.training.sets import sets_in, times
    from qa.training.trees import TreesRecipe

    screen = Screen()
    sets = sets_in(data)
    takes = times(take or [], [path.name for path in sets], option="--take")
    groups = read_groups(
        sets,
        indexes,
        questions=questions,
        takes=takes,
        seed=seed,
        told=lambda one: screen.note(f"{one.name}: {counted(len(one.groups), 'group')} with a right passage"),
    )
    recipe = TreesRecipe(trees=trees, leaves=leaves, learning_rate=learning_rate, seed=seed)
    options = [
        f"--questions {questions}",
        *(f"--take {one}" for one in take or ()),
        f"--trees {trees} --leaves {leaves} --learning-rate {learning_rate} --seed {seed}",
    ]
    train_ranker(groups, out, recipe, command=f"{PROGRAM} ranker --data DIR --indexes DIR --out DIR {' '.join(options)}")
    screen.line(f"The ranker is in {out}.")


@app.command("input-ranges")
def find_input_ranges(
    data: Annotated[Path, typer.Option("--data", metavar="DIR", help="A folder of sets of judged questions, with articles.")],
    reader: Annotated[Path | None, typer.Option("--reader", metavar="DIR", help="The folder of a reader.")] = None,
    encoder: Annotated[
        Path | None, typer.Option("--encoder", metavar="DIR", help="Where those of the packaged encoder are written.")
    ] = None,
    questions: Annotated[
        int, typer.Option("--questions", metavar="N", min=1, help="How many questions of each set are taken, evenly spread.")
    ] = 20,
) -> None:
    """Find the ranges of numbers that a model's layers are given, which 8-bit integers need.

    A reader without them is read in bfloat16 or float32.
    """
    from qa.training.input_ranges import asked_in, write_encoder_ranges, write_reader_ranges
    from qa.training.sets import sets_in

    screen = Screen()
    asked = asked_in(sets_in(data), questions=questions)
    for folder, write in ((reader, write_reader_ranges), (encoder, write_encoder_ranges)):
        if folder is not None:
            write(folder, asked)
            screen.line(f"The ranges are in {folder}, from {counted(len(asked), 'pair')} of a question and a passage.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; the exit code."""
    return run_app(app, arguments, program=PROGRAM)


if __name__ == "__main__":
    sys.exit(main())
