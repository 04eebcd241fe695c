"""Two runs of one set → what differs, how sure that is, and which questions were won and lost."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from qa.base.errors import RunError
from qa.base.stages import AFTER_READING, ANSWER, READ
from qa.evaluation.figures import LOWER_IS_BETTER, STATISTICS, decisions, question_values
from qa.evaluation.measures import Booleans, Floats
from qa.evaluation.resampling import SEED, Integers, holm, mean_interval, randomisation_p, statistic_interval
from qa.evaluation.runs import Run

SIGNIFICANT = 0.05
COMPARED = {
    AFTER_READING: ("success@1", "success@5", "MRR@10"),
    READ: ("success@1", "success@5", "MRR@10"),
    ANSWER: ("accuracy@1", "decision accuracy", "exact match", "F1", "citation recall", "citation F1"),
}
JUDGED_OF_SEARCH = ("MRR@10", "success@5")
JUDGED_OF_ANSWER = ("accuracy@1", "exact match", "abstention AUROC")
_COMPARED_OF_SEARCH = ("success@1", "success@5", "success@10", "recall@100", "MRR@10", "nDCG@10")
_SWAPS = 1_000  # rounds of the randomisation test of a whole set's statistic


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of one stage in both runs, over the same n questions.

    `difference` is value - baseline with its paired 95 % bootstrap interval; `p` is that of the paired randomisation
    test. `p_holm` is corrected for the measures that differ at all: those that judge the run among themselves, and the
    others among themselves. `wins` and `losses` count questions; both are 0 for a statistic of the whole set.
    """

    stage: str
    measure: str
    baseline: float
    value: float
    difference: float
    low: float
    high: float
    p: float
    p_holm: float
    n: int
    wins: int
    losses: int

    @property
    def name(self) -> tuple[str, str]:
        return self.stage, self.measure

    @property
    def is_unchanged(self) -> bool:
        return not (self.wins or self.losses or self.difference)

    @property
    def is_significant(self) -> bool:
        return self.p_holm < SIGNIFICANT

    @property
    def is_worse(self) -> bool:
        """Whether it is a significant loss."""
        loss = self.difference if self.measure in LOWER_IS_BETTER else -self.difference
        return self.is_significant and loss > 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run compared with a baseline.

    `judged_by` are the stages and measures whose loss is a regression. `unchanged` are measures that are equal on every
    question. No test could reject these, so they are not tested (Tarone, Biometrics 1990). `won` and `lost` are question ids by
    `decided_by`, the largest change first.
    """

    baseline: str
    name: str
    decided_by: tuple[str, str]
    judged_by: tuple[tuple[str, str], ...]
    differences: tuple[Difference, ...]
    unchanged: tuple[tuple[str, str], ...]
    won: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def regressions(self) -> list[Difference]:
        return [difference for difference in self.differences if difference.name in self.judged_by and difference.is_worse]


def compare(baseline: Run, run: Run, *, only: Collection[str] = (), judged_by: Collection[str] = ()) -> Comparison:
    """Compare a run with a baseline, stage by stage; `only` these measures, named `measure` or `stage: measure`.

    The run is judged by the measures `judged_by`, named likewise; without these by `only`, and without both by the five of
    `JUDGED_OF_SEARCH`, at the last search stage, and of `JUDGED_OF_ANSWER`, as far as both runs have them.

    Where the two share no searching stage, as with somebody's TREC run, their last searching stages are compared.

    Raises:
        RunError: runs of different sets or of different questions, with nothing in common, or without such a measure.
    """
    _check_comparable(baseline, run)
    stages = _paired_stages(baseline, run)
    before, after = question_values(baseline), question_values(run)
    differences = []
    for (theirs, ours), name in stages.items():
        for measure in COMPARED.get(ours, _COMPARED_OF_SEARCH):
            old, new = before.get((theirs, measure)), after.get((ours, measure))
            if old and new and old.keys() == new.keys():
                differences.append(_difference(name, measure, old, new))
    if (ANSWER, ANSWER) in stages:
        differences.extend(_statistics(baseline, run))
    if not differences:
        raise RunError(
            f"{baseline.facts.name} and {run.facts.name} have no stage and measure in common; evaluate both with the same."
        )
    differences = _chosen(differences, only)
    chosen = judged_by or only
    judging = {one.name for one in _chosen(differences, chosen)} if chosen else _five(stages)
    changed = [difference for difference in differences if not difference.is_unchanged]
    (theirs, ours), measure = _deciding(stages)
    changes = _changes(before[theirs, measure], after[ours, measure])
    return Comparison(
        baseline=baseline.facts.name,
        name=run.facts.name,
        decided_by=(stages[theirs, ours], measure),
        judged_by=tuple(one.name for one in differences if one.name in judging),
        differences=tuple(_corrected(changed, judging)),
        unchanged=tuple(one.name for one in differences if one.is_unchanged),
        won=tuple(id_ for id_, change in changes if change > 0),
        lost=tuple(id_ for id_, change in changes if change < 0),
    )


def _check_comparable(baseline: Run, run: Run) -> None:
    names = f"{baseline.facts.name} and {run.facts.name}"
    if baseline.facts.dataset.digest != run.facts.dataset.digest:
        raise RunError(
            f"{names} are runs of different sets: {baseline.facts.dataset.path} and {run.facts.dataset.path}, or one that "
            "changed in between. Evaluate both on the same files."
        )
    ids, others = ({outcome.id for outcome in one.outcomes} for one in (baseline, run))
    if ids != others:
        raise RunError(
            f"{names} were asked different questions: {len(ids - others):,} are only in the first, {len(others - ids):,} only in "
            f"the second, {len(ids & others):,} in both. Evaluate both with the same --limit."
        )


def _chosen(differences: Sequence[Difference], only: Collection[str]) -> list[Difference]:
    names = [{one.measure, f"{one.stage}: {one.measure}"} for one in differences]
    unknown = sorted(set(only) - set().union(*names))
    if unknown:
        known = ", ".join(f"{one.stage}: {one.measure}" for one in differences)
        raise RunError(f"{unknown[0]!r} is not compared; what both runs have is {known}.")
    return [one for one, named in zip(differences, names, strict=True) if not only or named & set(only)]


def _five(stages: Mapping[tuple[str, str], str]) -> set[tuple[str, str]]:
    """The stages and measures that judge a run where none was chosen."""
    searching = [name for (_, ours), name in stages.items() if ours not in (AFTER_READING, READ, ANSWER)][-1:]
    of_search = {(stage, measure) for stage in searching for measure in JUDGED_OF_SEARCH}
    return of_search | {(ANSWER, measure) for measure in JUDGED_OF_ANSWER}


def _corrected(changed: Sequence[Difference], judging: Collection[tuple[str, str]]) -> Iterator[Difference]:
    """The differences in their order, each with Holm's p among those that judge, or among the others."""
    p_of: dict[tuple[str, str], float] = {}
    for family in ([one for one in changed if one.name in judging], [one for one in changed if one.name not in judging]):
        p_of |= zip((one.name for one in family), holm([one.p for one in family]), strict=True)
    return (replace(one, p_holm=p_of[one.name]) for one in changed)


def _paired_stages(baseline: Run, run: Run) -> dict[tuple[str, str], str]:
    """(stage of the baseline, stage of the run) → the name of both, in the run's order."""
    common = {(stage, stage): stage for stage in run.facts.stages if stage in baseline.facts.stages}
    theirs, ours = baseline.searching_stages, run.searching_stages
    if theirs and ours and not set(theirs) & set(ours):
        return {(theirs[-1], ours[-1]): f"{theirs[-1]} / {ours[-1]}"} | common
    return common


def _deciding(stages: Mapping[tuple[str, str], str]) -> tuple[tuple[str, str], str]:
    """The measure by which questions are won or lost: the answer's decision, else the rank of the last stage."""
    last = list(stages)[-1]
    return last, "decision accuracy" if last[1] == ANSWER else "MRR@10"


def _difference(stage: str, measure: str, old: Mapping[str, float], new: Mapping[str, float]) -> Difference:
    before = np.array([old[id_] for id_ in old])
    after = np.array([new[id_] for id_ in old])
    changes = after - before
    low, high = mean_interval(changes)
    return Difference(
        stage=stage,
        measure=measure,
        baseline=float(before.mean()),
        value=float(after.mean()),
        difference=float(changes.mean()),
        low=low,
        high=high,
        p=randomisation_p(changes),
        p_holm=1.0,
        n=len(changes),
        wins=int((changes > 0).sum()),
        losses=int((changes < 0).sum()),
    )


def _changes(old: Mapping[str, float], new: Mapping[str, float]) -> list[tuple[str, float]]:
    """(question id, change), the largest first, equal ones in the set's order."""
    return sorted(((id_, new[id_] - old[id_]) for id_ in old if id_ in new), key=lambda pair: -abs(pair[1]))


def _statistics(baseline: Run, run: Run) -> Iterator[Difference]:
    """Statistics of the whole set: two runs that differ by chance alone could swap any question's outcome."""
    old, new = decisions(baseline), decisions(run)
    if old.ids != new.ids or not old.ids:
        return
    sides = (old, new)
    probabilities = np.stack([side.probabilities for side in sides])  # (2, n)
    right = np.stack([side.right for side in sides])  # (2, n)
    for measure, statistic in STATISTICS.items():
        of = _Swapped(statistic, probabilities, right, new.answerable)
        columns = np.arange(len(new.ids))
        before, after = of(np.zeros_like(columns), columns), of(np.ones_like(columns), columns)
        if np.isnan(after - before):
            continue
        low, high = statistic_interval(of.difference, len(columns))
        yield Difference(ANSWER, measure, before, after, after - before, low, high, of.p(after - before), 1.0, len(columns), 0, 0)


@dataclass(frozen=True, slots=True)
class _Swapped:
    """A statistic of the outcomes that `side` (n,) picks for each question: 0 the baseline's, 1 the run's."""

    statistic: Callable[[Floats, Booleans, Booleans], float]
    probabilities: Floats  # (2, n)
    right: Booleans  # (2, n)
    answerable: Booleans  # (n,)

    def __call__(self, side: Integers, columns: Integers) -> float:
        return self.statistic(self.probabilities[side, columns], self.right[side, columns], self.answerable[columns])

    def difference(self, columns: Integers) -> float:
        return self(np.ones_like(columns), columns) - self(np.zeros_like(columns), columns)

    def p(self, observed: float) -> float:
        """As `resampling.randomisation_p`, for a statistic that is no mean."""
        random = np.random.default_rng(SEED)
        columns = np.arange(self.answerable.size)
        as_large = 0
        for _ in range(_SWAPS):
            side = random.integers(0, 2, size=columns.size)
            swapped = self(side, columns) - self(1 - side, columns)
            as_large += bool(abs(swapped) >= abs(observed) - 1e-12)
        return (1 + as_large) / (1 + _SWAPS)


def compare_all(runs: Sequence[Run], *, only: Collection[str] = (), judged_by: Collection[str] = ()) -> list[Comparison]:
    """Each further run compared with the first."""
    return [compare(runs[0], run, only=only, judged_by=judged_by) for run in runs[1:]]
