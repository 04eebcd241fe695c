"""What a person does: asks, asks again, follows a citation, adds an article, removes it; with JavaScript and without."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
QUOTE = "Wilhelmina Sorrowby, who sewed sails on Candle Lane for sixty-eight years, died on 17 February at the age of 94."
IN_VIEW = "element => { const box = element.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; }"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, open_page: Callable[..., Page], samples: object) -> Iterator[Page]:
    opened = open_page(samples.url, java_script_enabled=request.param, viewport={"width": 1000, "height": 700})  # type: ignore[attr-defined]
    opened.goto("/")
    yield opened


@pytest.fixture
def scripted(open_page: Callable[..., Page], samples: object) -> Page:
    opened = open_page(samples.url, viewport={"width": 1000, "height": 700})  # type: ignore[attr-defined]
    opened.goto("/")
    return opened


def ask(page: Page, question: str, *, turn: int) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(f"#turn-{turn} .question")).to_have_text(question)


def set_filters(page: Page, **fields: str) -> None:
    """Each in its chip's popover, which is closed by opening the next or the page's other parts."""
    for name, value in fields.items():
        field = page.locator(f"#ask [name={name}]")
        if not field.is_visible():
            page.locator(f"#ask .filter:has([name={name}]) > .chip").click()
        field.fill(value)


def test_the_first_page_says_which_index_it_is_and_has_three_questions_that_are_answered(page: Page) -> None:
    expect(page.locator(".index")).to_contain_text("harbour")
    expect(page.locator(".index")).to_contain_text("44 articles")
    expect(page.locator(".index")).to_contain_text("last added")
    suggestions = page.locator(".suggestions button")
    expect(suggestions).to_have_count(6)
    asked = suggestions.first.locator("span").first.inner_text()
    suggestions.first.click()
    expect(page.locator("#turn-1 .question")).to_have_text(asked)
    expect(page.locator("#turn-1 .answer")).to_be_visible()


def test_a_conversation_grows_and_each_citation_opens_its_article_at_the_sentence(page: Page) -> None:
    ask(page, "How many houses were flooded?", turn=1)
    expect(page).to_have_url(re.compile(r"/c/cnv_"))
    ask(page, QUESTION, turn=2)
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator("#turn-2 .answer")).to_contain_text(QUOTE)
    expect(page.locator("#turn-2 .sources")).to_contain_text("The Harbour Post")
    expect(page.locator("#turn-2 .card-foot time")).to_have_text("21 February 2025")
    chip = page.locator("#turn-2 .confidence")
    expect(chip).to_have_text(re.compile("^Likely"))
    chip.click()
    expect(page.get_by_text("It can still be wrong: its source is one click away.")).to_be_visible()
    original = page.locator("#turn-2 a.original")
    expect(original).to_have_attribute("href", re.compile(r"^https://harbourpost\.example/.*#:~:text=Wilhelmina%20Sorrowby"))
    page.goto(str(page.locator("#turn-2 .cite a").get_attribute("href")))
    expect(page).to_have_url(re.compile(r"/articles/sorrowby-obituary\?version=[0-9a-f]{64}#s0$"))
    expect(page.locator(":target")).to_have_text(QUOTE)


def test_a_citation_far_down_an_article_is_scrolled_into_view_and_highlighted(scripted: Page) -> None:
    scripted.set_viewport_size({"width": 600, "height": 400})
    ask(scripted, "What does a single ticket to Skerrin cost?", turn=1)
    quote = scripted.locator("#turn-1 .sentence").first.inner_text()
    scripted.goto(str(scripted.locator("#turn-1 .cite a").first.get_attribute("href")))
    marked = scripted.locator(":target")
    expect(marked).to_have_text(quote)
    expect(marked).to_be_in_viewport()
    assert marked.evaluate(IN_VIEW)
    assert scripted.evaluate("scrollY") > 0
    plain = scripted.locator(".text span:not(:target)").first
    colour = "element => getComputedStyle(element).backgroundColor"
    assert marked.evaluate(colour) != plain.evaluate(colour)


def test_filters_narrow_the_answer_stay_for_the_next_question_and_are_shown(page: Page) -> None:
    set_filters(page, source="radio skerry", published_from="2024-06-01")
    ask(page, "What happened in August 2024?", turn=1)
    expect(page.locator("#turn-1 .scope")).to_contain_text("“in August 2024” is taken as 1 August 2024 to 31 August 2024.")
    expect(page.locator("#turn-1 .scope")).to_contain_text("source “radio skerry”, published from 1 June 2024")
    expect(page.locator("#ask .filter.set > .chip")).to_have_text(["Source: radio skerry", "From 1 June 2024"])
    set_filters(page, source="nobody")
    ask(page, QUESTION, turn=2)
    expect(page.locator("#turn-2 .why")).to_contain_text("No article passes the filters: source “nobody”")


def test_a_question_that_filters_kept_from_its_answer_is_asked_again_without_them_by_one_click(page: Page) -> None:
    set_filters(page, source="radio skerry", published_from="2024-06-01")
    ask(page, QUESTION, turn=1)
    expect(page.locator("#turn-1 .loosening button")).to_have_text(
        ["Search all sources", "Search all dates", "Search all articles"]
    )
    page.get_by_role("button", name="Search all sources").click()
    expect(page.locator("#turn-2 .answer")).to_contain_text(QUOTE)
    expect(page.locator("#turn-2 .scope")).to_have_text(re.compile(r"^\s*Limited to: published from 1 June 2024\."))
    expect(page.locator("#turn-2 .loosening")).to_have_count(0)
    expect(page.locator("#ask [name=source]")).to_have_value("")
    expect(page.locator("#ask [name=published_from]")).to_have_value("2024-06-01")


def test_quotes_of_one_article_share_a_card(scripted: Page) -> None:
    ask(scripted, "Who scored twice when the Mariners beat Dunmarrow Town?", turn=1)
    cards = scripted.locator("#turn-1 .sources > li")
    articles = [str(link.get_attribute("href")).partition("?")[0] for link in cards.locator(".title").all()]
    assert len(articles) > len(set(articles))
    expect(cards.get_by_role("button", name=re.compile("^More on source"))).to_have_count(len(articles))
    for button in cards.get_by_role("button", name=re.compile("^More on source")).all():
        expect(button).to_be_visible()
    shown = [card.locator(".title").is_visible() for card in cards.all()]
    assert shown == [place + 1 == len(articles) or article != articles[place + 1] for place, article in enumerate(articles)]


def test_on_a_phone_the_bar_and_the_box_take_a_fifth_of_the_height_at_most(scripted: Page) -> None:
    scripted.set_viewport_size({"width": 390, "height": 844})
    ask(scripted, QUESTION, turn=1)
    heights = [scripted.locator(part).bounding_box()["height"] for part in (".top", ".ask")]  # type: ignore[index]
    assert sum(heights) <= 844 / 5


def test_where_no_filter_was_set_there_is_none_to_lift(page: Page) -> None:
    ask(page, "What is the boiling point of tungsten?", turn=1)
    expect(page.locator("#turn-1 .loosening")).to_have_count(0)


def test_days_in_the_wrong_order_are_refused_and_nothing_typed_is_lost(page: Page) -> None:
    set_filters(page, published_from="2025-01-01", published_to="2024-01-01")
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The first day, 1 January 2025, is after the last, 1 January 2024.")
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    expect(page.get_by_label("Published from")).to_have_value("2025-01-01")


def test_asking_loads_no_page_anew_and_returns_to_the_box(scripted: Page) -> None:
    scripted.evaluate("window.stillThere = true")
    scripted.get_by_label("Your question").fill(QUESTION)
    scripted.keyboard.press("Enter")
    expect(scripted.locator("#turn-1 .answer")).to_contain_text(QUOTE)
    assert scripted.evaluate("window.stillThere")
    expect(scripted.get_by_label("Your question")).to_be_focused()
    expect(scripted.get_by_label("Your question")).to_have_value("")
    expect(scripted.locator("#announcement")).to_contain_text("1 source")
    scripted.reload()
    expect(scripted.locator("#turn-1 .answer")).to_contain_text(QUOTE)


def test_what_stands_around_a_quote_shows_on_hover_and_on_focus_and_goes_with_escape(scripted: Page) -> None:
    ask(scripted, QUESTION, turn=1)
    card = scripted.locator("#turn-1 .card")
    expect(card).to_be_hidden()
    scripted.locator("#turn-1 .cite a").hover()
    expect(card).to_be_visible()
    expect(card.locator(".around")).to_have_text(re.compile("^the quote [A-Z].*[.]$"))  # which is the article's first sentence
    expect(card).not_to_contain_text(QUOTE)
    expect(card).to_contain_text("The Harbour Post")
    expect(card).to_contain_text("21 February 2025")
    scripted.mouse.move(0, 0)
    expect(card).to_be_hidden()
    scripted.locator("#turn-1 .cite a").focus()
    expect(card).to_be_visible()
    scripted.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_what_is_not_there_is_said_plainly_with_what_came_nearest(page: Page) -> None:
    ask(page, "What is the boiling point of tungsten?", turn=1)
    turn = page.locator("#turn-1")
    expect(turn.locator(".verdict")).to_have_text("No sure answer. These may help.")
    expect(turn.locator(".answer, .confidence")).to_have_count(0)
    expect(turn.locator(".nearest > li")).to_have_count(3)


def test_a_weak_answer_is_called_one(page: Page) -> None:
    ask(page, "Who won the chowder contest?", turn=1)
    expect(page.locator("#turn-1")).to_have_class(re.compile(r"\bweak\b"))
    expect(page.locator("#turn-1 .confidence")).to_have_text(re.compile("^(Unsure|Check this)"))


@pytest.mark.parametrize("question", ["   ", "x" * 1_001], ids=["blank", "too long"])
def test_a_question_that_cannot_be_asked_is_told_why_and_stays_in_the_box(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#message")).to_contain_text("is blank" if question.isspace() else "has 1,001 characters")
    expect(page.get_by_label("Your question")).to_have_value(question)
    expect(page.locator(".turn:not(.pending)")).to_have_count(0)


def test_an_article_is_pasted_asked_about_removed_and_not_found(page: Page) -> None:
    title, fact = "The keeper of Gorse Point", "The lighthouse keeper of Gorse Point is called Barnaby Quillfeather."
    question = "What is the lighthouse keeper of Gorse Point called?"
    page.get_by_role("link", name="Add articles").click()
    page.get_by_label("Text", exact=True).fill(f"{fact} He has counted 312 ships.")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Add text").click()
    expect(page.locator(".outcomes li")).to_have_count(1)
    expect(page.locator(".outcomes .badge")).to_have_text("added")
    expect(page.locator(".index")).to_contain_text("45 articles")

    page.get_by_role("link", name="New question").click()
    ask(page, question, turn=1)
    expect(page.locator("#turn-1 .sentence").first).to_have_text(fact)

    page.get_by_role("link", name="Library").click()
    page.get_by_label("Search titles, texts, sources and authors").fill("gorse point")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".articles li")).to_have_count(1)
    page.get_by_role("button", name=f"Remove {title}").click()
    expect(page.locator(".notice, .removed")).to_contain_text(f"“{title}” was removed")
    page.goto("/")
    ask(page, question, turn=1)
    expect(page.locator("#turn-1 .verdict")).to_have_text("No sure answer. These may help.")


def test_another_version_of_an_article_is_gone_with_a_way_to_the_present_one(page: Page) -> None:
    article = page.request.get("/v1/articles?q=sailmaker").json()["data"][0]
    response = page.goto(f"/articles/{article['article_id']}?version={'0' * 64}")
    assert response is not None and response.status == 410
    page.locator(f"main a[href='/articles/{article['article_id']}']").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(article["article_title"])


@pytest.mark.parametrize(
    ("path", "status"),
    [("/c/cnv_unknown", 404), ("/articles/art_0123456789abcdef", 404), ("/nothing", 404), ("/library?before=x", 422)],
)
def test_a_page_that_is_not_there_says_so_to_people(page: Page, path: str, status: int) -> None:
    response = page.goto(path)
    assert response is not None and response.status == status
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="New question")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/library"])
def test_an_index_without_articles_says_how_to_add_some(
    path: str, open_page: Callable[..., Page], start_server: Callable, tmp_path: Path
) -> None:
    server = start_server(tmp_path / "new").wait_until_ready()
    assert f"serves {tmp_path / 'new'} (a new index without articles)" in server.said[0]
    page = open_page(server.url, java_script_enabled=path == "/library")
    page.goto(path)
    expect(page.locator("main")).to_contain_text("o articles yet")
    expect(page.locator("main")).to_contain_text("qa add PATH")
    page.get_by_role("link", name="Paste an article").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add articles")
    page.goto("/")
    expect(page.get_by_label("Choose files")).to_be_attached()
    page.get_by_role("button", name="Try the sample articles").click()
    if path == "/library":
        expect(page.get_by_role("heading", level=1)).to_have_text("Ask your articles", timeout=120_000)
    else:
        expect(page.locator("#adding strong")).to_have_text("44 articles added", timeout=120_000)
    server.kill()
