"""The everyday questions over our samples and over BBC news → how well they are answered, and every failure.

    python tests/quality/everyday.py [NAME …] [--bbc ../shared/data/dev/news_bbc] [--out indexes/everyday] [--failures]

The questions are typed as people type them: short, in lower case, some of them yes-or-no, and 40 of the 150 without an answer.
Each is judged by the sentences that answer it, as offsets. `short_answers` are the places of the words that would do. No text
of BBC news is kept here: its articles come from --bbc, and their digests say whether they are the ones that were judged. NAME
is `samples` or `bbc`. The first run makes an index of each collection under --out. With --failures every question that went
wrong is printed with what was shown and what was right: for reading, not for keeping.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from judged_articles import articles_file, digests_in, refuse_others

from qa.base.settings import load_settings
from qa.base.stages import SEARCH_STAGES
from qa.base.types import OF_ANY_TIME, Span, Status
from qa.cli.app import main as qa
from qa.evaluation.articles import GivenArticles
from qa.evaluation.datasets.articles import article_drafts
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.indexes import set_articles
from qa.evaluation.judgements import JudgedQuestion
from qa.evaluation.report.slices import Share
from qa.evaluation.resampling import mean_interval
from qa.evaluation.runner import moment_of
from qa.evaluation.runs import QuestionOutcome, Run, read_run
from qa.service.service import Service

ROOT = Path(__file__).resolve().parents[2]
EVERYDAY = ROOT / "tests" / "quality" / "everyday"
SAMPLES = ROOT / "qa" / "evaluation" / "samples"
QUESTIONS, DIGESTS = "questions.jsonl", "digests.json"
NAMES = ("samples", "bbc")
READ_NOW, READ_MOST = 5, 12  # passages
SHOWN = 3  # right sentences of a failure


def judged(name: str) -> list[dict[str, object]]:
    """The judged questions of a collection, as they are kept."""
    return [json.loads(line) for line in (EVERYDAY / name / QUESTIONS).read_text("utf-8").splitlines()]


def join(name: str, articles: Path, out: Path) -> Path:
    """A folder that `qa evaluate` reads: the articles, and the questions with the words of their short answers.

    Raises:
        SystemExit: there are no such articles, or some are not those that were judged.
    """
    file = articles_file(articles, "--bbc")
    texts = {str(draft.given_id): draft.text for draft in article_drafts(file)}
    refuse_others(texts, digests_in(EVERYDAY / name / DIGESTS))
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, folder / file.name)
    lines = [json.dumps(_with_answers(record, texts), ensure_ascii=False) for record in judged(name)]
    (folder / QUESTIONS).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return folder


def _with_answers(record: dict[str, object], texts: Mapping[str, str]) -> dict[str, object]:
    places = record["short_answers"]
    assert isinstance(places, list)
    words = [Span(place["start"], place["end"]).of(texts[place["article_id"]]) for place in places]
    return record | {"answers": list(dict.fromkeys(words))}


def evaluate(folder: Path, out: Path) -> Run:
    """The run of one joined set over an index of its own, as `qa evaluate` makes it."""
    run = out / f"{folder.name}.jsonl.gz"
    if qa(["evaluate", str(folder), "--index", str(index_of(folder)), "--keep", "1", "--out", str(run)]):
        raise SystemExit(1)
    return read_run(run)


def index_of(folder: Path) -> Path:
    return folder / "index"


# Figures


def figures(name: str, outcomes: Sequence[QuestionOutcome]) -> Iterator[str]:
    """A heading and one line for each figure, with n and the 95 % interval."""
    known = [one for one in outcomes if one.answerable]
    unknown = [one for one in outcomes if one.answerable is False]
    scored = [one for one in known if one.answer is not None and one.answer.exact_match is not None]
    yield f"{name}: {len(outcomes)} questions, {len(unknown)} without an answer"
    for most in (READ_NOW, READ_MOST):
        yield _share(f"a right passage in the first {most}", [_found(one, most) for one in known])
    yield _share("best sentence right", [_is_right(one) for one in known])
    yield _mean("short answer, exact match", [one.answer.exact_match or 0.0 for one in scored if one.answer])
    yield _mean("short answer, F1", [one.answer.f1 or 0.0 for one in scored if one.answer])
    for group, ones in (("with an answer", known), ("without", unknown)):
        for status in Status:
            yield _share(f"{group}: {status.replace('_', ' ')}", [_status(one) is status for one in ones])
    for status in (Status.ANSWERED, Status.WEAK):
        shown = [one for one in outcomes if _status(one) is status]
        yield _share(f"wrong of what is {status}", [not _is_right(one) for one in shown])


def _found(outcome: QuestionOutcome, most: int) -> bool:
    stage = outcome.stages.get(SEARCH_STAGES[-1])
    return stage is not None and stage.first_rank is not None and stage.first_rank <= most


def _is_right(outcome: QuestionOutcome) -> bool:
    return outcome.answer is not None and outcome.answer.best_right


def _status(outcome: QuestionOutcome) -> Status:
    return outcome.answer.status if outcome.answer else Status.NOT_FOUND


def _share(what: str, hits: Sequence[bool]) -> str:
    share = Share(sum(hits), len(hits))
    return _line(what, share.value, share.interval, share.n)


def _mean(what: str, values: Sequence[float]) -> str:
    array = np.array(values, dtype=float)
    return _line(what, float(array.mean()) if values else float("nan"), mean_interval(array), len(values))


def _line(what: str, value: float, interval: tuple[float, float], n: int) -> str:
    return f"  {what:<34} {value:.3f} [{interval[0]:.3f}, {interval[1]:.3f}]  n {n}"


# Failures


def fault(outcome: QuestionOutcome) -> str:
    """Why a question counts as failed; empty when it does not."""
    status = _status(outcome)
    if outcome.answerable is False:
        return "" if status is Status.NOT_FOUND else f"{status}, though nothing answers it"
    if not _found(outcome, READ_MOST):
        return f"no right passage in the first {READ_MOST}"
    if not _is_right(outcome):
        return "another sentence is the best"
    if status is Status.NOT_FOUND:
        return "the sentence is right, and is not shown"
    return "the sentence is right, the short answer is not" if outcome.answer and outcome.answer.exact_match == 0 else ""


def failures(folder: Path, run: Run) -> Iterator[str]:
    """Each question that went wrong: why, what was shown, and what would be right."""
    dataset = read_dataset(folder)
    questions = {question.id: question for question in dataset.questions}
    texts = GivenArticles(set_articles(dataset))
    settings = load_settings().model_copy(update={"index": index_of(folder)})
    with Service(settings) as service:
        for outcome in run.outcomes:
            if why := fault(outcome):
                yield f"{outcome.id}  {questions[outcome.id].question}  ({why})"
                yield from _shown(questions[outcome.id], service)
                yield from _right(questions[outcome.id], texts)


def _shown(question: JudgedQuestion, service: Service) -> Iterator[str]:
    answer = service.ask(question.question, asked_at=moment_of(question.asked_at), filters=OF_ANY_TIME)
    best = answer.trace.evidence[0] if answer.trace.evidence else None
    short = answer.short_answer or "–"
    yield f"    {answer.status} {answer.confidence.probability:.2f}  {short!r}  {best.quote if best else 'nothing'}"


def _right(question: JudgedQuestion, texts: GivenArticles) -> Iterator[str]:
    best = sorted(question.judgements, key=lambda judgement: -judgement.grade)[:SHOWN]
    for judgement in best:
        article = texts.article(judgement.article_id)
        if article is not None and judgement.span is not None:
            yield f"    right: {judgement.span.of(article.text)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these: " + ", ".join(NAMES))
    parser.add_argument("--bbc", type=Path, default=Path("../shared/data/dev/news_bbc"), help="the folder of the BBC articles")
    parser.add_argument("--out", type=Path, default=ROOT / "indexes" / "everyday", help="where the indexes and runs are kept")
    parser.add_argument("--failures", action="store_true", help="print each question that went wrong")
    arguments = parser.parse_args()
    wanted = [name for name in NAMES if not arguments.names or name in arguments.names]
    outcomes: list[QuestionOutcome] = []
    for name in wanted:
        folder = join(name, SAMPLES if name == "samples" else arguments.bbc, arguments.out)
        run = evaluate(folder, arguments.out)
        outcomes += run.outcomes
        print("\n".join(figures(name, run.outcomes)), flush=True)
        if arguments.failures:
            print("\n".join(failures(folder, run)), flush=True)
    if len(wanted) > 1:
        print("\n".join(figures("both", outcomes)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
