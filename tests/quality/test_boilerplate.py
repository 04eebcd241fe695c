"""Pages with each sentence marked: what qa would cite of their boilerplate, and what it loses of their content."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("boilerplate_script", Path(__file__).parent / "boilerplate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_boilerplate_of_five_languages_is_not_cited_and_content_is(script: ModuleType) -> None:
    pages = script.marked_pages()
    assert len(pages) == 30
    outcomes = [script.by_qa(page) for page in pages]
    assert [text for one in outcomes for text in one.left] == []
    assert [text for one in outcomes for text in one.lost] == ["The plan of the museum names every room and its exhibits."]


def test_the_pages_have_boilerplate_that_trafilatura_keeps(script: ModuleType) -> None:
    left = script.boilerplate_left([script.by_trafilatura(page) for page in script.marked_pages()])
    assert left.value > 0.5
