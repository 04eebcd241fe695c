"""Runs → one HTML file that shows them, with the words of the questions and passages: no script, nothing fetched.

Everything in a run, a set or an article is text and is escaped in the page. The page's own policy lets nothing run or load.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from qa.base.errors import RunError
from qa.base.stages import AFTER_READING, ANSWER
from qa.base.templates import environment
from qa.evaluation.compare import Comparison
from qa.evaluation.figures import ORDERS, Figure, Loss, figures, losses
from qa.evaluation.report.cases import Case, Kind, ShownAnswer, case, expected, shown_answer, wording, worst
from qa.evaluation.report.curves import latencies
from qa.evaluation.report.drawings import Drawing, drawings
from qa.evaluation.report.plots import milliseconds
from qa.evaluation.report.slices import FEW, Share, found_depth, is_answered, is_best_right, is_found, slices
from qa.evaluation.report.tables import Table, compared_table, facts_table, measure_tables, settings_table, slice_tables
from qa.evaluation.runs import QuestionOutcome, Run
from qa.evaluation.texts import Texts

_HERE = Path(__file__).parent
_SECTIONS = (
    ("made-with", "Made with"),
    ("lost", "Losses"),
    ("measures", "Measures"),
    ("plots", "Plots"),
    ("slices", "Slices"),
    ("worst", "Worst questions"),
)
_LISTED = 100  # questions of a stage that lost them
_CHANGED = 20  # questions won, and as many lost


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure in large type, with a sentence that explains it."""

    value: str
    sentence: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """One bar of where answers were lost; `questions` are (id, wording, ranks by stage) of the first ones."""

    loss: Loss
    anchor: str
    share: Share
    is_found: bool
    questions: tuple[tuple[str, str, tuple[tuple[str, int | None], ...]], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """The part of the page about one run."""

    name: str
    headlines: tuple[Headline, ...]
    lost: tuple[Lost, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A question that two runs answered differently; `expected` is what the set has for an answer."""

    question: str
    expected: tuple[str, ...]
    baseline: ShownAnswer
    other: ShownAnswer


@dataclass(frozen=True, slots=True)
class Changes:
    """What a run won and lost against a baseline: counts, and the first of them."""

    comparison: Comparison
    won: tuple[Change, ...]
    lost: tuple[Change, ...]


def write_report(runs: Sequence[Run], path: Path, *, texts: Texts, comparisons: Sequence[Comparison] = ()) -> None:
    """Write the page. Equal runs, texts and comparisons give equal bytes.

    `texts` are those of the set that all the runs were asked; the traces are of the last run. `comparisons` are of each
    further run with the first, in their order, or none.

    Raises:
        ValueError: no runs, or comparisons that are not of these runs.
        RunError: the page cannot be written there.
    """
    if not runs:
        raise ValueError("a report needs at least one run")
    if comparisons and len(comparisons) != len(runs) - 1:
        raise ValueError(f"{len(runs)} runs have {len(runs) - 1} comparisons with the first, got {len(comparisons)}")
    named = _with_unique_names(runs)
    renamed = [
        replace(one, baseline=named[0].facts.name, name=run.facts.name) for one, run in zip(comparisons, named[1:], strict=False)
    ]
    page = _environment().get_template("report.html").render(**_values(named, texts, renamed))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, "utf-8", errors="xmlcharrefreplace")
    except OSError as error:
        raise RunError(f"The report cannot be written to {path}: {error}. Choose another file with --html.") from error


def _with_unique_names(runs: Sequence[Run]) -> list[Run]:
    """The runs; those with equal names get their number behind the name."""
    names = [run.facts.name for run in runs]
    return [
        replace(run, facts=replace(run.facts, name=f"{name} ({number})")) if names.count(name) > 1 else run
        for number, (run, name) in enumerate(zip(runs, names, strict=True), start=1)
    ]


@cache
def _environment() -> Environment:
    made = environment(_HERE / "templates")
    made.filters.update(percent=percent, one_break=one_break)
    return made


def _values(runs: Sequence[Run], texts: Texts, comparisons: Sequence[Comparison]) -> dict[str, object]:
    held = [figures(run) for run in runs]
    values: dict[str, object] = {
        "title": " and ".join(dict.fromkeys(run.facts.name for run in runs)),
        "runs": runs,
        "notes": _notes(runs, texts),
        "facts": facts_table(runs),
        "settings": settings_table(runs) if any(run.facts.settings for run in runs) else None,
        "shown": [_shown(number, run, one, texts) for number, (run, one) in enumerate(zip(runs, held, strict=True), start=1)],
        "measures": _measures(runs, held, comparisons),
        "changes": [_changes(runs[0], run, one, texts) for run, one in zip(runs[1:], comparisons, strict=False)],
        "plots": [(drawing, _markup(drawing)) for drawing in drawings(runs)],
        "slices": slice_tables(runs, [slices(run, source_of=texts.source) for run in runs]),
        "worst": [(kind, _cases(kind, runs[-1], texts)) for kind in worst(runs[-1])],
        "worst_of": runs[-1].facts.name,
        "few": FEW,
        "orders": ORDERS if any(AFTER_READING in run.facts.stages for run in runs) else "",
    }
    return values | {"sections": [(anchor, name, bool(values.get(anchor, True))) for anchor, name in _SECTIONS]}


def _markup(drawing: Drawing) -> Markup:
    return Markup(drawing.svg)  # ElementTree wrote it, so its text is escaped


def _notes(runs: Sequence[Run], texts: Texts) -> list[str]:
    """What to know before reading on, each once."""
    several = len(runs) > 1
    made = [*texts.notes]
    for run in runs:
        before = f"{run.facts.name}: " if several else ""
        made += [f"{before}{note}" for note in run.facts.notes]
        made += run.facts.dataset.notes
    return list(dict.fromkeys(made))


def _measures(runs: Sequence[Run], held: Sequence[Sequence[Figure]], comparisons: Sequence[Comparison]) -> tuple[Table, ...]:
    if len(runs) == 1:
        return measure_tables(runs[0], held[0])
    return (compared_table(runs, held, comparisons),)


def _shown(number: int, run: Run, held: Sequence[Figure], texts: Texts) -> Shown:
    return Shown(run.facts.name, tuple(_headlines(run, held)), tuple(_lost(f"run-{number}", run, texts)))


# Headlines


def _headlines(run: Run, held: Sequence[Figure]) -> Iterator[Headline]:
    ranked = [outcome for outcome in run.outcomes if outcome.ranked]
    if ranked and run.searching_stages:
        yield _found_headline(run, ranked)
    if ANSWER in run.facts.stages:
        yield from _answer_headlines(run, ranked, held)
    if taken := [one for one in latencies(run) if one.stage == "total"]:
        half, most = milliseconds(taken[0].p50_ms), milliseconds(taken[0].p95_ms)
        yield Headline(f"{half}\u202fms", "is what half of the questions take at most", f"19 of 20 take at most {most} ms")


def _found_headline(run: Run, ranked: Sequence[QuestionOutcome]) -> Headline:
    stage, k = run.searching_stages[-1], found_depth(run)
    share = Share(sum(is_found(outcome, stage, k) for outcome in ranked), len(ranked))
    return _headline(share, f"of questions have a passage with the answer among the first {k:,} of {stage}")


def _answer_headlines(run: Run, ranked: Sequence[QuestionOutcome], held: Sequence[Figure]) -> Iterator[Headline]:
    if ranked:
        right = Share(sum(map(is_best_right, ranked)), len(ranked))
        yield _headline(right, "of first sentences are right, cited or not (accuracy@1)")
    unanswerable = [outcome for outcome in run.outcomes if outcome.answerable is False]
    if unanswerable:
        left = Share(sum(not is_answered(outcome) and outcome.answer is not None for outcome in unanswerable), len(unanswerable))
        yield _headline(left, "of unanswerable questions are left unanswered")
    yield from _decision_headline(held)
    answers = [outcome.answer for outcome in run.outcomes if outcome.answer]
    cited = sum(answer.citations for answer in answers)
    if cited:
        exact = Share(sum(answer.exact_citations for answer in answers), cited)
        yield _headline(exact, "of citations equal the stored text character for character")


def _decision_headline(held: Sequence[Figure]) -> Iterator[Headline]:
    for figure in held:
        if (figure.stage, figure.measure) == (ANSWER, "decision accuracy"):
            share = Share(round(figure.value * figure.n), figure.n)
            yield _headline(share, "are decided correctly: a right sentence is cited, or none where none answers")


def _headline(share: Share, sentence: str) -> Headline:
    low, high = share.interval
    return Headline(
        percent(share.value),
        sentence,
        f"{share.count:,} of {share.n:,}; 95\u202f% interval {100 * low:.0f}–{100 * high:.0f}\u202f%",
    )


def percent(share: float) -> str:
    """`83 %`; only all is 100 and only none is 0."""
    rounded = round(100 * share)
    if (rounded == 100 and share < 1) or (rounded == 0 and share > 0):
        return f"{100 * share:.1f}\u202f%" if 0.0005 <= share < 0.9995 else ("> 99.9\u202f%" if rounded else "< 0.1\u202f%")
    return f"{rounded}\u202f%"


def one_break(text: str) -> str:
    """The text with no more than one line break at a time, for passages that are to be read and not copied."""
    return re.sub(r"\s*\n\s*", "\n", text)


# Where answers were lost


def _lost(anchor: str, run: Run, texts: Texts) -> Iterator[Lost]:
    all_losses = losses(run)
    total = sum(len(loss.question_ids) for loss in all_losses)
    outcomes = {outcome.id: outcome for outcome in run.outcomes}
    for number, loss in enumerate(all_losses, start=1):
        yield Lost(
            loss,
            f"{anchor}-lost-{number}",
            Share(len(loss.question_ids), total),
            is_found=number == len(all_losses),
            questions=tuple((id_, wording(id_, texts), _ranks(outcomes[id_], run)) for id_ in loss.question_ids[:_LISTED]),
        )


def _ranks(outcome: QuestionOutcome, run: Run) -> tuple[tuple[str, int | None], ...]:
    """(stage, rank of the first right hit) of every stage that ranks."""
    stages = [stage for stage in run.facts.stages if stage != ANSWER and stage in outcome.stages]
    return tuple((stage, outcome.stages[stage].first_rank) for stage in stages)


# Questions


def _changes(baseline: Run, other: Run, comparison: Comparison, texts: Texts) -> Changes:
    before, after = ({outcome.id: outcome for outcome in run.outcomes} for run in (baseline, other))

    def changed(ids: Sequence[str]) -> tuple[Change, ...]:
        return tuple(
            Change(
                wording(id_, texts),
                expected(id_, texts),
                shown_answer(before[id_], baseline, texts),
                shown_answer(after[id_], other, texts),
            )
            for id_ in ids[:_CHANGED]
        )

    return Changes(comparison, changed(comparison.won), changed(comparison.lost))


def _cases(kind: Kind, run: Run, texts: Texts) -> list[Case]:
    return [case(outcome, run, texts) for outcome in kind.outcomes]
