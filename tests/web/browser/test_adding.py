"""Adding in the browser: what is sent is a job that any page can follow; the same without JavaScript, page by page."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

if TYPE_CHECKING:
    from conftest import NewsSite

KEEPER = "The lighthouse keeper of Gorse Point is called Barnaby Quill."
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20_000)
# Files as a browser hands them to a page on which they are dropped.
DRAG = """
([type, names, target]) => {
  const held = new DataTransfer();
  names.forEach((name) => held.items.add(new File([`The text of ${name} is this.`], name, { type: "text/plain" })));
  document.querySelector(target).dispatchEvent(
    new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: held, relatedTarget: null }));
}
"""
# What is found in a folder of 253 files, some of which nobody asked for, with a folder that cannot be read; and in an empty one.
FOLDERS = """
async () => {
  const { addFolder } = await import(document.getElementById("adding").dataset.dropping);
  const reader = (entries) => ({ readEntries: (give) => give(entries.splice(0, 100)) });
  const folder = (name, entries) => ({ name, isDirectory: true, createReader: () => reader(entries) });
  const file = (name) => ({ name, isFile: true, file: (give) => give(new File(["text"], name)) });
  const names = [...Array(248).keys()].map((number) => `${number}.txt`);
  const closed = { name: "closed", isDirectory: true, createReader: () => ({ readEntries: (_, fail) => fail() }) };
  const entries = [...[...names, "x.exe", ".DS_Store", "b.PNG", "a.jpg", "talk.mp3"].map(file), folder(".git", []), closed];
  const found = { files: [], unsent: [], leftOut: {} };
  await addFolder(folder("news", entries), [".txt"], found);
  await addFolder(folder("none", []), [".txt"], found);
  return [found.files.length, found.files[0].name, found.unsent, found.leftOut];
}
"""
# A folder of one text and 12 pictures, as a browser hands it to a page on which it is dropped.
DROP_FOLDER = """
() => {
  const file = (name) => ({ name, isFile: true, file: (give) => give(new File([`The text of ${name} is this.`], name)) });
  const entries = [[file("harbour.txt"), ...[...Array(12).keys()].map((number) => file(`${number + 10}.jpg`))], []];
  const entry = { name: "trip", isDirectory: true, createReader: () => ({ readEntries: (give) => give(entries.shift()) }) };
  const event = new Event("drop", { bubbles: true, cancelable: true });
  event.dataTransfer = { types: ["Files"], items: [{ kind: "file", getAsFile: () => null, webkitGetAsEntry: () => entry }] };
  document.body.dispatchEvent(event);
}
"""
# A folder whose entries come when `readOn` is called.
DROP_SLOW_FOLDER = """
() => {
  const file = { name: "late.txt", isFile: true, file: (give) => give(new File(["Late."], "late.txt")) };
  const first = { readEntries: (give) => (window.readOn = () => { give([file]); first.readEntries = (done) => done([]); }) };
  const entry = { name: "slow", isDirectory: true, createReader: () => first };
  const event = new Event("drop", { bubbles: true, cancelable: true });
  event.dataTransfer = { types: ["Files"], items: [{ kind: "file", getAsFile: () => null, webkitGetAsEntry: () => entry }] };
  document.body.dispatchEvent(event);
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
    opened.goto("/add")
    return opened


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def either(request: pytest.FixtureRequest, open_page: Callable[..., Page], adding: object) -> Page:
    opened = open_page(adding.url, java_script_enabled=request.param)  # type: ignore[attr-defined]
    opened.goto("/add")
    return opened


def file(name: str, text: str | bytes, kind: str = "text/plain") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": text if isinstance(text, bytes) else text.encode()}


def records(name: str, count: int) -> FilePayload:
    """Enough to be added in several batches."""
    text = " ".join(f"The {name} of {{0}} counted {word} boats at Gorse Point." for word in range(12))
    lines = (json.dumps({"id": f"{name}-{number}", "text": text.format(number)}) for number in range(count))
    return file(f"{name}.jsonl", "\n".join(lines))


def choose(page: Page, *files: FilePayload) -> None:
    """As a person does, who without JavaScript has to press a button too."""
    page.get_by_label("Choose files").set_input_files(files)
    button = page.get_by_role("button", name="Add files")
    if button.is_visible():
        button.click()


def sending(page: Page) -> Locator:
    """The one that was begun last."""
    return page.locator("#adding .adding").first


def rows(page: Page) -> Locator:
    return sending(page).locator(".outcome")


def ended(page: Page) -> None:
    expect(page.locator("#adding :is([data-unfinished], .sending)")).to_have_count(0)


def test_each_file_gets_a_row_and_a_refused_one_its_reason(either: Page) -> None:
    count = int(str(re.search(r"(\d+) articles", either.locator(".index").inner_text())[1]))  # type: ignore[index]
    lines = "\n".join([*(f'{{"text": "Ship {count + number} came."}}' for number in range(2)), "{"])
    fact = f"The mole of Pendrake is {count} metres long."
    choose(
        either,
        file("known.txt", fact),
        file("many.jsonl", lines),
        file("holiday.png", PNG, "image/png"),
    )
    expect(rows(either)).to_have_count(3)
    expect(sending(either).locator("strong")).to_have_text("3 articles added")
    expect(sending(either).locator(".meta").first).to_have_text("2 refused")
    expect(rows(either).nth(0).locator(".outcome-name")).to_have_text("known.txt")
    expect(rows(either).nth(0).get_by_role("link")).to_have_text(fact)
    expect(rows(either).nth(1)).to_contain_text(re.compile(r"many\.jsonl.*2 added.*1 refused.*line 3: not JSON", re.DOTALL))
    expect(rows(either).nth(2)).to_contain_text(
        re.compile(r"holiday\.png.*refused.*it is a picture \(PNG\): only text", re.DOTALL)
    )
    expect(either.locator(".index")).to_contain_text(f"{count + 3} articles")
    sending(either).get_by_role("link", name="Ask about these").click()
    if either.evaluate("document.scripts.length && window.htmx !== undefined"):
        expect(either.get_by_role("button", name="3 articles", exact=True)).to_be_visible()
    assert len(either.locator("[name=article]").input_value().split()) == 3


def test_an_article_that_is_there_already_or_has_changed_is_said_to_be(either: Page) -> None:
    lines = ['{"text": "The pier is new.", "id": "pier"}', '{"text": "The pier is old.", "id": "pier"}']
    either.request.delete("/v1/articles/pier?now=true")
    for line, said in ((lines[0], "added"), (lines[0], "already there"), (lines[1], "updated")):
        either.goto("/add")
        choose(either, file("pier.jsonl", line))
        expect(rows(either).locator(".badge")).to_have_text(said)


def test_a_long_file_is_followed_from_any_page_to_its_end_and_then_asked_about(page: Page) -> None:
    choose(page, records("keeper", 200), file("note.txt", "The pier of Skerry Head is 90 metres long."))
    expect(sending(page).locator("strong")).to_have_text("Adding keeper.jsonl and 1 more file")
    page.get_by_role("link", name="New question").click()  # it asks nothing: all has been sent
    note = page.locator("#adding.adding-note .adding")
    expect(note.locator("progress")).to_have_attribute("value", re.compile(r"0\.\d+"))
    expect(note).to_contain_text(re.compile(r"0 of 2 files|1 of 2 files"))
    page.go_back()
    expect(sending(page)).to_contain_text("Adding keeper.jsonl and 1 more file")
    page.goto("/library")
    ended(page)
    expect(note.locator("strong")).to_have_text("201 articles added")
    note.get_by_role("link", name="Details").click()
    expect(rows(page)).to_have_count(2)
    expect(rows(page).nth(0)).to_contain_text("200 added")
    expect(sending(page).get_by_role("link", name="Ask your articles")).to_be_visible()  # they are too many to name
    page.goto("/add")
    expect(page.locator("#adding strong").first).to_have_text("201 articles added")


def test_without_javascript_the_page_of_a_job_loads_itself_again_to_its_end(
    open_page: Callable[..., Page], adding: object
) -> None:
    page = open_page(adding.url, java_script_enabled=False)  # type: ignore[attr-defined]
    page.goto("/add")
    choose(page, records("miller", 150))
    expect(page.locator("#adding strong")).to_have_text("Adding miller.jsonl")
    assert page.locator("meta[http-equiv=refresh]").get_attribute("content") == "3"
    expect(page.locator("#adding strong")).to_have_text("150 articles added", timeout=120_000)
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(0)


def test_stopping_keeps_what_was_added_and_says_how_to_go_on(either: Page) -> None:
    name = f"stopped{id(either)}"
    choose(either, records(name, 400))
    expect(sending(either)).to_have_attribute("data-unfinished", "")
    sending(either).get_by_role("button", name="Stop").click()
    expect(sending(either).locator("strong")).to_contain_text("Stopped:", timeout=120_000)
    expect(sending(either)).to_contain_text("Add the same files again to go on: nothing is added twice.")


def test_a_file_over_the_servers_limit_and_many_pictures_are_named_with_why(page: Page) -> None:
    choose(
        page,
        file("huge.txt", b"x" * (2**20 + 1)),
        *(file(f"{number}.png", PNG, "image/png") for number in range(5)),
        file("small.txt", "The small file is this."),
    )
    expect(rows(page).filter(has_text="huge.txt")).to_contain_text(
        "it is larger than the 1.0 MB that a file may have here (1.0 MB); split it, or add it in a terminal: qa add PATH"
    )
    expect(rows(page).filter(has_text="0.png and 4 more files")).to_contain_text("it is a picture (PNG): only text can be added")
    expect(sending(page)).to_contain_text("6 refused")
    expect(rows(page).filter(has_text="small.txt").locator(".badge")).to_have_text("added")


def test_much_is_sent_in_parts_that_are_shown_as_one(page: Page) -> None:
    texts = [file(f"{number}.txt", f"Part {number % 7} of the log of the harbour.") for number in range(700)]
    before = page.locator("#adding .adding").count()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    choose(page, *texts, file("broken.pdf", "%PDF-"))
    ended(page)
    assert len(sent) == 3
    expect(page.locator("#adding .adding")).to_have_count(before + 1)
    expect(sending(page).locator("strong")).to_have_text("7 articles added")
    expect(sending(page).locator(".meta").first).to_have_text(re.compile("693 already there.*1 refused"))
    expect(rows(page).first).to_contain_text("broken.pdf")  # of very many, those with a refusal first
    expect(rows(page).last).to_have_text("… and 651 more files")


def test_a_folder_is_read_whole_but_for_hidden_and_unknown_files_which_are_named(page: Page) -> None:
    assert page.evaluate(FOLDERS) == [
        248,
        "news/0.txt",
        [{"name": "news/closed", "why": "folder"}, {"name": "none", "why": "empty"}],
        {
            "hidden": ["news/.DS_Store", "news/.git"],
            "picture": ["news/a.jpg", "news/b.PNG"],
            "recording": ["news/talk.mp3"],
            "other": ["news/x.exe"],
        },
    ]


def test_what_is_left_out_of_a_folder_is_counted_and_named_with_why(page: Page) -> None:
    page.evaluate(DROP_FOLDER)
    ended(page)
    expect(sending(page).locator("strong")).to_have_text("1 article added")
    left_out = rows(page).filter(has_text="12 pictures")
    expect(left_out).to_contain_text("left out: only text can be added · trip/10.jpg, trip/11.jpg, ")
    expect(left_out).to_contain_text("trip/19.jpg and 2 more")


def test_a_folder_that_takes_long_to_read_is_said_to_be_read_and_can_be_stopped(page: Page) -> None:
    before = page.locator("#adding .adding").count()
    page.evaluate(DROP_SLOW_FOLDER)
    expect(sending(page).locator("strong")).to_have_text("Reading what you dropped")
    sending(page).get_by_role("button", name="Stop").click()
    page.evaluate("window.readOn()")
    expect(page.locator("#adding .adding")).to_have_count(before)


def test_files_chosen_before_the_page_is_ready_are_sent_when_it_is(page: Page) -> None:
    held: list[Route] = []
    page.route("**/dropping.js*", lambda route: held.append(route))
    page.reload()
    choose(page, file("early.txt", "The early file is this."))
    expect(page.get_by_label("Choose files")).not_to_have_value("")
    held[0].continue_()
    expect(rows(page).locator(".badge")).to_have_text("added")


def test_what_could_not_be_sent_can_be_sent_again_and_leaving_before_asks_first(page: Page) -> None:
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    page.route("**/add", lambda route: route.abort(), times=1)
    choose(page, file("lost.txt", "The lost file is this."))
    expect(sending(page)).to_contain_text("It could not be sent. Is qa still running?")
    page.get_by_role("link", name="Library").click()
    expect(page).to_have_url(re.compile("/add$"))
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Send again").click()
    expect(rows(page).locator(".badge")).to_have_text("added")
    page.get_by_role("link", name="Library").click()
    expect(page).to_have_url(re.compile("/library$"))


def test_a_server_that_has_had_enough_for_a_minute_is_asked_again_when_it_says(page: Page) -> None:
    page.route("**/add", lambda route: route.fulfill(status=429, headers={"Retry-After": "1"}, body="<p>Too many</p>"), times=1)
    choose(page, file("patient.txt", "The patient file is this."))
    expect(sending(page)).to_contain_text("The server takes no more for 1 s.")
    expect(rows(page).locator(".badge")).to_have_text("added")


def test_a_server_that_is_gone_is_waited_for(page: Page) -> None:
    def gone(route: Route) -> None:
        route.abort()

    page.route("**/add/job_*", gone)
    choose(page, file("waiting.txt", "The waiting file is this."))
    expect(sending(page)).to_contain_text("qa is not responding. Is it still running? What was added stays.")
    page.unroute("**/add/job_*", gone)
    expect(rows(page).locator(".badge")).to_have_text("added")


def test_a_problem_is_told_in_the_servers_words(page: Page) -> None:
    body = "<p><strong>The index is busy.</strong> Somebody else adds to it.</p>"
    page.route("**/add", lambda route: route.fulfill(status=503, content_type="text/html", body=body))
    choose(page, file("late.txt", "The late file is this."))
    expect(sending(page)).to_contain_text("Somebody else adds to it.")
    expect(page.get_by_role("button", name="Send again")).to_be_visible()


def test_what_would_be_refused_again_is_not_sent_again_and_holds_nothing_up(page: Page) -> None:
    body = "<p>It is too large.</p>"
    page.route("**/add", lambda route: route.fulfill(status=413, content_type="text/html", body=body), times=1)
    choose(page, file("large.txt", "The large file is this."))
    expect(sending(page)).to_contain_text("It is too large.")
    expect(page.get_by_role("button", name="Send again")).to_have_count(0)
    choose(page, file("tiny.txt", "The tiny file is this."))
    expect(rows(page).locator(".badge")).to_have_text("added")
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".sending")).to_have_count(0)


@pytest.mark.parametrize(("path", "target"), [("/add", ".drop"), ("/add", "#text"), ("/", "h1"), ("/library", "h1")])
def test_files_can_be_dropped_anywhere_on_a_page_which_says_so(page: Page, path: str, target: str) -> None:
    names = [f"{number}{path[1:]}{target[1:]}.txt" for number in (1, 2)]
    page.goto(path)
    sign = page.get_by_text("Drop to add", exact=True)
    expect(sign).to_be_hidden()
    page.evaluate(DRAG, ["dragenter", names, target])
    expect(sign).to_be_visible()
    page.evaluate(DRAG, ["dragleave", names, target])
    expect(sign).to_be_hidden()
    page.evaluate(DRAG, ["dragover", names, target])
    expect(sign).to_be_visible()
    page.evaluate(DRAG, ["drop", names, target])
    expect(sign).to_be_hidden()
    ended(page)
    expect(sending(page).locator("strong")).to_have_text("2 articles added")
    if path != "/add":
        sending(page).get_by_role("button", name="Close").click()
        expect(page.locator("#adding .adding")).to_have_count(0)


def test_pasted_text_is_told_of_too_and_the_fields_are_free_for_the_next_article(page: Page) -> None:
    page.get_by_label("Text", exact=True).fill("The pasted pier is 90 metres long.")
    page.get_by_label("Title").fill("The pasted pier")
    page.get_by_label("Source").fill("Harbour Post")
    page.get_by_role("button", name="Add text").click()
    expect(rows(page)).to_contain_text("The pasted pier")
    expect(rows(page).locator(".badge")).to_have_text("added")
    expect(page.get_by_label("Text", exact=True)).to_have_value("")
    expect(page.get_by_label("Title")).to_have_value("")
    expect(page.get_by_label("Source")).to_have_value("Harbour Post")


def test_pasted_text_that_is_not_sent_stays_in_its_field(page: Page) -> None:
    page.route("**/add", lambda route: route.abort())
    page.get_by_label("Text", exact=True).fill("The lost pier is 90 metres long.")
    page.get_by_role("button", name="Add text").click()
    expect(page.get_by_role("button", name="Send again")).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value("The lost pier is 90 metres long.")


def test_addresses_are_fetched_each_with_its_row_and_one_that_failed_again(either: Page, news_site: NewsSite) -> None:
    news_site.pages["/keeper"] = ("text/plain", KEEPER.encode())
    addresses = [f"{news_site.url}/keeper", f"{news_site.url}/missing", "/etc/passwd"]
    either.get_by_label("Addresses").fill("\n".join(addresses))
    either.get_by_role("button", name="Fetch and add").click()
    expect(rows(either).locator(".outcome-name")).to_have_text(addresses)
    expect(rows(either).nth(0).get_by_role("link")).to_have_text(KEEPER)
    expect(rows(either).nth(1)).to_contain_text("status 404")
    expect(rows(either).nth(2)).to_contain_text("It is not a web address")
    news_site.pages["/missing"] = ("text/plain", b"The page is here now.")
    either.get_by_role("button", name=f"Try again: {news_site.url}/missing").click()
    expect(rows(either).locator(".badge")).to_have_text("added")


def test_where_nothing_may_be_fetched_one_line_says_how_to_allow_it(open_page: Callable[..., Page], samples: object) -> None:
    page = open_page(samples.url)  # type: ignore[attr-defined]
    page.goto("/add")
    expect(page.get_by_label("Addresses")).to_have_count(0)
    expect(page.get_by_text("qa serve --allow-fetch")).to_be_visible()


def test_an_empty_form_is_told_what_is_missing(either: Page) -> None:
    either.get_by_role("button", name="Add text").click()
    expect(either.get_by_role("alert")).to_contain_text("nothing to add yet")
