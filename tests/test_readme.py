"""README is one page, with the commands first; its Python example runs, and so does the manual's."""

from __future__ import annotations

import gzip
import importlib.resources
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from qa import manual

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
INSTALL = "python3 -m venv .venv && . .venv/bin/activate && pip install . && qa demo"
TEST = "python3 -m venv .venv && . .venv/bin/activate && pip install '.[test]' && python -m pytest"


def python_of(markdown: str) -> str:
    return re.findall(r"^```python\n(.*?)^```$", markdown, re.DOTALL | re.MULTILINE)[0]


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with what the examples add: twelve of the sample articles."""
    samples = (importlib.resources.files("qa.evaluation.samples") / "articles.jsonl").read_text("utf-8").splitlines(keepends=True)
    first, *others = samples[-12:]
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "one.txt").write_text(json.loads(first)["text"], "utf-8")
    (tmp_path / "archive.jsonl.gz").write_bytes(gzip.compress("".join(others).encode()))
    return tmp_path


def run(program: str, folder: Path) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_it_has_at_most_200_lines() -> None:
    assert len(README.splitlines()) <= 200


def test_the_two_commands_are_the_first_blocks_of_code() -> None:
    assert [line.strip() for line in README.splitlines() if line.startswith("    ")][:2] == [INSTALL, TEST]


def test_it_links_to_every_page_of_the_manual() -> None:
    assert set(re.findall(r"\(qa/manual/([a-z]+)\.md\)", README)) == set(manual.TOPICS)


def test_the_python_example_runs_as_it_stands(news: Path) -> None:
    answer, cited, *_ = run(python_of(README), news)
    assert re.match(r"(answered|weak) .*Sorrowby.* \[1\]", answer)
    assert re.match(r"art_\w+ \d+ \d+ .*Sorrowby", cited)


def test_the_manual_s_python_example_runs_as_it_stands(news: Path) -> None:
    added, answer = run(python_of(manual.page("python")), news)
    assert added.strip() == "12 added;"
    assert re.match(r"(answered|weak) .*Sorrowby.* \[1\]", answer)
