"""`qa mcp` as a process: nothing but the protocol on stdout, and a quiet end."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa import manual

BEGIN = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
BEGUN = {"jsonrpc": "2.0", "method": "notifications/initialized"}


class Spoken:
    """A process of `qa mcp`, written to and read from a line at a time."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "qa", "--index", str(folder), "mcp"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder.parent,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a background shell's children ignore it
        )  # fmt: skip

    def say(self, message: dict[str, object]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def begin(self) -> dict:
        self.say(BEGIN)
        begun = self.hear()
        self.say(BEGUN)
        return begun

    def call(self, tool: str, **arguments: object) -> dict:
        self.say({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": tool, "arguments": arguments}})
        return self.hear()["result"]

    def end(self) -> tuple[int, str, str]:
        """The exit code and what was left on stdout and stderr."""
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err


@pytest.fixture
def speak() -> Iterator[Callable[[Path], Spoken]]:
    with contextlib.ExitStack() as started:

        def start(folder: Path) -> Spoken:
            spoken = Spoken(folder)
            started.enter_context(spoken.process)
            started.callback(spoken.process.kill)
            return spoken

        yield start


def test_it_ends_quietly_when_stdin_is_closed(speak: Callable[[Path], Spoken], sample_copy: Path) -> None:
    spoken = speak(sample_copy)
    assert spoken.begin()["result"]["serverInfo"]["name"] == "qa"
    assert spoken.call("search", question="ferry", k=1)["structuredContent"]["hits"]
    assert spoken.end() == (0, "", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_quietly_while_it_loads(speak: Callable[[Path], Spoken], sample_copy: Path, number: int) -> None:
    spoken = speak(sample_copy)
    spoken.begin()
    spoken.process.send_signal(number)
    assert spoken.end() == (0, "", "")


def test_what_is_no_message_does_not_end_it(speak: Callable[[Path], Spoken], sample_copy: Path) -> None:
    spoken = speak(sample_copy)
    assert spoken.process.stdin is not None
    spoken.process.stdin.write("[" * 10_000 + "\n\0\n{}\n")
    spoken.begin()
    refused = spoken.call("ask", question=" ")
    assert (refused["isError"], refused["content"][0]["text"]) == (True, "#/question: It is blank; expected some words.")


def test_an_index_that_cannot_be_opened_is_told_by_each_tool(speak: Callable[[Path], Spoken], sample_copy: Path) -> None:
    (sample_copy / "store.sqlite").write_bytes(b"no database at all")
    spoken = speak(sample_copy)
    spoken.begin()
    refused = spoken.call("ask", question="Who won?")
    assert refused["isError"]
    assert "store.sqlite is damaged or no qa store" in refused["content"][0]["text"]


def test_where_the_package_is_not_installed_the_command_says_how_to_install_it(tmp_path: Path) -> None:
    code = "import sys; sys.modules['mcp'] = None; from qa.cli.app import main; sys.exit(main(['mcp']))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "pip install 'article-qa[mcp]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_manual_s_configuration_starts_it(sample_copy: Path) -> None:
    (configuration,) = (
        held for block in re.findall(r"^```json\n(.*?)^```$", manual.page("http"), re.DOTALL | re.MULTILINE)
        if "mcpServers" in (held := json.loads(block))
    )  # fmt: skip
    for server in configuration["mcpServers"].values():
        assert server["command"] == "qa"
        command = [sys.executable, "-m", "qa", *server["args"]]
        command[command.index("--index") + 1] = str(sample_copy)
        done = subprocess.run(command, input=json.dumps(BEGIN) + "\n", capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")


def test_without_an_index_none_is_made_and_each_tool_says_so(speak: Callable[[Path], Spoken], tmp_path: Path) -> None:
    folder = tmp_path / "none"
    spoken = speak(folder)
    spoken.begin()
    refused = spoken.call("ask", question="Who won?")
    assert (refused["isError"], refused["content"][0]["text"]) == (
        True,
        "No articles yet: there is no index at none. `qa add PATH…` makes it.",
    )
    code, _, err = spoken.end()
    assert (code, err.strip()) == (0, f"There is no index at {folder} yet. The tools answer once `qa add PATH…` has made it.")
    assert not folder.exists()
