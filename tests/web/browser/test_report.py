"""The report of an evaluation, opened as a file: it asks for nothing, reads well at every width, and runs nothing."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from qa.cli.app import main

HOSTILE = "<script>window.executed.push('hostile')</script><img src=x onerror=window.executed.push('hostile')>"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a report on two runs of a small set, one of whose articles and questions try to be more than text."""
    folder = tmp_path_factory.mktemp("reported")
    ferry = f"The ferry Eider left at noon. {HOSTILE} Nobody was hurt. " + "Donaudampfschifffahrt" * 20
    articles = [
        {"id": "ferry", "title": HOSTILE, "text": ferry, "source": HOSTILE},
        {"id": "mill", "title": "The mill", "text": "The mill closed in 1952. Ada Thorn kept the keys of the mill."},
    ]
    questions = [
        {"id": "q1", "question": f"When did the ferry leave? {HOSTILE}", "judgements": [judged("ferry", ferry, "at noon")]},
        {"id": "q2", "question": "Who kept the keys?", "judgements": [judged("mill", str(articles[1]["text"]), "Ada Thorn")]},
        {"id": "q3", "question": "Who is the mayor?", "judgements": [], "answerable": False},
    ]
    for name, records in (("articles", articles), ("questions", questions)):
        (folder / f"{name}.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")
    index = ("--index", str(folder / "index"))
    for run in ("before", "after"):
        assert main(["evaluate", str(folder), *index, "--out", str(folder / f"{run}.jsonl")]) == 0
    runs = (str(folder / "before.jsonl"), str(folder / "after.jsonl"))
    assert main(["report", *runs, "--html", str(folder / "report.html")]) == 0
    return (folder / "report.html").as_uri()


def judged(article_id: str, text: str, quote: str) -> dict[str, object]:
    start = text.index(quote)
    return {"article_id": article_id, "start": start, "end": start + len(quote), "text": quote}


def test_it_asks_for_nothing_and_runs_nothing(open_page: Callable[..., Page], report: str) -> None:
    page = open_page("")
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(report)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    expect(page.get_by_text(HOSTILE).first).to_be_visible()
    assert [address for address in asked if not address.startswith("data:")] == [report]
    assert (said, page.evaluate("window.executed")) == ([], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_it(
    open_page: Callable[..., Page], report: str, findings: Callable[[Page], list[list[str]]], scheme: str
) -> None:
    page = open_page("", color_scheme=scheme, bypass_csp=True)
    page.goto(report)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert findings(page) == []


@pytest.mark.parametrize("width", [375, 768, 1280])
def test_it_does_not_scroll_sideways(
    open_page: Callable[..., Page], report: str, scrolls_sideways: Callable[[Page], bool], width: int
) -> None:
    page = open_page("", viewport={"width": width, "height": 800})
    page.goto(report)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert not scrolls_sideways(page)


def test_a_bar_of_what_was_lost_opens_its_questions(open_page: Callable[..., Page], report: str) -> None:
    page = open_page("")
    page.goto(report)
    link = page.locator(".funnel a").first
    questions = page.locator(str(link.get_attribute("href")))
    expect(questions).not_to_be_visible()
    link.click()
    expect(questions).to_be_visible()
