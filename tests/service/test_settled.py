"""Questions for yes or no: of several reports the latest answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.base.types import Article
from qa.service.service import Service

HOPE = "The engineers hope to have the Weighhouse Bridge open again in October."
REPORT = "The baker was in the first van over the Weighhouse Bridge when it opened again on Saturday."


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, open_service: Callable[[Path], Service]) -> Service:
    service = open_service(tmp_path_factory.mktemp("settled") / "index")
    reports = (("hope", HOPE, "2024-03-08"), ("report", REPORT, "2025-01-20"), ("other", "Rain fell all day.", "2025-02-01"))
    service.add_articles(Article(name, name, "The bridge", text, published_at=day) for name, text, day in reports)
    return service


def test_a_question_for_yes_or_no_is_answered_by_the_latest_sentence_that_settles_it(service: Service) -> None:
    answer = service.ask("Is the Weighhouse Bridge open again?", threshold=0)
    assert answer.trace.evidence[0].quote == answer.citations[0].quote == REPORT


def test_any_other_question_is_answered_by_the_best_sentence(service: Service) -> None:
    answer = service.ask("When do the engineers hope to have the Weighhouse Bridge open again?", threshold=0)
    assert answer.citations[0].quote == HOPE
