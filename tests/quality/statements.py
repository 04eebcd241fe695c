"""The questions on agreement, dispute and correction → how often the right statement leads, and how others stand to it.

    python tests/quality/statements.py [own|news] [--list] [--fit]
    python tests/quality/statements.py news [--articles ../shared/data/dev/realtimeqa_2024_autumn]

Evaluates the questions in `agreement/`, over an index of their articles in a temporary folder, or those in `agreement_news/`, as
`qa evaluate` does. It prints the same figures with one more: `before` is the accuracy of the sentence that the reader puts
first. `--list` names the questions that went wrong. `--fit` prints the weights of `qa/answer/statements/matter.py`, each story
judged by the others.

No text of the news is kept here: the articles come from `--articles`, and their digests say which they are and whether they are
those that were judged. They and their index are kept under `--out`, and `qa evaluate` reads that folder too.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from judged_articles import articles_file, digests_in, refuse_others

import qa
from qa.answer.statements.grouping import Said
from qa.answer.statements.matter import Matter, Means, OfTheMatter
from qa.answer.statements.voices import Voice, meant, voices
from qa.base.protocols import Candidate
from qa.base.stages import ANSWER
from qa.base.types import Evidence, Span
from qa.corpus.formats.article_draft import ArticleDraft
from qa.evaluation.datasets.articles import article_drafts
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.figures import RELATION_F1, STATEMENT_ACCURACY, figures
from qa.evaluation.indexes import plan_index
from qa.evaluation.resampling import mean_interval
from qa.evaluation.runner import Plan, run_set
from qa.evaluation.runs import Run, StatementsOutcome
from qa.service import ask
from qa.service.service import Service
from qa.service.stating import means_of

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
OWN, NEWS = HERE / "agreement", HERE / "agreement_news"
QUESTIONS, ARTICLES = "questions.jsonl", "articles.jsonl"
FOLDS = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A judged question, how its answer went, and what was read for it before statements were made."""

    judged: Mapping[str, Any]
    outcome: StatementsOutcome
    is_shown: bool
    question: str
    evidence: Sequence[Evidence]
    candidates: Sequence[Candidate]
    means: Means

    @property
    def statements(self) -> list[Mapping[str, Any]]:
        return list(self.judged["statements"])

    @property
    def story(self) -> str:
        return str(self.statements[0]["spans"][0]["article_id"]).partition("-")[0]

    @property
    def was_right(self) -> bool:
        """Whether the reader's first sentence makes the leading statement, where an answer is shown."""
        return self.is_shown and any(self.makes(one, self.statements[0]) for one in self.evidence[:1])

    def makes(self, evidence: Evidence, statement: Mapping[str, Any]) -> bool:
        given = next(one.article.given_id for one in self.candidates if one.article.id == evidence.article_id)
        return any(
            given == one["article_id"] and evidence.span.overlaps(Span(one["start"], one["end"])) for one in statement["spans"]
        )


def join(articles: Path, out: Path) -> Path:
    """A folder that `qa evaluate` reads: the questions over news, and the articles that were judged for them.

    Raises:
        SystemExit: there are no such articles, or some are not those that were judged.
    """
    digests = digests_in(NEWS / "digests.json")
    drafts = [draft for draft in article_drafts(articles_file(articles, "--articles")) if draft.given_id in digests]
    refuse_others({str(draft.given_id): draft.text for draft in drafts}, digests)
    out.mkdir(parents=True, exist_ok=True)
    (out / ARTICLES).write_text("".join(f"{_line(draft)}\n" for draft in drafts), "utf-8")
    shutil.copyfile(NEWS / QUESTIONS, out / QUESTIONS)
    return out


def _line(draft: ArticleDraft) -> str:
    named = {"id": draft.given_id, "title": draft.title, "text": draft.text, "url": draft.url, "source": draft.source}
    return json.dumps(named | {"author": draft.author, "published_at": draft.published_at}, ensure_ascii=False)


def evaluated(service: Service, folder: Path) -> tuple[Run, list[Asked]]:
    """The run of the set, and every question with what was read, which is taken where statements are made of it."""
    read: list[tuple[str, Sequence[Evidence], Sequence[Candidate], Means]] = []
    made = ask.said_by

    def watched(candidates: Sequence[Candidate], evidence: Sequence[Evidence], *rest: Any) -> list[Said]:
        read.append((rest[1], evidence, candidates, means_of(rest[-1])))
        return made(candidates, evidence, *rest)

    dataset = read_dataset(folder)
    ask.said_by = watched
    run = run_set(
        dataset, service, Plan(stages=(ANSWER,)), index=plan_index(dataset, service.folder, own=False), progress=lambda *_: None
    )
    ask.said_by = made
    lines = (folder / QUESTIONS).read_text("utf-8").splitlines()
    answers = [outcome.answer for outcome in run.outcomes]
    return run, [
        Asked(json.loads(line), answer.statements, answer.citations > 0, *what)
        for line, answer, what in zip(lines, answers, read, strict=True)
        if answer is not None and answer.statements is not None
    ]


def report(run: Run, all_asked: Sequence[Asked], *, listed: bool) -> None:
    if listed:
        for one in all_asked:
            if not one.outcome.leads or one.outcome.false or one.outcome.missed:
                is_right = "right" if one.outcome.leads else "WRONG"
                print(f"{one.judged['id']}: {is_right}; others: {one.outcome.false} false, {one.outcome.missed} missed")
    before = np.array([one.was_right for one in all_asked], np.float64)
    low, high = mean_interval(before)
    print(f"statement accuracy, before: {before.mean():.3f} [{low:.3f}, {high:.3f}] (n {len(before)})")
    for figure in figures(run):
        if figure.measure in (STATEMENT_ACCURACY, RELATION_F1):
            print(f"{figure.measure}: {figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}] (n {figure.n})")
    right, false, missed = (sum(getattr(one.outcome, name) for one in all_asked) for name in ("right", "false", "missed"))
    print(f"other statements: {right} right, {false} false, {missed} missed")
    for kind in dict.fromkeys(one.judged["id"].partition("-")[0] for one in all_asked):
        of_kind = [one for one in all_asked if one.judged["id"].startswith(kind)]
        print(
            f"  {kind}: {sum(one.was_right for one in of_kind)} → {sum(one.outcome.leads for one in of_kind)} of {len(of_kind)}"
        )


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
    if not one.evidence or one.evidence[0].answer is None:
        return
    of_articles = voices(one.question, one.evidence, one.candidates, one.means.days_in)
    first = meant(of_articles[0], one.means.days_in)
    matter = Matter(one.question, first, one.means)
    for of_article in of_articles[1:]:
        compared: list[Voice] = [voice for voice in of_article if matter.compares(voice)]
        if compared:
            voice = meant(compared, one.means.days_in)
            yield matter.signs(voice), any(one.makes(voice.evidence, statement) for statement in one.statements)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", default="own", choices=["own", "news"], help="which questions (default: own)")
    parser.add_argument("--list", action="store_true", help="name the questions that went wrong")
    parser.add_argument("--fit", action="store_true", help="print the weights of the matter too; of our own questions alone")
    parser.add_argument(
        "--articles", type=Path, default=Path("../shared/data/dev/realtimeqa_2024_autumn"), help="those of the news"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "indexes" / "agreement_news", help="where the news are kept")
    options = parser.parse_args()
    if options.fit and options.name == "news":
        parser.error("--fit goes with our own questions: an id of the news does not name its story")
    with tempfile.TemporaryDirectory() as temporary:
        folder = OWN if options.name == "own" else join(options.articles, options.out)
        index = Path(temporary) / "index" if options.name == "own" else folder / "index"
        with qa.open(index, keep_answers_days=0) as service:
            service.add([folder / ARTICLES])
            run, all_asked = evaluated(service, folder)
    report(run, all_asked, listed=options.list)
    if options.fit:
        fit(all_asked)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
