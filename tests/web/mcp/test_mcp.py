"""The Model Context Protocol, spoken by its official client to a real server: the tools, and the articles as resources."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client, MCPError
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp_types import INVALID_PARAMS, CallToolResult, TextContent

import web.mcp.server
from qa.service.service import Service
from web.mcp.server import mcp_server
from web.runtime.running import Running

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
UNANSWERABLE = "What is the boiling point of tungsten?"
Talk = Callable[[Client], Awaitable[Any]]


@pytest.fixture
def talk(server: Any) -> Callable[..., Any]:
    """What a conversation with the server at /mcp gives."""

    def with_client(said: Talk, *, mode: str = "auto") -> Any:
        async def connected() -> Any:
            async with Client(f"{server.url}/mcp", mode=mode) as client:
                return await said(client)

        return anyio.run(connected)

    return with_client


@pytest.fixture
def call(talk: Callable[..., Any]) -> Callable[..., CallToolResult]:
    def called(tool: str, **arguments: object) -> CallToolResult:
        return talk(lambda client: client.call_tool(tool, arguments))

    return called


@pytest.fixture
def app(sample_index: Path, open_service: Callable[..., Service]) -> Running:
    return Running(open_service(sample_index))


def texts(result: CallToolResult) -> list[str]:
    assert all(isinstance(content, TextContent) for content in result.content)
    return [content.text for content in result.content if isinstance(content, TextContent)]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_say_what_they_are_for_take_and_give(talk: Callable[..., Any], mode: str) -> None:
    listed = {tool.name: tool for tool in talk(lambda client: client.list_tools(), mode=mode).tools}
    assert list(listed) == ["ask", "search", "get_article"]
    for tool in listed.values():
        assert tool.description
        assert tool.input_schema["additionalProperties"] is False
        assert tool.output_schema is not None and tool.output_schema["type"] == "object"
        assert tool.annotations is not None
        assert (tool.annotations.read_only_hint, tool.annotations.open_world_hint) == (True, False)
    assert listed["ask"].input_schema["required"] == ["question"]
    assert listed["ask"].input_schema["properties"]["question"]["maxLength"] == 1_000
    assert {"messages", "filters", "asked_at"} <= set(listed["ask"].input_schema["properties"])
    assert listed["get_article"].input_schema["required"] == ["article_id"]
    told = listed["ask"].description or ""
    assert "word for word" in told and "cite them by these numbers" in told and "`not_found` is an honest answer" in told


async def _ask_and_read(client: Client) -> tuple[CallToolResult, list[CallToolResult], list[str]]:
    """An answer, the articles that it cites, and these once more as resources."""
    answer = await client.call_tool("ask", {"question": QUESTION})
    ids = [citation["article_id"] for citation in answer.structured_content["citations"]]
    read = [await client.read_resource(f"article://{id_}") for id_ in ids]
    articles = [await client.call_tool("get_article", {"article_id": id_}) for id_ in ids]
    return answer, articles, [resource.contents[0].text for resource in read]  # type: ignore[union-attr]


def check_quotes(answer: CallToolResult, articles: list[CallToolResult], read: list[str]) -> None:
    """Every quote stands at its offsets in the text of its article, by tool and by resource, and in what a model reads."""
    (told,) = texts(answer)
    citations = answer.structured_content["citations"]
    assert answer.structured_content["status"] == "answered"
    assert citations
    for citation, article, resource in zip(citations, articles, read, strict=True):
        facts, text = texts(article)
        assert text == article.structured_content["text"] == resource
        assert text[citation["start_char_index"] : citation["end_char_index"]] == citation["cited_text"]
        assert f"{citation['cited_text']} [{citation['number']}]" in told
        assert f"[{citation['number']}] {citation['article_title']}, The Harbour Post" in told
        place = f"(characters {citation['start_char_index']}–{citation['end_char_index']} of {citation['article_id']})"
        assert place in told
        assert citation["source"]["url"] in facts


def test_an_answer_quotes_its_articles_exactly_and_is_kept(talk: Callable[..., Any], client: httpx.Client) -> None:
    answer, articles, read = talk(_ask_and_read)
    check_quotes(answer, articles, read)
    kept = answer.structured_content
    assert client.get(f"/v1/answers/{kept['id']}").json() == kept
    assert client.get(f"/v1/citations/{kept['id']}/1/verify").json()["status"] == "unchanged"
    assert kept["id"] in texts(answer)[0]


def test_the_same_is_said_over_stdin_and_stdout(server: Any) -> None:
    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "qa", "--index", str(server.folder), "mcp"], env=dict(os.environ)
    )

    async def connected() -> None:
        async with Client(stdio_client(parameters)) as client:
            assert client.server_info is not None
            assert client.server_info.name == "qa"
            check_quotes(*await _ask_and_read(client))
            refused = await client.call_tool("get_article", {"article_id": "nobody"})
            assert refused.is_error
            assert len((await client.list_resources()).resources) == 44

    anyio.run(connected)


def test_a_follow_up_leans_on_the_messages_before_it(call: Callable[..., CallToolResult]) -> None:
    turns = [
        {"role": "user", "content": "Who is Wilhelmina Sorrowby?"},
        {"role": "assistant", "content": "Wilhelmina Sorrowby sewed sails on Candle Lane. [1]"},
    ]
    answer = call("ask", question="How old was she when she died?", messages=turns)
    assert "Wilhelmina Sorrowby" in answer.structured_content["standalone_question"]
    told = texts(answer)[0]
    assert told.startswith(f"Searched for: {answer.structured_content['standalone_question']}\n")
    assert "at the age of 94" in told


def test_what_is_not_found_is_said_and_is_no_error(call: Callable[..., CallToolResult]) -> None:
    answer = call("ask", question=UNANSWERABLE)
    assert not answer.is_error
    assert answer.structured_content["status"] == "not_found"
    told = texts(answer)[0]
    assert told.startswith("Not found in these articles.")
    assert "These sentences may help:\n" in told


def test_filters_that_let_no_article_pass_are_named(call: Callable[..., CallToolResult]) -> None:
    told = texts(call("ask", question=QUESTION, filters={"sources": ["Nobody's Gazette"]}))[0]
    assert "No article passes the filters: source “Nobody's Gazette”." in told
    assert "No article has the source “Nobody's Gazette”." in told
    found = call("search", question=QUESTION, filters={"language": "fr"})
    assert "No article is in “fr”. There are articles in en" in texts(found)[0]
    assert found.structured_content["filter_advice"][0]["nearest"][0] == "en"


def test_a_search_ranks_passages(call: Callable[..., CallToolResult]) -> None:
    found = call("search", question="ferry terminal", k=3)
    hits = found.structured_content["hits"]
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    told = texts(found)[0]
    assert told.startswith("1. New ferry terminal opens at Ropewalk Quay")
    assert all(hit["passage"]["text"] in told for hit in hits)
    nothing = call("search", question="ferry", filters={"sources": ["Nobody's Gazette"]})
    (told,) = texts(nothing)
    assert told.startswith("No passage was found.\n\nNo article has the source “Nobody's Gazette”.")


@pytest.mark.parametrize(
    ("tool", "address", "arguments"),
    [
        ("ask", "/v1/answers", {"question": " "}),
        ("ask", "/v1/answers", {"question": 5}),
        ("ask", "/v1/answers", {}),
        ("ask", "/v1/answers", {"question": "w" * 1_001}),
        ("ask", "/v1/answers", {"question": "who", "titel": "x"}),
        ("ask", "/v1/answers", {"question": "who", "threshold": "0.5"}),
        ("ask", "/v1/answers", {"question": "who", "filters": {"published_from": "2025", "published_to": "2024"}}),
        ("search", "/v1/search", {"question": "ferry", "k": 0}),
    ],
)
def test_wrong_arguments_are_an_error_in_the_words_of_the_api(
    call: Callable[..., CallToolResult], client: httpx.Client, tool: str, address: str, arguments: dict[str, object]
) -> None:
    refused = call(tool, **arguments)
    assert refused.is_error
    assert texts(refused) == [client.post(address, json=arguments).json()["detail"]]


def test_every_wrong_argument_is_named(call: Callable[..., CallToolResult]) -> None:
    refused = call("ask", question=5, stream=True)
    assert refused.is_error
    assert [line.partition(":")[0] for line in texts(refused)[0].splitlines()] == ["#/question", "#/stream"]


def test_an_unknown_article_or_version_is_an_error_that_says_so(call: Callable[..., CallToolResult]) -> None:
    unknown = call("get_article", article_id="nobody")
    assert unknown.is_error
    assert texts(unknown) == ["There is no article 'nobody' in this index, or it was removed."]
    changed = call("get_article", article_id="sorrowby-obituary", version="0" * 64)
    assert changed.is_error
    assert "digest 000000000000… is kept" in texts(changed)[0]


def test_the_newest_articles_are_listed_first_as_resources(talk: Callable[..., Any], client: httpx.Client) -> None:
    listed = talk(lambda client: client.list_resources())
    newest = client.get("/v1/articles?limit=100").json()["data"]
    assert [resource.uri for resource in listed.resources] == [f"article://{held['article_id']}" for held in newest]
    assert [resource.title for resource in listed.resources] == [held["article_title"] for held in newest]
    assert {resource.mime_type for resource in listed.resources} == {"text/plain"}
    assert listed.next_cursor is None


def test_resources_are_listed_a_page_at_a_time(app: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    app.ready = True
    monkeypatch.setattr(web.mcp.server, "_PAGE", 20)

    async def leaf_through() -> list[list[str]]:
        pages: list[list[str]] = []
        cursor = None
        async with Client(mcp_server(app)) as client:
            while cursor is not None or not pages:
                page = await client.list_resources(cursor=cursor)
                pages.append([resource.uri for resource in page.resources])
                cursor = page.next_cursor
        return pages

    pages = anyio.run(leaf_through)
    assert [len(page) for page in pages] == [20, 20, 4]
    assert len({uri for page in pages for uri in page}) == 44


def test_a_resource_is_the_text_exactly_by_either_id(talk: Callable[..., Any], client: httpx.Client) -> None:
    text = client.get("/v1/articles/sorrowby-obituary").json()["text"]
    read = talk(lambda client: client.read_resource("article://sorrowby%2Dobituary"))
    assert [(content.text, content.mime_type) for content in read.contents] == [(text, "text/plain")]
    (template,) = talk(lambda client: client.list_resource_templates()).resource_templates
    assert template.uri_template == "article://{article_id}"


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (lambda client: client.read_resource("article://nobody"), "There is no article 'nobody' in this index"),
        (lambda client: client.read_resource("file:///etc/passwd"), "expected article:// and an article's id"),
        (lambda client: client.list_resources(cursor="none"), "This is no cursor"),
        (lambda client: client.call_tool("delete", {}), "There is no tool 'delete'; expected ask, search, get_article"),
    ],
)
def test_what_is_not_there_is_an_error_of_the_protocol(talk: Callable[..., Any], said: Talk, says: str) -> None:
    async def refused(client: Client) -> MCPError:
        with pytest.raises(MCPError) as raised:
            await said(client)
        return raised.value

    error = talk(refused)
    assert error.code == INVALID_PARAMS
    assert says in error.message


def test_while_the_model_is_loaded_a_tool_says_so(app: Running) -> None:
    async def early() -> CallToolResult:
        async with Client(mcp_server(app)) as client:
            return await client.call_tool("ask", {"question": QUESTION})

    refused = anyio.run(early)
    assert refused.is_error
    assert texts(refused) == ["The model is being loaded; this takes some seconds."]


def test_a_defect_is_told_without_what_went_wrong(
    app: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret")

    app.ready = True
    monkeypatch.setattr(app.service, "search", broken)

    async def asked() -> MCPError:
        async with Client(mcp_server(app)) as client:
            with pytest.raises(MCPError) as raised:
                await client.call_tool("search", {"question": "ferry"})
            return raised.value

    assert "secret" not in str(anyio.run(asked))
    assert "tools/call failed" in caplog.text and "secret" in caplog.text
