from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

AGE = "How old was Wilhelmina Sorrowby when she died?"
AGE_QUOTE = "Wilhelmina Sorrowby, who sewed sails on Candle Lane for sixty-eight years, died on 17 February at the age of 94."
AGE_TITLE = "Wilhelmina Sorrowby, the last sailmaker of Candle Lane"
HOUSES = "How many houses were flooded?"
ELSEWHERE = "Who is the president of France?"
EELS = "How did the mill let young eels past the dam?"  # answered from the middle of the longest article

FACTS = {  # by whether there is JavaScript: text, question about it
    True: (
        "Tobiah Quernstone keeps 17 goats in the old signal station above the quarry.",
        "How many goats does Tobiah Quernstone keep?",
    ),
    False: (
        "The carillon of Elderholm was cast from 43 melted cannons in the year 1781.",
        "From how many cannons was the carillon of Elderholm cast?",
    ),
}
_numbers = itertools.count()

OpenPage = Callable[..., Page]
Ask = Callable[[Page, str], None]


@pytest.fixture
def page(open_page: OpenPage, server: Any) -> Page:
    """The start page, with JavaScript."""
    opened = open_page()
    opened.goto(server.url)
    return opened


@pytest.fixture
def either_page(open_page: OpenPage, server: Any, javascript: bool) -> Page:
    """The start page, with JavaScript and without."""
    opened = open_page(java_script_enabled=javascript)
    opened.goto(server.url)
    return opened


def is_within_window(page: Page, locator: Locator) -> bool:
    box, window = locator.bounding_box(), page.viewport_size
    assert box is not None and window is not None
    across = box["x"] >= 0 and box["x"] + box["width"] <= window["width"]
    return across and box["y"] >= 0 and box["y"] + box["height"] <= window["height"]


def change_index(server: Any) -> None:
    """After this, the questions to begin with have to be worked out anew."""
    article = {"id": "changing", "text": f"This is edition {next(_numbers)} of a notice that nobody reads.", "title": "..."}
    server.client.post("/v1/articles", json={"articles": [article]}).raise_for_status()


# The start page


def test_the_header_names_the_index_and_counts_its_articles(either_page: Page) -> None:
    expect(either_page.locator(".index > span").nth(0)).to_have_text("samples")
    expect(either_page.locator(".index > span").nth(1)).to_have_text("44 articles")


def test_the_start_page_offers_three_questions_once_they_are_worked_out(
    open_page: OpenPage, server: Any, javascript: bool
) -> None:
    server.client.get("/suggestions").raise_for_status()
    page = open_page(java_script_enabled=javascript)
    page.goto(server.url)
    expect(page.locator(".suggestions button")).to_have_count(3)


def test_questions_that_are_being_worked_out_come_into_the_start_page_by_themselves(
    open_page: OpenPage, changing_server: Any
) -> None:
    change_index(changing_server)
    page = open_page()
    page.goto(changing_server.url)
    expect(page.locator("#welcome .suggestions button")).to_have_count(3)


def test_without_javascript_a_link_leads_to_questions_that_are_not_worked_out_yet(
    open_page: OpenPage, changing_server: Any
) -> None:
    change_index(changing_server)
    page = open_page(java_script_enabled=False)
    page.goto(changing_server.url)
    page.get_by_role("link", name="Show some questions to begin with").click()
    expect(page.locator(".suggestions button")).to_have_count(3)


def test_a_click_on_an_offered_question_asks_it(open_page: OpenPage, server: Any, javascript: bool) -> None:
    server.client.get("/suggestions").raise_for_status()
    page = open_page(java_script_enabled=javascript)
    page.goto(server.url)
    offered = page.locator(".suggestions button").first
    question = offered.inner_text()
    offered.click()
    expect(page.locator("article.turn .question")).to_have_text([question])
    expect(page.locator("article.turn .answer .sentence").first).to_be_visible()
    expect(page.locator(".suggestions")).to_have_count(0)


# Asking


def test_a_conversation_grows_by_each_question_under_an_address_of_its_own(either_page: Page, ask: Ask) -> None:
    ask(either_page, AGE)
    expect(either_page).to_have_url(re.compile(r"/c/cnv_[\w-]+(#turn-1)?$"))
    first = either_page.url.partition("#")[0]
    ask(either_page, HOUSES)
    assert either_page.url.partition("#")[0] == first
    expect(either_page.locator("article.turn .question")).to_have_text([AGE, HOUSES])
    expect(either_page.locator("#turn-1 .answer .sentence")).to_have_text([AGE_QUOTE])
    expect(either_page.locator("#turn-2 .answer .sentence")).to_contain_text(["about 60 houses were flooded"])
    expect(either_page).to_have_title(f"{AGE} · qa")


def test_with_javascript_no_question_loads_the_page_anew(page: Page, ask: Ask) -> None:
    page.evaluate("window.sameDocument = true")
    ask(page, AGE)
    ask(page, HOUSES)
    assert page.evaluate("window.sameDocument") is True
    assert page.get_by_label("Your question").input_value() == ""


def test_a_conversation_is_the_same_when_its_address_is_opened_again(page: Page, ask: Ask) -> None:
    ask(page, AGE)
    ask(page, HOUSES)
    grown = page.locator("#turns").inner_text()
    page.reload()
    assert page.locator("#turns").inner_text() == grown


def test_enter_asks_and_with_shift_begins_a_line(page: Page) -> None:
    box = page.get_by_label("Your question")
    box.fill("How many houses")
    box.press("Shift+Enter")
    box.press_sequentially("were flooded?")
    assert box.input_value() == "How many houses\nwere flooded?"
    box.press("Enter")
    expect(page.locator("article.turn .answer")).to_contain_text("about 60 houses were flooded")


def test_a_new_conversation_begins_without_turns(either_page: Page, ask: Ask) -> None:
    ask(either_page, AGE)
    either_page.get_by_role("link", name="New conversation").click()
    expect(either_page.get_by_role("heading", name="Ask your articles")).to_be_visible()
    expect(either_page.locator("article.turn")).to_have_count(0)


def test_a_question_that_the_articles_do_not_answer_gets_the_nearest_sentences_and_no_answer(
    either_page: Page, ask: Ask, client: Any
) -> None:
    expected = client.post("/v1/answers", json={"question": ELSEWHERE}).json()
    ask(either_page, ELSEWHERE)
    turn = either_page.locator("#turn-1")
    expect(turn.locator(".verdict")).to_contain_text("Not found in these articles")
    expect(turn.get_by_role("heading", level=3)).to_have_text(["Nearest sentences · none of them is an answer"])
    expect(turn.locator(".nearest .quoted")).to_have_text([near["cited_text"] for near in expected["nearest"]])
    expect(turn.locator(".nearest li")).to_have_count(3)
    expect(turn.locator(".answer, .cite")).to_have_count(0)


def test_a_blank_question_is_refused_in_its_place(either_page: Page, ask: Ask) -> None:
    ask(either_page, AGE)
    either_page.get_by_label("Your question").fill("  ")
    either_page.get_by_role("button", name="Ask", exact=True).click()
    expect(either_page.get_by_role("alert")).to_contain_text("The question is blank.")
    expect(either_page.locator("article.turn .question")).to_have_text([AGE])


def test_a_question_that_is_too_long_stays_in_the_box_to_be_shortened(either_page: Page) -> None:
    question = "Who sewed sails? " * 200
    either_page.get_by_label("Your question").fill(question)
    either_page.get_by_role("button", name="Ask", exact=True).click()
    expect(either_page.get_by_role("alert")).to_contain_text("Ask it in fewer words.")
    expect(either_page.get_by_label("Your question")).to_have_value(question)


def test_when_the_server_is_gone_the_page_says_so_and_keeps_the_question(page: Page) -> None:
    page.route("**/ask", lambda route: route.abort())
    page.get_by_label("Your question").fill(AGE)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("qa does not respond.")
    expect(page.get_by_label("Your question")).to_have_value(AGE)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()


# Citations


@pytest.mark.parametrize("way", ["hover", "focus"])
def test_the_number_of_a_citation_shows_its_quote_title_source_and_date(either_page: Page, ask: Ask, way: str) -> None:
    ask(either_page, AGE)
    card = either_page.locator("#card-1-1")
    expect(card).to_be_hidden()
    number = either_page.get_by_role("link", name="Source 1", exact=True)
    {"hover": number.hover, "focus": number.focus}[way]()
    expect(card).to_be_visible()
    expect(card.locator(".card-quote")).to_have_text(AGE_QUOTE)
    expect(card.locator(".card-title")).to_have_text(AGE_TITLE)
    expect(card.locator(".about > *")).to_have_text(["The Harbour Post", "Odette Farrow", "21 February 2025"])
    assert is_within_window(either_page, card)


@pytest.mark.parametrize("way", ["hover", "focus"])
def test_escape_hides_the_card_until_the_number_is_reached_again(page: Page, ask: Ask, way: str) -> None:
    ask(page, AGE)
    card = page.locator("#card-1-1")
    number = page.get_by_role("link", name="Source 1", exact=True)
    reach = {"hover": number.hover, "focus": number.focus}[way]
    reach()
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.mouse.move(1, 1)
    page.get_by_label("Your question").focus()
    reach()
    expect(card).to_be_visible()


@pytest.mark.parametrize("width", [375, 1280])
def test_the_card_of_any_number_stays_within_the_window(open_page: OpenPage, server: Any, ask: Ask, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 720})
    page.goto(server.url)
    ask(page, "How long is the Anselm Bridge?")
    numbers = page.locator(".cite > a")
    expect(numbers).to_have_count(3)
    for position in range(3):
        numbers.nth(position).hover()
        card = page.locator(f"#card-1-{position + 1}")
        expect(card).to_be_visible()
        assert is_within_window(page, card)


def test_a_citation_opens_the_article_at_the_sentence_that_it_quotes(either_page: Page, ask: Ask) -> None:
    ask(either_page, EELS)
    number = either_page.locator("#turn-1 .cite > a").first
    quote = either_page.locator("#turn-1 .answer .sentence").first.inner_text()
    number.click()
    expect(either_page).to_have_url(re.compile(r"/articles/fenning-tide-mill-feature\?version=[0-9a-f]{64}#s\d+$"))
    sentence = either_page.locator(":target")
    expect(sentence).to_have_text(quote)
    expect(sentence).to_have_css("background-color", "rgb(253, 240, 184)")
    expect(sentence).to_be_in_viewport(ratio=1)
    assert either_page.evaluate("scrollY") > 0  # it stands far below the article's beginning
    assert is_within_window(either_page, sentence)


def test_the_link_to_the_original_page_names_the_sentence_by_a_text_fragment(either_page: Page, ask: Ask, client: Any) -> None:
    ask(either_page, AGE)
    link = either_page.locator("#turn-1 .sources a.original")
    (citation,) = client.post("/v1/answers", json={"question": AGE}).json()["citations"]
    expect(link).to_have_attribute("href", citation["links"]["original"])
    assert citation["links"]["original"].startswith(
        "https://harbourpost.example/2025/02/sorrowby-obituary#:~:text=Wilhelmina%20Sorrowby%2C%20who%20sewed"
    )
    expect(link).to_have_attribute("rel", "noopener noreferrer")


# From adding to removing


def test_an_article_answers_from_when_it_is_pasted_until_it_is_removed_and_again_after_undo(
    open_page: OpenPage, changing_server: Any, javascript: bool, ask: Ask
) -> None:
    text, question = FACTS[javascript]
    title = f"A fact: {text[:30]}"
    page = open_page(java_script_enabled=javascript)
    page.goto(f"{changing_server.url}/add")
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_label("Title").fill(title)
    page.get_by_label("Source").fill("The Quarry Gazette")
    page.get_by_label("Date").fill("5 May 2025")
    page.get_by_role("button", name="Add", exact=True).click()
    row = page.locator(".outcomes > ul > li")
    expect(row.locator(".outcome-name")).to_have_text("Pasted text")
    expect(row.locator(".badge")).to_have_text("added")
    expect(row.get_by_role("link")).to_have_text(title)

    page.get_by_role("link", name="Ask", exact=True).click()
    ask(page, question)
    expect(page.locator("#turn-1 .answer .sentence")).to_have_text([text])
    expect(page.locator("#turn-1 .sources .about > *")).to_have_text(["The Quarry Gazette", "5 May 2025"])
    conversation = page.url

    page.get_by_role("link", name="Library").click()
    page.get_by_role("button", name=f"Remove {title}").click()
    expect(page.get_by_role("status")).to_contain_text(f"“{title}” was removed.")
    expect(page.get_by_role("link", name=title)).to_have_count(0)
    library = page.url

    page.goto(conversation)
    ask(page, question)
    expect(page.locator("#turn-2 .verdict")).to_contain_text("Not found in these articles")
    expect(page.locator("#turn-2 .answer")).to_have_count(0)

    page.goto(library)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text(f"“{title}” is back.")
    page.goto(conversation)
    ask(page, question)
    expect(page.locator("#turn-3 .answer .sentence")).to_have_text([text])


def test_the_library_finds_articles_by_their_words(either_page: Page) -> None:
    either_page.get_by_role("link", name="Library").click()
    expect(either_page.locator(".articles li")).to_have_count(25)
    either_page.get_by_role("searchbox").fill("eider")
    either_page.get_by_role("button", name="Search").click()
    expect(either_page.locator(".articles a.title")).to_have_text(
        [
            "Frozen control computer caused Eider accident, inquiry finds",
            "Ferry accident: nine injured, not twelve",
            "Twelve hurt as ferry Eider strikes Skerrin pier",
            "Electric ferry Eider arrives five months late",
        ]
    )


def test_the_library_goes_on_to_older_articles_and_back(either_page: Page) -> None:
    either_page.get_by_role("link", name="Library").click()
    newest = either_page.locator(".articles a.title").first.inner_text()
    either_page.get_by_role("link", name="Older articles").click()
    expect(either_page.locator(".articles li")).to_have_count(44 - 25)
    expect(either_page.get_by_role("link", name="Older articles")).to_have_count(0)
    either_page.get_by_role("link", name="Newest").click()
    expect(either_page.locator(".articles a.title").first).to_have_text(newest)


def files_of(javascript: bool) -> list[dict[str, Any]]:
    number = 1 + javascript  # so that both ways add articles of their own
    good = f"The {number}. harbour clock was set up in the year {1900 + number}."
    return [
        {"name": f"clock {number}.txt", "mimeType": "text/plain", "buffer": good.encode()},
        {"name": "broken.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nno more than this"},
        {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""},
        {"name": f"tower {number}.md", "mimeType": "text/markdown", "buffer": f"# Tower {number}\n\n{good}\n".encode()},
    ]


def test_every_chosen_file_gets_a_row_and_a_refused_one_the_reason(
    open_page: OpenPage, changing_server: Any, javascript: bool
) -> None:
    files = files_of(javascript)
    page = open_page(java_script_enabled=javascript)
    page.goto(f"{changing_server.url}/add")
    page.get_by_label("Choose files").set_input_files(files)  # type: ignore[arg-type]
    page.get_by_role("button", name="Add", exact=True).click()
    rows = page.locator(".outcomes > ul > li")
    expect(rows.locator(".outcome-name")).to_have_text([file["name"] for file in files])
    expect(rows.locator(".badge")).to_have_text(["added", "refused", "refused", "added"])
    expect(rows.nth(1).locator(".reasons li")).to_have_text([re.compile("PDF")])
    expect(rows.nth(2).locator(".reasons li")).to_have_text([re.compile("empty|no text")])


def test_files_may_be_dropped_anywhere_on_the_field(open_page: OpenPage, changing_server: Any, tmp_path: Path) -> None:
    paths = [tmp_path / "dropped bell.txt", tmp_path / "dropped void.txt"]
    paths[0].write_text("The bell of the dropped chapel weighs 212 kilograms.")
    paths[1].write_text("")
    page = open_page()
    page.goto(f"{changing_server.url}/add")
    box = page.locator(".drop").bounding_box()
    assert box is not None
    where = {"x": box["x"] + box["width"] - 20, "y": box["y"] + box["height"] - 20}
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for event in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": event, **where, "data": data})
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".outcome-name")).to_have_text(["dropped bell.txt", "dropped void.txt"])
    expect(page.locator(".badge")).to_have_text(["added", "refused"])


def test_nothing_to_add_is_said_in_place(open_page: OpenPage, changing_server: Any, javascript: bool) -> None:
    page = open_page(java_script_enabled=javascript)
    page.goto(f"{changing_server.url}/add")
    page.get_by_label("Title").fill("Only a title")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("There is nothing to add yet")
    expect(page.get_by_label("Title")).to_have_value("Only a title")


# Where there is nothing


@pytest.mark.parametrize(("path", "heading"), [("/", "No articles yet"), ("/library", "Library")])
def test_of_an_empty_index_the_page_says_how_to_add_articles(
    open_page: OpenPage, empty_server: Any, javascript: bool, path: str, heading: str
) -> None:
    page = open_page(java_script_enabled=javascript)
    page.goto(empty_server.url + path)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.locator(".ways code")).to_have_text(f"qa add PATH… --index {empty_server.folder}")
    page.get_by_role("link", name="Paste an article, or drop some files").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add articles")


def test_a_question_to_an_empty_index_is_told_how_to_add_articles(
    open_page: OpenPage, empty_server: Any, javascript: bool, ask: Ask
) -> None:
    page = open_page(java_script_enabled=javascript)
    page.goto(empty_server.url)
    ask(page, AGE)
    expect(page.locator("#turn-1 .verdict")).to_have_text("There are no articles yet.")
    expect(page.locator("#turn-1 .ways a")).to_have_attribute("href", "/add")


def test_a_conversation_that_is_not_kept_says_so_and_offers_a_new_one(either_page: Page, server: Any) -> None:
    response = either_page.goto(f"{server.url}/c/cnv_of_last_week")
    assert response is not None and response.status == 404
    expect(either_page.get_by_role("heading", level=1)).to_have_text("This conversation is not kept any more")
    either_page.get_by_role("link", name="Begin a new conversation").click()
    expect(either_page.get_by_role("heading", name="Ask your articles")).to_be_visible()


def test_a_question_in_a_conversation_that_is_not_kept_any_more_begins_another(page: Page, ask: Ask) -> None:
    ask(page, AGE)
    before = page.url
    page.evaluate("document.getElementById('conversation').value = 'cnv_of_last_week'")
    page.get_by_label("Your question").fill(HOUSES)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("article.turn .question")).to_have_text([HOUSES])
    expect(page).to_have_url(re.compile(r"/c/cnv_[\w-]+#turn-1$"))
    assert page.url.partition("#")[0] != before


@pytest.mark.parametrize(("path", "title"), [("/nowhere", "There is nothing here"), ("/articles/none", "There is nothing here")])
def test_an_address_of_nothing_gets_a_page_that_says_so(either_page: Page, server: Any, path: str, title: str) -> None:
    response = either_page.goto(server.url + path)
    assert response is not None and response.status == 404
    expect(either_page.get_by_role("heading", level=1)).to_have_text(title)
    either_page.get_by_role("link", name="about this kind of problem").click()
    expect(either_page).to_have_url(f"{server.url}/problems/not-found")
