"""A set of judged questions → a run: its index made ready, its questions asked, and progress while that takes."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from qa.base.errors import RunError
from qa.base.in_words import counted
from qa.base.settings import Settings
from qa.base.types import Ranking
from qa.cli.output.progress import SECONDS_BETWEEN_LINES, Progressing
from qa.cli.output.screen import Screen
from qa.evaluation import known_items
from qa.evaluation.articles import GivenArticles, StoredArticles
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.indexes import IndexPlan, index_folder, plan_index, set_articles
from qa.evaluation.judgements import Dataset
from qa.evaluation.runner import Plan, judge_trec_run, run_set
from qa.evaluation.runs import Run
from qa.evaluation.trec_runs import read_trec_run, trec_lines
from qa.index.store import Store
from qa.service.build import AddReport
from qa.service.service import Service


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
    assert dataset.articles is not None  # a plan adds nothing without them
    screen.note(f"Indexing the articles of {dataset.path} in {service.folder}")
    with Progressing(screen.err, "Adding") as progress:

        def follow(report: AddReport) -> None:
            progress.update(report.added + report.changed + report.unchanged, report.passages, share=None)

        report = service.add_articles(dataset.articles(), progress=follow)
    refused = [f"{refusal.origin}: {refusal.reason}" for refusal in report.refused]
    screen.listed(f"{counted(len(refused), 'article')} refused; judgements on them count as missed:", refused)


def _run(dataset: Dataset, service: Service, plan: Plan, index: IndexPlan, screen: Screen, trec_out: Path | None) -> Run:
    with _rankings_to(trec_out, dataset) as keep, _progress(screen.err) as follow:
        return run_set(dataset, service, plan, index=index, progress=follow, rankings=keep)


@contextlib.contextmanager
def _progress(console: Console) -> Iterator[Callable[[int, int], None]]:
    """A bar with the time left on a terminal, else a line now and then."""
    columns = (TextColumn("Asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Asking", total=None)
        last_line = progress.get_time()

        def follow(done: int, total: int) -> None:
            nonlocal last_line
            progress.update(task, completed=done, total=total)
            if progress.disable and progress.get_time() - last_line >= SECONDS_BETWEEN_LINES:
                last_line = progress.get_time()
                console.print(f"Asking: {done:,} of {total:,}")

        yield follow


@contextlib.contextmanager
def _rankings_to(folder: Path | None, dataset: Dataset) -> Iterator[Callable[[str, Sequence[Ranking]], None]]:
    """Writes each stage's rankings as `<stage>.trec` in the folder."""
    spaced = [question.id for question in dataset.questions if re.search(r"\s", question.id)]
    if folder is not None and spaced:
        raise RunError(
            f"{len(spaced):,} of the question ids hold white space, which a TREC run cannot, first {spaced[0]!r}. "
            "Leave --trec-out out."
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
