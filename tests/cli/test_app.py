"""What holds for every command: help, wrong usage, which index is meant, and a missing index."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

import qa
from qa.base.scopes import Scope
from qa.base.stages import STAGES
from qa.cli.app import main
from qa.cli.exit_codes import ExitCode
from qa.corpus.formats.detection import SUFFIXES
from qa.evaluation.datasets.reading import FORMATS
from qa.service.library import Library

ROOT = Path(qa.__file__).parents[1]
QUESTION = "How old was Wilhelmina Sorrowby when she died?"
HEAVY = {"torch", "faiss", "sentence_transformers", "transformers", "tantivy", "numpy"}
Run = Callable[..., tuple[int, str, str]]
Small = Callable[[dict[str, str]], None]


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    run = f"import sys; from qa.cli.app import main; code = main({arguments})"
    program = f"{run}; print(sorted({HEAVY} & set(sys.modules)), code)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[] 0"


@pytest.mark.parametrize("command", [["list"], ["show", "{first}"]], ids=["list", "show"])
def test_what_the_store_alone_tells_loads_no_search_and_no_model(command: list[str], sample_index: Path) -> None:
    first = next(iter(Library(sample_index).articles())).article.id
    arguments = ["--index", str(sample_index), *(word.format(first=first) for word in command)]
    run = f"import sys; from qa.cli.app import main; code = main({arguments})"
    unneeded = (HEAVY - {"numpy"}) | {"qa.service.service", "qa.corpus.article_reader", "qa.search.ranker", "tokenizers", "httpx"}
    done = subprocess.run(
        [sys.executable, "-c", f"{run}; print(sorted({unneeded} & set(sys.modules)), code)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[] 0"


def test_a_command_that_ends_has_nothing_looked_through_once_more() -> None:
    last = "atexit.register(lambda: print(gc.get_freeze_count() > 10_000))"
    program = f"import atexit, gc; {last}; from qa.cli.app import main; main(['--version'])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "True"


@pytest.mark.parametrize(("given", "expected"), [(None, "3000000"), ("7", "7")])
def test_helpers_of_a_computation_wait_longer_unless_somebody_said_how_long(
    monkeypatch: pytest.MonkeyPatch, given: str | None, expected: str
) -> None:
    monkeypatch.delenv("GOMP_SPINCOUNT", raising=False)
    if given is not None:
        monkeypatch.setenv("GOMP_SPINCOUNT", given)
    assert main(["--version"]) == 0
    assert os.environ["GOMP_SPINCOUNT"] == expected


@pytest.mark.parametrize(
    ("command", "names"),
    [
        (["--help"], [f"{code.value} {code.meaning}" for code in ExitCode]),
        (["add", "--help"], SUFFIXES),
        (["evaluate", "--help"], STAGES),
        (["evaluate", "--help"], [known.name for known in FORMATS]),
        (["token", "create", "--help"], [f"{scope}: {scope.allows}" for scope in Scope]),
    ],
)
def test_help_lists_all_that_there_is(run: Run, command: list[str], names: Iterable[str]) -> None:
    code, out, _ = run(*command)
    words = " ".join(out.replace("│", " ").split()).casefold()
    assert code == 0
    assert [name for name in names if not re.search(rf"(?<!\w){re.escape(name)}\b", words)] == []


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("qa se", ["search", "serve"]),
        ("qa ask --s", ["--since", "--source"]),
        ("qa boilerplate c", ["cite"]),
        ("qa help a", ["adding", "asking"]),
    ],
)
def test_a_shell_completes_commands_and_options_without_anything_heavy(typed: str, offered: list[str]) -> None:
    leaving = f"import atexit, sys; atexit.register(lambda: print(sorted({HEAVY} & set(sys.modules))))"
    run = f"{leaving}; from qa.cli.app import main; main()"
    asked = {"_QA_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    done = subprocess.run([sys.executable, "-c", run], env={**os.environ, **asked}, capture_output=True, text=True, check=True)
    *completions, heavy = done.stdout.splitlines()
    assert (sorted(completions), heavy) == (offered, "[]")


def test_bash_completes_what_is_typed_and_files_too(tmp_path: Path) -> None:
    """In a terminal of its own, with the completion as the command installs it."""
    program = tmp_path / "bin" / "qa"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m qa "$@"\n')
    program.chmod(0o755)
    Path("harbour.txt").touch()
    home = {"HOME": str(tmp_path), "PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    subprocess.run(["bash", "-c", "qa --install-completion; true"], env=home, capture_output=True, check=True)
    typed = b"qa boilerpl\tma\tharb\t\x01echo \n"  # Ctrl-A: before the line, so that it is printed instead of run
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe("bash", ["bash", "--noprofile", "-i"], {**home, "TERM": "dumb", "PS1": ""})
    os.write(terminal, typed + b"exit\n")
    said = b""
    with contextlib.suppress(OSError):  # how the end is told
        while more := os.read(terminal, 4096):
            said += more
    os.waitpid(pid, 0)
    os.close(terminal)
    assert "qa boilerplate mask harbour.txt" in said.decode().splitlines()


def test_qa_alone_shows_its_commands_and_counts_as_wrong_usage(run: Run) -> None:
    code, out, _ = run()
    assert code == 2
    assert "doctor" in out


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version") == (0, f"qa {qa.__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask"], "QUESTION"),
        (["ask", "x", "--nonsense"], "--nonsense"),
        (["nonsense"], "nonsense"),
        (["search", "x", "-k", "0"], "-k"),
        (["list", "--index", ""], "index folder"),
        (["remove"], "--all"),
    ],
)
def test_wrong_usage_is_2_with_a_message(run: Run, arguments: list[str], said: str) -> None:
    code, out, error = run(*arguments)
    assert (code, out) == (2, "")
    assert error.startswith("qa: ")
    assert said in error
    assert "--help` shows" in error


@pytest.mark.parametrize(
    "old", [["overrule", "Ships.", "--cite"], ["doctor", "--boilerplate"], ["train", "reader"], ["train", "average"]]
)
def test_moved_commands_are_wrong_usage(run: Run, old: list[str]) -> None:
    code, out, error = run(*old)
    assert (code, out) == (2, "")
    assert error.startswith("qa: No such ")


def test_a_setting_that_cannot_be_used_is_2_and_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_THRESHOLD", "often")
    code, _, error = run("list")
    assert code == 2
    assert "QA_THRESHOLD" in error and "often" in error


@pytest.mark.parametrize(
    "command", [["ask", "Who?"], ["search", "x"], ["list"], ["show", "x"], ["remove", "x"], ["verify"], ["rebuild"], ["chat"]]
)
def test_a_missing_index_says_how_to_make_one(run: Run, tmp_path: Path, command: list[str]) -> None:
    code, out, error = run(*command)
    assert (code, out) == (1, "")
    assert error.startswith("qa: No articles yet")
    assert "qa add PATH…" in error
    assert str(tmp_path / "indexes" / "default") in error
    assert not (tmp_path / "indexes").exists()


def test_an_index_without_articles_says_how_to_add_some(small: Small, run: Run) -> None:
    small({"id": "a", "text": "The pier has 12 piles."})
    assert run("remove", "a", "--now")[0] == 0
    for command, code in ((["ask", "How many piles?"], 3), (["search", "piles"], 3), (["list"], 0)):
        found, out, error = run(*command)
        assert found == code
        assert "No articles yet" in out + error
        assert "12 piles" not in out + error


def test_the_flag_goes_before_or_after_the_command(ask: Run, read_only_index: str) -> None:
    after = main(["list", "--index", read_only_index])
    assert (ask("list")[0], after) == (0, 0)


def test_the_flag_goes_before_the_variable_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    def looked_for(*arguments: str) -> str:
        return run("list", *arguments)[2]

    assert str(tmp_path / "indexes" / "default") in looked_for()
    (tmp_path / "qa.toml").write_text('index = "from file"')
    assert str(tmp_path / "from file") in looked_for()
    monkeypatch.setenv("QA_INDEX", "from variable")
    assert str(tmp_path / "from variable") in looked_for()
    assert str(tmp_path / "from flag") in looked_for("--index", "from flag")


def test_a_suggested_command_repeats_the_flag(ask: Run, read_only_index: str) -> None:
    assert re.search(rf"qa show art_\w+ --sentence \d+ --index '{re.escape(read_only_index)}'\n", ask("ask", "-v", QUESTION)[1])
