"""Pictures of the pages, to be looked at: each page in two themes at three widths, and pages with contents that are hard to show.

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
    "conversation": conversation,
    "panel": panel,
    "filters": filters,
    "library": library,
    "add": at("/add"),
    "explained": explained,
    "help": at("/help/asking"),
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


@contextmanager
def serving(index: Path) -> Iterator[str]:
    """The address of a server over a copy of the index."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = shutil.copytree(index, Path(temporary) / index.name)
        command = [sys.executable, "-m", "qa", "--index", str(copy), "serve", "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=UNHURRIED) as server:
            assert server.stdout is not None
            url = server.stdout.readline().split()[0]
            server.stdout.readline()  # ready
            yield url
            server.terminate()


def add_hard_articles(browser: Browser, url: str) -> None:
    response = browser.new_context(base_url=url).request.post("/v1/articles", data={"articles": HARD}, timeout=300_000)
    assert response.ok, response.text()


def shoot(browser: Browser, url: str, folder: Path, name: str, open_: Callable[[Page], None]) -> None:
    for scheme in SCHEMES:
        for width, height in SIZES:
            size = {"width": width, "height": height}
            context = browser.new_context(base_url=url, viewport=size, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            page = context.new_page()
            open_(page)
            page.evaluate("document.fonts.ready")
            page.wait_for_timeout(300)
            page.screenshot(path=folder / f"{name}-{width}-{scheme}.png")
            context.close()


if __name__ == "__main__":
    main()
