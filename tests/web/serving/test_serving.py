"""The server as a process: starting, stopping, and an index that others change, damage or replace meanwhile."""

from __future__ import annotations

import importlib.resources
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from forked import ForkedProcess

from qa.base.settings import ENGLISH_ENCODER
from qa.cli.app import main

QUESTION = {"question": "How old was Wilhelmina Sorrowby when she died?"}
RULE = {"QA_PASSAGE_CHARACTERS": "600", "QA_PASSAGE_OVERLAP_SENTENCES": "1", "HF_HUB_OFFLINE": "1"}


def run_qa(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qa", *map(str, arguments)],
        env={**os.environ, **RULE},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_alive_before_it_is_ready_and_ready_before_it_answers(sample_copy: Path, start_server: Callable) -> None:
    server = start_server(sample_copy, fresh=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            alive = server.client.get("/healthz")
            break
        except OSError:
            time.sleep(0.05)
    assert alive.status_code == 200
    early = server.client.post("/v1/answers", json=QUESTION)
    assert (early.status_code, early.json()["type"], early.headers["retry-after"]) == (503, "/problems/not-ready", "2")
    assert server.client.get("/readyz").status_code == 503
    server.wait_until_ready()
    assert server.client.get("/readyz").json() == {"status": "ready", "index_generation": 1}
    assert server.client.post("/v1/answers", json=QUESTION).json()["status"] == "answered"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_once_the_questions_in_work_are_answered(
    sample_copy: Path, start_server: Callable, number: signal.Signals
) -> None:
    server = start_server(sample_copy, shutdown_timeout_seconds=120).wait_until_ready()
    statuses: list[int] = []

    def ask() -> None:
        statuses.append(server.client.post("/v1/search", json={"question": "the harbour and the ferry", "k": 40}).status_code)

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for thread in asking:
        thread.start()
    server.wait_until(lambda: server.arrived("/v1/search") == 4)
    server.process.send_signal(number)
    for thread in asking:
        thread.join()
    assert server.process.wait(timeout=40) == 0
    assert statuses == [200] * 4
    assert server.said[-1] == "Stopped."


def test_a_port_in_use_is_told_before_anything_is_loaded(sample_copy: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_qa("--index", sample_copy, "serve", "--port", port)
    assert done.returncode == 1
    assert f"Port {port} is in use by another program. Choose another with --port" in done.stderr


def test_a_port_that_is_none_is_wrong_usage() -> None:
    assert run_qa("serve", "--port", "70000").returncode == 2


def test_an_index_of_another_passage_rule_is_told_and_the_server_ends(sample_copy: Path, start_server: Callable) -> None:
    server = start_server(sample_copy, passage_characters=900)
    assert server.process.wait(timeout=100) == 1
    server.reading.join()
    assert "passage_characters = '600'; now it is '900'" in "\n".join(server.said)


def test_a_missing_index_is_made_and_the_first_article_is_answered_from(tmp_path: Path, start_server: Callable) -> None:
    client = start_server(tmp_path / "new").wait_until_ready().client
    empty = client.post("/v1/answers", json=QUESTION).json()
    assert (empty["status"], empty["reason"]) == ("not_found", "no_articles")
    assert client.post("/v1/search", json=QUESTION).json()["hits"] == []
    listed = {"object": "list", "index_generation": 0, "data": [], "next_cursor": None, "filter_advice": []}
    assert client.get("/v1/articles").json() == listed
    assert client.get("/v1/index").json()["last_added_at"] is None
    text = "Wilhelmina Sorrowby died at the age of 94."
    assert client.post("/v1/articles", json={"articles": [{"text": text}]}).json()["added"] == 1
    assert client.post("/v1/answers", json=QUESTION).json()["answer"] == f"{text} [1]"


def test_asking_goes_on_while_another_process_adds(
    tmp_path: Path, start_server: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (importlib.resources.files("qa.evaluation.samples") / "articles.jsonl").read_text("utf-8").splitlines()
    (tmp_path / "first.jsonl").write_text(lines[0])
    (tmp_path / "rest.jsonl").write_text("\n".join(lines[1:]))
    index = tmp_path / "index"
    for name, value in RULE.items():
        monkeypatch.setenv(name, value)
    assert main(["--index", str(index), "add", str(tmp_path / "first.jsonl")]) == 0
    server = start_server(index).wait_until_ready()
    adding = ForkedProcess(["--index", str(index), "add", str(tmp_path / "rest.jsonl")], {**os.environ, **RULE}, tmp_path)
    asked, before = 0, set()
    while adding.poll() is None:
        response = server.client.post("/v1/answers", json={"question": "How much did the new Ropewalk Quay ferry terminal cost?"})
        assert (response.status_code, response.json()["status"]) == (200, "answered")
        before.add(response.json()["index_generation"])
        asked += 1
    assert adding.returncode == 0
    adding.stdout.close()
    assert asked > 10
    assert 1 in before
    answer = server.client.post("/v1/answers", json=QUESTION).json()
    assert (answer["status"], answer["index_generation"]) == ("answered", 2)


def test_adding_and_asking_at_once_in_one_server_both_succeed(tmp_path: Path, start_server: Callable) -> None:
    lines = (importlib.resources.files("qa.evaluation.samples") / "articles.jsonl").read_text("utf-8").splitlines()
    articles = [{"text": record["text"], "id": record["id"]} for record in map(json.loads, lines)]
    client = start_server(tmp_path / "index", requests_per_minute=0, encoder=ENGLISH_ENCODER).wait_until_ready().client
    client.post("/v1/articles", json={"articles": articles[:4]})
    added: list[dict] = []

    def add() -> None:
        for start in range(4, 44, 8):
            added.append(client.post("/v1/articles", json={"articles": articles[start : start + 8]}).json())

    adding = [threading.Thread(target=add)]
    adding[0].start()
    statuses = []
    while adding[0].is_alive():
        statuses.append(client.post("/v1/answers", json=QUESTION).status_code)
    assert [told["added"] for told in added] == [8] * 5
    assert set(statuses) == {200}
    assert client.get("/v1/index").json()["articles"] == 44


def test_an_index_that_vanishes_is_told_and_one_put_in_its_place_answers(
    sample_copy: Path, tmp_path: Path, start_server: Callable
) -> None:
    kept = Path(shutil.copytree(sample_copy, tmp_path / "kept"))
    server = start_server(sample_copy, requests_per_minute=0).wait_until_ready()
    assert server.client.post("/v1/answers", json=QUESTION).json()["status"] == "answered"
    shutil.rmtree(sample_copy)
    for _ in range(2):
        gone = server.client.post("/v1/answers", json=QUESTION)
        assert (gone.status_code, gone.json()["type"]) == (503, "/problems/index-unavailable")
        assert sample_copy.name in gone.json()["detail"] and "/" not in gone.json()["detail"]
    added = server.client.post("/v1/articles", json={"articles": [{"text": "One ship left."}]})
    assert (added.status_code, sample_copy.exists()) == (503, False)
    assert server.client.get("/readyz").status_code == 503
    assert server.client.get("/healthz").status_code == 200
    kept.rename(sample_copy)
    assert server.client.post("/v1/answers", json=QUESTION).json()["status"] == "answered"
    assert server.client.get("/readyz").status_code == 200


def test_a_damaged_index_is_told_and_answers_again_once_it_is_mended(sample_copy: Path, start_server: Callable) -> None:
    server = start_server(sample_copy, requests_per_minute=0).wait_until_ready()
    store = sample_copy / "store.sqlite"
    whole = store.read_bytes()
    store.write_bytes(bytes(len(whole)))
    damaged = server.client.post("/v1/answers", json=QUESTION)
    assert (damaged.status_code, damaged.json()["type"]) == (503, "/problems/index-unavailable")
    store.write_bytes(whole)
    assert server.client.post("/v1/answers", json=QUESTION).json()["status"] == "answered"


def test_an_index_replaced_by_one_of_another_rule_is_refused(sample_copy: Path, tmp_path: Path, start_server: Callable) -> None:
    (tmp_path / "one.txt").write_text("One ship left.")
    assert main(["--index", str(tmp_path / "other"), "add", str(tmp_path / "one.txt")]) == 0
    server = start_server(sample_copy).wait_until_ready()
    shutil.rmtree(sample_copy)
    (tmp_path / "other").rename(sample_copy)
    refused = server.client.post("/v1/answers", json=QUESTION)
    assert refused.status_code == 503
    assert "qa rebuild" in refused.json()["detail"]
