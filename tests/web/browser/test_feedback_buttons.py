"""Judging an answer in a browser: by pointer and keyboard, with JavaScript and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
NOT_FOUND = "What is the boiling point of tungsten?"
SMALLEST = 24  # CSS pixels, WCAG 2.2's 2.5.8


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, open_page: Callable[..., Page], samples: object) -> Page:
    return open_page(samples.url, java_script_enabled=request.param, viewport={"width": 1000, "height": 700})  # type: ignore[attr-defined]


@pytest.fixture
def scripted(open_page: Callable[..., Page], samples: object) -> Page:
    return open_page(samples.url, viewport={"width": 375, "height": 700}, reduced_motion="reduce")  # type: ignore[attr-defined]


def ask(page: Page, question: str) -> Locator:
    """The turn of a new conversation."""
    page.goto("/")
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#turn-1 .question")).to_have_text(question)
    return page.locator("#turn-1")


def pressed(button: Locator) -> None:
    expect(button).to_have_attribute("aria-pressed", "true")


def not_pressed(button: Locator) -> None:
    expect(button).to_have_attribute("aria-pressed", "false")


def called_wrong(turn: Locator) -> Locator:
    """The button that calls the first source wrong, in its open menu."""
    button = turn.get_by_role("button", name="Wrong sentence (1)")
    if not button.is_visible():  # without JavaScript the page was loaded again, and the menu is closed
        turn.get_by_role("button", name="More on source 1").click()
    return button


def click(page: Page, button: Locator) -> None:
    """Until it is kept, and without JavaScript until the page is there again."""
    with page.expect_response(lambda response: response.url.endswith("/feedback")):
        button.click()
    page.wait_for_load_state("networkidle")


def test_thumbs_exclude_each_other_stay_when_the_page_is_loaded_again_and_can_be_taken_back(page: Page) -> None:
    turn = ask(page, QUESTION)
    up, down = (turn.get_by_role("button", name=name, exact=True) for name in ("Helpful", "Not helpful"))
    not_pressed(up)
    up.click()
    pressed(up)
    not_pressed(down)
    down.click()
    pressed(down)
    not_pressed(up)
    page.reload()
    pressed(down)
    down.click()
    not_pressed(down)
    expect(page).to_have_url(page.url.partition("#")[0] + ("#turn-1" if "#" in page.url else ""))


def test_a_source_can_be_called_wrong_and_a_nearest_sentence_right(page: Page) -> None:
    turn = ask(page, QUESTION)
    click(page, called_wrong(turn))
    pressed(called_wrong(turn))
    click(page, called_wrong(turn))
    not_pressed(called_wrong(turn))
    turn = ask(page, NOT_FOUND)
    right, quote = turn.get_by_role("button", name="This answers it (2)"), turn.locator(".nearest .quote").nth(1).inner_text()
    right.click()
    pressed(right)
    not_pressed(page.get_by_role("button", name="This answers it (1)"))
    expect(turn.locator(".confidence")).to_have_text("Chosen by you")
    expect(turn.locator(".quote").first).to_have_text(quote)
    expect(turn.get_by_role("heading", name="Other sentences")).to_be_visible()
    right.click()
    not_pressed(right)
    expect(turn.locator(".verdict")).to_have_text("No sure answer. These may help.")
    expect(turn.locator(".quote").nth(1)).to_have_text(quote)


def test_saying_something_loads_no_page_keeps_the_focus_and_the_place_and_is_announced(scripted: Page) -> None:
    turn = ask(scripted, QUESTION)
    scripted.evaluate("window.stillThere = true")
    up = turn.get_by_role("button", name="Helpful", exact=True)
    up.focus()
    before = turn.bounding_box()
    scripted.keyboard.press("Enter")
    pressed(up)
    expect(up).to_be_focused()
    expect(scripted.locator("#announcement")).to_have_text("Thank you, that is kept.")
    assert turn.bounding_box() == before
    scripted.keyboard.press("Space")
    not_pressed(up)
    expect(scripted.locator("#announcement")).to_have_text("That is taken back.")
    assert scripted.evaluate("window.stillThere")


def test_every_button_is_large_enough_to_hit_and_shows_that_it_is_pressed(scripted: Page) -> None:
    for question in (QUESTION, NOT_FOUND):
        turn = ask(scripted, question)
        if question == QUESTION:
            expect(called_wrong(turn)).to_be_visible()
        for button in turn.locator(".feedback button").all():
            box = button.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= SMALLEST
    button = scripted.locator("#helpful-1")
    colours = "element => { const style = getComputedStyle(element); return [style.color, style.borderColor]; }"
    scripted.mouse.move(0, 0)
    unpressed = button.evaluate(colours)
    button.click()
    pressed(button)
    scripted.mouse.move(0, 0)
    assert all(old != new for old, new in zip(unpressed, button.evaluate(colours), strict=True))
    button.click()


def test_axe_finds_nothing_where_buttons_are_pressed(
    open_page: Callable[..., Page], samples: object, findings: Callable[[Page], list[list[str]]]
) -> None:
    for scheme in ("light", "dark"):
        page = open_page(samples.url, color_scheme=scheme, bypass_csp=True)  # type: ignore[attr-defined]
        turn = ask(page, QUESTION)
        turn.locator("#helpful-1").click()
        pressed(turn.locator("#helpful-1"))
        called_wrong(turn).click()
        pressed(called_wrong(turn))
        assert findings(page) == []
