"""A set of judged questions, asked of an index: what each stage of the trace made of each → a Run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from qa.answer.passage_order import after_reading
from qa.base.errors import DatasetError, QuestionError, RunError
from qa.base.stages import AFTER_READING, ANSWER, READ, STAGES
from qa.base.types import OF_ANY_TIME, Answer, Citation, Evidence, Ranking, Status, Trace, parse_passage_id
from qa.base.version import __version__
from qa.evaluation.articles import AnswerWords, Articles, StoredArticles, text_of
from qa.evaluation.indexes import IndexPlan
from qa.evaluation.judgements import Dataset, JudgedQuestion
from qa.evaluation.judging import ItemisedQuestion, Itemiser
from qa.evaluation.kinds import answer_type, question_word, word_count
from qa.evaluation.measures import answer_f1, exact_match
from qa.evaluation.ranking import ranked_together
from qa.evaluation.runs import (
    RECORDED_SETTINGS,
    AnswerOutcome,
    DatasetFacts,
    IndexFacts,
    QuestionOutcome,
    RankedSpan,
    Run,
    RunFacts,
    StageOutcome,
)
from qa.evaluation.trec_runs import TrecRun, ranked_spans
from qa.index.store import open_store
from qa.service.service import Service

Wording = Literal["question", "standalone"]
_DECIMALS = 6  # of scores and probabilities in a run
_BATCH = 64  # questions encoded together


@dataclass(frozen=True, slots=True)
class Plan:
    """How to measure: which stages, how conversations are asked, and how many hits of a stage a run keeps.

    Where none of `after_reading`, `read` and `answer` is among the stages, nothing is read and questions are encoded in batches.
    `limit` takes so many questions, evenly spread over the set. `kept` is of each stage but the answer, which is whole.
    """

    stages: tuple[str, ...] = STAGES
    wording: Wording = "question"
    limit: int | None = None
    kept: int = 10

    @property
    def reads(self) -> bool:
        return not {AFTER_READING, READ, ANSWER}.isdisjoint(self.stages)


def taken(dataset: Dataset, limit: int | None) -> tuple[JudgedQuestion, ...]:
    """The set's questions, or `limit` of them, evenly spread: the same ones for the same set."""
    if limit is None or limit >= len(dataset.questions):
        return dataset.questions
    step = len(dataset.questions) / limit
    return tuple(dataset.questions[int(which * step)] for which in range(limit))


def run_set(
    dataset: Dataset,
    service: Service,
    plan: Plan,
    *,
    index: IndexPlan,
    progress: Callable[[int, int], None],
    rankings: Callable[[str, Sequence[Ranking]], None] = lambda _id, _rankings: None,
) -> Run:
    """Ask the set of the service's index, which `index` was planned for.

    `progress` is told (done, total); `rankings` is given what each search stage ranked for a question id.

    Raises:
        DatasetError: a stage that there is not, or a set without a stand-alone wording when that is to be asked.
        IndexNotFound, IndexMismatch, IndexDamaged: as their names say.
    """
    questions = _checked(taken(dataset, plan.limit), plan)
    service.load()
    with open_store(service.folder) as store:
        generation, counts = store.generation, store.counts()
        measuring = _Measuring(StoredArticles(store), plan, questions, given=index.given)
        started = time.perf_counter()
        outcomes: list[QuestionOutcome] = []
        for outcome, ranked in (_answered if plan.reads else _searched)(measuring, service):
            outcomes.append(outcome)
            progress(len(outcomes), len(questions))
            rankings(outcome.id, ranked)
        seconds = time.perf_counter() - started
    moved = () if service.generation == generation else ("the index was changed while it was measured; measure it again",)
    facts = _facts(dataset, plan, len(questions), name=dataset.name, notes=(*index.notes, *measuring.notes, *moved))
    held, identity = service.settings, service.encoder.identity
    asked = IndexFacts(
        path=str(held.index),
        generation=generation,
        articles=counts.articles,
        passages=counts.passages,
        encoder=identity.name,
        encoder_digest=identity.digest,
        precision=identity.precision,
    )
    settings = {name: str(value) for name, value in held.model_dump(mode="json", include=set(RECORDED_SETTINGS)).items()}
    reads = held.read_passages if plan.reads else None
    return Run(replace(facts, index=asked, settings=settings, read_passages=reads, seconds=seconds), tuple(outcomes))


def judge_trec_run(
    dataset: Dataset, trec: TrecRun, articles: Articles, *, path: Path, kept: int, index: IndexPlan | None = None
) -> Run:
    """Somebody's TREC run, judged on the set: one stage under the run's tag. Questions it forgot are missed.

    `index` is that of the articles, None where they are the set's own.

    Raises:
        RunError: no question of the run is in the set.
    """
    plan = Plan(stages=(trec.tag,), kept=kept)
    measuring = _Measuring(articles, plan, dataset.questions, given=index.given if index else {})
    outcomes = tuple(
        measuring.outcome(question, [(trec.tag, trec.hits.get(question.judged.id, ()))], asked=None)
        for question in measuring.questions
    )
    ids = {question.id for question in dataset.questions}
    forgotten, unknown = len(ids - set(trec.hits)), len(set(trec.hits) - ids)
    if unknown == len(trec.hits):
        raise RunError(
            f"None of the {unknown:,} questions of {path} is in {dataset.path}. Judge it on the set that it was made for."
        )
    notes = [*trec.notes, *(index.notes if index else ()), *measuring.notes]
    if forgotten:
        notes.append(f"{forgotten:,} of the set's {len(ids):,} questions are not in the run; they count as missed")
    if unknown:
        notes.append(f"{unknown:,} questions of the run are not in the set and are left out")
    facts = _facts(dataset, plan, len(ids), name=trec.tag, notes=tuple(notes))
    return Run(replace(facts, source=str(path)), outcomes)


def _facts(dataset: Dataset, plan: Plan, questions: int, *, name: str, notes: tuple[str, ...]) -> RunFacts:
    """The facts of a run that asked no index; the others replace what is theirs."""
    return RunFacts(
        name=name,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        version=__version__,
        dataset=DatasetFacts(
            name=dataset.name,
            path=str(dataset.path),
            format=dataset.format,
            digest=dataset.digest,
            questions=questions,
            notes=dataset.notes,
            split=dataset.split,
            seed=dataset.seed,
        ),
        index=None,
        settings={},
        stages=plan.stages,
        read_passages=None,
        wording=plan.wording,
        source="qa",
        limit=plan.limit,
        seconds=0.0,
        processors=os.cpu_count() or 1,
        notes=notes,
    )


def _checked(questions: tuple[JudgedQuestion, ...], plan: Plan) -> tuple[JudgedQuestion, ...]:
    unknown = [stage for stage in plan.stages if stage not in STAGES]
    if unknown:
        raise DatasetError(f"There is no stage {unknown[0]!r}; there are {', '.join(STAGES)}.")
    if plan.wording == "standalone" and not any(question.standalone_question for question in questions):
        raise DatasetError("No question of this set has a stand-alone wording; leave --standalone out.")
    return questions


Asked = Iterator[tuple[QuestionOutcome, Sequence[Ranking]]]


class _Measuring:
    """The questions of one run with what is to be found for each, and how an outcome is made of what was found."""

    def __init__(self, articles: Articles, plan: Plan, questions: Sequence[JudgedQuestion], *, given: Mapping[str, str]) -> None:
        itemiser = Itemiser(articles.article, given=given)
        words = AnswerWords(articles)
        self.questions = [itemiser.itemise(question, stands_anywhere=words.stand_anywhere) for question in questions]
        self._articles = articles
        self._plan = plan
        self._has_answers = any(question.answers for question in questions)
        self._itemised = itemiser.notes
        self._refused: list[str] = []

    def refuse(self, question: ItemisedQuestion, error: QuestionError) -> QuestionOutcome:
        """A question that cannot be asked counts as forgotten."""
        self._refused.append(f"{question.judged.id}: {error}")
        return self.outcome(question, (), asked="")

    @property
    def notes(self) -> tuple[str, ...]:
        if not self._refused:
            return self._itemised
        return (
            *self._itemised,
            f"{len(self._refused):,} questions could not be asked and count as missed, first {self._refused[0]}",
        )

    def wording_of(self, question: ItemisedQuestion) -> str:
        standalone = question.judged.standalone_question if self._plan.wording == "standalone" else None
        return standalone or question.judged.question

    def outcome(
        self,
        question: ItemisedQuestion,
        stages: Sequence[tuple[str, Sequence[RankedSpan]]],
        *,
        asked: str | None,
        answer: Answer | None = None,
        timings_ms: Mapping[str, float] = MappingProxyType({}),
    ) -> QuestionOutcome:
        """`asked` are the words that were searched for, None where nobody knows."""
        judged = question.judged
        answers = judged.answers or tuple(judgement.quote for judgement in judged.judgements if judgement.quote)
        return QuestionOutcome(
            id=judged.id,
            judged_by=judged.judged_by,
            answerable=question.answerable,
            items=len(question.items),
            stages={name: self._stage(name, question, hits) for name, hits in stages if name in self._plan.stages},
            answer=self._answer(question, answer) if ANSWER in self._plan.stages else None,
            timings_ms={step: round(milliseconds, 3) for step, milliseconds in timings_ms.items()},
            wording_f1=_wording_f1(judged, asked),
            question_word=question_word(judged.question),
            words=word_count(judged.question),
            answer_type=answer_type(answers[0]) if answers else None,
            age_days=_days_between(judged.asked_at, question.newest),
            kind=judged.kind,
        )

    def _stage(self, name: str, question: ItemisedQuestion, hits: Sequence[RankedSpan]) -> StageOutcome:
        kept = len(hits) if name == ANSWER else self._plan.kept
        return question.outcome(hits, kept=kept, text_of=lambda hit: text_of(self._articles, hit))

    def _answer(self, question: ItemisedQuestion, answer: Answer | None) -> AnswerOutcome:
        """How right the answer is; a question that could not be asked has none, and no credit for that."""
        gold = () if question.answerable is False else question.judged.answers
        scored = bool(gold) or (self._has_answers and question.answerable is False)
        if answer is None:
            zero = 0.0 if scored else None
            nothing_said = question.statements_of(None, ())
            return AnswerOutcome(Status.NOT_FOUND, 0.0, False, 0, 0, 0, exact_match=zero, f1=zero, statements=nothing_said)
        cited = [_cited(citation) for citation in answer.citations]
        best = [_read(evidence) for evidence in answer.trace.evidence[:1]]
        prediction = answer.short_answer or (answer.citations[0].quote if answer.citations else "")
        return AnswerOutcome(
            status=answer.status,
            probability=round(answer.confidence.probability, _DECIMALS),
            best_right=any(map(question.is_right, best)),
            citations=len(cited),
            right_citations=sum(map(question.is_right, cited)),
            exact_citations=sum(map(self._is_exact, answer.citations)),
            exact_match=exact_match(prediction, gold) if scored else None,
            f1=answer_f1(prediction, gold) if scored else None,
            statements=question.statements_of(
                cited[0] if cited else None, [(one.relation, _cited(one.citation)) for one in answer.other_statements]
            ),
        )

    def _is_exact(self, citation: Citation) -> bool:
        article = self._articles.article(citation.article_id)
        return (
            article is not None
            and article.digest == citation.article_digest
            and article.text[citation.span.start : citation.span.end] == citation.quote
        )


def _searched(measuring: _Measuring, service: Service) -> Asked:
    for first in range(0, len(measuring.questions), _BATCH):
        yield from _searched_batch(measuring.questions[first : first + _BATCH], measuring, service)


def _searched_batch(batch: Sequence[ItemisedQuestion], measuring: _Measuring, service: Service) -> Asked:
    """The batch together, or one by one where a question of it cannot be asked."""
    try:
        ranked = ranked_together(
            service,
            [measuring.wording_of(question) for question in batch],
            asked_at=[moment_of(question.judged.asked_at) for question in batch],
        )
    except QuestionError as error:
        if len(batch) == 1:
            yield measuring.refuse(batch[0], error), ()
        else:
            for question in batch:
                yield from _searched_batch([question], measuring, service)
        return
    for question, result in zip(batch, ranked, strict=True):
        stages = [(ranking.scorer, ranked_spans(ranking)) for ranking in result.rankings]
        yield measuring.outcome(question, stages, asked=result.question, timings_ms=result.timings_ms), result.rankings


def _answered(measuring: _Measuring, service: Service) -> Asked:
    for question in measuring.questions:
        try:
            answer = service.ask(
                measuring.wording_of(question), asked_at=moment_of(question.judged.asked_at), filters=OF_ANY_TIME
            )
        except QuestionError as error:
            yield measuring.refuse(question, error), ()
            continue
        trace = answer.trace
        stages = [(ranking.scorer, ranked_spans(ranking)) for ranking in trace.rankings]
        stages.append((AFTER_READING, _passages_read(trace, service.settings.read_passages)))
        stages.append((READ, [_read(evidence) for evidence in trace.evidence]))
        stages.append((ANSWER, [_cited(citation) for citation in answer.citations]))
        asked = answer.standalone_question
        yield measuring.outcome(question, stages, asked=asked, answer=answer, timings_ms=trace.timings_ms), trace.rankings


def _wording_f1(judged: JudgedQuestion, asked: str | None) -> float | None:
    human = judged.standalone_question
    return answer_f1(asked, [human]) if asked is not None and human is not None and judged.earlier_questions else None


def _passages_read(trace: Trace, most: int) -> list[RankedSpan]:
    read = trace.rankings[-1].hits[:most] if trace.rankings else ()
    return [
        RankedSpan(*parse_passage_id(hit.passage_id), round(hit.score, _DECIMALS)) for hit in after_reading(read, trace.evidence)
    ]


def _read(evidence: Evidence) -> RankedSpan:
    return RankedSpan(evidence.article_id, evidence.span, round(evidence.score, _DECIMALS))


def _cited(citation: Citation) -> RankedSpan:
    return RankedSpan(citation.article_id, citation.span, round(citation.score, _DECIMALS))


def _days_between(asked_at: str | None, published: date | None) -> int | None:
    return (date.fromisoformat(asked_at[:10]) - published).days if asked_at and published else None


def moment_of(asked_at: str | None) -> datetime | None:
    """The clock that a question is asked by: of a day alone, its beginning in UTC."""
    if asked_at is None:
        return None
    moment = datetime.fromisoformat(asked_at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
