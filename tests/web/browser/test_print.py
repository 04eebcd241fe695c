"""On paper: questions, quotes, sources and addresses, black on white; nothing to click, and nothing of the screen's dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
ADDRESS = "https://harbourpost.example/2025/02/sorrowby-obituary"
COLOURS = """
() => [...document.querySelectorAll("body, body *")].filter((element) => element.checkVisibility()).map((element) => {
  const { color, backgroundColor } = getComputedStyle(element);
  return `${color} on ${backgroundColor}`;
}).filter((pair, at, all) => all.indexOf(pair) === at).sort()
"""
BLACK_ON_WHITE = {
    *("rgb(0, 0, 0) on rgb(255, 255, 255)", "rgb(0, 0, 0) on rgba(0, 0, 0, 0)"),
    *("rgb(51, 51, 51) on rgb(255, 255, 255)", "rgb(51, 51, 51) on rgba(0, 0, 0, 0)"),
}


@pytest.fixture
def page(open_page: Callable[..., Page], samples: object) -> Page:
    """A dark page with a conversation, its panel open."""
    opened = open_page(samples.url, color_scheme="dark")  # type: ignore[attr-defined]
    opened.goto("/")
    for number, question in enumerate((QUESTION, "What is the boiling point of tungsten?"), start=1):
        opened.get_by_label("Your question").fill(question)
        opened.keyboard.press("Enter")
        expect(opened.locator(f"#turn-{number} .question")).to_have_text(question)
    opened.locator("#turn-1 .cite a").first.click()
    expect(opened.locator("#panel mark")).to_be_visible()
    return opened


def nothing_to_click(page: Page) -> None:
    for element in page.locator("button:not(.confidence), input, textarea, select, nav, dialog, .card, .chips").all():
        expect(element).to_be_hidden()


def test_a_conversation_is_its_questions_quotes_sources_and_addresses(page: Page) -> None:
    page.emulate_media(media="print")
    nothing_to_click(page)
    turn = page.locator("#turn-1")
    expect(turn.locator(".question")).to_be_visible()
    expect(turn.locator(".confidence")).to_be_visible()  # words to read, on paper
    expect(turn.locator(".answer")).to_contain_text("died on 17 February at the age of 94.")
    expect(turn.locator(".sources")).to_contain_text("Wilhelmina Sorrowby, the last sailmaker of Candle Lane")
    printed = "(element) => getComputedStyle(element, '::after').content"
    assert turn.locator(".sources .original").evaluate(printed) == f'"{ADDRESS}"'
    assert turn.locator(".cite a").first.evaluate("element => getComputedStyle(element, '::before').content") == '"["'
    expect(page.locator("#turn-2 .nearest .quote").first).to_be_visible()


def test_it_is_black_on_white_whatever_the_screen_is(page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    assert set(page.evaluate(COLOURS)) <= BLACK_ON_WHITE


def test_an_article_and_how_an_answer_was_found_print_too(page: Page) -> None:
    found = str(page.locator("#turn-1 .explained").get_attribute("href"))
    article = str(page.locator("#turn-1 .sources .title").get_attribute("href"))
    page.emulate_media(media="print", color_scheme="dark")
    for path, shown in ((found, "Why this sentence"), (article, "Her sails were known for lasting.")):
        page.goto(path)
        expect(page.locator("main")).to_contain_text(shown)
        nothing_to_click(page)
        assert set(page.evaluate(COLOURS)) <= BLACK_ON_WHITE


def test_a_long_article_is_no_single_sheet(page: Page) -> None:
    """Nothing that scrolls on the screen is cut off on paper."""
    page.emulate_media(media="print")
    clipped = """() => [...document.querySelectorAll("main, main *")].filter((element) => element.checkVisibility()
      && !element.matches(".visually-hidden") && ["auto", "scroll"].includes(getComputedStyle(element).overflowY)
      && element.scrollHeight > element.clientHeight + 1).length"""
    assert page.evaluate(clipped) == 0
