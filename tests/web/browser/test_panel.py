"""The panel that a citation opens beside the chat: by mouse and keyboard, as a sheet on a phone, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
SEVERAL_SOURCES = "How many people were hurt in the Eider accident?"
KEEPER = "Barnaby Quill keeps the lighthouse of Gorse Point."
LEANING = "He has counted 312 ships from the lighthouse of Gorse Point."
CALM = "The sea was calm that day. "
LONG = f"The lighthouse of Gorse Point has {', '.join(f'a lamp of {watts} watts' for watts in range(100, 160))}."
ARTICLES = [
    {
        "id": "keeper",
        "title": "The keeper",
        "text": f"{CALM * 60}\n\n{KEEPER} {LEANING}",
        "source": "Post",
    },
    {"id": "lamps", "title": "The lamps", "text": f"Ada Thorne lit the lamps of Gorse Point in 1930. {LONG}"},
]
SHIPS = "How many ships has he counted from the lighthouse of Gorse Point?"


@pytest.fixture(scope="module", autouse=True)
def _lighthouse(samples: object) -> Iterator[None]:
    """Articles of which the sentences are known."""
    client = samples.client  # type: ignore[attr-defined]
    client.post("/v1/articles", json={"articles": ARTICLES}).raise_for_status()
    yield
    for article in ARTICLES:
        client.delete(f"/v1/articles/{article['id']}?now=true")


@pytest.fixture
def page(open_page: Callable[..., Page], samples: object) -> Page:
    opened = open_page(samples.url, viewport={"width": 1280, "height": 800})  # type: ignore[attr-defined]
    opened.goto("/")
    return opened


@pytest.fixture
def phone(open_page: Callable[..., Page], samples: object) -> Page:
    opened = open_page(samples.url, viewport={"width": 375, "height": 700}, has_touch=True)  # type: ignore[attr-defined]
    opened.goto("/")
    return opened


def ask(page: Page, question: str, *, turn: int = 1) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(f"#turn-{turn} .question")).to_have_text(question)


def test_a_number_opens_the_article_at_its_sentence_beside_the_chat(page: Page) -> None:
    ask(page, SHIPS)
    page.locator("#turn-1 .cite a").first.click()
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("heading")).to_have_text(re.compile("^Source 1 of"))
    expect(panel.locator("mark")).to_have_text(LEANING)
    expect(panel.locator("mark")).to_be_in_viewport()
    expect(panel.locator(".source .title")).to_have_text("The keeper")
    expect(panel.locator(".source")).to_contain_text("Post")
    expect(page).to_have_url(re.compile("/c/cnv_"))
    expect(panel.get_by_role("button")).to_have_count(1)  # with a single source there is none before or behind it
    expect(page.get_by_label("Your question")).to_be_in_viewport()  # the chat stays usable beside it
    expect(page.locator("#turn-1 .cite a").first).to_have_attribute("aria-current", "true")


def test_the_title_of_a_source_opens_it_too_and_in_the_panel_leads_to_the_whole_article(page: Page) -> None:
    ask(page, QUESTION)
    page.locator("#turn-1 .sources .title").click()
    expect(page.get_by_role("dialog").locator("mark")).to_contain_text("at the age of 94.")
    page.get_by_role("dialog").locator(".title").click()
    expect(page).to_have_url(re.compile("/articles/sorrowby-obituary"))


def test_by_keyboard_it_opens_steps_closes_with_escape_and_gives_focus_back(page: Page) -> None:
    ask(page, SEVERAL_SOURCES)
    sources = page.locator("#turn-1 .sources .title")
    expect(sources.nth(1)).to_be_visible()  # quotes come one after the other
    count = sources.count()
    first = page.locator("#turn-1 .cite a").first
    first.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("heading")).to_be_focused()
    expect(panel.get_by_role("heading")).to_have_text(f"Source 1 of {count}")
    page.keyboard.press("Tab")
    expect(panel.get_by_role("button", name="Previous")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("heading")).to_have_text(f"Source 2 of {count}")
    expect(panel.locator(".title")).to_have_text(sources.nth(1).inner_text())
    expect(panel.locator("mark")).to_have_text(page.locator("#turn-1 .sentence").nth(1).inner_text())
    expect(panel.get_by_role("button", name="Next")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("heading")).to_have_text(f"Source {count} of {count}")  # before the first comes the last
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(first).to_be_focused()
    expect(page.locator("#turn-1 .card").first).to_be_hidden()
    expect(page.locator(".cite a[aria-current]")).to_have_count(0)


def test_back_closes_it_and_a_closed_one_leaves_no_step_to_go_back_to(page: Page) -> None:
    ask(page, QUESTION)
    address = page.url
    page.evaluate("window.stillThere = true")
    page.locator("#turn-1 .cite a").click()
    expect(page.locator("#panel mark")).to_be_visible()
    page.go_back()
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("#turn-1 .answer")).to_be_visible()
    assert page.url == address
    for _ in range(2):
        page.locator("#turn-1 .cite a").click()
        expect(page.locator("#panel mark")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#panel")).to_be_hidden()
    page.locator("#turn-1 .cite a").click()
    page.evaluate("document.querySelector('[data-close]').click(); document.querySelector('#turn-1 .cite a').click()")
    expect(page.locator("#panel mark")).to_be_visible()  # opened again before the browser had gone back
    page.keyboard.press("Escape")
    page.wait_for_function("!history.state?.panel")
    assert page.evaluate("window.stillThere")
    page.go_back()
    expect(page.locator("#welcome h1")).to_have_text("Ask your articles")


def test_it_says_of_which_question_it_is_and_marks_what_answers(page: Page) -> None:
    ask(page, QUESTION)
    page.locator("#turn-1 .cite a").click()
    expect(page.locator(".panel-question")).to_have_text(QUESTION)
    expect(page.locator("#panel mark strong")).to_have_text("94")
    background = "element => getComputedStyle(element).backgroundColor"
    assert page.locator("#panel mark strong").evaluate(background) != page.locator("#panel mark").evaluate(background)
    expect(page.locator("#panel mark")).to_contain_text("died on 17 February at the age of 94.")


def test_what_is_typed_meanwhile_keeps_its_focus(page: Page) -> None:
    ask(page, QUESTION)
    page.locator("#turn-1 .cite a").click()
    page.get_by_label("Your question").fill("And what")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(page.get_by_label("Your question")).to_have_value("And what")


def test_escape_closes_a_card_before_the_panel(page: Page) -> None:
    ask(page, QUESTION)
    page.locator("#turn-1 .sources .title").click()
    page.locator("#turn-1 .cite a").hover()
    expect(page.locator("#turn-1 .card")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#turn-1 .card")).to_be_hidden()
    expect(page.locator("#panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()


def test_a_click_that_asks_for_a_new_tab_gets_one(page: Page) -> None:
    ask(page, QUESTION)
    with page.context.expect_page() as opened:
        page.locator("#turn-1 .cite a").click(modifiers=["ControlOrMeta"])
    expect(opened.value).to_have_url(re.compile(r"/articles/sorrowby-obituary\?version=[0-9a-f]{64}#s0$"))
    expect(page.locator("#panel")).to_be_hidden()


def test_the_sentence_that_a_quote_goes_on_from_is_shown_before_it_and_marked_as_no_part_of_it(page: Page) -> None:
    ask(page, SHIPS)
    expect(page.locator("#turn-1 .sources .before").first).to_have_text(re.compile(rf"^Before the quote\s+{re.escape(KEEPER)}$"))
    page.locator("#turn-1 .cite a").first.hover()
    around = page.locator("#turn-1 .card .around").first
    expect(around).to_have_text(f"{CALM * 2}the quote")  # what the quote is shown with stands there once
    page.locator("#turn-1 .cite a").first.click()
    panel = page.get_by_role("dialog")
    expect(panel.locator(".before")).to_have_text(f"Before the quote{KEEPER}")
    expect(panel.locator("mark")).to_have_text(LEANING)


def test_long_sentences_around_a_quote_scroll_by_keyboard(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    ask(page, "Who lit the lamps of the lighthouse of Gorse Point in 1930?")
    number = page.locator("#turn-1 .cite a").first
    number.focus()
    around = page.locator("#turn-1 .card .around").first
    expect(around).to_contain_text("a lamp of 100 watts")
    page.keyboard.press("Tab")
    expect(around).to_be_focused()
    assert around.evaluate("element => element.scrollHeight > element.clientHeight")
    page.keyboard.press("End")
    page.wait_for_function("element => element.scrollTop > 0", arg=around.element_handle())


def test_the_nearest_sentences_of_no_answer_open_as_what_they_are(page: Page) -> None:
    ask(page, "What is the boiling point of tungsten?")
    page.locator("#turn-1 .nearest .title").nth(1).click()
    expect(page.get_by_role("dialog").get_by_role("heading")).to_have_text("Nearest sentence 2 of 3")
    expect(page.get_by_role("dialog").locator("mark")).to_have_text(page.locator("#turn-1 .nearest .quote").nth(1).inner_text())


def test_on_a_phone_it_is_a_sheet_from_below_that_a_tap_beside_it_closes(
    phone: Page, scrolls_sideways: Callable[[Page], bool]
) -> None:
    ask(phone, SHIPS)
    phone.locator("#turn-1 .cite a").first.tap()
    panel = phone.locator("#panel")
    expect(panel.locator("mark")).to_be_in_viewport()
    phone.wait_for_function("() => document.getElementById('panel').getAnimations().length === 0")
    box = panel.bounding_box()
    assert box is not None
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 375, 700)
    assert 0 < box["y"] < 200
    assert panel.evaluate("element => element.matches(':modal')")
    assert not scrolls_sideways(phone)
    for button in panel.locator("button:visible").all():
        size = button.bounding_box()
        assert size is not None and min(size["width"], size["height"]) >= 24
    place = "panel.querySelector('mark').getBoundingClientRect().top - panel.getBoundingClientRect().top - panel.clientHeight / 3"
    assert abs(phone.evaluate(place)) < 2  # at a third of its height, though the article ends there
    address = phone.url
    phone.go_back()
    expect(panel).to_be_hidden()
    expect(phone.locator("#turn-1 .answer")).to_be_visible()
    assert phone.url == address
    phone.locator("#turn-1 .cite a").first.tap()
    expect(panel.locator("mark")).to_be_in_viewport()
    phone.touchscreen.tap(180, 30)
    expect(panel).to_be_hidden()
    expect(phone.locator("#turn-1 .cite a").first).to_be_focused()
    expect(phone.locator("#turn-1 .card").first).to_be_hidden()
    phone.locator("#turn-1 .cite a").first.tap()
    phone.get_by_role("button", name="Close").tap()
    expect(panel).to_be_hidden()


def test_without_javascript_a_number_is_a_link_to_the_sentence(open_page: Callable[..., Page], samples: object) -> None:
    page = open_page(samples.url, java_script_enabled=False)  # type: ignore[attr-defined]
    page.goto("/")
    ask(page, SHIPS)
    page.locator("#turn-1 .cite a").first.click()
    expect(page.locator(":target")).to_have_text(LEANING)


def test_a_changed_article_is_shown_as_it_was_cited_and_a_removed_one_by_its_quote(
    page: Page, findings: Callable[[Page], list[list[str]]], scrolls_sideways: Callable[[Page], bool]
) -> None:
    text = "The bakery of Candle Row sells 41 kinds of bread."
    question = "How many kinds of bread does the bakery of Candle Row sell?"
    page.request.post("/v1/articles", data={"articles": [{"id": "bakery", "text": text}]})
    ask(page, question)
    page.request.post("/v1/articles", data={"articles": [{"id": "bakery", "text": text.replace("41", "9")}]})
    page.reload()
    turn = page.locator("#turn-1")
    expect(turn.locator(".quote-card .since")).to_have_text("edited")
    expect(turn.locator(".confidence")).to_have_text("Check this: the cited sentence was edited since")
    expect(turn.locator("del")).to_have_text("41")
    expect(turn.locator("ins")).to_have_text("9")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert findings(page) == []
    page.set_viewport_size({"width": 375, "height": 700})
    assert not scrolls_sideways(page)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.locator("#turn-1 .cite a").first.click()
    panel = page.get_by_role("dialog")
    expect(panel.locator("mark")).to_have_text(text)
    expect(panel.locator(".notice")).to_contain_text("This is an earlier version")
    page.request.delete("/v1/articles/bakery?now=true")
    page.get_by_role("button", name="Close").click()
    page.locator("#turn-1 .cite a").first.click()
    expect(panel).to_contain_text("or it was removed")
    expect(panel.locator("blockquote")).to_have_text(text)
    page.reload()
    expect(turn.locator(".quote-card .since")).to_have_text("deleted")
    expect(turn.locator(".confidence")).to_have_text("Check this: the cited article was deleted since")


def test_it_names_the_other_articles_in_which_the_words_stand(page: Page) -> None:
    text = "The cooper of Tar Street has made 9,150 barrels."
    articles = [
        {"id": "cooper", "title": "The cooper", "text": text},
        {"id": "barrels", "title": "Barrels of Tar Street", "text": f"Barrels are back in fashion. {text} He is 71."},
    ]
    page.request.post("/v1/articles", data={"articles": articles})
    try:
        ask(page, "How many barrels has the cooper of Tar Street made?")
        page.locator("#turn-1 .cite a").first.click()
        panel = page.get_by_role("dialog")
        panel.get_by_text("also in another article").click()
        titles = [panel.locator(".source > .title").inner_text(), panel.locator(".also-in a").inner_text()]
        assert sorted(titles) == ["Barrels of Tar Street", "The cooper"]
    finally:
        for article in articles:
            page.request.delete(f"/v1/articles/{article['id']}?now=true")


def test_a_text_that_is_no_longer_kept_is_told_as_such_with_the_quote_and_a_way_to_the_present_one(page: Page) -> None:
    ask(page, QUESTION)
    link = page.locator("#turn-1 .sources .title")
    link.evaluate("link => { link.href = link.href.replace(/version=[0-9a-f]+/, `version=${'0'.repeat(64)}`); }")
    link.click()
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("This version of the article is no longer kept.")
    expect(panel.locator("blockquote")).to_contain_text("at the age of 94.")
    panel.get_by_role("link", name="Read the text as it is now").click()
    expect(page.locator(".text")).to_contain_text("at the age of 94.")


def test_where_answers_are_not_kept_citations_open_and_no_explanation_is_offered(
    tmp_path: Path, start_server: Callable, open_page: Callable[..., Page]
) -> None:
    server = start_server(tmp_path / "index", keep_answers_days=0).wait_until_ready()
    page = open_page(server.url)
    page.request.post("/v1/articles", data={"articles": [{"id": "keeper", "text": KEEPER}]})
    page.goto("/")
    ask(page, "Who keeps the lighthouse of Gorse Point?")
    page.locator("#turn-1 .cite a").click()
    expect(page.get_by_role("dialog").locator("mark")).to_have_text(KEEPER)
    expect(page.locator("a.explained")).to_have_count(0)
    response = page.goto("/answers/ans_0/explain")
    assert response is not None and response.status == 404
    expect(page.locator("main")).to_contain_text("This server keeps no answers")
    server.stop()
