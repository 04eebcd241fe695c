"""The client whose callers wait. What it does is in `operations`."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Self, TypeVar, Unpack

import httpx

from qa.api.article import ArticleShape
from qa.api.change import AddedArticleShape, PutShape
from qa.api.client.calls import Operations
from qa.api.client.events import AnswerEvent, Completed, event_of
from qa.api.client.exchange import Call, Steps, cut_off, http_settings, request_of, translated
from qa.api.client.requests import Asking, ask_call
from qa.api.conversation import ConversationShape
from qa.api.feedback import FeedbackShape
from qa.api.index import IndexShape
from qa.api.search import SearchShape
from qa.base.errors import QaError
from qa.base.feedback import Verdict
from qa.base.quotes import VerifiedQuote
from qa.base.types import NO_FILTERS, Answer, Article, Filters

T = TypeVar("T")


class Client:
    """A server that `qa serve` runs, used like the index that `qa.open` opens. May be shared between threads.

    `timeout_seconds` is how long may pass without a sign of the server. Where it asks to come again later (429, 503),
    within 10 s, that is done up to `retries` times: nothing was done then, or doing it again changes nothing. Proxies of the
    environment are used, but never to reach this machine.

    Methods raise what those of `qa.service.service.Service` raise, and `ClientError` for the rest; a question, number or verdict
    that is out of range is a `RequestRefused`. ValueError for an address or a token that cannot be used.
    """

    def __init__(self, url: str, *, token: str | None = None, timeout_seconds: float = 60.0, retries: int = 2) -> None:
        self.url = url
        self._http = httpx.Client(**http_settings(url, token, timeout_seconds))
        self._operations = Operations(retries)

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

        `asking`: filters, asked_at, threshold, max_citations, earlier, standalone_question as in `Service.ask`, or
        conversation_id. Raises ConversationNotFound too.
        """
        return self._do(self._operations.ask(question, asking))

    def ask_stream(self, question: str, **asking: Unpack[Asking]) -> Generator[AnswerEvent, None, None]:
        """What is told of the answer while it is made, `Completed` at the end; takes and raises what `ask` does.

        Closing the iterator ends the connection, and with it the work.
        """
        call = ask_call(question, asking, is_stream=True)
        with contextlib.closing(self._do(self._operations.sent(call))) as response, translated(self.url):
            for line in response.iter_lines():
                event = event_of(line, call)
                if event is not None:
                    yield event
                if isinstance(event, Completed):
                    return
        raise cut_off(self.url)

    def search(
        self, question: str, *, k: int = 10, asked_at: datetime | None = None, filters: Filters = NO_FILTERS
    ) -> SearchShape:
        """The k best passages as the API tells them, which are no `SearchAnswer`: that holds the articles' whole texts."""
        return self._do(self._operations.search(question, k=k, asked_at=asked_at, filters=filters))

    def answer(self, answer_id: str) -> Answer:
        """An answer as it was given, for as long as it is kept."""
        return self._do(self._operations.answer(answer_id))

    def verify(self, answer_id: str) -> list[VerifiedQuote]:
        """Whether each citation of a kept answer still stands in its article, in their order."""
        return self._do(self._operations.verify(answer_id))

    def judge(self, answer_id: str, verdict: Verdict | None, *, sentence: tuple[str, int] | None = None) -> FeedbackShape:
        """Say something of an answer or of one of its sentences, as in `Service.judge`; all that is said of it then."""
        return self._do(self._operations.judge(answer_id, verdict, sentence))

    def begin_conversation(self, title: str | None = None) -> ConversationShape:
        """A conversation without questions, whose id goes with the next ones; its title is the first question by default."""
        return self._do(self._operations.begin_conversation(title))

    # Articles

    def articles(self, filters: Filters = NO_FILTERS, *, words: str = "") -> Iterator[ArticleShape]:
        """The newest first, without their texts, of which title, source, author, id or URL hold all the words; page by page.

        ValueError for filters with several sources, or with ids: the API has none such here.
        """
        page = self._do(self._operations.article_page(filters, words, None))
        yield from page.data
        while page.next_cursor is not None:
            page = self._do(self._operations.article_page(filters, words, page.next_cursor))
            yield from page.data

    def article(self, id_or_given_id: str, *, version: str | None = None) -> Article:
        """An article as it is now or, by the digest of its text, as it was; without its sentences, unlike `Service.article`."""
        return self._do(self._operations.article(id_or_given_id, version))

    def add_articles(self, articles: Iterable[Article]) -> list[AddedArticleShape]:
        """Add articles as `qa.corpus.articles.make_article` makes them, 100 in a request. What became of each, in their order.

        What was added stays when a later request fails; adding all of it again costs little."""
        return self._do(self._operations.add_articles(articles))

    def put(self, article: Article, *, if_digest: str | None = None, only_new: bool = False) -> PutShape:
        """Add an article, or replace all of the one with its given id: only where the text there has this digest, or only where
        there is none, if that is said; else a `RequestRefused` with the status 412."""
        return self._do(self._operations.put(article, if_digest=if_digest, only_new=only_new))

    def remove(self, ids: str | Sequence[str], *, now: bool = False) -> list[str]:
        """Hide articles, or delete them `now`, one after the other up to one that is not there; the ids of those removed."""
        return self._do(self._operations.remove(ids, now=now))

    # The server

    def described(self) -> IndexShape:
        """What the index is and holds now."""
        return self._do(self._operations.described())

    def ready(self) -> bool:
        """Whether it can answer now. ClientError where there is no server."""
        return self._do(self._operations.ready())

    def wait_until_ready(self, timeout_seconds: float = 60.0) -> None:
        """Return once it can answer; ClientError when it cannot in time. A server that is not there yet is waited for."""
        return self._do(self._operations.wait_until_ready(timeout_seconds))
