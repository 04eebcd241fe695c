"""README names what there is: every command, every setting with its variable, nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from qa.cli import app
from qa.settings import Settings

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]  # a group


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
