"""What each page of the web chat costs: requests, and bytes as they are transferred, the first time and again.

Starts `qa serve` over an index and loads the pages in Debian's chromium.

    python tests/benchmarks/page_weight.py --index DIR
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from playwright.sync_api import BrowserContext, sync_playwright

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TRANSFERRED = """
["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind)).map((entry) => entry.transferSize)
"""
PAGES = ("/", "/library", "/add", "/docs", "/docs/try")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", required=True)
    index = parser.parse_args().index
    command = [sys.executable, "-m", "qa", "--index", index, "serve", "--port", "0"]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as server,
        sync_playwright() as driver,
    ):
        assert server.stdout is not None
        url = server.stdout.readline().split()[0]
        server.stdout.readline()  # ready
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for path in PAGES:
            context = browser.new_context()
            show(path, "first", loaded(context, url + path))
            show(path, "again", loaded(context, url + path))
        browser.close()
        server.terminate()


def loaded(context: BrowserContext, address: str) -> list[int]:
    """The bytes, headers and all, of each response that came over the network and not from the cache."""
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    sizes: list[int] = page.evaluate(TRANSFERRED)
    page.close()
    return [size for size in sizes if size]


def show(path: str, when: str, sizes: list[int]) -> None:
    print(f"{path:10} {when}  {len(sizes):2} requests  {sum(sizes):>9,} bytes")


if __name__ == "__main__":
    main()
