"""A server that ends and starts again while its pages are open: they say so, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
GONE = "qa is not responding. Is it still running?"


def test_a_page_outlives_its_server(open_page: Callable[..., Page], start_server: Callable, sample_copy: Path) -> None:
    server = start_server(sample_copy).wait_until_ready()
    page, library = open_page(server.url), open_page(server.url)
    library.goto("/library")
    rows = library.locator("main button[aria-label^=Remove]")
    articles = rows.count()
    page.goto("/")
    box, turns = page.get_by_label("Your question"), page.locator(".turn[data-announcement]")
    box.fill(QUESTION)
    page.keyboard.press("Enter")
    expect(turns.first).to_contain_text("at the age of 94")
    server.kill()
    page.get_by_role("button", name="Helpful", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text(f"{GONE} Once it is, try again.")
    box.fill("What did she sew?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(f"{GONE} Your question is back in the box, to be asked again.")
    expect(box).to_have_value("What did she sew?")
    rows.first.click(force=True)
    expect(library.get_by_role("alert")).to_contain_text(GONE)
    expect(rows).to_have_count(articles)
    start_server(sample_copy, "--port", urlsplit(server.url).port).wait_until_ready()
    rows.first.click(force=True)
    expect(rows).to_have_count(articles - 1)
    expect(library.get_by_role("alert")).to_be_empty()
    page.get_by_role("button", name="Helpful", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Thank you")).to_have_count(1)
    expect(page.get_by_role("alert")).to_be_empty()
    box.press("Enter")
    expect(turns).to_have_count(2)
    expect(page.get_by_role("alert")).to_be_empty()
    page.reload()
    expect(turns).to_have_count(2)
    expect(turns.first).to_contain_text("at the age of 94")
