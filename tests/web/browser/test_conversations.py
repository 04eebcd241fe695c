"""Follow-ups and kept conversations as a person meets them, with JavaScript and without."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

QUESTION = "How old was Wilhelmina Sorrowby when she died?"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, open_page: Callable[..., Page], samples: object) -> Page:
    opened = open_page(samples.url, java_script_enabled=request.param, viewport={"width": 1000, "height": 700})  # type: ignore[attr-defined]
    opened.goto("/")
    return opened


def ask(page: Page, question: str, *, turn: int) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(f"#turn-{turn} .question")).to_have_text(question)


def test_a_follow_up_says_what_was_searched_for_and_the_words_as_typed_are_one_click_away(page: Page) -> None:
    ask(page, QUESTION, turn=1)
    expect(page.locator("#turn-1 .searched")).to_have_count(0)
    ask(page, "When was she born?", turn=2)
    expect(page.locator("#turn-2 .searched summary")).to_have_text("Searched for: When was Wilhelmina Sorrowby born?")
    expect(page.locator("#turn-2 .searched em")).to_have_text("Wilhelmina Sorrowby")
    expect(page.locator("#turn-2 .answer")).to_contain_text("3 June 1930")
    page.get_by_role("button", name="Search for my words instead").click()
    expect(page.locator("#turn-2 .searched")).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#turn-2 .searched em")).to_have_text("Wilhelmina Sorrowby")


def test_a_question_in_an_older_tab_of_the_conversation_shows_that_of_the_newer_one_too(
    open_page: Callable[..., Page], samples: object
) -> None:
    older = open_page(samples.url)  # type: ignore[attr-defined]
    older.goto("/")
    ask(older, QUESTION, turn=1)
    newer = older.context.new_page()
    newer.goto(older.url)
    ask(newer, "When was she born?", turn=2)
    older.get_by_label("Your question").fill("Who won the mayoral election?")
    older.get_by_role("button", name="Ask", exact=True).click()
    expect(older.locator(".turn .question")).to_have_text([QUESTION, "When was she born?", "Who won the mayoral election?"])
    expect(older).to_have_url(re.compile(r"/c/cnv_[\w-]+#turn-3$"))
    expect(older.locator(".pending")).to_have_count(0)


def test_a_question_is_edited_by_keyboard_and_left_as_it_was(open_page: Callable[..., Page], samples: object) -> None:
    page = open_page(samples.url)  # type: ignore[attr-defined]
    page.goto("/")
    ask(page, QUESTION, turn=1)
    pencil, field = page.locator("#turn-1 .editing summary"), page.locator("#turn-1 .editing textarea")
    for leave in (lambda: page.keyboard.press("Escape"), lambda: page.get_by_role("button", name="Cancel").click()):
        pencil.click()
        expect(field).to_be_focused()
        page.keyboard.type(" and more")
        leave()
        expect(field).to_be_hidden()
        expect(pencil).to_be_focused()
        expect(field).to_have_value(QUESTION)
    pencil.click()
    field.fill("Who is Bastian Quill?")
    page.keyboard.press("Enter")
    expect(page.locator("#turn-1 .question")).to_have_text("Who is Bastian Quill?")


def test_what_was_searched_for_can_be_put_otherwise(page: Page) -> None:
    ask(page, QUESTION, turn=1)
    ask(page, "When was she born?", turn=2)
    page.locator("#turn-2 .searched summary").click()
    page.get_by_label("Words to search for").fill("When did Annika Rosmund become a pilot?")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("#turn-2 .question")).to_have_text("When was she born?")
    expect(page.locator("#turn-2 .searched summary")).to_contain_text("Annika Rosmund")


def test_an_edited_question_takes_the_place_of_those_behind_it_until_that_is_undone(page: Page) -> None:
    for turn, question in enumerate((QUESTION, "When was she born?", "How many houses were flooded?"), start=1):
        ask(page, question, turn=turn)
    page.reload()
    page.locator("#turn-1 .editing summary").click()
    expect(page.locator("#turn-1 .editing")).to_contain_text("The 2 questions after it will go")
    page.get_by_label("The question in other words").and_(page.locator("#turn-1 textarea")).fill("Who is Bastian Quill?")
    page.locator("#turn-1").get_by_role("button", name="Ask again").click()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator("#turn-1 .question")).to_have_text("Who is Bastian Quill?")
    expect(page.get_by_text("Replaced 3 answers.")).to_be_in_viewport()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".turn")).to_have_count(3)
    expect(page.locator("#turn-1 .question")).to_have_text(QUESTION)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_conversations_are_found_again_renamed_deleted_and_brought_back(page: Page) -> None:
    ask(page, QUESTION, turn=1)
    address = page.url.partition("#")[0]
    page.get_by_role("button", name="Rename, save or delete").click()
    title = f"Sails of {address[-8:]}"
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.get_by_role("heading", name=title)).to_have_count(1)
    page.get_by_role("link", name="Conversations", exact=True).click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    page.get_by_label("Search titles, questions and answers").fill(title.upper())
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".articles li")).to_have_count(1)
    page.get_by_role("button", name=f"Delete {title}").click()
    expect(page.get_by_role("status")).to_contain_text(f"“{title}” was deleted.")
    page.get_by_role("link", name="Library").click()
    page.get_by_role("link", name="Conversations", exact=True).click()
    expect(page.locator(".notice")).to_contain_text(f"“{title}” was deleted in the last 10 minutes.")
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(address)
    expect(page.locator("#turn-1 .question")).to_have_text(QUESTION)


@pytest.mark.parametrize("name", ["Markdown", "HTML", "JSON"])
def test_a_conversation_is_saved_as_a_file(page: Page, tmp_path: Path, name: str) -> None:
    ask(page, QUESTION, turn=1)
    page.get_by_role("button", name="Rename, save or delete").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    download.value.save_as(tmp_path / "saved")
    assert "at the age of 94" in (tmp_path / "saved").read_text("utf-8")
    assert download.value.suggested_filename.startswith("How old was Wilhelmina Sorrowby when she died")


def test_a_saved_page_needs_nothing_else(open_page: Callable[..., Page], samples: object, tmp_path: Path) -> None:
    page = open_page(samples.url)  # type: ignore[attr-defined]
    page.goto("/")
    ask(page, QUESTION, turn=1)
    ask(page, "What is the boiling point of tungsten?", turn=2)
    saved = tmp_path / "saved.html"
    saved.write_text(page.request.get(f"{page.url.partition('#')[0]}/export?format=html").text(), "utf-8")
    other = open_page(saved.as_uri(), color_scheme="dark")
    requests: list[str] = []
    other.on("request", lambda request: requests.append(request.url))
    other.goto(saved.as_uri())
    expect(other.locator(".short")).to_have_text("94 [1]")
    expect(other.locator("blockquote").first).to_contain_text("at the age of 94")
    expect(other.locator("ol a").first).to_have_attribute("href", re.compile("^https://harbourpost.example/"))
    expect(other.locator("strong")).to_have_text("No sure answer. These may help.")
    expect(other.locator("h2 ~ h2 ~ blockquote")).to_have_count(3)
    assert sum(map(int, re.findall(r"\d+", other.evaluate("getComputedStyle(document.body).backgroundColor"))[:3])) < 150
    assert requests == [saved.as_uri()]


def test_an_answer_is_copied_with_its_citations(open_page: Callable[..., Page], samples: object) -> None:
    page = open_page(samples.url, permissions=["clipboard-read", "clipboard-write"])  # type: ignore[attr-defined]
    page.goto("/")
    ask(page, QUESTION, turn=1)
    page.get_by_role("button", name="Copy with citations").click()
    expect(page.locator("#announcement")).to_have_text("Copied with citations.")
    button, tip = page.locator("#turn-1 .copy"), "element => getComputedStyle(element, '::after')"
    assert button.evaluate(f"element => ({tip})(element).content") == '"Copied"'
    page.mouse.move(0, 0)
    assert button.evaluate(f"element => ({tip})(element).display") == "block"
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "at the age of 94.” [1]\n\n[1] Wilhelmina Sorrowby, the last sailmaker of Candle Lane" in copied


def test_an_answer_has_an_address_of_its_own(page: Page) -> None:
    ask(page, QUESTION, turn=1)
    page.get_by_role("link", name="Link to this answer").click()
    expect(page).to_have_url(re.compile(r"/answers/ans_\w+$"))
    expect(page.locator(".question")).to_have_text(QUESTION)
    expect(page.locator(".answer")).to_contain_text("at the age of 94")


def test_the_address_of_a_follow_up_says_what_was_searched_for(page: Page) -> None:
    ask(page, QUESTION, turn=1)
    ask(page, "When was she born?", turn=2)
    page.locator("#turn-2").get_by_role("link", name="Link to this answer").click()
    expect(page.locator(".searched")).to_have_text("Searched for: When was Wilhelmina Sorrowby born?")


def test_where_there_is_room_the_conversations_stand_beside_the_chat(open_page: Callable[..., Page], samples: object) -> None:
    page = open_page(samples.url, viewport={"width": 1500, "height": 800})  # type: ignore[attr-defined]
    page.goto("/")
    ask(page, "Who won the mayoral election?", turn=1)
    beside = page.get_by_role("navigation", name="Conversations")
    expect(beside.get_by_role("link", name="Who won the mayoral election?").first).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="New question").click()
    expect(page.locator(".turn")).to_have_count(0)
    page.set_viewport_size({"width": 800, "height": 800})
    expect(beside).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(beside).to_be_visible()
