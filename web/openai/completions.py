"""An answer → a chat completion as OpenAI's API spells it, whole or in chunks. Offsets are code points of the content."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from qa.api.answer import AnswerShape
from qa.api.citation import CitationShape
from qa.api.pieces import answer_pieces, shown_text
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


def completion(head: CompletionHead, answer: AnswerShape, usage: UsageShape, *, server: str) -> CompletionShape:
    """The whole completion. `server` is the address of this server, without a slash at its end."""
    spans = [span for _, span in answer_pieces(answer, as_shown=True)]
    annotations = [_annotation(citation, span, server) for citation, span in zip(answer.citations, spans, strict=True)]
    message = CompletionMessageShape(content=shown_text(answer), annotations=annotations)
    return CompletionShape(**asdict(head), choices=(ChoiceShape(message=message),), usage=usage, qa=answer)


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
    """The events of a streamed completion: the text quote by quote; the last piece has the annotations and `qa`."""

    def __init__(self, head: CompletionHead, *, with_usage: bool) -> None:
        self._head = head
        self._with_usage = with_usage

    def started(self) -> str:
        return self._chunk({"role": "assistant", "content": ""})

    def stage(self, name: str, milliseconds: float) -> str:
        return f": {name} took {milliseconds:.1f} ms\n\n"  # a comment: OpenAI has no event for stages

    def completed(self, outcome: CompletionShape) -> Iterator[str]:
        *before, last = [piece for piece, _ in answer_pieces(outcome.qa, as_shown=True)] or [outcome.qa.answer]
        for piece in before:
            yield self._chunk({"content": piece})
        annotations = [annotation.model_dump() for annotation in outcome.choices[0].message.annotations]
        yield self._chunk({"content": last, "annotations": annotations}, qa=outcome.qa.model_dump(mode="json"))
        yield self._chunk({}, finish_reason="stop")
        if self._with_usage:
            yield self._event(choices=[], usage=outcome.usage.model_dump())
        yield _DONE

    def failed(self, problem: Problem) -> str:
        return f"data: {openai_problem(problem).model_dump_json()}\n\n"

    def _chunk(self, delta: dict[str, object], *, finish_reason: str | None = None, **more: object) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return self._event(choices=[choice], **({"usage": None} if self._with_usage else {}), **more)

    def _event(self, **fields: object) -> str:
        return f"data: {json.dumps({'object': 'chat.completion.chunk', **asdict(self._head), **fields})}\n\n"
