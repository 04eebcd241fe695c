"""The client for an event loop: a method → its result, awaited."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Self, TypeVar, Unpack

import httpx

from qa.api.article import ArticleShape
from qa.api.change import AddedArticleShape, PutShape
from qa.api.client.calls import Calls
from qa.api.client.events import AnswerEvent, Completed, event_of
from qa.api.client.exchange import Call, Steps, cut_off, http_settings, request_of, translated
from qa.api.client.requests import Asking, ask_call
from qa.api.conversation import ConversationShape
from qa.api.explanation import ExplanationShape
from qa.api.feedback import FeedbackShape
from qa.api.index import IndexShape
from qa.api.search import SearchShape
from qa.api.snapshot import RestoredSnapshotShape, SnapshotShape
from qa.api.status import HealthShape
from qa.base.errors import QaError
from qa.base.feedback import Verdict
from qa.base.quotes import VerifiedQuote
from qa.base.types import NO_FILTERS, Answer, Article, Filters

T = TypeVar("T")


class AsyncClient:
    """`Client` for an event loop: await its methods, and use `async for` with those that iterate."""

    def __init__(self, url: str, *, token: str | None = None, timeout_seconds: float = 60.0, retries: int = 2) -> None:
        self.url = url
        self._http = httpx.AsyncClient(**http_settings(url, token, timeout_seconds))
        self._calls = Calls(retries)

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _exchange(self, call: Call) -> httpx.Response:
        await asyncio.sleep(call.pause_seconds)
        with translated(self.url):
            response = await self._http.send(request_of(call, self._http), stream=call.is_stream)
            if not response.is_success:
                await response.aread()
            return response

    async def _do(self, steps: Steps[T]) -> T:
        try:
            call = next(steps)
            while True:
                try:
                    response = await self._exchange(call)
                except QaError as error:
                    call = steps.throw(error)
                else:
                    call = steps.send(response)
        except StopIteration as done:
            result: T = done.value
            return result

    async def ask(self, question: str, **asking: Unpack[Asking]) -> Answer:
        return await self._do(self._calls.ask(question, asking))

    async def ask_stream(self, question: str, **asking: Unpack[Asking]) -> AsyncGenerator[AnswerEvent, None]:
        call = ask_call(question, asking, is_stream=True)
        async with contextlib.aclosing(await self._do(self._calls.sent(call))) as response:
            with translated(self.url):
                async for line in response.aiter_lines():
                    event = event_of(line, call)
                    if event is not None:
                        yield event
                    if isinstance(event, Completed):
                        return
        raise cut_off(self.url)

    async def search(
        self,
        question: str,
        *,
        k: int = 10,
        read: int | None = None,
        asked_at: datetime | None = None,
        filters: Filters = NO_FILTERS,
    ) -> SearchShape:
        return await self._do(self._calls.search(question, k=k, to_read=read, asked_at=asked_at, filters=filters))

    async def explain(self, question: str, *, article: str | None = None, **asking: Unpack[Asking]) -> ExplanationShape:
        return await self._do(self._calls.explain(question, article, asking))

    async def answer(self, answer_id: str) -> Answer:
        return await self._do(self._calls.answer(answer_id))

    async def verify(self, answer_id: str) -> list[VerifiedQuote]:
        return await self._do(self._calls.verify(answer_id))

    async def judge(self, answer_id: str, verdict: Verdict | None, *, sentence: tuple[str, int] | None = None) -> FeedbackShape:
        return await self._do(self._calls.judge(answer_id, verdict, sentence))

    async def begin_conversation(self, title: str | None = None) -> ConversationShape:
        return await self._do(self._calls.begin_conversation(title))

    async def articles(self, filters: Filters = NO_FILTERS, *, words: str = "") -> AsyncIterator[ArticleShape]:
        page = await self._do(self._calls.article_page(filters, words, None))
        for article in page.data:
            yield article
        while page.next_cursor is not None:
            page = await self._do(self._calls.article_page(filters, words, page.next_cursor))
            for article in page.data:
                yield article

    async def article(self, id_or_given_id: str, *, version: str | None = None) -> Article:
        return await self._do(self._calls.article(id_or_given_id, version))

    async def add_articles(self, articles: Iterable[Article]) -> list[AddedArticleShape]:
        return await self._do(self._calls.add_articles(articles))

    async def put(self, article: Article, *, if_digest: str | None = None, only_new: bool = False) -> PutShape:
        return await self._do(self._calls.put(article, if_digest=if_digest, only_new=only_new))

    async def remove(self, ids: str | Sequence[str], *, now: bool = False, keep_snapshots: bool = False) -> list[str]:
        return await self._do(self._calls.remove(ids, now=now, keep_snapshots=keep_snapshots))

    async def described(self) -> IndexShape:
        return await self._do(self._calls.described())

    async def keep_snapshot(self, name: str | None = None) -> SnapshotShape:
        return await self._do(self._calls.keep_snapshot(name))

    async def snapshots(self) -> list[SnapshotShape]:
        return await self._do(self._calls.snapshots())

    async def restore_snapshot(self, name: str) -> RestoredSnapshotShape:
        return await self._do(self._calls.restore_snapshot(name))

    async def remove_snapshot(self, name: str) -> None:
        await self._do(self._calls.remove_snapshot(name))

    async def health(self) -> HealthShape:
        """Whether there is a server, and its name. It needs no token."""
        return await self._do(self._calls.health())

    async def ready(self) -> bool:
        return await self._do(self._calls.ready())

    async def wait_until_ready(self, timeout_seconds: float = 60.0) -> None:
        return await self._do(self._calls.wait_until_ready(timeout_seconds))
