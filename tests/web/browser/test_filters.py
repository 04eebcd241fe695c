"""The filters beside the question: chips while their fields are folded, each gone by one click."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

QUESTION = "How many houses were flooded?"


@pytest.fixture
def page(open_page: Callable[..., Page], samples: object) -> Page:
    opened = open_page(samples.url)  # type: ignore[attr-defined]
    opened.goto("/")
    return opened


def choose(page: Page) -> None:
    fold(page)
    page.get_by_label("Source").fill("radio skerry")
    page.get_by_label("Published from").fill("2024-06-01")
    fold(page)


def fold(page: Page) -> None:
    """Open the fields, or close them."""
    page.get_by_text("Only some articles", exact=True).click()


def test_the_filters_in_use_are_chips_while_their_fields_are_folded(page: Page) -> None:
    chips = page.locator(".chip")
    expect(chips).to_have_count(0)
    choose(page)
    expect(chips).to_have_text([re.compile("Source: radio skerry"), re.compile("From 1 June 2024"), re.compile("Clear all")])
    expect(chips.first).to_be_visible()
    fold(page)
    expect(chips.first).to_be_hidden()


def test_one_click_takes_a_filter_away_and_leads_to_the_question(page: Page) -> None:
    choose(page)
    page.get_by_role("button", name="Remove the filter: Source: radio skerry").click()
    expect(page.locator("#ask [name=source]")).to_have_value("")
    expect(page.locator("#ask [name=published_from]")).to_have_value("2024-06-01")
    expect(page.locator(".chip")).to_have_count(1)  # there is no need to clear all of one
    expect(page.get_by_label("Your question")).to_be_focused()


def test_one_click_clears_all(page: Page) -> None:
    choose(page)
    page.get_by_role("button", name="Clear all filters").click()
    expect(page.locator(".chip")).to_have_count(0)
    expect(page.locator("#ask [name=published_from]")).to_have_value("")


def test_a_conversation_that_is_opened_again_has_its_filters_as_chips(page: Page) -> None:
    choose(page)
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#turn-1 .scope")).to_contain_text("source “radio skerry”")
    expect(page.locator(".chip")).to_have_count(3)
    page.reload()
    expect(page.get_by_label("Published from")).to_be_hidden()
    expect(page.locator(".chip")).to_have_count(3)


def test_a_question_that_is_asked_without_a_filter_takes_its_chip_away(page: Page) -> None:
    choose(page)
    page.get_by_label("Your question").fill("How old was Wilhelmina Sorrowby when she died?")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Search all sources").click()
    expect(page.locator("#turn-2")).to_be_visible()
    expect(page.locator(".chip")).to_have_text([re.compile("From 1 June 2024")])


def test_without_javascript_the_fields_themselves_show_the_filters(open_page: Callable[..., Page], samples: object) -> None:
    page = open_page(samples.url, java_script_enabled=False)  # type: ignore[attr-defined]
    page.goto("/")
    fold(page)
    page.get_by_label("Source").fill("radio skerry")
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#ask [name=source]")).to_be_visible()
    expect(page.locator("#ask [name=source]")).to_have_value("radio skerry")


def test_filters_that_let_nothing_pass_lead_to_the_nearest_source(page: Page) -> None:
    fold(page)
    page.get_by_label("Source").fill("Radio Sherry")
    fold(page)
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#turn-1 .advice")).to_contain_text(
        "No article has the source “Radio Sherry”. The nearest: “Radio Skerry”."
    )
    page.get_by_role("button", name="Search “Radio Skerry”").click()
    expect(page.locator("#turn-2 .scope")).to_contain_text("source “Radio Skerry”")
    expect(page.locator(".chip")).to_have_text([re.compile("Source: Radio Skerry")])


def test_the_chat_has_the_filters_of_language_and_article(page: Page) -> None:
    fold(page)
    page.get_by_label("Language").select_option("de")
    page.get_by_label("Article").fill("sorrowby-obituary")
    fold(page)
    expect(page.locator(".chip")).to_have_text(
        [re.compile("Language: de"), re.compile("Article: sorrowby-obituary"), re.compile("Clear all")]
    )
    page.get_by_label("Your question").fill("How old was Wilhelmina Sorrowby when she died?")
    page.keyboard.press("Enter")
    expect(page.locator("#turn-1 .advice")).to_have_count(2)
    page.get_by_role("button", name="Search all languages").click()
    expect(page.locator("#turn-2 .answer")).to_contain_text("at the age of 94")


def test_an_article_leads_to_the_chat_that_asks_it_alone(page: Page) -> None:
    page.goto("/articles/sorrowby-obituary")
    page.get_by_role("link", name="Ask this article alone").click()
    expect(page.locator(".chip")).to_have_text([re.compile("Article: sorrowby-obituary")])
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#turn-1 .scope")).to_contain_text("article sorrowby-obituary")
