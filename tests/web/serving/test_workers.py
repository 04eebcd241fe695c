"""`qa serve --workers 2`: two processes, one index, one address."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from qa.base.types import Article
from qa.cli.app import main
from qa.service.service import Service

QUESTION = "How old was Wilhelmina Sorrowby when she died?"


@pytest.fixture(scope="module")
def obituary(
    open_service: Callable[..., Service], sample_articles: list[Article], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """An index of the one article that answers, in which workers find little to do as they start."""
    folder = tmp_path_factory.mktemp("obituary") / "index"
    with open_service(folder) as opened:
        opened.add_articles(article for article in sample_articles if article.id == "sorrowby-obituary")
    return folder


@pytest.fixture
def two(obituary: Path, tmp_path: Path, start_server: Callable) -> Any:
    return _two(Path(shutil.copytree(obituary, tmp_path / "index")), start_server)


@pytest.fixture(scope="module")
def lasting(obituary: Path, tmp_path_factory: pytest.TempPathFactory, start_server: Callable) -> Iterator[Any]:
    """Two for all tests that leave both at work."""
    server = _two(Path(shutil.copytree(obituary, tmp_path_factory.mktemp("two") / "index")), start_server)
    yield server
    server.stop()


def _two(folder: Path, start_server: Callable) -> Any:
    server = start_server(folder, "--workers", "2", "--log-format", "json", fresh=True, requests_per_minute=0)
    return server.wait_until_ready()


def logged(server: Any) -> list[dict]:
    return [json.loads(line) for line in list(server.said) if line.startswith("{")]


def ask(server: Any, question: str = QUESTION) -> str:
    """The answer that one of the workers gives, over a connection of its own."""
    response = httpx.post(f"{server.url}/v1/answers", json={"question": question}, timeout=60)
    return str(response.raise_for_status().json()["answer"])


def answered_by(server: Any) -> list[int]:
    """The process of each answer that has been logged."""
    return [line["process"] for line in logged(server) if line.get("answer")]


def workers_that_answer(server: Any, question: str, expected: str, *, without: frozenset[int] = frozenset()) -> set[int]:
    """The ids of two processes that were asked, and gave this answer; those `without` may not be among them."""
    before = len(answered_by(server))
    for asked in range(before + 4, 2_000, 4):
        with ThreadPoolExecutor(4) as together:
            assert set(together.map(lambda _: ask(server, question), range(4))) == {expected}
        server.wait_until(partial(lambda asked: len(answered_by(server)) >= asked, asked))
        found = set(answered_by(server)[before:])
        assert not found & without
        if len(found) == 2:
            break
    return found


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_both_answer_know_at_once_what_was_added_and_count_together(lasting: Any) -> None:
    answer = ask(lasting)
    assert answer.endswith("at the age of 94. [1]")
    workers = workers_that_answer(lasting, QUESTION, answer)
    assert lasting.process.pid not in workers
    for number in range(3):
        text = f"The keeper of lighthouse {number} is called Barnaby Quill{number}."
        added = lasting.client.post("/v1/articles", json={"articles": [{"text": text}]}).json()
        assert added["added"] == 1
        assert workers_that_answer(lasting, f"Who is the keeper of lighthouse {number}?", f"{text} [1]") == workers
    assert lasting.metric("qa_answers_total") == len(answered_by(lasting))
    assert lasting.metric("qa_index_generation") == 4
    assert lasting.metric("qa_http_requests_in_flight") == 1


def test_a_worker_that_dies_is_replaced(lasting: Any) -> None:
    answer = ask(lasting)
    workers = workers_that_answer(lasting, QUESTION, answer)
    killed = min(workers)
    os.kill(killed, signal.SIGKILL)
    lasting.wait_until(lambda: any(f"Worker {killed} ended with code -9" in line["event"] for line in logged(lasting)))
    assert workers_that_answer(lasting, QUESTION, answer, without=frozenset({killed})) != workers


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_once_the_questions_in_work_are_answered(two: Any, number: int) -> None:
    workers = workers_that_answer(two, QUESTION, ask(two))
    with ThreadPoolExecutor(8) as together:
        asked = [together.submit(ask, two) for _ in range(8)]
        answered = len(logged(two))
        two.wait_until(lambda: two.metric("qa_http_requests_in_flight") >= 5 or len(logged(two)) > answered + 4)
        two.process.send_signal(number)
        two.process.wait(timeout=40)
        failures = [type(one.exception()) for one in asked if one.exception()]
    assert two.process.returncode == 0
    assert set(failures) <= {httpx.ConnectError, httpx.ReadError}
    assert [worker for worker in workers if is_alive(worker)] == []


def test_workers_end_when_the_process_that_watches_them_is_killed(two: Any) -> None:
    workers = workers_that_answer(two, QUESTION, ask(two))
    two.process.kill()
    two.wait_until(lambda: not any(map(is_alive, workers)))


def test_a_new_index_is_made_once_and_an_index_that_cannot_be_opened_ends_all(tmp_path: Path, start_server: Callable) -> None:
    new = start_server(tmp_path / "new", "--workers", "2", fresh=True).wait_until_ready()
    assert new.client.get("/v1/index").json()["articles"] == 0
    assert new.stop() == 0
    (tmp_path / "new" / "store.sqlite").write_bytes(b"no store" * 1_000)
    broken = start_server(tmp_path / "new", "--workers", "2", fresh=True)
    assert broken.process.wait(timeout=60) == 1
    broken.reading.join()
    assert "qa: " in broken.said[-1]


def test_conversations_in_memory_and_several_workers_exclude_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--index", str(tmp_path), "serve", "--workers", "2", "--no-history"]) == 2
    assert "--workers 2 needs kept conversations, which all of them can read" in capsys.readouterr().err
