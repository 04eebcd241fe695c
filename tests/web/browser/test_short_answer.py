"""With a trained reader the chat shows the short answer as its headline, and inside its sentence."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture(scope="module")
def url(sample_index: Path, tmp_path_factory: pytest.TempPathFactory, start_server: Callable) -> Iterator[str]:
    folder = Path(shutil.copytree(sample_index, tmp_path_factory.mktemp("read") / "harbour"))
    server = start_server(folder, reader="qa-reader").wait_until_ready()
    yield server.url
    server.stop()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_short_answer_is_the_headline_and_stands_out_in_its_sentence(
    url: str, open_page: Callable[..., Page], javascript: bool
) -> None:
    page = open_page(url, java_script_enabled=javascript)
    page.goto("/")
    page.get_by_label("Your question").fill("How old was Wilhelmina Sorrowby when she died?")
    page.get_by_role("button", name="Ask", exact=True).click()
    headline = page.locator("#turn-1 .headline")
    expect(headline).to_have_text(re.compile(r"^\s*94\s*1\s*$"))
    assert headline.evaluate("element => parseFloat(getComputedStyle(element).fontSize)") >= 24
    sentence = page.locator("#turn-1 .sentence").first
    expect(sentence.locator("strong")).to_have_text("94")
    expect(sentence).to_contain_text("died on 17 February at the age of 94.")
    expect(page.locator("#turn-1 .sentence strong")).to_have_count(1)
