"""A real Chromium against real servers: one browser a module, one page a test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

expect.set_options(timeout=30_000)  # on a machine that has other work too
# Without windows to draw, it takes a third of the processor time for each page. Other systems have the whole one alone.
CHROMIUM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# Whatever an injected string could do first is recorded.
WATCH = """
window.executed = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = (...given) => window.executed.push(name);
document.addEventListener("securitypolicyviolation", (event) => window.executed.push("blocked: " + event.violatedDirective));
"""
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
# WCAG 2.2's rule for targets of 24 pixels is off unless asked for. Of what is right, it need not list every element.
FINDINGS = """
async () => {
  const found = await axe.run({ rules: { "target-size": { enabled: true } }, resultTypes: ["violations"] });
  return found.violations.map((broken) => [broken.id, ...broken.nodes.map((node) => node.html.slice(0, 200))]);
}
"""


@pytest.fixture(scope="module")  # its event loop must not run on into the tests that use asyncio
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A page in a context of its own; any option of the context may be given. `problems` are what its console said."""
    contexts = []

    def open_(base_url: str, **options: object) -> Page:
        context = browser.new_context(base_url=base_url, **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_init_script(WATCH)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def findings() -> Callable[[Page], list[list[str]]]:
    """What axe-core finds on a page: each rule with the elements that break it; a page's own policy must be set aside."""

    def found(page: Page) -> list[list[str]]:
        page.evaluate(AXE)
        violations: list[list[str]] = page.evaluate(FINDINGS)
        return violations

    return found


@pytest.fixture
def scrolls_sideways() -> Callable[[Page], bool]:
    return lambda page: bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.fixture(scope="session")
def samples(sample_index: Path, tmp_path_factory: pytest.TempPathFactory, start_server: Callable) -> Iterator[object]:
    """A server whose index these tests add to and remove from, and leave as they found it."""
    folder = Path(shutil.copytree(sample_index, tmp_path_factory.mktemp("browsed") / "harbour"))
    server = start_server(folder, requests_per_minute=0, read_passages=5).wait_until_ready()
    yield server
    server.kill()
