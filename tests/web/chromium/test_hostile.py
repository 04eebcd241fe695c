"""A hundred strings that try to be more than text, as titles, texts, sources, authors, URLs and questions: none succeeds."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

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
    "onclick=" + RUN,
    "expression(" + RUN + ")",
    "@import 'https://evil.example/a.css';",
    "<!--#exec cmd='ls'-->",
    "<?php echo 1 ?>",
)
CROSSED = [before + markup for before, markup in itertools.product(BREAKOUTS, MARKUP)]
STRINGS = [*OTHERS, *CROSSED[:: len(CROSSED) // (100 - len(OTHERS))]][:100]


@pytest.mark.timeout(600)
def test_a_hundred_hostile_strings_stay_text_wherever_they_are_shown(open_page: Callable[..., Page], samples: object) -> None:
    assert (len(STRINGS), len(set(STRINGS))) == (100, 100)
    url = str(samples.url)  # type: ignore[attr-defined]
    page = open_page(url)
    elsewhere: list[str] = []
    dialogs: list[str] = []
    page.on("request", lambda request: elsewhere.append(request.url) if not request.url.startswith((url, "data:image")) else None)
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    articles = [
        {
            "id": f"hostile {number}",
            "title": hostile,
            "text": f"{hostile} is the title.\n\nThen {hostile} again.",
            "source": hostile,
            "author": hostile,
            "url": f"https://example.org/{number}?{hostile}",
            "language": hostile,
            "published_at": hostile,
        }
        for number, hostile in enumerate(STRINGS)
    ]
    added = page.request.post("/v1/articles", data={"articles": articles}).json()["articles"]
    assert {one["status"] for one in added} == {"added"}
    try:
        for one in added:
            page.goto(f"/articles/{one['article_id']}")
            text = page.request.get(f"/v1/articles/{one['article_id']}").json()["text"]
            shown = "".join(page.locator(".text > p").all_text_contents())
            assert shown == text.replace("\r", "\n"), one
            assert_nothing_ran(page)
        for before in ("/library", "/library?q=hostile", "/", "/suggestions"):
            page.goto(before, wait_until="networkidle")
            assert_nothing_ran(page)
        page.goto("/")
        for number, hostile in enumerate(STRINGS[:40], start=1):
            page.get_by_label("Your question").fill(hostile)
            page.keyboard.press("Enter")
            expect(page.locator(f"#turn-{number} .question")).to_be_attached()
            open_each_citation(page, number)
            assert_nothing_ran(page)
        page.reload(wait_until="networkidle")
        assert_nothing_ran(page)
        assert page.locator(".turn").count() == 40
        for address in {link.get_attribute("href") for link in page.locator("a.explained").all()[:20]}:
            page.goto(str(address), wait_until="networkidle")
            assert_nothing_ran(page)
    finally:
        for one in added:
            page.request.delete(f"/v1/articles/{one['article_id']}?now=true")
    assert (elsewhere, dialogs) == ([], [])


def open_each_citation(page: Page, number: int) -> None:
    for title in page.locator(f"#turn-{number} .source > .title").all():
        title.click()
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
