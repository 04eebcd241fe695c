"""Pages with each sentence marked: what qa would cite of their boilerplate, and what it loses of their content."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from programs import program


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return program(Path(__file__).parent / "boilerplate.py")


def test_boilerplate_of_five_languages_is_not_cited_and_content_is(script: ModuleType) -> None:
    pages = script.marked_pages()
    assert len(pages) == 30
    outcomes = [script.by_qa(page) for page in pages]
    assert [text for one in outcomes for text in one.left] == []
    assert [text for one in outcomes for text in one.lost] == ["The plan of the museum names every room and its exhibits."]


def test_the_pages_have_boilerplate_that_trafilatura_keeps(script: ModuleType) -> None:
    left = script.boilerplate_left([script.by_trafilatura(page) for page in script.marked_pages()])
    assert left.value > 0.5
