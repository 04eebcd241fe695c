"""Comparisons of runs → tables of differences, and some of the questions won and lost with both answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from qa.base.stages import ANSWER
from qa.cli.output.figures import decimal
from qa.cli.output.screen import Screen
from qa.cli.output.text import on_one_line
from qa.evaluation.compare import SIGNIFICANT, Comparison
from qa.evaluation.runs import Run
from qa.evaluation.texts import Texts

_SHOWN_QUESTIONS = 5  # of those won and of those lost, each with both answers
_SHOWN_CHARACTERS = 300


def show_comparisons(comparisons: Sequence[Comparison], runs: Sequence[Run], screen: Screen, *, as_json: bool) -> None:
    """Each run after the first, compared with the first."""
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
    """The differences, how certain they are, and some of the questions won and lost with both answers."""
    screen.line(f"{comparison.name} compared with the baseline {comparison.baseline}:")
    _show_differences(comparison, screen)
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
                screen.table(
                    [
                        (comparison.baseline, _answer_in_words(runs[0], id_, old)),
                        (comparison.name, _answer_in_words(runs[1], id_, new)),
                    ]
                )


def _answer_in_words(run: Run, question_id: str, texts: Texts) -> str:
    """A run's answer, or its first hit: the quotes, or their places where the words are missing."""
    outcome = next(outcome for outcome in run.outcomes if outcome.id == question_id)
    if outcome.answer is not None:
        hits, status = outcome.stages[ANSWER].hits if ANSWER in outcome.stages else (), f"{outcome.answer.status}: "
    else:
        *_, last = run.searching_stages
        hits, status = outcome.stages[last].hits[:1] if last in outcome.stages else (), ""
    quotes = [texts.quote(hit.article_id, hit.span) or f"{hit.article_id}:{hit.span.start}-{hit.span.end}" for hit in hits]
    shown = on_one_line(" ".join(quotes)) or "nothing"
    return status + (shown if len(shown) <= _SHOWN_CHARACTERS else shown[:_SHOWN_CHARACTERS] + "…")


def _show_differences(comparison: Comparison, screen: Screen) -> None:
    rows = [
        (
            f"{one.stage}: {one.measure}{' †' if one.name in comparison.judged_by else ''}",
            decimal(one.baseline),
            decimal(one.value),
            f"{one.difference:+.3f} [{one.low:+.3f}, {one.high:+.3f}]",
            f"{one.p:.4f}",
            f"{one.p_holm:.4f}{'*' if one.is_significant else ' '}",
            f"{one.wins:,}",
            f"{one.losses:,}",
            f"{one.n:,}",
        )
        for one in comparison.differences
    ]
    screen.columns(("", "baseline", "run", "difference [95 % interval]", "p", "p, Holm ", "won", "lost", "n"), rows)
    screen.line(f"* significant: p after Holm's correction below {SIGNIFICANT}   † judges the run")
