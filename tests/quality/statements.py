"""The questions on agreement, dispute and correction → how often the right statement leads, and how others stand to it.

    python tests/quality/statements.py [--list] [--fit]

Asks all questions in `agreement/` over an index of their articles, made in a temporary folder. A statement is right when its
citation lies in a sentence that makes it. `statement accuracy` is the share of questions whose first citation makes the leading
statement; `before` is that of the sentence that the reader puts first. The relations of the other statements count by their F1:
a statement that nobody makes is a false one, one that is not shown a missed one. `--list` names the questions that went wrong.
`--fit` prints the weights of `qa/answer/statements/matter.py`, each story judged by the others.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

import qa
from qa.answer.statements.grouping import Said
from qa.answer.statements.matter import Matter, Means, OfTheMatter
from qa.answer.statements.voices import Voice, meant, voices
from qa.base.protocols import Candidate
from qa.base.types import Answer, Evidence, Span
from qa.evaluation.resampling import mean_interval, statistic_interval
from qa.service import ask
from qa.service.service import Service
from qa.service.stating import means_of

SET = Path(__file__).parent / "agreement"
FOLDS = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A judged question, what was answered, and what was read for it before statements were made."""

    judged: Mapping[str, Any]
    answer: Answer
    evidence: Sequence[Evidence]
    candidates: Sequence[Candidate]
    means: Means | None

    @property
    def statements(self) -> list[Mapping[str, Any]]:
        return list(self.judged["statements"])

    @property
    def story(self) -> str:
        return str(self.statements[0]["spans"][0]["article_id"]).partition("-")[0]

    def makes(self, given_id: str, span: Span, statement: Mapping[str, Any]) -> bool:
        return any(
            given_id == one["article_id"] and span.start < one["end"] and one["start"] < span.end for one in statement["spans"]
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """How one question went: before statements, with them, and the relations that are right, false and missed."""

    id: str
    was_right: bool
    is_right: bool
    right: int
    false: int
    missed: int
    notes: Sequence[str]


def asked(service: Service) -> Iterator[Asked]:
    """Every question with its answer; what was read is taken where statements are made of it."""
    read: list[tuple[Sequence[Candidate], Sequence[Evidence], Means]] = []
    made = ask.said_by

    def watched(candidates: Sequence[Candidate], evidence: Sequence[Evidence], *rest: Any) -> list[Said]:
        read.append((candidates, evidence, means_of(rest[-1])))
        return made(candidates, evidence, *rest)

    ask.said_by = watched
    for line in (SET / "questions.jsonl").read_text().splitlines():
        judged = json.loads(line)
        read.clear()
        clock = datetime.fromisoformat(judged["asked_at"]) if "asked_at" in judged else None
        answer = service.ask(judged["question"], asked_at=clock)
        candidates, evidence, means = read[0] if read else ((), (), None)
        yield Asked(judged, answer, evidence, candidates, means)
    ask.said_by = made


def judged(one: Asked) -> Judged:
    leading, *others = one.statements
    given = {candidate.article.id: candidate.article.given_id for candidate in one.candidates}
    cited = one.answer.citations[:1]
    first = one.evidence[0] if one.evidence and cited else None
    found: set[int] = set()
    right, notes = 0, []
    for statement in one.answer.other_statements:
        citation = statement.citation
        place = next((at for at, other in enumerate(others) if one.makes(citation.given_id, citation.span, other)), None)
        if place is None or place in found:
            notes.append(f"false: {statement.value} ({statement.relation})")
            continue
        found.add(place)
        right += others[place]["relation"] == statement.relation
        if others[place]["relation"] != statement.relation:
            notes.append(f"{statement.value} is {others[place]['relation']}, not {statement.relation}")
    notes += [f"missed: {other['value']} ({other['relation']})" for at, other in enumerate(others) if at not in found]
    return Judged(
        id=one.judged["id"],
        was_right=first is not None and one.makes(given[first.article_id], first.span, leading),
        is_right=any(one.makes(citation.given_id, citation.span, leading) for citation in cited),
        right=right,
        false=len(one.answer.other_statements) - right,
        missed=len(others) - right,
        notes=notes,
    )


def f1(right: float, false: float, missed: float) -> float:
    return 2 * right / max(1.0, 2 * right + false + missed)


def report(outcomes: Sequence[Judged], *, listed: bool) -> None:
    if listed:
        for outcome in outcomes:
            if not outcome.is_right or outcome.notes:
                print(f"{outcome.id}: {'right' if outcome.is_right else 'WRONG'}; {'; '.join(outcome.notes)}")
    counts = np.array([(one.right, one.false, one.missed) for one in outcomes], np.float64)
    for name, values in (
        ("before", [one.was_right for one in outcomes]),
        ("with statements", [one.is_right for one in outcomes]),
    ):
        low, high = mean_interval(np.array(values, np.float64))
        print(f"statement accuracy, {name}: {np.mean(values):.3f} [{low:.3f}, {high:.3f}] (n {len(values)})")
    right, false, missed = counts.sum(axis=0)
    low, high = statistic_interval(lambda drawn: f1(*counts[drawn].sum(axis=0)), len(outcomes))
    print(f"relation F1: {f1(right, false, missed):.3f} [{low:.3f}, {high:.3f}]")
    print(f"other statements: {right:.0f} right, {false:.0f} false, {missed:.0f} missed")
    for kind in dict.fromkeys(one.id.partition("-")[0] for one in outcomes):
        of_kind = [one for one in outcomes if one.id.startswith(kind)]
        print(f"  {kind}: {sum(one.was_right for one in of_kind)} → {sum(one.is_right for one in of_kind)} of {len(of_kind)}")


def fit(all_asked: Sequence[Asked]) -> None:
    """What makes an article's answer one to the same question: a logistic regression, each story judged by the others."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import precision_score, recall_score, roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict

    rows = [(list(asdict(signs).values()), is_said, one.story) for one in all_asked for signs, is_said in _signs(one)]
    signs, said, stories = np.array([row[0] for row in rows]), np.array([row[1] for row in rows]), [row[2] for row in rows]
    model = LogisticRegression()
    judged_by_others = cross_val_predict(model, signs, said, groups=stories, cv=GroupKFold(FOLDS), method="predict_proba")[:, 1]
    names = [field.name for field in fields(OfTheMatter)]
    others = signs[:, names.index("says_the_same")] == 0
    area = roc_auc_score(said[others], judged_by_others[others])
    print(f"{len(rows)} voices, {others.sum()} with another value, AUROC of these {area:.3f}")
    for threshold in (0.35, 0.45, 0.55, 0.65):
        passes = judged_by_others[others] > threshold
        print(f"  {threshold}: {precision_score(said[others], passes):.2f} right, {recall_score(said[others], passes):.2f} found")
    model.fit(signs, said)
    print(dict(zip(names, model.coef_[0].round(3).tolist(), strict=True)), model.intercept_.round(3).tolist())


def _signs(one: Asked) -> Iterator[tuple[OfTheMatter, bool]]:
    if one.means is None or not one.evidence or one.evidence[0].answer is None:
        return
    given = {candidate.article.id: candidate.article.given_id for candidate in one.candidates}
    of_articles = voices(one.answer.standalone_question, one.evidence, one.candidates, one.means.days_in)
    first = meant(of_articles[0], one.means.days_in)
    matter = Matter(one.answer.standalone_question, first, one.means)
    for of_article in of_articles[1:]:
        compared: list[Voice] = [voice for voice in of_article if matter.compares(voice)]
        if compared:
            voice = meant(compared, one.means.days_in)
            says = (one.makes(given[voice.evidence.article_id], voice.evidence.span, statement) for statement in one.statements)
            yield matter.signs(voice), any(says)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="name the questions that went wrong")
    parser.add_argument("--fit", action="store_true", help="print the weights of the matter too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, qa.open(Path(folder) / "index", keep_answers_days=0) as service:
        service.add([SET / "articles.jsonl"])
        all_asked = list(asked(service))
    report([judged(one) for one in all_asked], listed=options.list)
    if options.fit:
        fit(all_asked)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
