"""The filters in the ask box: chips that open their fields, say what is set, and clear it by one click."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

QUESTION = "How many houses were flooded?"


@pytest.fixture
def page(open_page: Callable[..., Page], samples: object) -> Page:
    opened = open_page(samples.url)  # type: ignore[attr-defined]
    opened.goto("/")
    return opened


def choose(page: Page) -> None:
    opened(page, "Source").get_by_label("Source").fill("radio skerry")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your question")).to_be_focused()
    opened(page, "Date").get_by_label("Published from").fill("2024-06-01")
    page.get_by_role("button", name="Done").click()


def opened(page: Page, name: str) -> Locator:
    """The open field of a chip, which may say what is set."""
    chip = page.locator(f"#ask [data-label={name}]")
    chip.locator(".chip").click()
    expect(chip.locator(".pop")).to_be_visible()
    return chip.locator(".pop")


def chips(page: Page) -> Locator:
    """Those on which something is set."""
    return page.locator("#ask .filter.set > .chip")


def test_a_chip_says_what_is_set_and_the_others_their_names(page: Page) -> None:
    expect(page.locator("#ask .filter > .chip")).to_have_text(["Source", "Date", "Language", "Article"])
    choose(page)
    expect(chips(page)).to_have_text(["Source: radio skerry", "From 1 June 2024"])
    expect(page.locator("#ask .pop:popover-open")).to_have_count(0)
    opened(page, "Date").get_by_label("Until").fill("2024-07-03")
    expect(chips(page).last).to_have_text("1 June 2024 to 3 July 2024")
    page.keyboard.press("Escape")
    expect(page.locator("#ask .pop:popover-open")).to_have_count(0)
    expect(page.locator("#ask [name=published_to]")).to_have_value("2024-07-03")


def test_one_click_takes_a_filter_away_and_leads_to_the_question(page: Page) -> None:
    choose(page)
    page.get_by_role("button", name="Remove the filter: Source: radio skerry").click()
    expect(page.locator("#ask [name=source]")).to_have_value("")
    expect(page.locator("#ask [name=published_from]")).to_have_value("2024-06-01")
    expect(chips(page)).to_have_text(["From 1 June 2024"])
    expect(page.get_by_role("button", name="Clear all filters")).to_be_hidden()  # there is no need to clear all of one
    expect(page.get_by_label("Your question")).to_be_focused()


def test_one_click_clears_all(page: Page) -> None:
    choose(page)
    page.get_by_role("button", name="Clear all filters").click()
    expect(chips(page)).to_have_count(0)
    expect(page.locator("#ask [name=published_from]")).to_have_value("")


def test_a_conversation_that_is_opened_again_has_its_filters_as_chips(page: Page) -> None:
    choose(page)
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#turn-1 .scope")).to_contain_text("source “radio skerry”")
    expect(chips(page)).to_have_count(2)
    page.reload()
    expect(page.get_by_label("Published from")).to_be_hidden()
    expect(chips(page)).to_have_text(["Source: radio skerry", "From 1 June 2024"])


def test_a_question_that_is_asked_without_a_filter_takes_its_chip_away(page: Page) -> None:
    choose(page)
    page.get_by_label("Your question").fill("How old was Wilhelmina Sorrowby when she died?")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Search all sources").click()
    expect(page.locator("#turn-2")).to_be_visible()
    expect(chips(page)).to_have_text(["From 1 June 2024"])


def test_without_javascript_the_chips_open_and_show_the_filters_of_the_last_question(
    open_page: Callable[..., Page], samples: object
) -> None:
    page = open_page(samples.url, java_script_enabled=False)  # type: ignore[attr-defined]
    page.goto("/")
    opened(page, "Source").get_by_label("Source").fill("radio skerry")
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(chips(page)).to_have_text(["Source: radio skerry"])
    expect(page.get_by_role("button", name="Remove the filter")).to_have_count(0)  # it would need a script
    expect(opened(page, "Source").get_by_label("Source")).to_have_value("radio skerry")


def test_filters_that_let_nothing_pass_lead_to_the_nearest_source(page: Page) -> None:
    opened(page, "Source").get_by_label("Source").fill("Radio Sherry")
    page.keyboard.press("Enter")
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#turn-1 .advice")).to_contain_text(
        "No article has the source “Radio Sherry”. The nearest: “Radio Skerry”."
    )
    page.get_by_role("button", name="Search “Radio Skerry”").click()
    expect(page.locator("#turn-2 .scope")).to_contain_text("source “Radio Skerry”")
    expect(chips(page)).to_have_text(["Source: Radio Skerry"])


def test_the_chat_has_the_filters_of_language_and_article(page: Page) -> None:
    opened(page, "Language").get_by_label("Language").select_option("German")
    opened(page, "Article").get_by_label("Article").fill("sorrowby-obituary")
    page.keyboard.press("Enter")
    expect(chips(page)).to_have_text(["Language: German", "Article: sorrowby-obituary"])
    expect(page.get_by_role("button", name="Clear all filters")).to_be_visible()
    page.get_by_label("Your question").fill("How old was Wilhelmina Sorrowby when she died?")
    page.keyboard.press("Enter")
    expect(page.locator("#turn-1 .advice")).to_have_count(2)
    page.get_by_role("button", name="Search all languages").click()
    expect(page.locator("#turn-2 .answer")).to_contain_text("at the age of 94")


def test_an_article_leads_to_the_chat_that_asks_it_alone(page: Page) -> None:
    page.goto("/articles/sorrowby-obituary")
    page.get_by_role("link", name="Ask this article alone").click()
    title = "Wilhelmina Sorrowby, the last sailmaker of Candle Lane"
    expect(chips(page)).to_have_text([f"Article: {title}"])
    expect(page.locator(".suggestions")).to_have_count(0)  # they are about other articles
    page.set_viewport_size({"width": 375, "height": 800})
    expect(page.get_by_role("button", name=f"Remove the filter: Article: {title}")).to_be_in_viewport(ratio=1)
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#turn-1 .scope")).to_contain_text(f"article “{title}”")
    expect(chips(page)).to_have_text([f"Article: {title}"])
