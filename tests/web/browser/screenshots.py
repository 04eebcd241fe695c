"""Pictures of the pages, to be looked at: each page and state in two themes at three widths, also with what is hard to show.

Starts `qa serve` over a copy of an index of the sample articles, and shoots in Debian's chromium. Not a test.

    python tests/web/browser/screenshots.py --index DIR FOLDER
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES = ((390, 844), (768, 1024), (1440, 900))
ARABIC = "افتتح رئيس البلدية الجسر الجديد يوم السبت. وقال إن العمل استغرق أربعة عشر شهرا. وبلغت التكلفة 12 مليون يورو."
NO_BLANKS = "Donaudampfschifffahrtsgesellschaft" * 12
DAYS = "\n\n".join(f"On day {day:,} the sea was calm, and nobody spoke." for day in range(1, 23_500))  # 1.1 million characters
HARD = [
    {"id": "no-blanks", "title": NO_BLANKS, "text": f"The steamer left at noon. {NO_BLANKS}", "source": "S" * 200},
    {"id": "arabic", "title": "افتتاح الجسر الجديد في المدينة القديمة", "text": ARABIC, "language": "ar"},
    {"id": "long", "title": "A diary of calm days", "text": DAYS},
]
UNHURRIED = {**os.environ, "QA_REQUESTS_PER_MINUTE": "0"}
QUESTIONS = (
    "What does a single ticket to Skerrin cost?",  # likely
    "How many people were hurt in the Eider accident?",  # corrected by a later article
    "Who won the chowder contest?",  # to be checked
    "What is the boiling point of tungsten?",  # no sure answer
)


def first(page: Page) -> None:
    page.goto("/")
    page.locator(".suggestions button").first.wait_for()


def conversation(page: Page) -> None:
    page.goto("/")
    for number, question in enumerate(QUESTIONS, 1):
        ask(page, question, number)


def ask(page: Page, question: str, number: int) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.locator(f"#turn-{number} .turn-foot").wait_for()


def panel(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTIONS[0], 1)
    page.locator("#turn-1 .cite a").first.click()
    page.locator("#panel mark").wait_for()


def answering(question: str) -> Callable[[Page], None]:
    """One question with its answer."""

    def open_(page: Page) -> None:
        page.goto("/")
        ask(page, question, 1)

    return open_


def thinking(page: Page) -> None:
    page.goto("/")
    page.route("**/ask", lambda _: None)  # which is never answered
    page.get_by_label("Your question").fill(QUESTIONS[0])
    page.keyboard.press("Enter")
    page.locator(".waiting.shown").wait_for()


def server_gone(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTIONS[0], 1)
    page.route("**/ask", lambda route: route.abort())
    page.get_by_label("Your question").fill(QUESTIONS[1])
    page.keyboard.press("Enter")
    page.locator("#message p").wait_for()


def filtered_out(page: Page) -> None:
    page.goto("/")
    page.locator("#ask [data-label=Source] .chip").click()
    page.locator("#ask [name=source]").fill("Radio Sherry")
    page.keyboard.press("Enter")
    ask(page, QUESTIONS[0], 1)


def one_article(page: Page) -> None:
    page.goto("/articles/ferry-terminal-opens")
    page.get_by_role("link", name="Ask this article alone").click()
    page.locator("#ask .filter.set").wait_for()


def long_conversation(page: Page) -> None:
    page.goto("/")
    for number in range(1, 13):
        ask(page, QUESTIONS[number % len(QUESTIONS)], number)


def edited(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTIONS[0], 1)
    page.locator("#turn-1 .editing summary").click()


def adding(page: Page) -> None:
    page.goto("/add")
    files = [
        {"name": "notes.md", "mimeType": "text/markdown", "buffer": b"# Notes\n\nThe **boat** left at noon."},
        {"name": "photo.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"},
        {"name": "a" * 90 + ".txt", "mimeType": "text/plain", "buffer": b""},
    ]
    page.locator("#files").set_input_files(files)  # type: ignore[arg-type]
    page.locator(".outcome").nth(2).wait_for()
    page.route("**/add", lambda _: None)
    page.locator("#files").set_input_files(files[:1])  # type: ignore[arg-type]
    page.locator(".sending").wait_for()


def removed(page: Page) -> None:
    page.goto("/library?source=radio+skerry")
    for number in (0, 1):
        page.locator(".articles > li").nth(number).get_by_role("button", name="Remove").click()
        page.locator(".removed").nth(number).wait_for()
    page.goto("/library")
    page.locator(".removed-lately summary").click()


def filters(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Source", exact=True).click()
    page.locator("#ask [name=source]").fill("Radio Skerry")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Date", exact=True).click()


def library(page: Page) -> None:
    page.goto("/library?sort=newest")
    page.locator(".articles > li").nth(1).hover()
    page.get_by_role("checkbox").nth(1).check()


def explained(page: Page) -> None:
    answer = page.request.post("/v1/answers", data={"question": QUESTIONS[0]}).json()["id"]
    page.goto(f"/answers/{answer}/explain")


def at(path: str) -> Callable[[Page], None]:
    return lambda page: page.goto(path, wait_until="networkidle") and None


PAGES: dict[str, Callable[[Page], None]] = {
    "first": first,
    "thinking": thinking,
    "answered": answering(QUESTIONS[0]),
    "corrected": answering(QUESTIONS[1]),
    "unsure": answering(QUESTIONS[2]),
    "not-sure": answering(QUESTIONS[3]),
    "filtered-out": filtered_out,
    "one-article": one_article,
    "edited": edited,
    "server-gone": server_gone,
    "error": at("/nothing"),
    "refused-filters": at("/library?published_from=2025-01-01&published_to=2024-01-01"),
    "conversation": conversation,
    "panel": panel,
    "filters": filters,
    "library": library,
    "removed": removed,
    "conversations": at("/conversations"),
    "add": at("/add"),
    "adding": adding,
    "explained": explained,
    "help": at("/help/asking"),
    "api": at("/docs"),
    "long-conversation": long_conversation,
}
EMPTY_PAGES: dict[str, Callable[[Page], None]] = {
    "empty": at("/"),
    "empty-library": at("/library"),
    "empty-conversations": at("/conversations"),
}
HARD_PAGES: dict[str, Callable[[Page], None]] = {
    "hard-titles": at("/library"),
    "hard-no-blanks": at("/articles/no-blanks"),
    "hard-right-to-left": at("/articles/arabic"),
    "hard-long": at("/articles/long"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", required=True, type=Path)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with serving(given.index) as url, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for name, open_ in PAGES.items():
            shoot(browser, url, given.folder, name, open_)
        add_hard_articles(browser, url)
        for name, open_ in HARD_PAGES.items():
            shoot(browser, url, given.folder, name, open_)
        browser.close()
    with serving(None) as url, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for name, open_ in EMPTY_PAGES.items():
            shoot(browser, url, given.folder, name, open_)
        browser.close()


@contextmanager
def serving(index: Path | None) -> Iterator[str]:
    """The address of a server over a copy of the index, or over an empty one."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = shutil.copytree(index, Path(temporary) / index.name) if index else Path(temporary) / "empty"
        command = [sys.executable, "-m", "qa", "--index", str(copy), "serve", "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=UNHURRIED) as server:
            assert server.stdout is not None
            url = server.stdout.readline().split()[0]
            try:
                server.stdout.readline()  # ready
                yield url
            finally:
                server.terminate()


def add_hard_articles(browser: Browser, url: str) -> None:
    response = browser.new_context(base_url=url).request.post("/v1/articles", data={"articles": HARD}, timeout=0)
    assert response.ok, response.text()


def bring_back(page: Page) -> None:
    """What a picture of removals removed."""
    page.unroute_all(behavior="ignoreErrors")
    while "/library" in page.url and page.locator(".notice button").count():
        page.locator(".notice button:visible").first.click()
        page.goto("/library")
        if page.locator(".removed-lately").count():
            page.locator(".removed-lately summary").click()


def shoot(browser: Browser, url: str, folder: Path, name: str, open_: Callable[[Page], None]) -> None:
    for scheme in SCHEMES:
        for width, height in SIZES:
            phone = {"has_touch": True, "is_mobile": True} if width < 600 else {}
            context = browser.new_context(
                base_url=url,
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                reduced_motion="reduce",
                **phone,  # type: ignore[arg-type]
            )
            page = context.new_page()
            open_(page)
            page.evaluate("document.fonts.ready")
            page.wait_for_timeout(300)
            page.screenshot(path=folder / f"{name}-{width}-{scheme}.png")
            bring_back(page)
            context.close()


if __name__ == "__main__":
    main()
