"""`python -m qa.training`: train a reader or a ranker, or average readers. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from qa.cli.exit_codes import EXIT_CODES_IN_WORDS
from qa.cli.output.screen import Screen
from qa.cli.output.text import numbered
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
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where the reader is written, and an interrupted training continues.")
    ],
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="READER",
            help="A reader to train further, named as in the setting `reader`. Without it: the encoder's body.",
        ),
    ] = None,
    repeat: Annotated[
        list[str] | None,
        typer.Option("--repeat", metavar="SET=N", help="Ask a set's questions N times in each epoch. Can be repeated."),
    ] = None,
    epochs: Annotated[int, typer.Option("--epochs", metavar="N", min=1, help="Passes over the questions.")] = 2,
    near_misses: Annotated[
        float,
        typer.Option("--near-misses", metavar="X", min=0, help="Passages without an answer for each passage with one."),
    ] = 1.2,
    made_unanswerable: Annotated[
        float,
        typer.Option(
            "--made-unanswerable",
            metavar="X",
            min=0,
            max=1,
            help="The share of questions also changed to have no answer.",
        ),
    ] = 0.35,
    learning_rate: Annotated[
        float, typer.Option("--learning-rate", metavar="X", min=0, help="The highest learning rate of the body.")
    ] = 2e-4,
    head_learning_rate: Annotated[
        float, typer.Option("--head-learning-rate", metavar="X", min=0, help="The highest learning rate of the last layer.")
    ] = 1e-3,
    listwise_weight: Annotated[
        float,
        typer.Option("--listwise-weight", metavar="X", min=0, help="The weight of the loss over a question's passages."),
    ] = 0.3,
    frozen_layers: Annotated[
        int,
        typer.Option("--frozen-layers", metavar="N", min=0, help="How many first layers are not trained, nor the embeddings."),
    ] = 1,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The random seed of the order and the choices.")] = 7,
) -> None:
    """Train the model that finds the answer in a passage, or finds that there is none.

    It reads every format that `qa evaluate` reads. The same command continues an interrupted training.
    """
    from qa.index.packaged_encoders import ENGLISH
    from qa.training.progress import showing_steps
    from qa.training.reader import Recipe, named_reader, train
    from qa.training.sets import read_examples

    recipe = Recipe(
        epochs=epochs,
        near_misses=near_misses,
        made_unanswerable=made_unanswerable,
        learning_rate=learning_rate,
        head_learning_rate=head_learning_rate,
        listwise_weight=listwise_weight,
        frozen_layers=frozen_layers,
        seed=seed,
    )
    screen = Screen()
    body = ENGLISH.path() if start is None else named_reader(start)
    examples = read_examples(data, screen, repeats=repeat or [])
    with showing_steps(screen.err) as follow:
        train(body, examples, out, recipe, progress=follow)
    screen.line(f"The reader is in {out}.")


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
    from qa.training.ranker_kinds import FIRST_ORDER
    from qa.training.sets import sets_in, times
    from qa.training.trees import TreesRecipe

    screen = Screen()
    sets = sets_in(data)
    takes = times(take or [], [path.name for path in sets], option="--take")
    groups = read_groups(
        FIRST_ORDER,
        sets,
        indexes,
        questions=questions,
        takes=takes,
        seed=seed,
        told=lambda one: screen.note(f"{one.name}: {numbered(len(one.groups), 'group')} with a right passage"),
    )
    recipe = TreesRecipe(trees=trees, leaves=leaves, learning_rate=learning_rate, seed=seed)
    options = [
        f"--questions {questions}",
        *(f"--take {one}" for one in take or ()),
        f"--trees {trees} --leaves {leaves} --learning-rate {learning_rate} --seed {seed}",
    ]
    train_ranker(
        FIRST_ORDER, groups, out, recipe, command=f"{PROGRAM} ranker --data DIR --indexes DIR --out DIR {' '.join(options)}"
    )
    screen.line(f"The ranker is in {out}.")


@app.command("average")
def average_readers(
    readers: Annotated[
        list[str], typer.Argument(metavar="READER...", help="Two or more, trained from one another or from one body.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the reader is written.")],
) -> None:
    """Make a reader whose weights are the average of others'."""
    from qa.training.average import average
    from qa.training.reader import named_reader

    if len(readers) < 2:
        raise typer.TyperException(f"Name at least two readers, got {len(readers)}.")
    average([named_reader(name) for name in readers], out)
    Screen().line(f"The reader is in {out}.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; the exit code."""
    return run_app(app, arguments, program=PROGRAM)


if __name__ == "__main__":
    sys.exit(main())
