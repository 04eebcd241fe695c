"""The manual in the browser: Markdown as HTML, and its pages."""

from __future__ import annotations

import re

import httpx
import pytest

from qa.manual import TOPICS, page
from web.pages.manual import anchor_of, page_of

HTML = {"Accept": "text/html"}


def test_the_first_heading_is_the_title_and_the_others_have_anchors() -> None:
    made = page_of("# A title\n\n## Who `may` ask?\n\nText.\n\n### Below\n")
    assert made.title == "A title"
    assert [(heading.anchor, heading.words) for heading in made.headings] == [("who-may-ask", "Who may ask?")]
    assert '<h2 id="who-may-ask">Who <code>may</code> ask?</h2>' in made.body
    assert '<h3 id="below">' in made.body


def test_an_anchor_is_that_of_a_repository_s_page() -> None:
    assert anchor_of("OpenAI's API") == "openais-api"
    assert anchor_of("qa token create") == "qa-token-create"


def test_links_to_pages_lead_to_help_and_others_stay() -> None:
    body = page_of("# T\n\n[a](serving.md#tokens) [b](data.md) [c](#x) [d](https://example.org/y.md)").body
    assert re.findall(r'href="([^"]*)"', body) == ["/help/serving#tokens", "/help/data", "#x", "https://example.org/y.md"]


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "<b onclick=x>", "[x](javascript:alert(1))", "`<i>`"])
def test_raw_html_and_scripts_do_not_pass(hostile: str) -> None:
    body = page_of(f"# T\n\n{hostile}\n\n| {hostile} |\n|:--|\n| {hostile} |\n\n    {hostile}\n").body
    assert not re.search(r"<(script|b|i)\b|href=.javascript|style=", body)


def test_tables_and_code_can_be_scrolled_with_the_keyboard() -> None:
    body = page_of("# T\n\n| a |\n|--:|\n| b |\n\n```python\nx\n```\n\n    y\n").body
    assert body.count('tabindex="0"') == 3
    assert '<th scope="col">a</th>' in body


def test_the_first_page_lists_all_topics(client: httpx.Client) -> None:
    shown = client.get("/help", headers=HTML)
    assert shown.status_code == 200
    assert set(re.findall(r'href="/help/([a-z]+)"', shown.text)) == set(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_a_page_whose_links_lead_somewhere(client: httpx.Client, topic: str) -> None:
    shown = client.get(f"/help/{topic}", headers=HTML)
    assert shown.status_code == 200
    title = page(topic).splitlines()[0].removeprefix("# ")
    assert f"<h1>{title}</h1>" in shown.text
    assert f'<a href="/help/{topic}" aria-current="page">{title}</a>' in shown.text
    for linked, anchor in set(re.findall(r'href="(/help/[a-z]+|)(?:#([^"]*))?"', shown.text)):
        target = client.get(linked, headers=HTML).text if linked else shown.text
        assert not anchor or f'id="{anchor}"' in target, (linked, anchor)


@pytest.mark.parametrize("topic", ["nothing", "..%2Fserving", "serving.md", "__init__"])
def test_an_unknown_topic_is_a_problem_page(client: httpx.Client, topic: str) -> None:
    shown = client.get(f"/help/{topic}", headers=HTML)
    assert shown.status_code == 404
    assert "<h1>" in shown.text


def test_the_other_pages_link_to_it(client: httpx.Client) -> None:
    assert '<a href="/help">' in client.get("/library", headers=HTML).text


def test_its_pages_are_marked_where_the_menu_names_the_manual(client: httpx.Client) -> None:
    assert '<a href="/help" aria-current="true">' in client.get("/help/asking", headers=HTML).text
