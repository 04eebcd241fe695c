"""The client whose callers wait: a method → its result."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
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


class Client:
    """A server that `qa serve` runs, used like the index that `qa.open` opens. Threads may share it.

    `timeout_seconds` is the longest silence of the server. If the server asks for a later request (429, 503) within 10 s, the
    client sends it again up to `retries` times. That is safe: the server did nothing, or repeating it changes nothing. Proxies
    of the environment are used, but never to reach this machine.

    Methods raise the errors of `qa.service.service.Service`, and `ClientError` for the rest. A question, number or verdict that
    is out of range is a `RequestRefused`. ValueError for an unusable address or token.
    """

    def __init__(self, url: str, *, token: str | None = None, timeout_seconds: float = 60.0, retries: int = 2) -> None:
        self.url = url
        self._http = httpx.Client(**http_settings(url, token, timeout_seconds))
        self._calls = Calls(retries)

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _exchange(self, call: Call) -> httpx.Response:
        time.sleep(call.pause_seconds)
        with translated(self.url):
            response = self._http.send(request_of(call, self._http), stream=call.is_stream)
            if not response.is_success:
                response.read()
            return response

    def _do(self, steps: Steps[T]) -> T:
        try:
            call = next(steps)
            while True:
                try:
                    response = self._exchange(call)
                except QaError as error:
                    call = steps.throw(error)
                else:
                    call = steps.send(response)
        except StopIteration as done:
            result: T = done.value
            return result

    # Questions

    def ask(self, question: str, **asking: Unpack[Asking]) -> Answer:
        """The answer, which the server keeps. `qa.api.answer.answer_of` says how it differs from one of `Service.ask`.

        `asking`: filters, asked_at, threshold, max_citations, earlier and standalone_question as in `Service.ask`, or
        conversation_id. It also raises ConversationNotFound.
        """
        return self._do(self._calls.ask(question, asking))

    def ask_stream(self, question: str, **asking: Unpack[Asking]) -> Generator[AnswerEvent, None, None]:
        """The events of an answer in progress, `Completed` last. Arguments and errors are those of `ask`.

        Closing the iterator ends the connection, and with it the work.
        """
        call = ask_call(question, asking, is_stream=True)
        with contextlib.closing(self._do(self._calls.sent(call))) as response, translated(self.url):
            for line in response.iter_lines():
                event = event_of(line, call)
                if event is not None:
                    yield event
                if isinstance(event, Completed):
                    return
        raise cut_off(self.url)

    def search(
        self,
        question: str,
        *,
        k: int = 10,
        read: int | None = None,
        asked_at: datetime | None = None,
        filters: Filters = NO_FILTERS,
    ) -> SearchShape:
        """The k best passages as JSON. It is not a `SearchAnswer`, which holds the whole texts of articles."""
        return self._do(self._calls.search(question, k=k, to_read=read, asked_at=asked_at, filters=filters))

    def explain(self, question: str, *, article: str | None = None, **asking: Unpack[Asking]) -> ExplanationShape:
        """How a question is answered: every candidate, and why one article is cited or not, as JSON. Nothing is kept.

        `asking` is that of `ask`, without conversation_id. It also raises ArticleNotFound.
        """
        return self._do(self._calls.explain(question, article, asking))

    def answer(self, answer_id: str) -> Answer:
        """A kept answer, as it was given."""
        return self._do(self._calls.answer(answer_id))

    def verify(self, answer_id: str) -> list[VerifiedQuote]:
        """Whether each citation of a kept answer still stands in its article, in order."""
        return self._do(self._calls.verify(answer_id))

    def judge(self, answer_id: str, verdict: Verdict | None, *, sentence: tuple[str, int] | None = None) -> FeedbackShape:
        """Judge an answer or one of its sentences, as in `Service.judge`. The result is all feedback on the answer."""
        return self._do(self._calls.judge(answer_id, verdict, sentence))

    def begin_conversation(self, title: str | None = None) -> ConversationShape:
        """A conversation without questions. Pass its id with the next questions. By default its title is the first of them."""
        return self._do(self._calls.begin_conversation(title))

    # Articles

    def articles(self, filters: Filters = NO_FILTERS, *, words: str = "") -> Iterator[ArticleShape]:
        """Articles without their texts, the newest first, fetched page by page.

        `words` must all be in the title, source, author, id or URL. ValueError for filters with several sources, or with ids,
        which the API does not take here.
        """
        page = self._do(self._calls.article_page(filters, words, None))
        yield from page.data
        while page.next_cursor is not None:
            page = self._do(self._calls.article_page(filters, words, page.next_cursor))
            yield from page.data

    def article(self, id_or_given_id: str, *, version: str | None = None) -> Article:
        """An article as it is now, or the version with this digest. It has no sentences, unlike `Service.article`."""
        return self._do(self._calls.article(id_or_given_id, version))

    def add_articles(self, articles: Iterable[Article]) -> list[AddedArticleShape]:
        """Add articles made by `qa.corpus.articles.make_article`, 100 in a request. One result for each, in order.

        If a request fails, the articles of the requests before stay added. Adding all of them again costs little."""
        return self._do(self._calls.add_articles(articles))

    def put(self, article: Article, *, if_digest: str | None = None, only_new: bool = False) -> PutShape:
        """Add an article, or replace all of the one with its given id.

        `if_digest`: only if the existing text has this digest. `only_new`: only if there is no such article. Otherwise a
        `RequestRefused` with the status 412.
        """
        return self._do(self._calls.put(article, if_digest=if_digest, only_new=only_new))

    def remove(self, ids: str | Sequence[str], *, now: bool = False, keep_snapshots: bool = False) -> list[str]:
        """Hide articles, or delete them `now`, one after another. It stops at the first that does not exist. The ids removed.

        `now` deletes them from snapshots too, unless these are to be kept.
        """
        return self._do(self._calls.remove(ids, now=now, keep_snapshots=keep_snapshots))

    # The server

    def described(self) -> IndexShape:
        """The description of the index as it is now."""
        return self._do(self._calls.described())

    def keep_snapshot(self, name: str | None = None) -> SnapshotShape:
        """Keep the index as it is now, by default under the time now. SnapshotNameError if there is one of this name."""
        return self._do(self._calls.keep_snapshot(name))

    def snapshots(self) -> list[SnapshotShape]:
        """The snapshots, the newest first."""
        return self._do(self._calls.snapshots())

    def restore_snapshot(self, name: str) -> RestoredSnapshotShape:
        """Make a snapshot the index; the index as it was is kept as the snapshot `before`. SnapshotNotFound."""
        return self._do(self._calls.restore_snapshot(name))

    def remove_snapshot(self, name: str) -> None:
        """Delete a snapshot; SnapshotNotFound."""
        self._do(self._calls.remove_snapshot(name))

    def health(self) -> HealthShape:
        """Whether there is a server, and its name. It needs no token."""
        return self._do(self._calls.health())

    def ready(self) -> bool:
        """Whether the server can answer now. ClientError if there is no server."""
        return self._do(self._calls.ready())

    def wait_until_ready(self, timeout_seconds: float = 60.0) -> None:
        """Return once the server can answer; ClientError if it cannot in time. The server may start meanwhile."""
        return self._do(self._calls.wait_until_ready(timeout_seconds))
