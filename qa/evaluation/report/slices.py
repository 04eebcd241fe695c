"""A run → its questions in groups, and how well each did.

The groups were not drawn at random, so a difference between two of them says where to look, not why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from qa.base.stages import ANSWER
from qa.base.types import Status
from qa.evaluation.runs import QuestionOutcome, Run

FEW = 20  # questions; a share of fewer says little
UNKNOWN = "not known"
_MOST_GROUPS = 12  # of one slicing, the rest goes into one
_Z = 1.959964  # two-sided 95 % of the normal distribution
_LENGTHS = ((5, "up to 5 words"), (8, "6–8 words"), (11, "9–11 words"), (15, "12–15 words"), (10**9, "over 15 words"))
_AGES = (
    (-1, "published later"),
    (1, "up to a day"),
    (7, "2–7 days"),
    (30, "8–30 days"),
    (365, "31 days to a year"),
    (10**9, "over a year"),
)


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `n`; the value and its interval are NaN where n is 0."""

    count: int
    n: int

    @property
    def value(self) -> float:
        return self.count / self.n if self.n else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % score interval, which holds for small n and for shares near 0 and 1.

        Source: Wilson, JASA 1927.
        """
        if not self.n:
            return float("nan"), float("nan")
        middle = (self.value + _Z**2 / (2 * self.n)) / (1 + _Z**2 / self.n)
        half = _Z / (1 + _Z**2 / self.n) * sqrt(self.value * (1 - self.value) / self.n + _Z**2 / (4 * self.n**2))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that have something in common.

    `found`: of those with something to find, the first k of the last searching stage hold it. `best_right`: of those with
    something to find, the best sentence that was read holds it. `answered`: of all, something was cited. A question the run
    forgot counts as failed; a stage that the run lacks gives a share of 0 questions.
    """

    name: str
    question_ids: tuple[str, ...]
    found: Share
    best_right: Share
    answered: Share

    @property
    def is_small(self) -> bool:
        return len(self.question_ids) < FEW


@dataclass(frozen=True, slots=True)
class Slicing:
    """One way to group all questions of a run; `by` says what they are grouped by."""

    by: str
    groups: tuple[Group, ...]


def found_depth(run: Run) -> int:
    """The k of `Group.found`: as many passages as were read, else 10."""
    return run.facts.read_passages or 10


def slices(run: Run, *, source_of: Callable[[str], str | None]) -> tuple[Slicing, ...]:
    """The run's questions by everything that is known of them; what puts all of them into one group is left out.

    `source_of` gives the source of a question's article by the question's id. Groups of ranges are in their order,
    the others with the largest first.
    """
    slicings = (
        _by("question word", run, lambda outcome: outcome.question_word or UNKNOWN),
        _by("question length", run, lambda outcome: _range(outcome.words, _LENGTHS), order=_LENGTHS),
        _by("answer type", run, lambda outcome: outcome.answer_type or UNKNOWN),
        _by("article age", run, lambda outcome: _range(outcome.age_days, _AGES), order=_AGES),
        _by("source", run, lambda outcome: source_of(outcome.id) or UNKNOWN),
        _by("kind", run, lambda outcome: outcome.kind or UNKNOWN),
        _by("answerable", run, lambda outcome: {True: "yes", False: "no", None: UNKNOWN}[outcome.answerable]),
    )
    return tuple(slicing for slicing in slicings if len(slicing.groups) > 1)


def _by(
    by: str, run: Run, name_of: Callable[[QuestionOutcome], str], *, order: Sequence[tuple[int, str]] | None = None
) -> Slicing:
    held: dict[str, list[QuestionOutcome]] = {}
    for outcome in run.outcomes:
        held.setdefault(name_of(outcome), []).append(outcome)
    if order is not None:
        names = [name for _, name in order if name in held]
    else:
        names = sorted((name for name in held if name != UNKNOWN), key=lambda name: (-len(held[name]), name))
    shown, rest = (names, []) if len(names) <= _MOST_GROUPS else (names[: _MOST_GROUPS - 1], names[_MOST_GROUPS - 1 :])
    groups = [_group(name, held[name], run) for name in shown]
    if rest:
        groups.append(_group(f"{len(rest):,} others", [outcome for name in rest for outcome in held[name]], run))
    if UNKNOWN in held:
        groups.append(_group(UNKNOWN, held[UNKNOWN], run))
    return Slicing(by, tuple(groups))


def _range(value: int | None, ranges: Sequence[tuple[int, str]]) -> str:
    return UNKNOWN if value is None else next(name for highest, name in ranges if value <= highest)


def _group(name: str, outcomes: Sequence[QuestionOutcome], run: Run) -> Group:
    ranked = [outcome for outcome in outcomes if outcome.ranked]
    nothing = Share(0, 0)
    answers = ANSWER in run.facts.stages
    return Group(
        name,
        tuple(outcome.id for outcome in outcomes),
        found=_found(ranked, run),
        best_right=Share(sum(is_best_right(outcome) for outcome in ranked), len(ranked)) if answers else nothing,
        answered=Share(sum(is_answered(outcome) for outcome in outcomes), len(outcomes)) if answers else nothing,
    )


def _found(ranked: Sequence[QuestionOutcome], run: Run) -> Share:
    if not run.searching_stages:
        return Share(0, 0)
    stage, k = run.searching_stages[-1], found_depth(run)
    return Share(sum(is_found(outcome, stage, k) for outcome in ranked), len(ranked))


def is_found(outcome: QuestionOutcome, stage: str, k: int) -> bool:
    """Whether one of the stage's first k hits holds something judged; a question the run forgot has none."""
    ranked = outcome.stages.get(stage)
    return ranked is not None and ranked.first_rank is not None and ranked.first_rank <= k


def is_best_right(outcome: QuestionOutcome) -> bool:
    """Whether the best sentence that was read holds something judged."""
    return outcome.answer is not None and outcome.answer.best_right


def is_answered(outcome: QuestionOutcome) -> bool:
    """Whether something was cited, weakly or not."""
    return outcome.answer is not None and outcome.answer.status is not Status.NOT_FOUND
