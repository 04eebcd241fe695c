"""Evaluating and comparing at the command line: the index made ready, progress, and tables of figures."""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from qa.base.errors import RunError
from qa.base.settings import Settings
from qa.base.stages import ANSWER
from qa.base.types import Ranking
from qa.cli.progress import Progressing
from qa.cli.screen import Screen, numbered, on_one_line
from qa.evaluation import known_items
from qa.evaluation.articles import GivenArticles, StoredArticles
from qa.evaluation.compare import SIGNIFICANT, Comparison, Difference
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.figures import TIME, Figure, figures, losses
from qa.evaluation.indexes import IndexPlan, index_folder, plan_index, set_articles
from qa.evaluation.judgements import Dataset
from qa.evaluation.runner import Plan, judge_trec_run, run_set
from qa.evaluation.runs import Run
from qa.evaluation.texts import Texts
from qa.evaluation.trec_runs import read_trec_run, trec_lines
from qa.index.store import Store
from qa.service.build import AddReport
from qa.service.service import Service

_SHOWN_QUESTIONS = 5  # of those won and of those lost, each with both answers
_SHOWN_CHARACTERS = 300
_LINES_EVERY = 10  # seconds between two lines of progress where there is no terminal


# Making a run


def evaluate_set(
    path: Path, settings: Settings, plan: Plan, screen: Screen, *, chosen: Path | None, split: str | None, trec_out: Path | None
) -> Run:
    """Ask a set of the index that was chosen, else of one of its own, which is made or completed first."""
    dataset = read_dataset(path, split=split)
    folder = index_folder(dataset, chosen, settings.index)
    index = plan_index(dataset, folder, own=chosen is None and dataset.articles is not None)
    with Service(settings.model_copy(update={"index": folder})) as service:
        if index.to_add:
            _add(dataset, service, screen)
        return _run(dataset, service, plan, index, screen, trec_out)


def evaluate_known_items(settings: Settings, plan: Plan, screen: Screen, *, seed: int, trec_out: Path | None) -> Run:
    """Ask questions made of the index in force."""
    folder = settings.index
    with contextlib.closing(Store.open(folder)) as store, store.reading():
        dataset = known_items.known_items(store, folder, most=plan.limit or known_items.MOST, seed=seed)
    with Service(settings) as service:
        return _run(dataset, service, plan, IndexPlan(folder, {}, to_add=False, notes=()), screen, trec_out)


def evaluate_trec_run(trec: Path, path: Path, settings: Settings, *, chosen: Path | None, split: str | None, kept: int) -> Run:
    """Judge a TREC run on the index that was chosen, else on the set's own articles, else on the index in force."""
    dataset = read_dataset(path, split=split)
    if dataset.articles is not None and chosen is None:
        given = GivenArticles(set_articles(dataset))
        return judge_trec_run(dataset, read_trec_run(trec, given), given, path=trec, kept=kept)
    folder = index_folder(dataset, chosen, settings.index)
    index = plan_index(dataset, folder, own=False)
    if index.to_add:
        raise RunError(f"There is no index at {folder}. Leave --index out to judge {trec} on the set's own articles.")
    with contextlib.closing(Store.open(folder)) as store, store.reading():
        stored = StoredArticles(store)
        return judge_trec_run(dataset, read_trec_run(trec, stored), stored, path=trec, kept=kept, index=index)


def _add(dataset: Dataset, service: Service, screen: Screen) -> None:
    assert dataset.articles is not None  # what is to be added comes from somewhere
    screen.note(f"Indexing the articles of {dataset.path} in {service.folder}")
    with Progressing(screen.err, "Adding") as progress:

        def follow(report: AddReport) -> None:
            progress.update(report.added + report.changed + report.unchanged, report.passages, share=None)

        report = service.add_articles(dataset.articles(), progress=follow)
    refused = [f"{refusal.origin}: {refusal.reason}" for refusal in report.refused]
    screen.listed(f"{numbered(len(refused), 'article')} refused; what is judged in them counts as missed:", refused)


def _run(dataset: Dataset, service: Service, plan: Plan, index: IndexPlan, screen: Screen, trec_out: Path | None) -> Run:
    with _rankings_to(trec_out, dataset) as keep, _progress(screen.err) as follow:
        return run_set(dataset, service, plan, index=index, progress=follow, rankings=keep)


@contextlib.contextmanager
def _progress(console: Console) -> Iterator[Callable[[int, int], None]]:
    """A bar with the time left on a terminal, else a line now and then."""
    columns = (TextColumn("Asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Asking", total=None)
        said = progress.get_time()

        def follow(done: int, total: int) -> None:
            nonlocal said
            progress.update(task, completed=done, total=total)
            if progress.disable and progress.get_time() - said >= _LINES_EVERY:
                said = progress.get_time()
                console.print(f"Asking: {done:,} of {total:,}")

        yield follow


@contextlib.contextmanager
def _rankings_to(folder: Path | None, dataset: Dataset) -> Iterator[Callable[[str, Sequence[Ranking]], None]]:
    """Writes each stage's rankings as `<stage>.trec` in the folder."""
    spaced = [question.id for question in dataset.questions if re.search(r"\s", question.id)]
    if folder is not None and spaced:
        raise RunError(
            f"{len(spaced):,} of the question ids hold white space, which a TREC run cannot, first {spaced[0]!r}. Leave "
            "--trec-out out."
        )
    with contextlib.ExitStack() as opened:
        files: dict[str, Callable[[str], object]] = {}

        def keep(question_id: str, rankings: Sequence[Ranking]) -> None:
            if folder is None:
                return
            for ranking in rankings:
                if ranking.scorer not in files:
                    folder.mkdir(parents=True, exist_ok=True)
                    file = folder / f"{ranking.scorer}.trec"
                    files[ranking.scorer] = opened.enter_context(file.open("w", encoding="utf-8")).write
                files[ranking.scorer]("".join(f"{line}\n" for line in trec_lines(question_id, ranking)))

        try:
            yield keep
        except OSError as error:
            raise RunError(
                f"The rankings cannot be written to {folder}: {error}. Choose another folder with --trec-out."
            ) from error


# Showing runs


def show_run(run: Run, screen: Screen) -> None:
    """The run's figures with n and intervals, by stage, and where answers were lost."""
    facts = run.facts
    screen.table(_about(run))
    screen.listed("Worth knowing:", (*facts.dataset.notes, *facts.notes))
    found = figures(run)
    by_stage = [stage for stage in facts.stages if stage != ANSWER]
    screen.line()
    if any(figure.stage in by_stage for figure in found):
        _show_stages(found, by_stage, screen)
        screen.line()
    elsewhere = [figure for figure in found if figure.stage not in by_stage]
    if elsewhere:
        _show_figures(elsewhere, screen)
        screen.line()
    _show_losses(run, screen)


def _about(run: Run) -> list[tuple[str, str]]:
    facts = run.facts
    judged = ", ".join(dict.fromkeys(outcome.judged_by for outcome in run.outcomes))
    counted = sum(outcome.ranked for outcome in run.outcomes)
    unanswerable = sum(outcome.answerable is False for outcome in run.outcomes)
    rows = [
        ("Set", f"{facts.dataset.path} ({facts.dataset.format}), judged by {judged}"),
        ("Questions", f"{len(run.outcomes):,}: {counted:,} with something to find, {unanswerable:,} that nothing answers"),
    ]
    if facts.index is not None:
        held = facts.index
        rows.append(("Index", f"{held.path}: {numbered(held.articles, 'article')}, {numbered(held.passages, 'passage')}"))
    return rows


def show_json(run: Run, screen: Screen) -> None:
    """The same as one JSON object; a figure that there is none of is null."""
    shape = {
        "object": "evaluation",
        "facts": asdict(run.facts),
        "figures": [_numbers(asdict(figure)) for figure in figures(run)],
        "losses": [asdict(loss) for loss in losses(run)],
    }
    screen.json(json.dumps(shape, ensure_ascii=False, indent=2))


def _numbers(fields: dict[str, object]) -> dict[str, object]:
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in fields.items()}


def _show_stages(found: Sequence[Figure], stages: Sequence[str], screen: Screen) -> None:
    """Measures down, stages across."""
    held = {(figure.measure, figure.stage): figure for figure in found}
    rows = []
    for measure in dict.fromkeys(figure.measure for figure in found if figure.stage in stages):
        row = [held.get((measure, stage)) for stage in stages]
        count = next(figure.n for figure in row if figure)
        rows.append((measure, *(_cell(figure) for figure in row), f"{count:,}"))
    screen.columns(("value [95 % interval]", *stages, "n"), rows)


def _show_figures(found: Sequence[Figure], screen: Screen) -> None:
    rows = [
        (
            figure.measure if figure.stage == ANSWER else f"{figure.stage}: {figure.measure}",
            _cell(figure, digits=1 if figure.stage == TIME else 3),
            f"{figure.n:,}",
        )
        for figure in found
    ]
    screen.columns(("", "value [95 % interval]", "n"), rows)


def _cell(figure: Figure | None, *, digits: int = 3) -> str:
    if figure is None:
        return ""
    value = _decimal(figure.value, digits)
    return value if math.isnan(figure.low) else f"{value} [{_decimal(figure.low, digits)}, {_decimal(figure.high, digits)}]"


def _decimal(value: float, digits: int = 3) -> str:
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


def _show_losses(run: Run, screen: Screen) -> None:
    lost = losses(run)
    total = sum(len(loss.question_ids) for loss in lost)
    if not total:
        return
    screen.line(f"Where the answers of {numbered(total, 'question')} were lost:")
    width = max(len(loss.stage) for loss in lost)
    for loss in lost:
        count = len(loss.question_ids)
        screen.line(f"  {loss.stage.ljust(width)}  {count:>6,}  {100 * count / total:5.1f} %  {loss.explanation}")


# Showing comparisons


def show_comparisons(comparisons: Sequence[Comparison], runs: Sequence[Run], screen: Screen, *, as_json: bool) -> None:
    """Each run after the first against the first."""
    if as_json:
        shapes = [
            {"object": "comparison", **asdict(one), "regressions": [asdict(difference) for difference in one.regressions]}
            for one in comparisons
        ]
        screen.json(json.dumps(shapes, ensure_ascii=False, indent=2))
        return
    for comparison, run in zip(comparisons, runs[1:], strict=True):
        _show_comparison(comparison, (runs[0], run), screen)


def _show_comparison(comparison: Comparison, runs: tuple[Run, Run], screen: Screen) -> None:
    """What differs, how sure that is, and some of the questions won and lost with both answers."""
    screen.line(f"{comparison.name} against the baseline {comparison.baseline}:")
    _show_differences(comparison.differences, screen)
    if comparison.unchanged:
        screen.line("Equal on every question: " + ", ".join(f"{stage}: {measure}" for stage, measure in comparison.unchanged))
    screen.line()
    stage, measure = comparison.decided_by
    screen.line(f"Questions by {measure} of {stage}: {len(comparison.won):,} won, {len(comparison.lost):,} lost.")
    with Texts.of(runs[0].facts) as old, Texts.of(runs[1].facts) as new:
        screen.listed("Worth knowing:", list(dict.fromkeys((*old.notes, *new.notes))))
        for heading, ids in (("Won", comparison.won), ("Lost", comparison.lost)):
            for id_ in ids[:_SHOWN_QUESTIONS]:
                question = new.question(id_)
                screen.line()
                screen.line(f"{heading}: {on_one_line(question.question) if question else id_}")
                screen.table([(comparison.baseline, _said(runs[0], id_, old)), (comparison.name, _said(runs[1], id_, new))])


def _said(run: Run, question_id: str, texts: Texts) -> str:
    """What a run answered, or what it put first, as far as the words are there."""
    outcome = next(outcome for outcome in run.outcomes if outcome.id == question_id)
    if outcome.answer is not None:
        hits, said = outcome.stages[ANSWER].hits if ANSWER in outcome.stages else (), f"{outcome.answer.status}: "
    else:
        *_, last = run.searching_stages
        hits, said = outcome.stages[last].hits[:1] if last in outcome.stages else (), ""
    quotes = [texts.quote(hit.article_id, hit.span) or f"{hit.article_id}:{hit.span.start}-{hit.span.end}" for hit in hits]
    shown = on_one_line(" ".join(quotes)) or "nothing"
    return said + (shown if len(shown) <= _SHOWN_CHARACTERS else shown[:_SHOWN_CHARACTERS] + "…")


def _show_differences(differences: Sequence[Difference], screen: Screen) -> None:
    rows = [
        (
            f"{one.stage}: {one.measure}",
            _decimal(one.baseline),
            _decimal(one.value),
            f"{one.difference:+.3f} [{one.low:+.3f}, {one.high:+.3f}]",
            f"{one.p:.4f}",
            f"{one.p_holm:.4f}{'*' if one.is_significant else ' '}",
            f"{one.wins:,}",
            f"{one.losses:,}",
            f"{one.n:,}",
        )
        for one in differences
    ]
    screen.columns(("", "baseline", "run", "difference [95 % interval]", "p", "p, Holm ", "won", "lost", "n"), rows)
    screen.line(f"* significant: p after Holm's correction below {SIGNIFICANT}")
