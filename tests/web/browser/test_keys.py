"""The keys: what each does, that none does anything while somebody types, and the dialog that names them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

QUESTION = "How old was Wilhelmina Sorrowby when she died?"


@pytest.fixture
def page(open_page: Callable[..., Page], samples: object) -> Page:
    opened = open_page(samples.url, viewport={"width": 1280, "height": 800})  # type: ignore[attr-defined]
    opened.goto("/")
    return opened


def ask(page: Page) -> None:
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#turn-1 .answer")).to_be_visible()


def test_slash_leads_to_the_question_and_in_the_library_to_its_search(page: Page) -> None:
    question = page.get_by_label("Your question")
    question.blur()
    page.keyboard.press("/")
    expect(question).to_be_focused()
    expect(question).to_have_value("")
    page.keyboard.press("/")  # which is typed now
    expect(question).to_have_value("/")
    page.goto("/library")
    page.keyboard.press("/")
    expect(page.get_by_label("Search titles")).to_be_focused()
    page.keyboard.type("ship")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Search titles")).to_have_value("")


def test_a_question_mark_shows_the_keys_escape_closes_them_and_focus_goes_back(page: Page) -> None:
    page.get_by_role("link", name="Library").focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="Library")).to_be_focused()
    page.get_by_role("button", name="Keys").click()
    expect(dialog).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("path", ["/", "/library", "/add", "/suggestions", "/problems/too-large", "/nothing"])
def test_the_keys_are_shown_on_every_page(page: Page, path: str) -> None:
    page.goto(path)
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_no_key_fires_in_another_field_or_with_a_modifier(page: Page) -> None:
    page.get_by_role("button", name="Source", exact=True).click()
    source = page.get_by_label("Source")
    source.focus()
    for key in ("/", "?", "ArrowUp"):
        page.keyboard.press(key)
    expect(source).to_be_focused()
    expect(source).to_have_value("/?")
    page.keyboard.press("Escape")
    expect(source).to_be_hidden()
    expect(page.get_by_role("button", name="Source: /?", exact=True)).to_be_focused()
    for keys in ("Control+/", "Alt+/", "Meta+/", "Control+?", "Alt+?"):
        page.keyboard.press(keys)
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    expect(page.get_by_label("Your question")).not_to_be_focused()


def test_the_keys_without_a_modifier_can_be_switched_off_and_stay_off(page: Page) -> None:
    page.get_by_label("Your question").blur()
    page.keyboard.press("?")
    page.get_by_label("work outside of fields").uncheck()
    page.keyboard.press("Escape")
    page.goto("/library")
    for key in ("?", "/"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    expect(page.get_by_label("Search titles")).not_to_be_focused()
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("work outside of fields").check()


def test_up_in_the_empty_box_brings_the_last_question_back_for_editing(page: Page) -> None:
    question = page.get_by_label("Your question")
    page.keyboard.press("ArrowUp")
    expect(question).to_have_value("")  # none has been asked
    ask(page)
    page.keyboard.press("ArrowUp")
    expect(question).to_have_value(QUESTION)
    question.fill("And then?")
    page.keyboard.press("ArrowUp")
    expect(question).to_have_value("And then?")


def test_escape_clears_the_box_then_leaves_it_and_up_brings_back_what_was_cleared(page: Page) -> None:
    ask(page)
    question = page.get_by_label("Your question")
    question.fill("A long question that was not asked yet")
    page.keyboard.press("Escape")
    expect(question).to_have_value("")
    expect(question).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(question).to_have_value("A long question that was not asked yet")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(question).not_to_be_focused()


def test_escape_closes_a_card_then_the_panel_and_only_then_clears_the_box(page: Page) -> None:
    ask(page)
    question = page.get_by_label("Your question")
    page.locator("#turn-1 .cite a").first.click()
    expect(page.locator("#panel mark")).to_be_visible()
    question.fill("Not asked yet")
    page.mouse.move(0, 0)
    page.locator("#turn-1 .cite a").first.hover()
    card = page.locator("#turn-1 .card").first
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(page.locator("#panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(question).to_have_value("Not asked yet")
    page.keyboard.press("Escape")
    expect(question).to_have_value("")


def test_the_dialog_over_the_panel_is_closed_first(page: Page) -> None:
    ask(page)
    page.locator("#turn-1 .cite a").first.click()
    expect(page.locator("#panel mark")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    expect(page.locator("#panel")).to_be_visible()


def test_without_javascript_there_is_no_sign_of_keys(open_page: Callable[..., Page], samples: object) -> None:
    page = open_page(samples.url, java_script_enabled=False)  # type: ignore[attr-defined]
    page.goto("/")
    expect(page.get_by_role("button", name="Keys")).to_be_hidden()
