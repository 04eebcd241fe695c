"""Looking through the library: search, filters and counts in the address, removing and undoing where one is."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

SKERRY = "/library?source=radio+skerry"
GERMAN = {"id": "german", "title": "Die Brücke", "text": "Die Brücke ist offen.", "language": "de", "published_at": "2025-01-01"}


@pytest.fixture(scope="module")
def library(sample_index: Path, tmp_path_factory: pytest.TempPathFactory, start_server: Callable) -> Iterator[object]:
    """A server with more than two pages of articles, one of them in German."""
    folder = Path(shutil.copytree(sample_index, tmp_path_factory.mktemp("library") / "harbour"))
    server = start_server(folder, requests_per_minute=0).wait_until_ready()
    ships = [{"id": f"ship {n}", "title": f"Ship {n}", "text": f"Ship {n} came.", "source": "Ships"} for n in range(7)]
    server.client.post("/v1/articles", json={"articles": [*ships, GERMAN]}).raise_for_status()
    yield server
    server.kill()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, open_page: Callable[..., Page], library: object) -> Page:
    return open_page(library.url, java_script_enabled=request.param)  # type: ignore[attr-defined]


@pytest.fixture
def scripted(open_page: Callable[..., Page], library: object) -> Page:
    return open_page(library.url, viewport={"width": 1000, "height": 700})  # type: ignore[attr-defined]


def titles(page: Page) -> list[str]:
    return page.locator(".articles .title").all_inner_texts()


def test_words_and_filters_hold_together_stand_in_the_address_and_are_counted(page: Page) -> None:
    page.goto("/library")
    expect(page.locator("#found")).to_be_empty()  # the header says how many there are
    page.get_by_label("Search titles").fill("ferry")
    page.get_by_role("button", name="Source", exact=True).click()
    page.get_by_label("Source", exact=True).fill("the harbour post")
    page.get_by_role("button", name="Date", exact=True).click()
    page.get_by_label("Published from").fill("2024-06-01")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile(r"/library\?q=ferry&source=the\+harbour\+post&published_from=2024-06-01$"))
    found = page.locator(".articles li").count()
    assert 0 < found < 25
    expect(page.locator("#found")).to_have_text(f"{found} of 52 articles")
    for about in page.locator(".articles .meta").all_inner_texts():
        assert "The Harbour Post" in about
    expect(page.locator(".filter.set > .chip")).to_have_text(["Source: the harbour post", "From 1 June 2024"])
    expect(page.get_by_role("link", name="Clear all filters")).to_be_visible()
    page.get_by_role("link", name="Remove the filter: Source: the harbour post").click()
    expect(page).to_have_url(re.compile(r"/library\?q=ferry&published_from=2024-06-01$"))
    page.get_by_role("link", name="Remove the filter: From 1 June 2024").click()
    expect(page).to_have_url(re.compile(r"/library\?q=ferry$"))
    page.get_by_role("link", name="Show all").click()
    expect(page).to_have_url(re.compile("/library$"))


def test_all_filters_are_cleared_by_one_click_and_the_words_stay(page: Page) -> None:
    page.goto("/library?q=ferry&source=radio+skerry&published_to=2025-01-01")
    page.get_by_role("link", name="Clear all filters").click()
    expect(page).to_have_url(re.compile(r"/library\?q=ferry$"))


def test_articles_of_one_language_are_found_where_there_are_several(page: Page) -> None:
    page.goto("/library")
    page.get_by_role("button", name="Language", exact=True).click()
    page.get_by_label("Language").select_option("German")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".articles .title").first).to_have_text("Die Brücke")
    expect(page.locator("#found")).to_have_text("2 of 52 articles")
    expect(page.locator(".filter.set > .chip")).to_have_text(["Language: German"])


def test_what_nothing_passes_is_said_and_days_in_the_wrong_order_are_refused(page: Page) -> None:
    page.goto("/library?source=nobody")
    expect(page.locator(".nothing")).to_contain_text(
        "No article passes these filters. No article has the source “nobody”. The sources"
    )
    expect(page.locator("#found")).to_have_text("0 of 52 articles")
    page.goto("/library?q=ferry&source=nobody")
    expect(page.locator(".nothing")).to_contain_text(
        "Nothing that passes these filters has “ferry” in its title, text, source or author. No article has the source “nobody”."
    )
    page.goto("/library?published_from=2025-01-01&published_to=2024-01-01")
    expect(page.get_by_role("alert")).to_contain_text("is after the last, 1 January 2024")
    expect(page.get_by_label("Published from")).to_have_value("2025-01-01")


def test_pages_keep_the_words_and_filters(page: Page) -> None:
    page.goto("/library?published_from=2024-01-02")
    first = titles(page)
    page.get_by_role("link", name="Older articles").click()
    expect(page).to_have_url(re.compile(r"/library\?published_from=2024-01-02&before=\d+$"))
    assert titles(page) and not set(titles(page)) & set(first)
    page.get_by_role("link", name="Newest").click()
    assert titles(page) == first


def test_a_removal_is_undone_where_it_was_with_words_filters_and_page_kept(page: Page) -> None:
    page.goto("/library?q=e&published_from=2024-01-02")
    page.get_by_role("link", name="Older articles").click()
    expect(page).to_have_url(re.compile("before="))
    before, counted = titles(page), page.locator("#found").inner_text()
    removed = before[1]
    page.get_by_role("button", name=f"Remove {removed}").click()
    expect(page.locator(".notice, .removed")).to_contain_text(f"“{removed}” was removed")
    expect(page.locator(".index")).to_contain_text("51 articles")
    expect(page.locator("#found")).not_to_have_text(counted)
    assert titles(page) == [title for title in before if title != removed]
    expect(page).to_have_url(re.compile(r"/library\?q=e&published_from=2024-01-02&before=\d+"))
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".index")).to_contain_text("52 articles")
    expect(page.locator("#found")).to_have_text(counted)
    assert titles(page) == before
    expect(page).to_have_url(re.compile(r"/library\?q=e&published_from=2024-01-02&before=\d+"))


def test_who_left_the_page_finds_what_was_removed_lately_each_with_a_way_back(page: Page) -> None:
    ships = ["Ship 1", "Ship 3"]
    for left, title in zip((51, 50), ships, strict=True):
        page.goto("/library?source=ships")
        page.get_by_role("button", name=f"Remove {title}").click()
        expect(page.locator(".index")).to_contain_text(f"{left} articles")
    page.goto("/library")
    page.get_by_text("2 articles removed in the last 10 minutes").click()
    expect(page.locator(".removed-lately li p")).to_have_text(ships[::-1])
    page.get_by_role("button", name="Undo").first.click()
    expect(page.locator(".notice").first).to_have_text("“Ship 3” is back.")
    expect(page.locator(".notice").last).to_contain_text("“Ship 1” was removed in the last 10 minutes.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_with_javascript_only_the_row_changes_and_focus_stays_in_it(scripted: Page) -> None:
    scripted.goto("/library")
    scripted.evaluate("window.stillThere = true")
    rows = scripted.locator(".articles > li")
    title = rows.nth(12).locator(".title").inner_text()
    rows.nth(12).get_by_role("button").focus()
    at = scripted.evaluate("scrollY")
    scripted.keyboard.press("Enter")
    undo = rows.nth(12).get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    expect(undo).to_have_accessible_description(re.compile("was removed"))
    assert scripted.evaluate("window.stillThere") and scripted.evaluate("scrollY") == at
    scripted.keyboard.press("Enter")
    expect(rows.nth(12).locator(".title")).to_have_text(title)
    expect(rows.nth(12).get_by_role("button")).to_be_focused()
    assert scripted.evaluate("window.stillThere")


def test_several_removals_can_each_be_undone(scripted: Page) -> None:
    scripted.goto(SKERRY)
    rows = scripted.locator(".articles > li")
    count = rows.count()
    for number in (0, 1):
        rows.nth(number).get_by_role("button", name="Remove").click()
        expect(rows.nth(number)).to_contain_text("was removed")
    expect(scripted.locator("#found")).to_have_text(f"{count - 2} of 50 articles")
    for left in (1, 0):
        scripted.get_by_role("button", name="Undo").first.click()
        expect(scripted.get_by_role("button", name="Undo")).to_have_count(left)
    expect(scripted.locator("#found")).to_have_text(f"{count} of 52 articles")


def test_an_article_that_is_gone_meanwhile_cannot_be_removed_again_and_that_is_said(scripted: Page) -> None:
    scripted.goto("/library?q=ship+6")
    scripted.request.delete("/v1/articles/ship 6")
    scripted.get_by_role("button", name="Remove Ship 6").click()
    expect(scripted.get_by_role("alert")).to_contain_text("no article")
    ship = {"id": "ship 6", "title": "Ship 6", "text": "Ship 6 came.", "source": "Ships"}
    assert scripted.request.post("/v1/articles", data={"articles": [ship]}).ok


def test_the_whole_row_leads_to_the_article_and_its_tools_wait_for_the_pointer_or_the_focus(scripted: Page) -> None:
    scripted.goto("/library?q=sailmaker")
    row = scripted.locator(".articles > li").first
    opacity = "element => getComputedStyle(element.closest('form') ?? element).opacity"
    tools = [row.get_by_role("button", name="Remove"), row.get_by_role("checkbox")]
    scripted.mouse.move(0, 0)
    assert [tool.evaluate(opacity) for tool in tools] == ["0", "0"]
    row.hover()
    assert [tool.evaluate(opacity) for tool in tools] == ["1", "1"]
    scripted.mouse.move(0, 0)
    tools[0].focus()
    assert [tool.evaluate(opacity) for tool in tools] == ["1", "1"]
    box = row.bounding_box()
    assert box is not None
    row.click(position={"x": box["width"] / 2, "y": box["height"] - 3})
    expect(scripted).to_have_url(re.compile("/articles/"))


def test_several_are_selected_removed_at_once_and_brought_back_in_the_order_that_was_chosen(page: Page) -> None:
    page.goto("/library?source=ships")
    page.get_by_role("button", name="Order: Last added").click()
    page.get_by_role("link", name="Title").click()
    expect(page).to_have_url(re.compile(r"/library\?source=ships&sort=title$"))
    ships = [f"Ship {number}" for number in range(7)]
    assert titles(page) == ships
    expect(page.get_by_role("button", name="Remove selected")).to_be_hidden()
    for title in ("Ship 2", "Ship 4"):
        page.get_by_role("checkbox", name=f"Select {title}").check()
    page.get_by_role("button", name="Remove selected").click()
    expect(page.locator(".notice")).to_contain_text(
        "2 articles were removed. Their texts are deleted by the first change after 10"
    )
    assert titles(page) == [title for title in ships if title not in ("Ship 2", "Ship 4")]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".notice")).to_have_text("2 articles are back.")
    assert titles(page) == ships


def test_what_stands_in_the_text_is_found_and_shown(page: Page) -> None:
    page.goto("/library?q=offen")
    expect(page.locator("#found")).to_have_text("1 of 52 articles")
    expect(page.locator(".articles .excerpt")).to_have_text("Die Brücke ist offen.")
    page.goto("/library?sort=newest")
    assert page.locator(".library .label").first.inner_text() == "April 2025"
