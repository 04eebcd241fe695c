"""/mcp as HTTP: what its guards refuse, what cannot be read, and what becomes of work whose client leaves."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import anyio
import httpx
import pytest
from anyio import from_thread
from starlette.types import Message

from qa.service.service import Service
from web.mcp.endpoint import McpEndpoint
from web.mcp.tools import TOOLS, Arguments, ToolResult
from web.problems import PROBLEM_TYPES
from web.runtime.running import Running

JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
MODERN = {"MCP-Protocol-Version": "2026-07-28"}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({"Host": "attacker.example"}, "wrong-host"),
        ({"Host": "attacker.example:8000"}, "wrong-host"),
        ({"Origin": "http://attacker.example"}, "foreign-origin"),
        ({"Origin": "null"}, "foreign-origin"),
        ({"Sec-Fetch-Site": "cross-site"}, "foreign-origin"),
        ({"Content-Type": "text/plain"}, "unsupported-media-type"),
    ],
)
@pytest.mark.parametrize("protocol", [{}, MODERN])
def test_the_guards_stand_before_the_protocol(
    client: httpx.Client, headers: dict[str, str], name: str, protocol: dict[str, str]
) -> None:
    refused = client.post("/mcp", content=json.dumps(PING), headers={**JSON, **protocol, **headers})
    assert (refused.status_code, refused.json()["type"]) == (PROBLEM_TYPES[name].status, f"/problems/{name}")
    assert refused.headers["X-Request-Id"] == refused.json()["request_id"]


def test_a_body_that_is_too_large_is_refused(client: httpx.Client) -> None:
    refused = client.post("/mcp", content=b" " * (2**20 + 1), headers=JSON)
    assert (refused.status_code, refused.json()["type"]) == (413, "/problems/too-large")


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_are_no_sessions_so_that_nothing_but_post_is_taken(client: httpx.Client, method: str) -> None:
    refused = client.request(method, "/mcp", headers={"Accept": "text/event-stream"})
    assert (refused.status_code, refused.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("protocol", [{}, MODERN])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700),
        (b"\x00", -32700),
        (b"\xff\xfe", -32700),
        (b"{", -32700),
        (b"[" * 10_000 + b"]" * 10_000, -32700),
        (b'{"jsonrpc": "2.0", "id": ' + b"9" * 5_000 + b', "method": "ping"}', -32700),
        (b"[]", None),
        (b"null", None),
        (b'{"jsonrpc": "2.0", "id": 1}', None),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": 5}', None),
    ],
)
def test_what_is_no_message_is_an_error_of_the_protocol(
    client: httpx.Client, body: bytes, code: int | None, protocol: dict[str, str]
) -> None:
    response = client.post("/mcp", content=body, headers={**JSON, **protocol})
    assert response.status_code == 400
    assert response.json()["error"]["code"] in ((code,) if code else (-32600, -32602))
    assert client.post("/mcp", json=PING, headers=JSON).json() == {"jsonrpc": "2.0", "id": 1, "result": {}}


def test_an_unknown_method_is_told(client: httpx.Client) -> None:
    response = client.post("/mcp", json={**PING, "method": "prompts/list"}, headers=JSON)
    assert (response.status_code, response.json()["error"]["code"]) == (200, -32601)


def test_nul_in_a_question_is_read_as_everywhere(client: httpx.Client) -> None:
    asked = {"name": "ask", "arguments": {"question": "Who\0 is Wilhelmina Sorrowby?"}}
    response = client.post("/mcp", json={**PING, "method": "tools/call", "params": asked}, headers=JSON)
    assert response.json()["result"]["structuredContent"]["question"] == "Who\ufffd is Wilhelmina Sorrowby?"


def test_many_clients_that_leave_at_once_keep_nobody_waiting(client: httpx.Client) -> None:
    asked = {**PING, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": "Who won the chess final?"}}}
    for _ in range(20):
        with pytest.raises(httpx.ReadTimeout):
            client.post("/mcp", json=asked, headers=JSON, timeout=httpx.Timeout(60, read=0.001))
    answered = client.post("/mcp", json=asked, headers=JSON).json()["result"]
    assert answered["structuredContent"]["question"] == "Who won the chess final?"


@pytest.mark.parametrize("protocol", [{}, MODERN])
def test_the_work_ends_at_its_next_stage_when_the_client_has_left(
    sample_index: Path, open_service: Callable[..., Service], monkeypatch: pytest.MonkeyPatch, protocol: dict[str, str]
) -> None:
    app = Running(open_service(sample_index))
    app.ready = True
    begun = anyio.Event()
    ended: list[str] = []

    def work() -> ToolResult:
        from_thread.run_sync(begun.set)
        try:
            for _ in range(1_000):
                from_thread.check_cancelled()
                time.sleep(0.01)
        except BaseException as error:
            ended.append(type(error).__name__)
            raise
        raise AssertionError("nobody ended it")

    async def slow(app: Running, _: Arguments) -> ToolResult:
        return await app.ask(work)

    monkeypatch.setitem(TOOLS, "ask", replace(TOOLS["ask"], run=slow))
    headers = {**JSON, **protocol, **({"Mcp-Method": "tools/call", "Mcp-Name": "ask"} if protocol else {})}
    about = "io.modelcontextprotocol"
    meta = {"_meta": {f"{about}/protocolVersion": "2026-07-28", f"{about}/clientCapabilities": {}}} if protocol else {}
    body = json.dumps({**PING, "method": "tools/call", "params": {"name": "ask", "arguments": {}, **meta}})
    messages: list[Message] = [{"type": "http.request", "body": body.encode(), "more_body": False}]
    sent: list[Message] = []

    async def receive() -> Message:
        if messages:
            return messages.pop()
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    async def leave() -> None:
        endpoint = McpEndpoint(app)
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        async with endpoint.running():
            await endpoint({"type": "http", "method": "POST", "path": "/mcp", "headers": raw}, receive, send)
            with anyio.fail_after(5):
                while not ended:
                    await anyio.sleep(0.01)

    anyio.run(leave)
    assert ended == ["CancelledError"]
    assert sent == []


NOT_INSTALLED = """
import asyncio, sys
sys.modules["mcp"] = None
import httpx, qa
from web.app import create_app

async def main():
    app = create_app(qa.open("empty"))
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        response = await client.post("/mcp", json={})
        print(response.status_code, response.json()["type"], response.json()["detail"])

asyncio.run(main())
"""


def test_where_the_package_is_not_installed_mcp_is_answered_with_how_to_install_it(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", NOT_INSTALLED], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("501 /problems/not-installed ")
    assert "pip install 'article-qa[mcp]'" in done.stdout
