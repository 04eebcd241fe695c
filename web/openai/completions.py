"""An answer → a chat completion as OpenAI's API spells it, whole or in chunks. Offsets are code points of the content."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType

from qa.answer.citations import numbered
from qa.api.answer import AnswerShape
from qa.api.citation import CitationShape
from qa.api.pieces import answer_pieces, shown_quote, shown_text
from qa.base.types import Span
from web.openai.errors import openai_problem
from web.openai.shapes import (
    MODEL,
    AnnotationShape,
    ChoiceShape,
    CompletionMessageShape,
    CompletionShape,
    UrlCitationShape,
    UsageShape,
)
from web.problems import Problem

CHUNK_SCHEMA = {  # of each event; OpenAPI 3.1 has no keyword for event streams
    "type": "object",
    "description": "One event: `data` is a `chat.completion.chunk` or an error object as JSON, or [DONE].",
    "properties": {"data": {"type": "string"}},
    "required": ["data"],
}
_DONE = "data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class CompletionHead:
    """The first fields of a completion and of each of its chunks; `created` is in seconds since 1970."""

    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))
    model: str = MODEL


def completion(head: CompletionHead, answer: AnswerShape, choices: list[ChoiceShape], usage: UsageShape) -> CompletionShape:
    """The whole completion, with these choices of `choices_of`."""
    return CompletionShape(**asdict(head), choices=choices, usage=usage, qa=answer)


def choices_of(answer: AnswerShape, *, most: int, server: str) -> list[ChoiceShape]:
    """The answer, and what other articles say instead, as far as there are such. `server` is this server's own address."""
    spans = [span for _, span in answer_pieces(answer, as_shown=True)]
    annotations = [_annotation(citation, span, server) for citation, span in zip(answer.citations, spans, strict=True)]
    first = CompletionMessageShape(content=shown_text(answer), annotations=annotations)
    others = [_other(statement.citation, server) for statement in answer.other_statements[: most - 1]]
    return [ChoiceShape(index=index, message=message) for index, message in enumerate([first, *others])]


def _other(citation: CitationShape, server: str) -> CompletionMessageShape:
    """One sentence under its number in the answer."""
    quote = shown_quote(citation)
    annotation = _annotation(citation, Span(0, len(quote)), server)
    return CompletionMessageShape(content=numbered(quote, citation.number), annotations=[annotation])


def _annotation(citation: CitationShape, span: Span, server: str) -> AnnotationShape:
    return AnnotationShape(
        url_citation=UrlCitationShape(
            start_index=span.start,
            end_index=span.end,
            title=citation.article_title,
            url=citation.links.original or server + citation.links.sentence,
        )
    )


class CompletionChunks:
    """The events of a streamed completion: the text quote by quote; the last piece of each choice has the annotations.

    The answer stands in the first choice's last piece, as `qa`.
    """

    def __init__(self, head: CompletionHead, *, with_usage: bool) -> None:
        self._head = head
        self._with_usage = with_usage

    def started(self) -> str:
        return self._chunk({"role": "assistant", "content": ""})

    def stage(self, name: str, milliseconds: float) -> str:
        return f": {name} took {milliseconds:.1f} ms\n\n"  # a comment: OpenAI has no event for stages

    def completed(self, outcome: CompletionShape) -> Iterator[str]:
        first, *others = outcome.choices
        *before, last = [piece for piece, _ in answer_pieces(outcome.qa, as_shown=True)] or [outcome.qa.answer]
        for piece in before:
            yield self._chunk({"content": piece})
        yield from self._end_of(first, last, {"qa": outcome.qa.model_dump(mode="json")})
        for other in others:
            yield self._chunk({"role": "assistant", "content": ""}, index=other.index)
            yield from self._end_of(other, other.message.content, {})
        if self._with_usage:
            yield self._event(choices=[], usage=outcome.usage.model_dump())
        yield _DONE

    def _end_of(self, choice: ChoiceShape, content: str, more: Mapping[str, object]) -> Iterator[str]:
        annotations = [annotation.model_dump() for annotation in choice.message.annotations]
        yield self._chunk({"content": content, "annotations": annotations}, index=choice.index, more=more)
        yield self._chunk({}, index=choice.index, finish_reason="stop")

    def failed(self, problem: Problem) -> str:
        return f"data: {openai_problem(problem).model_dump_json()}\n\n"

    def _chunk(
        self,
        delta: dict[str, object],
        *,
        index: int = 0,
        finish_reason: str | None = None,
        more: Mapping[str, object] = MappingProxyType({}),
    ) -> str:
        choice = {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return self._event(choices=[choice], **({"usage": None} if self._with_usage else {}), **more)

    def _event(self, **fields: object) -> str:
        return f"data: {json.dumps({'object': 'chat.completion.chunk', **asdict(self._head), **fields})}\n\n"
