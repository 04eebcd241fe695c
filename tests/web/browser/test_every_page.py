"""What holds for every page: nothing leaves the machine, axe-core finds nothing, nothing scrolls sideways."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Response, expect

QUESTIONS = (
    "How old was Wilhelmina Sorrowby when she died?",  # answered
    "Who won the chowder contest?",  # weakly
    "What is the boiling point of tungsten?",  # not found
    "Hello there",  # no question
)
ARABIC = "افتتح رئيس البلدية الجسر الجديد يوم السبت. وقال إن العمل استغرق أربعة عشر شهرا."
LONG = {"id": "long-title", "title": "Donaudampfschifffahrt" * 14, "text": "The steamer left at noon. " * 40, "source": "S" * 200}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (375, 768, 1280)
RIGHT_TO_LEFT = {"id": "arabic", "title": "افتتاح الجسر الجديد في المدينة القديمة", "text": ARABIC, "language": "ar"}


def conversation(page: Page) -> str:
    """The address of a conversation with a turn of each kind."""
    page.goto("/")
    for number, question in enumerate(QUESTIONS, start=1):
        page.get_by_label("Your question").fill(question)
        page.keyboard.press("Enter")
        expect(page.locator(f"#turn-{number} .question")).to_have_text(question)
    return page.url


@pytest.fixture(scope="module")
def pages(samples: object, browser: Browser) -> list[str]:
    """The address of each page, and of some with each kind of content."""
    context = browser.new_context(base_url=str(samples.url))  # type: ignore[attr-defined]
    found = _pages(context.new_page())
    context.close()
    return found


def _pages(page: Page) -> list[str]:
    article = page.request.get("/v1/articles?q=sailmaker").json()["data"][0]["article_id"]
    known = [
        f"/articles/{article}",
        "/library",
        "/conversations",
        "/conversations?q=nothing+has+this",
        "/library?q=nothing+has+this",
        "/library?q=e&source=the+harbour+post&published_from=2024-02-01&language=en",
        "/library?published_from=2025-01-01&published_to=2024-01-01",
        "/add",
        "/suggestions",
        "/problems/too-large",
        "/help",
        "/help/http",
        "/help/serving",
        "/docs",
        "/nothing",
    ]
    answers = [page.request.post("/v1/answers", data={"question": question}).json()["id"] for question in QUESTIONS]
    return [conversation(page), "/", *known, *(f"/answers/{answer}/explain" for answer in answers), "/answers/ans_0/explain"]


def with_result_rows(page: Page) -> None:
    page.goto("/add")
    page.get_by_label("Choose files").set_input_files(
        [
            {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""},
            {"name": "bad.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-"},
        ]
    )
    expect(page.locator(".outcome.failed")).to_have_count(2)


def with_a_removed_row(page: Page) -> None:
    """Where the article was; `undone` brings it back."""
    page.goto("/library?source=radio+skerry")
    page.get_by_role("button", name="Remove").first.click()
    expect(page.locator(".removed")).to_be_visible()


def undone(page: Page) -> None:
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".removed")).to_have_count(0)


def test_no_page_asks_another_machine_for_anything_or_trips_over_its_own_policy(
    open_page: Callable[..., Page], samples: object, pages: list[str]
) -> None:
    url = str(samples.url)  # type: ignore[attr-defined]
    page = open_page(url)
    asked: list[str] = []
    said: list[str] = []
    failed: list[str] = []

    def keep(response: Response) -> None:
        if response.status >= 400 and not response.url.endswith(("/nothing", "/ans_0/explain", "published_to=2024-01-01")):
            failed.append(f"{response.status} {response.url}")

    page.on("request", lambda request: asked.append(request.url))
    page.on("response", keep)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: None if re.search(r"\b(404|422) \(", message.text) else said.append(message.text))
    for path in [conversation(page), *pages, "/docs/try"]:
        page.goto(path, wait_until="networkidle")
        assert page.evaluate("window.executed") == [], path
    with_result_rows(page)
    assert len(asked) > 30
    assert {re.sub(r"^(https?://[^/]+|data:).*", r"\1", one, flags=re.DOTALL) for one in asked} <= {url, "data:"}
    assert (failed, said) == ([], [])


def test_axe_finds_nothing_on_any_page_in_either_scheme(
    open_page: Callable[..., Page], samples: object, pages: list[str], findings: Callable[[Page], list[list[str]]]
) -> None:
    page = open_page(samples.url, bypass_csp=True)  # type: ignore[attr-defined]
    found = {}

    def look(name: str) -> None:
        for scheme, width in (("light", 1600), ("dark", 375)):  # with the sidebar, and with the bar of narrow windows
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("scheme => matchMedia(`(prefers-color-scheme: ${scheme})`).matches", scheme)
            page.set_viewport_size({"width": width, "height": 3000})  # so high that the box covers nothing
            found[name, scheme] = findings(page)

    for path in pages:
        page.goto(path, wait_until="networkidle")
        look(path)
    with_result_rows(page)
    look("/add with rows")
    with_a_removed_row(page)
    look("/library with a removed row")
    undone(page)
    assert {name: violations for name, violations in found.items() if violations} == {}


def test_no_page_scrolls_sideways_whatever_it_shows(
    open_page: Callable[..., Page], samples: object, pages: list[str], scrolls_sideways: Callable[[Page], bool]
) -> None:
    page = open_page(samples.url)  # type: ignore[attr-defined]
    added = page.request.post("/v1/articles", data={"articles": [LONG, RIGHT_TO_LEFT]}).json()
    shown = [f"/articles/{article['article_id']}" for article in added["articles"]]

    def check(name: str, before: Callable[[], None] = lambda: None) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            before()
            assert page.evaluate("innerWidth") == width
            assert not scrolls_sideways(page), (name, width)

    try:
        for path in [*pages, *shown]:
            page.goto(path, wait_until="networkidle")
            check(path)
        page.goto("/")
        page.get_by_label("Your question").fill(f"When did the steamer leave? {'x' * 300}")
        page.keyboard.press("Enter")
        expect(page.locator("#turn-1 .question")).to_be_visible()
        check("a citation's card", page.locator("#turn-1 .cite a, #turn-1 .source a").first.hover)
    finally:
        for article in added["articles"]:
            page.request.delete(f"/v1/articles/{article['article_id']}?now=true")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_where_a_citation_is_open(
    open_page: Callable[..., Page],
    samples: object,
    findings: Callable[[Page], list[list[str]]],
    scrolls_sideways: Callable[[Page], bool],
    width: int,
    scheme: str,
) -> None:
    page = open_page(samples.url, color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 800})  # type: ignore[attr-defined]
    conversation(page)
    for link in ("#turn-1 .cite a", "#turn-3 .nearest .title"):
        page.locator(link).first.click()
        expect(page.locator("#panel mark")).to_be_visible()
        page.wait_for_function("() => document.getElementById('panel').getAnimations().length === 0")
        assert findings(page) == []
        assert not scrolls_sideways(page)
        page.get_by_role("button", name="Close").click()
    page.set_viewport_size({"width": width, "height": 4_000})  # so that no link lies half under the question's box
    page.locator("#turn-1 .cite a").first.hover()
    expect(page.locator("#turn-1 .card").first).to_be_visible()
    assert findings(page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_what_is_opened_sent_or_undone(
    open_page: Callable[..., Page],
    samples: object,
    findings: Callable[[Page], list[list[str]]],
    scrolls_sideways: Callable[[Page], bool],
    width: int,
    scheme: str,
) -> None:
    page = open_page(samples.url, color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 800})  # type: ignore[attr-defined]

    def check() -> None:
        assert findings(page) == []
        assert not scrolls_sideways(page)

    page.goto("/")
    page.get_by_role("button", name="Source", exact=True).click()
    page.get_by_label("Source").fill("the harbour post")
    check()
    page.keyboard.press("Enter")
    expect(page.locator(".filter.set")).to_be_visible()
    check()
    page.get_by_role("button", name="Keys").click()
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    check()
    with_result_rows(page)
    check()
    with_a_removed_row(page)
    check()
    undone(page)


def test_the_letters_come_from_here_and_not_from_what_the_machine_has(open_page: Callable[..., Page], samples: object) -> None:
    page = open_page(samples.url)  # type: ignore[attr-defined]
    conversation(page)
    loaded = "document.fonts.ready.then(fonts => [...fonts].filter(font => font.status === 'loaded').map(font => font.family))"
    assert {name.strip('"') for name in page.evaluate(loaded)} == {"Inter", "Source Serif 4"}
    assert (
        page.locator("#turn-1 .sentence")
        .evaluate("element => getComputedStyle(element).fontFamily")
        .startswith('"Source Serif 4"')
    )


def test_right_to_left_text_runs_from_right_to_left(open_page: Callable[..., Page], samples: object) -> None:
    page = open_page(samples.url)  # type: ignore[attr-defined]
    (added,) = page.request.post("/v1/articles", data={"articles": [RIGHT_TO_LEFT]}).json()["articles"]
    page.goto(f"/articles/{added['article_id']}")
    direction = "element => getComputedStyle(element).direction"
    assert page.locator("h1").evaluate(direction) == "rtl"
    assert page.locator(".text p").first.evaluate(direction) == "rtl"
    assert page.locator(".index").evaluate(direction) == "ltr"
    page.request.delete(f"/v1/articles/{added['article_id']}?now=true")
