"""`qa help`: a page of the manual in the terminal."""

from __future__ import annotations

import subprocess
import sys

import pytest
from rich.console import Console

from qa.cli.app import main
from qa.cli.exit_codes import ExitCode
from qa.cli.output.markdown import TerminalMarkdown
from qa.manual import TOPICS


def test_without_a_topic_it_lists_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help"]) == 0
    listed = capsys.readouterr().out
    assert [topic for topic in TOPICS if f"  {topic} " not in listed] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_a_pipe_gets_the_page_as_markdown_with_links_as_commands(topic: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", topic]) == 0
    page = capsys.readouterr().out
    assert page.startswith("# ")
    assert ".md)" not in page


def test_a_link_names_the_command_that_shows_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    main(["help", "serving"])
    assert "the API (`qa help http`)" in capsys.readouterr().out


def test_an_unknown_topic_is_wrong_usage_and_gets_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "\x1b[2Jnews"]) == ExitCode.USAGE
    said = capsys.readouterr().err
    assert "\\x1b[2Jnews" in said
    assert "adding, asking, commands" in said


def test_a_table_on_a_narrow_terminal_loses_no_character() -> None:
    console = Console(width=40, force_terminal=True, color_system=None)
    with console.capture() as captured:
        console.print(
            TerminalMarkdown("| metric | what |\n|---|---|\n| `qa_answer_stage_duration_seconds` | how long it took |\n")
        )
    assert "…" not in captured.get()
    assert "qa_answer_stage_dur" in captured.get()


def test_it_loads_neither_torch_nor_faiss() -> None:
    code = "import sys; from qa.cli.app import main; main(['help', 'data']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"torch", "faiss", "fastapi", "numpy"} & set(done.stderr.split()) == set()
