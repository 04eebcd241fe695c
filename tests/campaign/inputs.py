"""Bad inputs over every door: files, texts, requests, heads of requests, questions, and the files of qa's own.

Nothing may end in a traceback, a 500, a lost process, or more than 5 s for each MB.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
from files import right_files
from mutation import mutated_bytes, odd_text
from plan import Plan, of_one_line
from requests_of_api import QUESTION, Requests, Sent
from stages import STAGES

from qa.base.errors import QaError, QuestionError
from qa.base.settings import load_settings
from qa.base.types import Article, Refusal
from qa.corpus.article_reader import ArticleReader
from qa.corpus.decode import clean
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.runs import read_run
from qa.index.store import open_store
from qa.service.service import Service
from qa.service.verification import answer_problems

if TYPE_CHECKING:
    from servers import ServerProcess

SECONDS_FOR_A_MEGABYTE = 5.0
_AT_ONCE = 60  # files of one reader, whose parser lives on
_HEAD = b"POST /v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n"
_LONGEST_ANSWER_SECONDS = 30.0  # of a machine that has other work; what is tried is far below a megabyte


def most_seconds(size: int) -> float:
    return SECONDS_FOR_A_MEGABYTE * (1 + size / 2**20)


# Files


def try_files(plan: Plan) -> None:
    """Files of every format, changed."""
    right = right_files()
    folder = plan.folder / "files"
    folder.mkdir(exist_ok=True)
    for number in range(_AT_ONCE):
        name = plan.chance.choice(list(right))
        suffix = name if plan.chance.random() < 0.95 else plan.chance.choice(list(right))
        (folder / f"{number}-{suffix}").write_bytes(mutated_bytes(right[name], plan.chance, tuple(right.values())))
    size = sum(file.stat().st_size for file in folder.iterdir())
    began = time.process_time()
    try:
        with ArticleReader([folder], settings=load_settings()) as reader:
            for item in reader:
                if not isinstance(item, Article | Refusal):
                    plan.fault(f"files: {item!r} was read")
    except Exception as error:  # any at all is what is looked for
        _keep(plan, folder, f"files: {error!r}")
    if time.process_time() - began > _AT_ONCE * most_seconds(size // _AT_ONCE):
        _keep(plan, folder, f"files: {time.process_time() - began:.1f} s for {size:,} bytes")
    plan.outcome.tried["files read"] += _AT_ONCE
    for file in folder.iterdir():
        file.unlink()


def _keep(plan: Plan, folder: Path, what: str) -> None:
    kept = plan.folder / f"fault-{len(plan.outcome.faults)}"
    folder.rename(kept)
    folder.mkdir()
    plan.fault(f"{what}; the files are in {kept}")


# Texts


def try_text(plan: Plan) -> None:
    """A text in one of the stages that foreign text goes through: an article's, a question's, a field's."""
    stage = plan.chance.choice(list(STAGES))
    right = plan.chance.choice(list(right_files().values()))
    text = clean(mutated_bytes(right, plan.chance).decode("utf-8", "replace")[:6_000] + odd_text(plan.chance))
    began = time.process_time()
    try:
        with contextlib.suppress(QaError):
            STAGES[stage](text)
    except Exception as error:  # any at all is what is looked for
        plan.fault(f"texts: {stage} raised {error!r} for {of_one_line(text, 8_000)}")
    if time.process_time() - began > most_seconds(len(text)):
        plan.fault(f"texts: {stage} took {time.process_time() - began:.1f} s for {of_one_line(text, 8_000)}")
    plan.outcome.tried["texts in a stage"] += 1


# Requests


def try_request(plan: Plan, server: ServerProcess, sent: Sent) -> None:
    """A request of any operation, changed."""
    began = time.monotonic()
    try:
        response = server.client.request(sent.method, sent.path, headers=dict(sent.headers), content=sent.content)
    except (httpx.InvalidURL, httpx.LocalProtocolError):  # not sent
        return
    except httpx.HTTPError as error:
        plan.fault(f"requests: {error!r} for {_spelled(sent)}")
    else:
        if response.status_code >= 500:
            plan.fault(f"requests: {response.status_code} {response.text[:300]} for {_spelled(sent)}")
        plan.outcome.tried[f"requests, answered {response.status_code // 100}xx"] += 1
    if time.monotonic() - began > _LONGEST_ANSWER_SECONDS:
        plan.fault(f"requests: {time.monotonic() - began:.1f} s for {_spelled(sent)}")


def _spelled(sent: Sent) -> str:
    return f"{sent.method} {of_one_line(sent.path)} {dict(sent.headers)} {of_one_line(sent.content, 1_500)}"


def try_head(plan: Plan, server: ServerProcess) -> None:
    """The bytes of a request, changed, over a connection of its own."""
    sent = mutated_bytes(_HEAD + b'{"question": "Who? 1"}', plan.chance)
    address = urlsplit(server.url)
    with contextlib.suppress(OSError), socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(2_000)
        if answer.startswith(b"HTTP/1.1 5"):
            plan.fault(f"heads: {answer[:200]!r} for {sent!r}")
    plan.outcome.tried["heads of requests"] += 1


def look_after(plan: Plan, server: ServerProcess, said_before: int) -> None:
    """Whether the server lives, and said nothing of a traceback since."""
    said = server.said[said_before:]
    if server.process.poll() is not None or server.client.get("/healthz").status_code != 200:
        plan.fault(f"the server ended: {server.said[-5:]}")
    for number, line in enumerate(said):
        if "Traceback" in line:
            plan.fault(f"the server's log: {' | '.join(said[number : number + 40])[:3_000]}")


# Questions


def try_question(plan: Plan, service: Service) -> None:
    """A question made of odd texts: refused, or answered with what stands in the articles."""
    question = odd_text(plan.chance)
    if plan.chance.random() < 0.3:
        question = mutated_bytes(QUESTION.encode(), plan.chance).decode("utf-8", "replace")
    began = time.process_time()
    try:
        answer = service.ask(question, threshold=0)
    except QuestionError:
        plan.outcome.tried["questions refused"] += 1
    except Exception as error:
        plan.fault(f"questions: {error!r} for {of_one_line(question)}")
    else:
        plan.outcome.tried["questions answered"] += 1
        with open_store(service.folder) as store:
            for problem in answer_problems(answer, store):
                plan.fault(f"questions: {problem}, for {of_one_line(question)}")
    if time.process_time() - began > most_seconds(len(question)):
        plan.fault(f"questions: {time.process_time() - began:.1f} s for {of_one_line(question)}")


# Files of qa's own


def own_files(folder: Path, run: Path) -> list[tuple[str, bytes, Callable[[Path], object]]]:
    """(name, right content, what reads it) of settings, sets of questions, and runs."""
    samples = Path(__file__).parents[2] / "qa" / "evaluation" / "samples"
    toml = b"[index]\npassage_characters = 900\n\n[answering]\nread_passages = 8\nlexical_weight = 0.3\n"

    def load(file: Path) -> object:
        with contextlib.chdir(file.parent):
            return load_settings(index=folder)

    return [
        ("qa.toml", toml, load),
        ("questions.jsonl", b"\n".join((samples / "questions.jsonl").read_bytes().splitlines()[:5]), read_dataset),
        ("run.jsonl.gz", run.read_bytes(), read_run),
    ]


def try_own_file(plan: Plan, name: str, content: bytes, read: Callable[[Path], object]) -> None:
    folder = plan.folder / "own"
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_bytes(mutated_bytes(content, plan.chance))
    began = time.process_time()
    try:
        read(file)
    except QaError:
        pass
    except Exception as error:
        plan.fault(f"{name}: {error!r} for {of_one_line(file.read_bytes(), 2_000)}")
    if time.process_time() - began > most_seconds(len(content)):
        plan.fault(f"{name}: {time.process_time() - began:.1f} s for {of_one_line(file.read_bytes())}")
    file.unlink()
    plan.outcome.tried["settings, sets and runs read"] += 1


def rounds(plan: Plan, server: ServerProcess, requests: Requests, service: Service, run: Path) -> Iterator[None]:
    """One round after the other, each over every door."""
    own = own_files(plan.folder, run)
    while True:
        said = len(server.said)
        for _ in range(20):
            try_request(plan, server, requests.draw(plan.chance))
            try_question(plan, service)
        for _ in range(300):
            try_text(plan)
        for _ in range(20):
            try_head(plan, server)
            try_own_file(plan, *plan.chance.choice(own))
        try_files(plan)
        look_after(plan, server, said)
        yield
