"""Adding in the browser: each file in a row of its own that says how far it is; the same rows on a page without JavaScript."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

if TYPE_CHECKING:
    from conftest import NewsSite

KEEPER = "The lighthouse keeper of Gorse Point is called Barnaby Quill."
ROWS = "#outcomes > ul > li"
# Every word that a row's badge ever held, in order.
RECORD = """
window.said = [];
new MutationObserver(() => {
  const words = document.querySelector(".outcome .badge")?.textContent;
  if (words && window.said.at(-1) !== words) window.said.push(words);
}).observe(document, { subtree: true, childList: true, characterData: true });
"""
# Files as a browser hands them to a page on which they are dropped.
DRAG = """
([type, names, target]) => {
  const held = new DataTransfer();
  names.forEach((name) => held.items.add(new File([`The text of ${name} is this.`], name, { type: "text/plain" })));
  document.querySelector(target).dispatchEvent(
    new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: held, relatedTarget: null }));
}
"""


@pytest.fixture(scope="module")
def adding(sample_index: Path, tmp_path_factory: pytest.TempPathFactory, start_server: Callable) -> Iterator[object]:
    """A server to add to, which may fetch from this machine."""
    folder = Path(shutil.copytree(sample_index, tmp_path_factory.mktemp("adding") / "harbour"))
    server = start_server(
        folder, requests_per_minute=0, max_upload_bytes=2**20, allow_fetch="true", fetch_networks='["127.0.0.0/8"]'
    )
    yield server.wait_until_ready()
    server.kill()


@pytest.fixture
def page(open_page: Callable[..., Page], adding: object) -> Page:
    opened = open_page(adding.url)  # type: ignore[attr-defined]
    opened.add_init_script(RECORD)
    opened.goto("/add")
    return opened


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def either(request: pytest.FixtureRequest, open_page: Callable[..., Page], adding: object) -> Page:
    opened = open_page(adding.url, java_script_enabled=request.param)  # type: ignore[attr-defined]
    opened.goto("/add")
    return opened


def file(name: str, text: str | bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": text if isinstance(text, bytes) else text.encode()}


def choose(page: Page, *files: FilePayload) -> None:
    """As a person does, who without JavaScript has to press a button too."""
    page.get_by_label("Choose files").set_input_files(files)
    button = page.get_by_role("button", name="Add files")
    if button.is_visible():
        button.click()


def let_through(page: Page, held: list[Route]) -> None:
    """The request that is held, as soon as it has been made."""
    while not held:
        page.wait_for_timeout(10)
    held.pop().continue_()


def test_each_file_gets_a_row_and_a_refused_one_its_reason(either: Page) -> None:
    records = '{"text": "One ship came.", "id": "n1"}\n{"text": "Two ships came.", "id": "n2"}\n{\n'
    choose(
        either,
        file("known.txt", "The mole of Pendrake is 400 metres long."),
        file("many.jsonl", records),
        file("bad.pdf", "%PDF-"),
    )
    rows = either.locator(ROWS)
    expect(rows).to_have_count(3)
    expect(rows.nth(0).locator(".outcome-name")).to_have_text("known.txt")
    expect(rows.nth(0).get_by_role("link")).to_have_text(["The mole of Pendrake is 400 metres long.", "Ask about it"])
    expect(rows.nth(1)).to_contain_text(re.compile(r"many\.jsonl.*1 refused.*line 3: not JSON", re.DOTALL))
    expect(rows.nth(2)).to_contain_text(re.compile(r"bad\.pdf.*refused.*not a PDF", re.DOTALL))
    expect(either.locator(".index")).to_contain_text("47 articles")  # of which 44 were there


def test_an_article_that_is_there_already_or_has_changed_is_said_to_be(either: Page) -> None:
    records = ['{"text": "The pier is new.", "id": "pier"}', '{"text": "The pier is old.", "id": "pier"}']
    either.request.delete("/v1/articles/pier?now=true")
    for record, said in ((records[0], "added"), (records[0], "already there"), (records[1], "changed")):
        either.goto("/add")
        choose(either, file("pier.jsonl", record))
        expect(either.locator(f"{ROWS} .badge")).to_have_text(said)


def test_a_row_says_how_much_has_been_sent_and_then_that_it_is_read(page: Page) -> None:
    network = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 500_000}
    network.send("Network.emulateNetworkConditions", slow)
    choose(page, file("long.txt", "The sea was calm that day. " * 20_000))
    expect(page.locator(f"{ROWS} progress")).to_be_visible()
    expect(page.locator(f"{ROWS} .badge")).to_have_text("added")
    expect(page.locator(f"{ROWS} progress")).to_have_count(0)
    said = page.evaluate("window.said")
    percents = [int(words.split()[1]) for words in said if "%" in words]
    assert said[0] == "Sending"
    assert len(percents) > 1 and percents == sorted(percents)
    assert said[-2:] == ["Reading…", "added"]


def test_files_are_sent_one_after_the_other_and_each_result_shows_as_it_comes(page: Page) -> None:
    held: list[Route] = []
    page.route("**/add", lambda route: held.append(route))
    choose(page, file("first.txt", "The first file is this."), file("second.txt", "The second file is this."))
    badges = page.locator(f"{ROWS} .badge")
    expect(badges).to_have_count(2)
    expect(badges.nth(1)).to_have_text("Waiting")
    expect(page.locator("#tally")).to_have_text("0 of 2 done")
    let_through(page, held)
    expect(badges.nth(0)).to_have_text("added")
    expect(page.locator("#tally")).to_have_text("1 of 2 done")
    expect(badges.nth(1)).to_have_text(re.compile("Sending|Reading"))
    let_through(page, held)
    expect(badges.nth(1)).to_have_text("added")
    expect(page.locator("#tally")).to_have_text("2 of 2 done")


def test_a_file_that_could_not_be_sent_stops_no_other_and_can_be_sent_again(page: Page) -> None:
    page.route("**/add", lambda route: route.abort(), times=1)
    choose(page, file("lost.txt", "The lost file is this."), file("kept.txt", "The kept file is this."))
    rows = page.locator(ROWS)
    expect(rows.nth(1).locator(".badge")).to_have_text("added")
    expect(rows.nth(0)).to_contain_text("It could not be sent. Is qa still running")
    expect(page.locator("#tally")).to_have_text("2 of 2 done, 1 not added")
    page.get_by_role("button", name="Send again: lost.txt").click()
    expect(rows.nth(0).locator(".badge")).to_have_text("added")
    expect(rows).to_have_count(2)
    expect(page.get_by_role("button", name="Send again")).to_have_count(0)
    expect(page.locator("#tally")).to_have_text("2 of 2 done")
    assert rows.nth(0).evaluate("row => row === document.activeElement")


def test_a_server_that_has_had_enough_for_a_minute_is_asked_again_when_it_says(page: Page) -> None:
    page.route("**/add", lambda route: route.fulfill(status=429, headers={"Retry-After": "1"}, body="<p>Too many</p>"), times=1)
    choose(page, file("patient.txt", "The patient file is this."))
    expect(page.locator(f"{ROWS} .badge")).to_have_text("added")
    assert any(words.startswith("Waiting 1 s") for words in page.evaluate("window.said"))


def test_a_problem_is_told_in_the_row_in_the_servers_words(page: Page) -> None:
    body = "<p><strong>The index is busy.</strong> Somebody else adds to it.</p>"
    page.route("**/add", lambda route: route.fulfill(status=503, content_type="text/html", body=body))
    choose(page, file("late.txt", "The late file is this."))
    expect(page.locator(ROWS)).to_contain_text("Somebody else adds to it.")
    expect(page.get_by_role("button", name="Send again")).to_be_visible()


def test_a_file_over_the_servers_limit_is_not_even_sent(page: Page) -> None:
    choose(page, file("huge.txt", b"x" * (2**20 + 1)))
    expect(page.locator(ROWS)).to_contain_text("It has 1,048,577 bytes; at most 1,048,576 are taken here.")
    expect(page.get_by_role("button", name="Send again")).to_have_count(0)


def test_leaving_while_files_are_on_their_way_asks_first(page: Page) -> None:
    asked: list[str] = []
    held: list[Route] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    page.route("**/add", lambda route: held.append(route))
    choose(page, file("leaving.txt", "The leaving file is this."))
    expect(page.locator(f"{ROWS} .badge")).to_have_text(re.compile("Sending|Reading"))
    page.get_by_role("link", name="Library").click()
    expect(page).to_have_url(re.compile("/add$"))
    assert asked == ["beforeunload"]
    let_through(page, held)
    expect(page.locator(f"{ROWS} .badge")).to_have_text("added")
    page.get_by_role("link", name="Library").click()
    expect(page).to_have_url(re.compile("/library$"))


@pytest.mark.parametrize("target", [".drop", "h1", "#text"])
def test_files_can_be_dropped_anywhere_on_the_page_which_says_so(page: Page, target: str) -> None:
    names = [f"one-{target[1:]}.txt", f"two-{target[1:]}.txt"]
    expect(page.locator(".drop")).to_contain_text("drop them anywhere on this page")
    sign = page.get_by_text("Drop the files to add them")
    expect(sign).to_be_hidden()
    page.evaluate(DRAG, ["dragenter", names, target])
    expect(sign).to_be_visible()
    page.evaluate(DRAG, ["dragleave", names, target])
    expect(sign).to_be_hidden()
    page.evaluate(DRAG, ["dragover", names, target])
    expect(sign).to_be_visible()
    page.evaluate(DRAG, ["drop", names, target])
    expect(sign).to_be_hidden()
    expect(page.locator(".outcome-name")).to_have_text(names)
    expect(page.locator(f"{ROWS} .badge")).to_have_text(["added", "added"])


def test_pasted_text_has_a_row_too_and_the_fields_are_free_for_the_next_article(page: Page) -> None:
    page.get_by_label("Text", exact=True).fill("The pasted pier is 90 metres long.")
    page.get_by_label("Title").fill("The pasted pier")
    page.get_by_label("Source").fill("Harbour Post")
    page.get_by_role("button", name="Add text").click()
    expect(page.locator(ROWS)).to_contain_text("The pasted pier")
    expect(page.locator(f"{ROWS} .badge")).to_have_text("added")
    expect(page.get_by_label("Text", exact=True)).to_have_value("")
    expect(page.get_by_label("Title")).to_have_value("")
    expect(page.get_by_label("Source")).to_have_value("Harbour Post")


def test_pasted_text_that_is_refused_stays_in_its_field(page: Page) -> None:
    page.route("**/add", lambda route: route.abort())
    page.get_by_label("Text", exact=True).fill("The lost pier is 90 metres long.")
    page.get_by_role("button", name="Add text").click()
    expect(page.get_by_role("button", name="Send again: Pasted text")).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value("The lost pier is 90 metres long.")


def test_addresses_are_fetched_each_with_its_row(either: Page, news_site: NewsSite) -> None:
    news_site.pages["/keeper"] = ("text/plain", KEEPER.encode())
    addresses = [f"{news_site.url}/keeper", f"{news_site.url}/missing", "/etc/passwd"]
    either.get_by_label("Addresses").fill("\n".join(addresses))
    either.get_by_role("button", name="Fetch and add").click()
    rows = either.locator(ROWS)
    expect(either.locator(".outcome-name")).to_have_text(addresses)
    expect(rows.nth(0).get_by_role("link")).to_have_text([KEEPER, "Ask about it"])
    article, ask = rows.nth(0).get_by_role("link").all()
    assert ask.get_attribute("href") == str(article.get_attribute("href")).replace("/articles/", "/?article=")
    expect(rows.nth(1)).to_contain_text("status 404")
    expect(rows.nth(2)).to_contain_text("It is not a web address")
    expect(either.get_by_label("Addresses")).to_have_value("")


def test_an_address_that_failed_can_be_fetched_again(page: Page, news_site: NewsSite) -> None:
    page.get_by_label("Addresses").fill(f"{news_site.url}/later")
    page.get_by_role("button", name="Fetch and add").click()
    again = page.get_by_role("button", name=f"Send again: {news_site.url}/later")
    expect(again).to_be_visible()
    news_site.pages["/later"] = ("text/plain", b"The later page is here now.")
    again.click()
    expect(page.locator(f"{ROWS} .badge")).to_have_text("added")


def test_where_nothing_may_be_fetched_one_line_says_how_to_allow_it(open_page: Callable[..., Page], samples: object) -> None:
    page = open_page(samples.url)  # type: ignore[attr-defined]
    page.goto("/add")
    expect(page.get_by_label("Addresses")).to_have_count(0)
    expect(page.get_by_text("qa serve --allow-fetch")).to_be_visible()


def test_an_empty_form_is_told_what_is_missing(either: Page) -> None:
    either.get_by_role("button", name="Add text").click()
    expect(either.get_by_role("alert")).to_contain_text("nothing to add yet")
