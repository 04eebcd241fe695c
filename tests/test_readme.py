"""README names what there is: every command, every setting with its variable, nothing that is not there; its example runs."""

from __future__ import annotations

import gzip
import importlib.resources
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from qa.base.settings import Settings
from qa.cli.app import app

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]  # a group


def code(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert re.search(rf"\bqa {command}\b", README)


@pytest.mark.parametrize("command", sorted(set(re.findall(r"[`$(]qa (?!-)([a-z]+)\b", README))))
def test_every_command_of_the_readme_exists(command: str) -> None:
    assert command in COMMANDS


@pytest.mark.parametrize("setting", list(Settings.model_fields))
def test_every_setting_is_in_the_readme(setting: str) -> None:
    assert f"`{setting}`" in README


@pytest.mark.parametrize("variable", sorted(set(re.findall(r"\bQA_([A-Z_]+[A-Z])\b", README))))
def test_every_variable_of_the_readme_is_a_setting(variable: str) -> None:
    assert variable.lower() in Settings.model_fields


def test_the_python_example_runs_as_it_stands(tmp_path: Path) -> None:
    example = code("python")[0]
    samples = (importlib.resources.files("qa.evaluation.samples") / "articles.jsonl").read_text("utf-8").splitlines(keepends=True)
    first, *others = samples[-12:]
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "one.txt").write_text(json.loads(first)["text"], "utf-8")
    (tmp_path / "archive.jsonl.gz").write_bytes(gzip.compress("".join(others).encode()))
    done = subprocess.run([sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    added, answer = done.stdout.splitlines()
    assert added.strip() == "12 added;"
    assert re.match(r"(answered|weak) .*Sorrowby.* \[1\]", answer)
