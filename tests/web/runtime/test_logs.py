from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from qa.base.scopes import Scope
from qa.base.settings import load_settings
from qa.service.service import Service
from qa.service.state.tokens import TokenFile
from web.app import create_app
from web.runtime.logs import configure_logs

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
SECRETS = ("xylophone", "Sorrowby", "zeppelin", "marmalade", "tok_abc123", "sailmaker")


def ask_everything(client: httpx.Client) -> None:
    """Requests whose bodies, addresses, queries and headers hold words that nobody else writes."""
    client.post("/v1/answers", json={"question": QUESTION}, headers={"X-Request-Id": "mine-1"})
    client.post("/v1/answers", json={"question": f"Who met the xylophone? {QUESTION}", "stream": True})
    client.post("/v1/search", json={"question": "zeppelin", "k": "zeppelin"})
    client.post("/v1/articles", json={"articles": [{"id": "marmalade", "text": "The sailmaker plays the xylophone."}]})
    client.get("/v1/articles/marmalade", params={"version": "zeppelin"})
    client.get("/library", params={"q": "zeppelin"}, headers={"Accept": "text/html"})
    client.get("/zeppelin/marmalade", params={"token": "tok_abc123"}, headers={"Authorization": "Bearer tok_abc123"})
    client.post("/ask", data={"question": "A xylophone?"}, headers={"Cookie": "token=tok_abc123"})
    client.request("ZEPPELIN", "/v1/index")


def served(folder: Path, start_server: Callable, *flags: str) -> list[str]:
    """What a server says on both its streams that is asked everything and then stopped."""
    server = start_server(folder, *flags).wait_until_ready()
    ask_everything(server.client)
    assert server.stop() == 0
    server.reading.join()
    return [line for line in server.said if "serves" not in line and not line.startswith(("Ready after", "Stopped."))]


def test_what_a_proxy_says_of_its_client_is_logged_where_it_is_an_address(sample_copy: Path, start_server: Callable) -> None:
    file = TokenFile(sample_copy.parent / "tokens.json")
    secret = file.create(Scope.READ)[1]
    flags = ("--log-format", "json", "--token-file", str(file.path))
    server = start_server(sample_copy, *flags, trusted_proxies="127.0.0.1").wait_until_ready()
    for told in ("203.0.113.9", "<script>zeppelin"):
        headers = {"Authorization": f"Bearer {secret}", "X-Forwarded-For": told}
        assert server.client.get("/v1/models", headers=headers).status_code == 200
    assert server.stop() == 0
    server.reading.join()
    lines = [json.loads(line) for line in server.said if line.startswith("{")]
    assert [line["client"] for line in lines] == ["203.0.113.9", ""]


def test_each_request_is_one_json_line_without_a_word_that_a_client_wrote(sample_copy: Path, start_server: Callable) -> None:
    said = served(sample_copy, start_server, "--log-format", "json")
    lines = [json.loads(line) for line in said]
    assert [word for word in SECRETS if word.lower() in "\n".join(said).lower()] == []
    assert len(lines) == 9
    first, stream, *_ = lines
    assert (first["event"], first["level"], first["request_id"]) == ("request", "info", "mine-1")
    assert (first["method"], first["route"], first["status"], first["client"]) == ("POST", "/v1/answers", 200, "127.0.0.1")
    assert datetime.fromisoformat(first["time"]).utcoffset() is not None
    assert first["answer"] == "answered"
    assert set(first["stages_ms"]) == {"encode", "search", "read", "compose", "total"}
    assert first["milliseconds"] >= first["stages_ms"]["total"]
    assert stream["answer"] in ("answered", "weak", "not_found")
    assert [(line["route"], line["status"]) for line in lines[2:7]] == [
        ("/v1/search", 422),
        ("/v1/articles", 200),
        ("/v1/articles/{article_id}", 410),
        ("/library", 200),
        ("", 404),
    ]
    assert (lines[2]["problem"], lines[8]["method"]) == ("invalid-request", "other")
    assert {line["process"] for line in lines} == {first["process"]}


def test_questions_stand_in_the_log_where_they_are_let(sample_copy: Path, start_server: Callable) -> None:
    said = served(sample_copy, start_server, "--log-format", "json", "--log-questions")
    assert json.loads(said[0])["question"] == QUESTION
    assert [word for word in ("tok_abc123", "marmalade", "sailmaker") if word in "\n".join(said)] == []


def test_lines_for_people_have_the_same_facts(sample_copy: Path, start_server: Callable) -> None:
    said = served(sample_copy, start_server, "--log-format", "readable")
    assert "request_id='mine-1' method='POST' route='/v1/answers' status=200" in said[0]
    assert "\x1b" not in "\n".join(said)  # no terminal


def test_nothing_is_logged_of_requests_unless_it_is_asked_for(sample_copy: Path, start_server: Callable) -> None:
    assert served(sample_copy, start_server) == []


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    root, requests = logging.getLogger(), logging.getLogger("web.guards.observer")
    handlers, levels = list(root.handlers), (root.level, requests.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    requests.setLevel(levels[1])


@pytest.mark.usefixtures("logging_as_before")
@pytest.mark.parametrize("with_questions", [False, True])
def test_a_defect_is_a_line_with_the_request_and_where_it_happened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], with_questions: bool
) -> None:
    settings = load_settings(index=tmp_path, log_format="json", log_questions=with_questions)
    configure_logs(settings)
    app = create_app(Service(settings))

    def broken(q: str) -> None:
        try:
            raise KeyError(q)
        except KeyError as error:
            raise RuntimeError(f"no {q}") from error

    app.add_api_route("/v1/broken/{q}", broken)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    async def get() -> int:
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return (await client.get("/v1/broken/zeppelin", headers={"X-Request-Id": "mine-2"})).status_code

    assert asyncio.run(get()) == 500
    said = capsys.readouterr().err
    defect, request = map(json.loads, said.splitlines())
    assert (defect["level"], defect["event"]) == ("error", "request mine-2 (/v1/broken/{q}) failed")
    assert defect["request_id"] == request["request_id"] == "mine-2"
    assert (request["status"], request["problem"]) == (500, "internal")
    assert "in broken" in defect["exception"]
    assert defect["exception"].index("KeyError") < defect["exception"].rindex("RuntimeError")
    assert ("zeppelin" in said) == with_questions
