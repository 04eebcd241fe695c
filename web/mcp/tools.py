"""The tools for language models: the arguments of each → its result."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from anyio import from_thread, to_thread
from pydantic import ValidationError

from qa.api.answer import AnswerShape
from qa.api.article import ArticleTextShape, article_text_shape
from qa.api.search import SearchShape, search_shape
from qa.api.shape import Shape
from qa.base.types import SearchAnswer
from web.api.asking import answered_turn
from web.api.bodies.answer import TurnBody
from web.api.bodies.article import ReadBody
from web.api.bodies.fields import Body
from web.api.bodies.search import SearchBody
from web.mcp.texts import answer_text, article_facts, search_text
from web.problems import invalid
from web.runtime.running import Running

BodyT = TypeVar("BodyT", bound=Body)
Arguments = Mapping[str, object]

INSTRUCTIONS = """\
A collection of articles to ask, search and read. All results are quoted from them word for word: repeat quotes exactly, \
cite them by their numbers with their sources, and add nothing to them. Where the articles hold no \
answer, say so."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The result of a tool: texts for a model to read, and data."""

    texts: tuple[str, ...]
    data: Shape


@dataclass(frozen=True, slots=True)
class Tool:
    """`run` raises Problem or QaError for wrong arguments, or if the index cannot be used."""

    name: str
    title: str
    description: str
    arguments: type[Body]
    data: type[Shape]
    run: Callable[[Running, Arguments], Awaitable[ToolResult]]


async def _ask(app: Running, arguments: Arguments) -> ToolResult:
    body = _read(TurnBody, arguments)

    def work() -> AnswerShape:
        return answered_turn(app, body, on_stage=lambda *_: from_thread.check_cancelled())

    answer = await app.ask(work)
    return ToolResult((answer_text(answer),), answer)


async def _search(app: Running, arguments: Arguments) -> ToolResult:
    body = _read(SearchBody, arguments)

    def work() -> SearchAnswer:
        return app.service.search(body.question, k=body.k, read=body.read, asked_at=body.asked_at, filters=body.chosen_filters())

    search = search_shape(await app.ask(work))
    return ToolResult((search_text(search),), search)


async def _get_article(app: Running, arguments: Arguments) -> ToolResult:
    body = _read(ReadBody, arguments)
    stored, _ = await to_thread.run_sync(lambda: app.article(body.article_id, version=body.version))
    article = article_text_shape(stored.article, added_at=stored.added_at, passages=stored.passages)
    return ToolResult((article_facts(article), article.text), article)


def _read(kind: type[BodyT], arguments: Arguments) -> BodyT:
    try:
        return kind.model_validate(dict(arguments))
    except ValidationError as error:
        raise invalid([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from error


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "ask",
            "Ask the articles",
            "Answer a question from the articles. Use it for anything they may say: facts, names, numbers, dates, reasons. The "
            "answer is one to a few of their sentences, word for word, each with a number [n] and its source. Repeat them "
            "exactly and cite them by these numbers. `not_found` is an honest answer: no sentence surely says it, and the "
            "nearest ones may only help. `weak` means unsure: read the source first (get_article). Ask one thing at a time, in "
            "a whole sentence. A question that refers to earlier ones (“When was he born?”) needs them in `messages`.",
            TurnBody,
            AnswerShape,
            _ask,
        ),
        Tool(
            "search",
            "Search the articles",
            "Rank the passages that best match a question or a few words, word for word, without an answer. Use it to see what "
            "the articles say on a topic, or for more context than `ask` gives. The first passage need not be an answer.",
            SearchBody,
            SearchShape,
            _search,
        ),
        Tool(
            "get_article",
            "Read an article",
            "Read one article: its facts, then its exact text. Use it to see a quote in its context. The "
            "`start_char_index` and `end_char_index` of citations and passages count the text's Unicode code points.",
            ReadBody,
            ArticleTextShape,
            _get_article,
        ),
    )
}
