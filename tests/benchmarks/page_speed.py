"""How soon pages show their largest part, and how soon they react, by the browser's own PerformanceObserver.

Starts `qa serve` over an index. Each page is loaded `--times` times in a new context of Debian's chromium; printed are medians.

    python tests/benchmarks/page_speed.py --index DIR [--times 5]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys

from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# Of interactions, the longest, as interaction to next paint counts up to 50 of them. Times are in steps of 8 ms.
WATCH = """
window.largest = 0; window.slowest = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.largest = entry.startTime; })
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.interactionId) window.slowest = Math.max(window.slowest, entry.duration);
}).observe({ type: "event", durationThreshold: 16, buffered: true });
"""
PAGES = ("/", "/library", "/conversations", "/help/asking")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", required=True)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    command = [sys.executable, "-m", "qa", "--index", given.index, "serve", "--port", "0"]
    environment = {**os.environ, "QA_REQUESTS_PER_MINUTE": "0"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server, sync_playwright() as driver:
        assert server.stdout is not None
        url = server.stdout.readline().split()[0]
        server.stdout.readline()  # ready
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for path in PAGES:
            paints = [largest_paint(browser, url + path) for _ in range(given.times)]
            print(f"{path:15} largest contentful paint {statistics.median(paints):5.0f} ms")
        reactions = [slowest_reaction(browser, url) for _ in range(given.times)]
        print(f"{'the chat':15} interaction to next paint {statistics.median(reactions):4.0f} ms")
        browser.close()
        server.terminate()


def watched(browser: Browser) -> Page:
    page = browser.new_context().new_page()
    page.add_init_script(WATCH)
    return page


def largest_paint(browser: Browser, address: str) -> float:
    page = watched(browser)
    page.goto(address, wait_until="networkidle")
    painted: float = page.evaluate("window.largest")
    page.context.close()
    return painted


def slowest_reaction(browser: Browser, url: str) -> float:
    """Of typing and asking a question, setting a filter, and opening and closing a citation."""
    page = watched(browser)
    page.goto(url)
    page.get_by_role("button", name="Source", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_label("Your question").click()
    page.keyboard.type("Who is the mayor?")
    page.keyboard.press("Enter")
    page.locator("#turn-1 .cite a").first.click()
    page.locator("#panel mark").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_timeout(500)  # what is painted late is told late
    slowest: float = page.evaluate("window.slowest")
    page.context.close()
    return slowest


if __name__ == "__main__":
    main()
