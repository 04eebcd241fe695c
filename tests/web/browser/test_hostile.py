"""Five hundred strings that try to be more than text, as titles, texts, sources, authors, URLs, filters and questions: none
succeeds."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from qa.base.settings import ENGLISH_ENCODER
from qa.corpus.decode import clean

RUN = "window.executed.push('hostile')"
MARKUP = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<body onload={RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<a href=javascript:{RUN}>click</a>",
    f"<form action=javascript:{RUN}><button autofocus onfocus={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<math><mi xlink:href=javascript:{RUN}>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<base href=https://evil.example/>",
    "<link rel=stylesheet href=https://evil.example/a.css>",
    "<style>body { display: none }</style>",
    "<div hx-get=/library hx-trigger=load hx-target=body>",
    f"<div hx-on:load={RUN} hx-on::after-request={RUN}>",
    f"<div data-hx-on-click={RUN} hx-vals='js:{{a: {RUN}}}'>",
    "<object data=https://evil.example/></object><embed src=https://evil.example/>",
)
BREAKOUTS = ("", '">', "'>", "</textarea>", "</title>", "</script>", "-->", "]]>", "&quot;>", "\u202e")
# What the string goes on with: one that is closed, one that is not, an attribute's end, and what other languages would see.
BEHIND = ("", "<b", "' x='", "{{ 7 * 7 }}{% for x in y %}", "\u202e\u0000")
SHOWN = """
() => [
  [...document.querySelectorAll(".text > p")].map((paragraph) => paragraph.textContent).join(""),
  window.executed, getComputedStyle(document.body).display,
]
"""
OTHERS = (
    "{{ 7 * 7 }}",
    "{% raw %}{{ config }}{% endraw %}",
    "{{ ''.__class__.__mro__ }}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{{constructor}}",
    "javascript:" + RUN,
    "data:text/html,<script>" + RUN + "</script>",
    "vbscript:msgbox(1)",
    "//evil.example/a",
    "\\\\evil.example\\a",
    "&lt;script&gt;" + RUN,
    "&#60;script&#62;",
    "%3Cscript%3E",
    "\u202eevil\u202c \u2066text\u2069",
    "\ufeff\u200b\u2028\u2029zero",
    "\u0000nul",
    "\x1b[31mred",
    "' OR 1=1; DROP TABLE articles; --",
    "../../etc/passwd",
    "a" * 400,
    "𝔘𝔫𝔦 👩‍👧 e\u0301",
    "\ud800 alone \udfff",
    '{"a": "}</script>"}',
    "}} */ ; } body { display: none } /*",
    "x: url(javascript:" + RUN + ")",
    '" style="display:none" hx-get="/library" x="',
    "' hx-trigger='load' hx-get='/library' x='",
    "<" * 300,
    "Donau" * 200,
    "onclick=" + RUN,
    "expression(" + RUN + ")",
    "@import 'https://evil.example/a.css';",
    "<!--#exec cmd='ls'-->",
    "<?php echo 1 ?>",
)
ALONE = (*OTHERS, *(OTHERS[0] + markup for markup in MARKUP))
CROSSED = [before + markup + behind for before, markup, behind in itertools.product(BREAKOUTS, MARKUP, BEHIND)]
COUNT = 500
STRINGS = [*ALONE, *CROSSED[:: len(CROSSED) // (COUNT - len(ALONE))]][:COUNT]
# Each alone in an article, the crossed ones four to an article, in a third of the time: one that got out of its place would
# do so behind another one too.
GROUPS = [STRINGS[first : first + 1] for first in range(len(ALONE))]
GROUPS += [STRINGS[first : first + 4] for first in range(len(ALONE), COUNT, 4)]
ASKED = STRINGS[:: COUNT // 16]  # with the whole of an answer, its citations opened and explained
PAGE = 25  # articles of the library
TURNS = 50  # of a conversation


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, start_server: Callable) -> Iterator[object]:
    """A server that holds an article of each group. How well it finds them is not what is tested: a small encoder does."""
    folder = tmp_path_factory.mktemp("hostile") / "index"
    quick = {"encoder": ENGLISH_ENCODER, "read_passages": 2}
    server = start_server(folder, requests_per_minute=0, allow_fetch="true", **quick).wait_until_ready()
    server.pages = []
    articles = [article_of(number, group) for number, group in enumerate(GROUPS)]
    for first in range(0, len(articles), 100):  # as many as one request takes
        body = json.dumps({"articles": articles[first : first + 100]})  # in ASCII, which spells lone surrogates too
        sent = server.client.post("/v1/articles", content=body, headers={"Content-Type": "application/json"}).json()["articles"]
        assert {one["status"] for one in sent} == {"added"}
        server.pages += [f"/articles/{one['article_id']}" for one in sent]
    yield server
    server.kill()


def typed(hostile: str) -> str:
    """As a browser sends it, which has no lone surrogates in its forms."""
    return hostile.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def article_of(number: int, group: list[str]) -> dict[str, str]:
    hostile = " ".join(group)
    return {
        "id": f"hostile {number}",
        "title": hostile,
        "text": "\n\n".join(f"{one} is the title.\n\nThen {one} again." for one in group),
        "source": hostile,
        "author": hostile,
        "url": f"https://example.org/{number}?{hostile}",
        "language": hostile,
        "published_at": hostile,
    }


@pytest.fixture
def page(open_page: Callable[..., Page], hostile: object) -> Iterator[Page]:
    """A page that asks no other machine for anything and opens no dialog, or the test fails."""
    url = str(hostile.url)  # type: ignore[attr-defined]
    opened = open_page(url)
    elsewhere: list[str] = []
    opened.on(
        "request", lambda request: elsewhere.append(request.url) if not request.url.startswith((url, "data:image")) else None
    )
    opened.on("dialog", lambda dialog: elsewhere.append(dialog.message))
    yield opened
    assert elsewhere == []


def test_there_are_five_hundred_different_strings() -> None:
    assert (len(STRINGS), len(set(STRINGS))) == (COUNT, COUNT)


@pytest.mark.timeout(300)
def test_articles_made_of_hostile_strings_show_their_text_and_run_nothing(page: Page, hostile: object) -> None:
    for number, address in enumerate(hostile.pages):  # type: ignore[attr-defined]
        page.goto(address, wait_until="domcontentloaded")
        shown, executed, display = page.evaluate(SHOWN)
        assert shown == clean(article_of(number, GROUPS[number])["text"]), number
        assert (executed, display) == ([], "grid"), number


def test_the_library_lists_them_all_and_runs_nothing(page: Page) -> None:
    page.goto("/library?q=hostile", wait_until="networkidle")
    seen = 0
    while True:
        assert_nothing_ran(page)
        seen += page.locator(".articles > li").count()
        older = page.get_by_role("link", name="Older articles")
        if not older.count():
            break
        page.goto(str(older.get_attribute("href")), wait_until="domcontentloaded")
    assert seen == len(GROUPS)


@pytest.mark.timeout(300)
def test_hostile_words_and_filters_stay_words_and_are_sent_on_as_such(page: Page) -> None:
    for hostile in map(typed, STRINGS[::10]):
        given = urlencode({"q": hostile[:200], "source": hostile[:200], "language": hostile[:200]})
        page.goto(f"/library?{given}", wait_until="domcontentloaded")
        assert_nothing_ran(page)
        expect(page.locator(".filter.set .clear")).to_have_count(2)


def test_removing_and_undoing_a_hostile_title_runs_nothing(page: Page) -> None:
    page.goto("/library?q=hostile")
    for _ in range(PAGE):
        page.get_by_role("button", name="Remove").first.click()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("button", name="Undo")).to_have_count(0)
        page.locator(".articles > li").first.evaluate("row => row.parentElement.append(row)")
    assert_nothing_ran(page)


@pytest.mark.timeout(300)
def test_hostile_questions_and_filters_are_shown_as_they_were_asked(page: Page) -> None:
    """All of them. A source that there is not needs no reading, which would take most of the time."""
    for first in range(0, COUNT, TURNS):
        conversation = ""
        for hostile in map(typed, STRINGS[first : first + TURNS]):
            form = {"question": hostile, "conversation": conversation, "source": f"nobody {hostile}"[:200]}
            asked = page.request.post("/ask", form=form, headers={"accept": "text/html"}, max_redirects=0)
            assert asked.status == 303, hostile
            conversation = asked.headers["location"].removeprefix("/c/").partition("#")[0]
        page.goto(f"/c/{conversation}", wait_until="networkidle")
        shown = page.locator(".turn .question").all_text_contents()
        assert shown == [clean(typed(hostile)) for hostile in STRINGS[first : first + TURNS]]
        assert_nothing_ran(page)


@pytest.mark.timeout(300)
def test_answers_that_quote_hostile_articles_run_nothing_wherever_they_are_opened(page: Page) -> None:
    page.goto("/", wait_until="networkidle")
    for number, hostile in enumerate(map(typed, ASKED), start=1):
        page.get_by_label("Your question").fill(hostile)
        page.keyboard.press("Enter")
        expect(page.locator(f"#turn-{number} .question")).to_be_attached()
        open_each_citation(page, number)
        assert_nothing_ran(page)
    page.reload(wait_until="networkidle")
    assert_nothing_ran(page)
    assert page.locator(".turn").count() == len(ASKED)
    for address in {link.get_attribute("href") for link in page.locator("a.explained").all()[:8]}:
        page.goto(str(address), wait_until="networkidle")
        assert_nothing_ran(page)


def test_hostile_names_of_files_and_addresses_stay_names(page: Page) -> None:
    page.goto("/add")
    names = [typed(hostile).replace("/", "_").replace("\0", "_")[:100] for hostile in STRINGS[::20]]
    page.get_by_label("Choose files").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": name.encode() or b" "} for name in names]
    )
    expect(page.locator(".outcome")).to_have_count(len(names), timeout=60_000)
    assert_nothing_ran(page)
    lines = ["".join(typed(hostile).split()) for hostile in STRINGS[::20]]
    page.get_by_label("Addresses").fill("\n".join(lines))
    page.get_by_role("button", name="Fetch and add").click()
    expect(page.locator(":is(.sending, [data-unfinished])")).to_have_count(0, timeout=60_000)
    assert page.locator(".outcome").count() > len(names)
    assert_nothing_ran(page)


def test_the_first_page_and_its_suggestions_run_nothing(page: Page) -> None:
    for path in ("/", "/suggestions"):
        page.goto(path, wait_until="networkidle")
        assert_nothing_ran(page)


def open_each_citation(page: Page, number: int) -> None:
    for link in page.locator(f"#turn-{number} .sources .cite > a, #turn-{number} .nearest .title").all():
        page.mouse.move(0, 0)  # off the link before, whose card lies over what stands below it
        link.click()
        expect(page.locator("#panel mark")).to_be_attached()
        page.keyboard.press("Escape")


def assert_nothing_ran(page: Page) -> None:
    assert page.evaluate("window.executed") == []
    assert page.evaluate("getComputedStyle(document.body).display") != "none"


def test_what_would_run_is_noticed(open_page: Callable[..., Page], samples: object) -> None:
    page = open_page(samples.url, bypass_csp=True)  # type: ignore[attr-defined]
    page.goto("/library")
    page.evaluate("document.querySelector('main').innerHTML = '<img src=x onerror=alert(1)>'")
    expect(page.locator("main img")).to_be_attached()
    page.wait_for_function("() => window.executed.includes('alert')")
