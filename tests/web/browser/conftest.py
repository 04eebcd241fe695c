"""Debian's chromium, driven by Playwright, and the servers that its pages come from."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
EXPECT_MILLISECONDS = 30_000  # an answer takes some 50; two busy cores take longer
WINDOW = ViewportSize(width=1280, height=720)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One a file and not one a session: Playwright's event loop must have ended before other tests run theirs."""
    expect.set_options(timeout=EXPECT_MILLISECONDS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A new page in a browser without any history; what is given are options of its context."""
    with contextlib.ExitStack() as opened:

        def open_(**options: object) -> Page:
            context = browser.new_context(**{"viewport": WINDOW, **options})  # type: ignore[arg-type]
            opened.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(EXPECT_MILLISECONDS)
            return page

        yield open_


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    chosen: bool = request.param
    return chosen


@pytest.fixture
def ask() -> Callable[[Page, str], None]:
    """Type the question, press the button and wait for the turn."""

    def ask_(page: Page, question: str) -> None:
        turns = page.locator("article.turn")
        before = turns.count()
        page.get_by_label("Your question").fill(question)
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(turns).to_have_count(before + 1)

    return ask_


@pytest.fixture(scope="session")
def changing_server(sample_index: Path, tmp_path_factory: pytest.TempPathFactory, start_server: Callable[..., object]) -> object:
    """One whose index tests add to and remove from."""
    folder = Path(shutil.copytree(sample_index, tmp_path_factory.mktemp("changing") / "samples"))
    return start_server(folder, requests_per_minute=0).wait_until_ready()  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory: pytest.TempPathFactory, start_server: Callable[..., object]) -> object:
    """One whose index stays empty."""
    return start_server(tmp_path_factory.mktemp("empty") / "nothing", requests_per_minute=0).wait_until_ready()  # type: ignore[attr-defined]
