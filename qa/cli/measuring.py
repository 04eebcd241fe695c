"""`qa evaluate`, `compare`, `report`, `export judgements` and `export index`."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from qa.base.in_words import counted
from qa.base.stages import STAGES
from qa.cli.exit_codes import ExitCode
from qa.cli.invocation import Invocation
from qa.cli.options import Index

PANEL = "Measuring"
commands = typer.Typer(rich_markup_mode="rich")
export_commands = typer.Typer(help="Write data of an index to files.", no_args_is_help=True, rich_markup_mode="rich")

RunFiles = Annotated[list[Path], typer.Argument(metavar="RUN", help="Run files of `qa evaluate --out`.")]


@commands.command(rich_help_panel=PANEL)
def evaluate(
    context: typer.Context,
    dataset: Annotated[
        Path | None, typer.Argument(metavar="SET", help="A folder or file of judged questions.", show_default=False)
    ] = None,
    known_item: Annotated[
        bool,
        typer.Option("--known-item", help="Ask questions made of the index's own headlines and sentences, instead of a SET."),
    ] = False,
    stage: Annotated[
        list[str] | None,
        typer.Option("--stage", metavar="NAME", help=f"Measure only this stage: {', '.join(STAGES)}. Can be repeated."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="Ask N questions, evenly spread over the set.")
    ] = None,
    standalone: Annotated[
        bool, typer.Option("--standalone", help="Ask the set's stand-alone wording of a conversation, not the typed one.")
    ] = False,
    split: Annotated[
        str | None, typer.Option("--split", metavar="NAME", help="The split of a BEIR set. Without it: test, else dev.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The random seed of --known-item.")] = 7,
    trec: Annotated[
        Path | None,
        typer.Option(
            "--trec", metavar="FILE", help="Judge this TREC run of any retriever instead of asking.", show_default=False
        ),
    ] = None,
    trec_out: Annotated[
        Path | None,
        typer.Option("--trec-out", metavar="DIR", help="Write each search stage's ranking as a TREC run.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="RUN", help="Write the run, for `qa compare` and `qa report`; .gz compresses it.", show_default=False
        ),
    ] = None,
    keep: Annotated[int, typer.Option("--keep", metavar="N", min=0, help="How many hits of each stage the run keeps.")] = 10,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    index: Index = None,
) -> None:
    """Measure the quality of each stage on a set of judged questions.

    A set is one of: spans (questions with judged spans), BEIR, TREC (topics with qrels), SQuAD (its JSON), or records (JSON
    lines with articles and questions or conversations). A set that brings its articles gets an index of its own, named
    evaluation-NAME-DIGEST, beside the default one. --index names another.
    `qa help measuring` explains sets and measures.
    """
    from qa.cli.evaluating import evaluate_known_items, evaluate_set, evaluate_trec_run
    from qa.cli.output.figures import show_json, show_run
    from qa.evaluation.runner import Plan
    from qa.evaluation.runs import check_writable, named, write_run

    if (dataset is None) != known_item:
        raise typer.TyperException("Name a set of judged questions, or give --known-item instead of one.")
    if trec is not None and (known_item or stage or limit or standalone or trec_out):
        raise typer.TyperException(
            "--trec is judged as it is: it goes with SET, --index, --split, --out, --keep and --json alone."
        )
    invocation = Invocation(context, index)
    wording: Literal["standalone", "question"] = "standalone" if standalone else "question"
    plan = Plan(stages=_stages(stage or STAGES), wording=wording, limit=limit, kept=keep)
    if out is not None:
        check_writable(out)
    settings, screen = invocation.settings, invocation.screen
    if dataset is None:
        run = evaluate_known_items(settings, plan, screen, seed=seed, trec_out=trec_out)
    elif trec is not None:
        run = evaluate_trec_run(trec, dataset, settings, chosen=invocation.named_index, split=split, kept=keep)
    else:
        run = evaluate_set(dataset, settings, plan, screen, chosen=invocation.named_index, split=split, trec_out=trec_out)
    if out is not None:
        run = named(run, out)
        write_run(run, out)
    if json:
        show_json(run, screen)
    else:
        show_run(run, screen)


def _stages(names: Sequence[str]) -> tuple[str, ...]:
    """The stages of these names, in their own order."""
    unknown = set(names) - set(STAGES)
    if unknown:
        raise typer.TyperException(f"There is no stage {min(unknown)!r}; there are {', '.join(STAGES)}.")
    return tuple(stage for stage in STAGES if stage in names)


@commands.command(rich_help_panel=PANEL)
def compare(
    context: typer.Context,
    runs: Annotated[list[Path], typer.Argument(metavar="BASELINE RUN", help="Run files of `qa evaluate --out`.")],
    fail_on_regression: Annotated[
        bool,
        typer.Option("--fail-on-regression", help="Exit with 1 when one of the measures that judge is significantly worse."),
    ] = False,
    judge_by: Annotated[
        list[str] | None,
        typer.Option(
            "--judge-by",
            metavar="NAME",
            help='Judge by this measure, such as "answer: F1", in place of the five. Can be repeated.',
        ),
    ] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option("--measure", metavar="NAME", help='Compare only this measure, such as "merged: MRR@10". Can be repeated.'),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the comparisons as JSON.")] = False,
) -> None:
    """Compare runs of one set with a baseline: the differences, how certain they are, and the questions won and lost.

    Each difference has a paired bootstrap interval, and the p of a paired randomisation test. Five measures judge the run:
    MRR@10 and success@5 of the last search stage, and accuracy@1, exact match and abstention AUROC of the answer. Holm's
    method corrects their p for one another, and the p of all others likewise.
    """
    from qa.cli.output.comparisons import show_comparisons
    from qa.evaluation.compare import compare_all
    from qa.evaluation.runs import read_run

    if len(runs) < 2:
        raise typer.TyperException("Name a baseline and at least one run to compare with it.")
    read = [read_run(path) for path in runs]
    comparisons = compare_all(read, only=measure or (), judged_by=judge_by or ())
    if fail_on_regression and not all(comparison.judged_by for comparison in comparisons):
        raise typer.TyperException("These runs have none of the five measures that judge. Name another with --judge-by.")
    show_comparisons(comparisons, read, Invocation(context, None).screen, as_json=json)
    if fail_on_regression and any(comparison.regressions for comparison in comparisons):
        raise typer.Exit(ExitCode.ERROR)


@commands.command(rich_help_panel=PANEL)
def report(
    context: typer.Context,
    runs: RunFiles,
    html: Annotated[Path, typer.Option("--html", metavar="FILE", help="The file to write.")] = Path("report.html"),
    dataset: Annotated[
        Path | None, typer.Option("--set", metavar="SET", help="Where the set is now, if it was moved.", show_default=False)
    ] = None,
    index: Index = None,
) -> None:
    """Write runs as one HTML file that needs no network: tables, plots, and the worst questions.

    The words of questions and passages come from the set and the index of the first run. Further runs are compared with
    the first.
    """
    from qa.evaluation.compare import compare_all
    from qa.evaluation.report.page import write_report
    from qa.evaluation.runs import read_run
    from qa.evaluation.texts import Texts

    invocation = Invocation(context, index)
    screen = invocation.screen
    read = [read_run(path) for path in runs]
    with (
        invocation.waiting("Drawing"),
        Texts.of(read[0].facts, dataset=dataset, index=invocation.named_index) as texts,
    ):
        write_report(read, html, texts=texts, comparisons=compare_all(read))
    for note in texts.notes:
        screen.note(f"qa: {note}")
    screen.line(f"{counted(len(read), 'run')} in {html}")


@export_commands.command("index")
def export_index(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; one of this name is replaced.")],
    index: Index = None,
) -> None:
    """Write the whole index into one file, for `qa import` on another machine.

    It holds the articles, their vectors and digests of all. Removed articles are not in it, and neither are answers,
    conversations and tokens.
    """
    from qa.service.portable import export_index as write_index

    invocation = Invocation(context, index)
    with invocation.waiting("Exporting"):
        held = write_index(invocation.settings.index.absolute(), file)
    invocation.screen.line(f"{counted(held.articles, 'article')}, {counted(held.passages, 'passage')} in {file}")
    invocation.screen.line(f"On the other machine: qa import {shlex.quote(file.name)}")


@export_commands.command("judgements")
def export_judgements(
    context: typer.Context,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="FILE|DIR",
            help="A .jsonl or .jsonl.gz file for the questions, or a folder for questions and articles.",
        ),
    ] = Path("judgements.jsonl"),
    index: Index = None,
) -> None:
    """Write users' feedback on answers as a set that `qa evaluate` reads.

    A sentence judged right has the grade 2, and a sentence cited in a helpful answer 1. One judged wrong, or cited in an
    answer that did not help, has 0. Of contradicting judgements the last counts. The exit code is 3 when there is no feedback.
    """
    from qa.evaluation.feedback import judged_set, write_set
    from qa.index.store import Store

    invocation = Invocation(context, index)
    screen = invocation.screen
    service = invocation.service()
    with contextlib.closing(Store.open(service.folder)) as store, store.reading():
        judged = judged_set(service.judged(), store)
        for note in judged.notes:
            screen.note(f"Left out: {note}")
        if not judged.questions:
            unusable = "No feedback can be judged on its articles now."
            missing = f"No answer from {service.folder} has feedback. The chat of `qa serve` has the buttons for it."
            screen.note(unusable if judged.notes else missing)
            raise typer.Exit(ExitCode.NOT_FOUND)
        write_set(judged, out, (row.article for row in store.articles()))
    judgements = sum(len(question.answering) for question in judged.questions)
    screen.line(f"{counted(len(judged.questions), 'question')} with {counted(judgements, 'judgement')} in {out}")
    screen.suggest(f"evaluate {shlex.quote(str(out))}")
