"""What the API's shapes carry is read back as it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qa.api.answer import AnswerShape, answer_of, answer_shape, earlier_turn
from qa.base.types import NO_FILTERS, Answer, Article, Citation, Filters, Reason, Status, Trace
from qa.service.service import Service

ASKED_AT = datetime(2025, 4, 2, 8, 30, 15, tzinfo=UTC)
SORROWBY = "How old was Wilhelmina Sorrowby when she died?"


def as_carried(answer: Answer) -> Answer:
    """The answer in the precision of the API, without what it does not carry."""
    return replace(
        answer,
        created_at=answer.created_at.replace(microsecond=0),
        confidence=replace(answer.confidence, probability=round(answer.confidence.probability, 4)),
        citations=tuple(map(_rounded, answer.citations)),
        nearest=tuple(map(_rounded, answer.nearest)),
        statements=tuple(replace(one, citation=_rounded(one.citation)) for one in answer.statements),
        trace=Trace((), (), {stage: round(taken, 1) for stage, taken in answer.trace.timings_ms.items()}),
    )


def _rounded(citation: Citation) -> Citation:
    return replace(citation, score=round(citation.score, 4))


@pytest.fixture(scope="module")
def service(
    sample_index: Path,
    sample_articles: list[Article],
    tmp_path_factory: pytest.TempPathFactory,
    open_service: Callable[..., Service],
) -> Service:
    """Over the samples, each tenth of which another paper has, too."""
    service = open_service(Path(shutil.copytree(sample_index, tmp_path_factory.mktemp("copied") / "index")))
    service.add_articles(
        replace(one, id=f"copy-{one.id}", given_id=f"copy-{one.id}", source=None) for one in sample_articles[::10]
    )
    return service


@pytest.fixture(scope="module")
def answers(service: Service, sample_questions: list[dict[str, object]]) -> list[Answer]:
    """Real ones of every kind."""
    asked = [service.ask(str(record["question"]), asked_at=ASKED_AT) for record in sample_questions[::3]]
    earlier = [earlier_turn(answer_shape(service.ask(SORROWBY)))]
    filters = Filters(
        sources=("The Harbour Post",), published_from=date(2024, 12, 1), published_to=date(2025, 12, 31), language="en"
    )
    return [
        *asked,
        service.ask("When was she born?", earlier=earlier, asked_at=ASKED_AT),
        service.ask("What was in the news in March?", filters=filters, asked_at=ASKED_AT, threshold=0),
        service.ask(SORROWBY, filters=Filters(article_ids=("none",)), asked_at=ASKED_AT),
        service.ask("hello", asked_at=ASKED_AT),
    ]


def test_an_answer_is_read_back_from_its_shape_in_all_that_the_shape_carries(answers: list[Answer]) -> None:
    for answer in answers:
        shape = answer_shape(answer)
        read = answer_of(AnswerShape.model_validate_json(shape.model_dump_json()))
        assert read == as_carried(answer)
        assert read.short_answer == answer.short_answer
        assert answer_shape(read) == shape


def test_the_answers_that_are_read_back_are_of_every_kind(answers: list[Answer]) -> None:
    assert {answer.status for answer in answers} == set(Status)
    assert {answer.reason for answer in answers} >= {Reason.ALL_FILTERED_OUT, Reason.NOT_A_QUESTION}
    assert any(answer.inherited for answer in answers)
    assert any(answer.date_ranges for answer in answers)
    assert any(answer.filters != NO_FILTERS for answer in answers)
    assert any(answer.nearest for answer in answers)
    assert any(citation.answer for answer in answers for citation in answer.citations[1:])
    assert any(citation.also_in for answer in answers for citation in (*answer.citations, *answer.nearest))


def test_an_answer_that_an_earlier_qa_kept_is_read_without_what_it_lacks(answers: list[Answer]) -> None:
    answer = next(answer for answer in answers if answer.short_answer)
    kept = answer_shape(answer).model_dump(
        mode="json", exclude={"carried": True, "citations": {"__all__": {"score", "short_answer"}}}
    )
    read = answer_of(AnswerShape.model_validate(kept))
    assert read.citations == tuple(replace(citation, score=0.0, answer=None) for citation in answer.citations)
