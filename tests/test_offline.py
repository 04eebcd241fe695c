"""Articles become answers with no network at all, and nothing even tries to reach one.

Every process of the command, the parsers' child too, has a hook that records and refuses whatever leaves the
machine. Where the system lets us, it also runs in a network namespace of its own with no interface up.
"""

from __future__ import annotations

import importlib.resources
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

GUARD = """
import os, sys

LOCAL = ("localhost", "127.0.0.1", "::1", b"localhost", b"127.0.0.1", b"::1", "", None)

def guard(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        host = arguments[1][0] if isinstance(arguments[1], tuple) else None  # a path: a local socket
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
    else:
        return
    if host not in LOCAL:
        with open(os.environ["ATTEMPTS"], "a") as attempts:
            attempts.write(f"{os.getpid()} {event} {host}\\n")
        raise OSError(f"the network is blocked: {event} {host}")

sys.addaudithook(guard)
with open(os.environ["ATTEMPTS"] + ".guarded", "a") as guarded:
    guarded.write(f"{os.getpid()}\\n")
"""
COMMANDS = """
import sys
from qa.cli.app import main

for arguments in (
    ["add", "page.html", "news.jsonl"],
    ["ask", sys.argv[1]],
    ["search", sys.argv[1]],
    ["verify"],
    ["evaluate", "--known-item", "--out", "run.jsonl"],
    ["compare", "run.jsonl", "run.jsonl"],
    ["report", "run.jsonl"],
):
    code = main(arguments)
    if code:
        sys.exit(f"{arguments} gave {code}")
"""
SERVING = """
import asyncio, sys
import httpx
import qa
from web.app import create_app

async def main():
    app = create_app(qa.open("served"))
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        while not app.state.running.ready and app.state.running.failure is None:
            await asyncio.sleep(0.1)
        added = await client.post("/v1/articles", json={"articles": [{"text": open("news.txt").read()}]})
        answer = await client.post("/v1/answers", json={"question": sys.argv[1]})
        print(added.status_code, answer.json()["answer"])
        asked = await client.post("/ask", data={"question": sys.argv[1]}, headers={"Accept": "text/html"})
        pages = ("/", asked.headers["location"], "/library", "/add", "/help/data", "/suggestions")
        for path in (*pages, "/docs", "/docs/try", "/openapi.json"):
            page = await client.get(path, headers={"Accept": "text/html"})
            print(page.status_code, path.partition("/c/")[0])

asyncio.run(main())
"""
QUESTION = "How old was Wilhelmina Sorrowby when she died?"


def apart() -> list[str]:
    """What starts a command in a network namespace of its own; nothing where the system does not let us."""
    for prefix in (["unshare", "--net"], ["unshare", "-rn"]):
        try:
            if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
                return prefix
        except FileNotFoundError:
            pass
    return []


@pytest.fixture
def attempts(tmp_path: Path) -> Path:
    return tmp_path / "attempts"


@pytest.fixture
def offline(tmp_path: Path, attempts: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a program under the guard, as users would: no variable says that there is no network, no cache helps."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "TRANSFORMERS_", "QA_"))}
    environment = {
        **outside,
        "ATTEMPTS": str(attempts),
        "PYTHONPATH": str(tmp_path / "guard"),
        "HF_HOME": str(tmp_path / "no cache"),
        "QA_THRESHOLD": "0",  # how likely an answer is does not matter here
    }

    def run(program: str, *arguments: str, prefix: list[str]) -> subprocess.CompletedProcess[str]:
        command = [*prefix, sys.executable, "-c", program, *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=200, check=False)

    return run


def test_adding_asking_searching_verifying_and_measuring_need_no_network(
    tmp_path: Path, attempts: Path, offline: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    samples = (importlib.resources.files("qa.evaluation.samples") / "articles.jsonl").read_text("utf-8").splitlines()
    records = {record["id"]: record for record in map(json.loads, samples)}
    page = records["seal-pups-little-tarn"]
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in page["text"].split("\n\n"))
    (tmp_path / "page.html").write_text(
        f'<html lang="en"><head><title>{page["title"]}</title><link rel="stylesheet" href="https://cdn.example/a.css">'
        f'<link rel="canonical" href="{page["url"]}"></head><body><article><h1>{page["title"]}</h1>{paragraphs}'
        '<img src="https://cdn.example/seal.jpg"></article></body></html>'
    )
    (tmp_path / "news.jsonl").write_text(json.dumps(records["sorrowby-obituary"]))
    done = offline(COMMANDS, QUESTION, prefix=apart())
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 added, 0 changed, 0 unchanged, 0 refused" in done.stdout
    assert "94 [1]" in done.stdout
    assert "died on 17 February at the age of 94." in done.stdout
    assert "No problem found." in done.stdout
    assert "1 run in report.html" in done.stdout
    assert not attempts.exists(), attempts.read_text()
    assert len(set(Path(f"{attempts}.guarded").read_text().split())) >= 2  # the command and its parser


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.create_connection(('192.0.2.1', 80), timeout=1)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
        "urllib.request.urlopen('https://huggingface.co', timeout=1)",
    ],
)
def test_an_attempt_to_reach_the_network_would_be_seen(
    attempts: Path, offline: Callable[..., subprocess.CompletedProcess[str]], attempt: str
) -> None:
    done = offline(f"import socket, urllib.request; {attempt}", prefix=[])
    assert done.returncode != 0
    assert "the network is blocked" in done.stderr
    assert attempts.read_text()


def test_serving_needs_no_network(
    tmp_path: Path, attempts: Path, offline: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    (tmp_path / "news.txt").write_text("Wilhelmina Sorrowby, who sewed sails, died on 17 February at the age of 94.")
    done = offline(SERVING, QUESTION, prefix=apart())
    assert done.returncode == 0, done.stdout + done.stderr
    added, *pages = done.stdout.splitlines()
    assert added == "200 Wilhelmina Sorrowby, who sewed sails, died on 17 February at the age of 94. [1]"
    assert [page.split()[0] for page in pages] == ["200"] * 9
    assert not attempts.exists(), attempts.read_text()
