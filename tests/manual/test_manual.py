"""The manual names what there is: every command and setting, nothing that is not there; its links lead somewhere."""

from __future__ import annotations

import importlib.resources
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from qa import manual
from qa.base.settings import ENGINE_TOKEN_VARIABLE, TOKEN_VARIABLE, Settings
from qa.cli.app import app

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "qa" / "manual"
TEXTS = {"README.md": (ROOT / "README.md").read_text("utf-8")} | {
    f"qa/manual/{topic}.md": manual.page(topic) for topic in manual.TOPICS
}
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")


def commands() -> dict[str, set[str]]:
    """Every command with those below it."""
    return {
        name: set(getattr(command, "commands", ()))
        for name, command in typer.main.get_command(app).commands.items()  # type: ignore[attr-defined]  # a group
    }


COMMANDS = commands()


def anchors(markdown: str) -> set[str]:
    """As a repository's page gives them to headings."""
    headings = re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_is_a_topic_and_every_topic_a_page() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(manual.TOPICS)


def test_an_unknown_topic_is_refused() -> None:
    with pytest.raises(KeyError):
        manual.page("../README")


def test_the_generated_pages_are_those_of_the_command_and_the_settings() -> None:
    done = subprocess.run([sys.executable, Path(__file__).parent / "generate.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", [f"{name} {inner}".strip() for name in COMMANDS for inner in sorted(COMMANDS[name]) or [""]])
def test_every_command_is_in_the_manual(command: str) -> None:
    assert f"\n## qa {command}\n" in manual.page("commands")


@pytest.mark.parametrize("setting", list(Settings.model_fields))
def test_every_setting_is_in_the_manual(setting: str) -> None:
    assert f"| `{setting}` |" in manual.page("settings")


@pytest.mark.parametrize("name", [name for name in TEXTS if name != "qa/manual/changelog.md"])  # which names those that went
def test_every_command_that_a_page_names_exists(name: str) -> None:
    named = set(re.findall(r"(?:[`$(]|^ {4}|&& )qa (?!-)([a-z]+)(?: ([a-z]+)\b(?!/))?", TEXTS[name], re.MULTILINE))
    unknown = {
        (command, inner)
        for command, inner in named
        if command not in COMMANDS or (COMMANDS[command] and inner and inner not in COMMANDS[command])
    }
    assert unknown == set()


@pytest.mark.parametrize("name", TEXTS)
def test_every_variable_that_a_page_names_is_a_setting(name: str) -> None:
    variables = set(re.findall(r"\bQA_([A-Z_]+[A-Z])\b", TEXTS[name]))
    known = {*Settings.model_fields, *(name.removeprefix("QA_").lower() for name in (TOKEN_VARIABLE, ENGINE_TOKEN_VARIABLE))}
    assert {variable.lower() for variable in variables} <= known


@pytest.mark.parametrize("name", TEXTS)
def test_every_file_that_a_page_names_exists(name: str) -> None:
    named = set(re.findall(r"\b(?:qa|web|tests|\.ci)/[\w./-]*\w", TEXTS[name]))
    assert {path for path in named if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_leads_to_a_file_and_a_heading_of_it(name: str) -> None:
    for path, anchor in LINK.findall(TEXTS[name]):
        target = (ROOT / name).parent / path if path else ROOT / name
        assert target.exists(), path
        assert not anchor or anchor in anchors(target.read_text("utf-8")), f"{path}#{anchor}"


@pytest.mark.parametrize("topic", manual.TOPICS)
def test_a_page_links_only_to_pages_that_the_terminal_and_the_browser_have_too(topic: str) -> None:
    paths = {path for path, _ in LINK.findall(manual.page(topic))}
    assert paths <= {"", *(f"{other}.md" for other in manual.TOPICS)}


def test_the_pages_are_read_from_the_installed_package() -> None:
    assert (importlib.resources.files("qa.manual") / "serving.md").read_text("utf-8") == manual.page("serving")


def test_links_are_replaced_by_what_is_given_for_their_words_and_topic() -> None:
    text = "See [Serving](serving.md#tokens), [Data](data.md), [below](#x) and [a site](https://example.org/x.md)."
    replaced = manual.replace_links(text, lambda words, topic: f"{words} <{topic}>")
    assert replaced == "See Serving <serving>, Data <data>, below and [a site](https://example.org/x.md)."
