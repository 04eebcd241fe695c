"""`qa ask` and `qa search` by the server that runs on the same index: the same answers, and no model loaded here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from servers import ServerProcess

from qa.api.client import Client
from qa.base.errors import ServerUnreachable
from qa.cli.invocation import Invocation
from qa.index.layout import SERVER_FILE
from qa.service.service import Service

Run = Callable[..., tuple[int, str, str]]
QUESTION = "How old was Wilhelmina Sorrowby when she died?"


class _LoadedHereError(Exception):
    """The command opened the index itself."""


@pytest.fixture
def ask(server: ServerProcess, run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command with the server's own settings on the index that it serves."""
    for name, value in {"PASSAGE_CHARACTERS": "600", "PASSAGE_OVERLAP_SENTENCES": "1", "READ_PASSAGES": "3"}.items():
        monkeypatch.setenv(f"QA_{name}", value)
    return lambda *arguments: run("--index", str(server.folder), *arguments)


@pytest.fixture
def _nothing_is_loaded_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Invocation) -> Service:
        raise _LoadedHereError

    monkeypatch.setattr(Invocation, "service", refuse)


def without_what_differs(printed: str) -> dict[str, object]:
    answer = json.loads(printed)
    return {name: value for name, value in answer.items() if name not in ("id", "created_at", "asked_at", "timings_ms")}


@pytest.fixture
def changed(server: ServerProcess) -> Iterator[Callable[..., None]]:
    """Changes fields of the server's file, until the test ends."""
    file = server.folder / SERVER_FILE
    before = file.read_text("utf-8")
    yield lambda **fields: file.write_text(json.dumps({**json.loads(before), **fields}), "utf-8")
    file.write_text(before, "utf-8")


@pytest.mark.usefixtures("_nothing_is_loaded_here")
def test_the_server_answers_and_searches(ask: Run) -> None:
    code, printed, said = ask("ask", "--since", "2024", QUESTION)
    assert code == 0 and said == ""
    assert printed.splitlines()[0].endswith(" [1]")
    code, printed, said = ask("search", "-k", "2", "last sailmaker")
    assert code == 0 and said == "" and printed.startswith("1.  ") and "\n2.  " in printed
    assert ask("search", "--source", "nobody", "last sailmaker")[0] == 3
    code, _, said = ask("ask", " ")
    assert code == 2 and said.startswith("qa: The question is blank. ")


def test_answers_and_hits_are_those_of_the_index_itself(
    ask: Run, changed: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = (("ask", "--json", QUESTION), ("search", "--json", "-k", "3", "last sailmaker"))
    with monkeypatch.context() as patched:
        patched.setattr(Invocation, "service", None)
        by_server = [without_what_differs(ask(*command)[1]) for command in commands]
    changed(machine="another")
    here = [without_what_differs(ask(*command)[1]) for command in commands]
    assert by_server == here


@pytest.mark.usefixtures("_nothing_is_loaded_here")
@pytest.mark.parametrize("command", [("ask", QUESTION), ("search", "last sailmaker")])
def test_a_server_that_would_answer_otherwise_or_wants_a_token_that_nobody_gave_is_left_alone(
    ask: Run, changed: Callable[..., None], monkeypatch: pytest.MonkeyPatch, command: tuple[str, str]
) -> None:
    with pytest.raises(_LoadedHereError), monkeypatch.context() as patched:
        patched.setenv("QA_THRESHOLD", "0.5")
        ask(*command)
    changed(needs_token=True)
    with pytest.raises(_LoadedHereError):
        ask(*command)


@pytest.mark.usefixtures("_nothing_is_loaded_here")
def test_another_program_on_its_port_gets_neither_question_nor_token(
    ask: Run, changed: Callable[..., None], news_site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_TOKEN", "qa_secret")
    asked: list[str] = []
    monkeypatch.setattr(news_site.RequestHandlerClass, "do_POST", lambda self: asked.append(self.path), raising=False)
    changed(address=news_site.url, needs_token=True)
    with pytest.raises(_LoadedHereError):
        ask("ask", QUESTION)
    assert asked == []


def test_what_the_server_refuses_is_answered_here_and_the_reason_is_told(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(*_: object, **__: object) -> None:
        raise ServerUnreachable("The server ended the connection.")

    monkeypatch.setattr(Client, "ask", cut_off)
    code, printed, said = ask("ask", QUESTION)
    assert code == 0 and printed.splitlines()[0].endswith(" [1]")
    assert said == "The running server did not answer, so the models are loaded here. The server ended the connection.\n"
