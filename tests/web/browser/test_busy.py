"""While an answer is made: nothing flashes where it is fast, something is said where it is not; then it is read out once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
QUOTE = "Wilhelmina Sorrowby, who sewed sails on Candle Lane for sixty-eight years, died on 17 February at the age of 94."
BUSY_MS = 400
# Every word that screen readers are told, in order.
RECORD = """
window.told = [];
addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
  window.told.push(document.getElementById("announcement").textContent);
}).observe(document.getElementById("announcement"), { subtree: true, childList: true, characterData: true }));
"""


@pytest.fixture
def page(open_page: Callable[..., Page], samples: object) -> Page:
    """A page whose clock stands still, and whose questions are held until `let_through`."""
    opened = open_page(samples.url)  # type: ignore[attr-defined]
    opened.add_init_script(RECORD)
    opened.clock.install()
    opened.goto("/")
    return opened


@pytest.fixture
def held(page: Page) -> list[Route]:
    routes: list[Route] = []
    page.route("**/ask", lambda route: routes.append(route))
    return routes


def ask(page: Page, held: list[Route]) -> None:
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    while not held:
        page.wait_for_timeout(10)


def test_the_question_shows_at_once_with_lines_to_be_filled_and_words_after_400_ms(page: Page, held: list[Route]) -> None:
    ask(page, held)
    expect(page.locator(".pending .question")).to_have_text(QUESTION)
    expect(page.locator(".pending .skeleton")).to_be_visible()
    expect(page.locator(".waiting")).to_be_hidden()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()
    page.clock.run_for(BUSY_MS - 1)
    expect(page.locator(".waiting")).to_be_hidden()
    page.clock.run_for(1)
    expect(page.locator(".waiting")).to_be_visible()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_hidden()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    held[0].continue_()
    page.clock.resume()
    expect(page.locator("#turn-1 .answer")).to_contain_text(QUOTE)
    expect(page.locator(".pending")).to_have_count(0)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()
    assert page.evaluate("window.told.filter(Boolean)")[0] == "One moment…"


def test_stop_ends_the_question_and_puts_it_back_into_the_box(page: Page, held: list[Route]) -> None:
    ask(page, held)
    page.clock.run_for(BUSY_MS)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    assert page.evaluate("window.told.at(-1)") == "Stopped. Your question is in the box."
    held.clear()
    page.keyboard.press("Enter")
    while not held:
        page.wait_for_timeout(10)
    held[0].continue_()
    page.clock.resume()
    expect(page.locator("#turn-1 .answer")).to_contain_text(QUOTE)


def test_of_an_answer_that_is_faster_nothing_but_the_answer_is_told(page: Page, held: list[Route]) -> None:
    ask(page, held)
    page.clock.run_for(BUSY_MS - 1)
    held[0].continue_()
    expect(page.locator("#turn-1 .answer")).to_contain_text(QUOTE)
    page.clock.run_for(10 * BUSY_MS)
    told = page.evaluate("window.told.filter(Boolean)")
    assert told == [f"Likely: 94, with 1 source. {QUOTE}"]


def test_a_second_enter_meanwhile_asks_nothing_again(page: Page, held: list[Route]) -> None:
    ask(page, held)
    page.get_by_label("Your question").fill("And another?")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Ask", exact=True).click()
    assert len(held) == 1
    expect(page.get_by_role("alert")).to_contain_text("One question at a time")
    held[0].continue_()
    page.clock.resume()
    expect(page.locator("#turn-1 .answer")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_empty()
    expect(page.get_by_label("Your question")).to_have_value("And another?")


def test_what_the_server_does_is_shown_and_where_it_breaks_off_what_to_do(page: Page) -> None:
    # A stream that goes on for as long as it is let, as a server's that is at work.
    page.evaluate("""
      window.fetch = async () => new Response(new ReadableStream({ start: (at) => { window.stream = at; } }),
        { headers: { "Content-Type": "text/event-stream" } });
      window.say = (text) => window.stream.enqueue(new TextEncoder().encode(text));
      null
    """)
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    page.clock.run_for(BUSY_MS)
    page.wait_for_function("window.stream")
    page.evaluate(r"""say('event: stage\ndata: {"type": "stage", "words": "Searching 87 pass')""")
    expect(page.locator(".waiting")).to_have_text("One moment…")
    page.evaluate(r"""say('ages…"}\n\n: ping\n\n')""")
    expect(page.locator(".waiting")).to_have_text("Searching 87 passages…")
    page.evaluate("stream.error(new TypeError('network error'))")
    expect(page.get_by_role("alert")).to_contain_text(
        "qa is not responding. Is it still running? Your question is back in the box"
    )
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    page.keyboard.press("Enter")  # and one that ends without an answer
    page.wait_for_function("stream.desiredSize > 0")
    page.evaluate("stream.close()")
    expect(page.get_by_role("alert")).to_contain_text("to be asked again")
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)


def test_who_goes_back_while_an_answer_is_made_and_comes_again_finds_the_question_in_the_box(
    page: Page, held: list[Route]
) -> None:
    page.goto("/library")
    page.goto("/")
    ask(page, held)
    page.clock.resume()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Library")
    page.go_forward()
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    expect(page.locator(".pending")).to_have_count(0)


def test_the_turns_are_a_log_that_does_not_read_itself_out(page: Page) -> None:
    log = page.get_by_role("log", name="Conversation")
    expect(log).to_have_attribute("aria-live", "off")
    expect(page.locator("#announcement")).to_have_attribute("role", "status")
