"""A method of a client → its calls, and their responses → its result; the same for both clients."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import httpx

from qa.api.answer import AnswerShape, answer_of
from qa.api.article import ArticleListShape, ArticleTextShape, article_of
from qa.api.change import AddedArticleShape, AddedShape, PutShape, RemovedShape
from qa.api.client.exchange import Call, Steps, failure, pause_before_retry, read, refusal
from qa.api.client.requests import (
    MOST_ARTICLES,
    Asking,
    article_path,
    ask_call,
    batches,
    explain_call,
    fields_of,
    listing,
    no_answer,
    no_article,
    no_snapshot,
    part,
    question_error,
    searching,
)
from qa.api.conversation import ConversationShape
from qa.api.explanation import ExplanationShape
from qa.api.feedback import FeedbackShape
from qa.api.index import IndexShape
from qa.api.search import SearchShape
from qa.api.snapshot import RestoredSnapshotShape, SnapshotListShape, SnapshotShape
from qa.api.status import HealthShape
from qa.api.verified_quote import VerifiedQuoteShape, verified_quote_of
from qa.base.errors import (
    ClientError,
    QaError,
    RequestRefused,
    SentenceNotFound,
    ServerTimeout,
    ServerUnreachable,
    SnapshotNameError,
    VersionNotFound,
)
from qa.base.feedback import Verdict
from qa.base.quotes import VerifiedQuote
from qa.base.types import Answer, Article, Filters

_POLL_SECONDS = 0.25
_SNAPSHOTS = "/v1/index/snapshots"
_NAME_TAKEN = "/problems/name-taken"
_GONE, _NOT_READY = 410, 503


@dataclass(frozen=True, slots=True)
class Calls:
    """`retries` is how often a call is sent again if the server asks for a later request."""

    retries: int

    def sent(self, call: Call) -> Steps[httpx.Response]:
        """The successful response to a call."""
        response = yield call
        for _ in range(self.retries):
            pause = pause_before_retry(response)
            if pause is None:
                break
            response = yield replace(call, pause_seconds=pause)
        if not response.is_success:
            raise failure(call, refusal(response))
        return response

    def ask(self, question: str, asking: Asking) -> Steps[Answer]:
        response = yield from self.sent(ask_call(question, asking))
        return answer_of(read(AnswerShape, response.content))

    def search(
        self, question: str, *, k: int, to_read: int | None, asked_at: datetime | None, filters: Filters
    ) -> Steps[SearchShape]:
        chosen = {} if to_read is None else {"read": to_read}
        body = {**searching(question, filters, asked_at), "k": k, **chosen}
        response = yield from self.sent(Call("POST", "/v1/search", body=body, translate=question_error))
        return read(SearchShape, response.content)

    def explain(self, question: str, article: str | None, asking: Asking) -> Steps[ExplanationShape]:
        response = yield from self.sent(explain_call(question, article, asking))
        return read(ExplanationShape, response.content)

    def answer(self, answer_id: str) -> Steps[Answer]:
        response = yield from self.sent(Call("GET", f"/v1/answers/{part(answer_id)}", translate=no_answer(answer_id)))
        return answer_of(read(AnswerShape, response.content))

    def verify(self, answer_id: str) -> Steps[list[VerifiedQuote]]:
        answer = yield from self.answer(answer_id)
        quotes = []
        for citation in answer.citations:
            address = f"/v1/citations/{part(answer_id)}/{citation.number}/verify"
            response = yield from self.sent(Call("GET", address, translate=no_answer(answer_id)))
            quotes.append(verified_quote_of(read(VerifiedQuoteShape, response.content)))
        return quotes

    def judge(self, answer_id: str, verdict: Verdict | None, sentence: tuple[str, int] | None) -> Steps[FeedbackShape]:
        body: dict[str, object] = {"verdict": verdict}
        if sentence is not None:
            shown, number = sentence
            body["citation" if shown == "citations" else shown] = number

        def translate(problem: RequestRefused) -> QaError | None:
            if sentence is not None and any(place.code == "no_such_number" for place in problem.errors):
                return SentenceNotFound(answer_id, *sentence)
            return no_answer(answer_id)(problem)

        response = yield from self.sent(Call("POST", f"/v1/answers/{part(answer_id)}/feedback", body=body, translate=translate))
        return read(FeedbackShape, response.content)

    def begin_conversation(self, title: str | None) -> Steps[ConversationShape]:
        response = yield from self.sent(Call("POST", "/v1/conversations", body={"title": title}))
        return read(ConversationShape, response.content)

    def article_page(self, filters: Filters, words: str, cursor: str | None) -> Steps[ArticleListShape]:
        query = {"limit": str(MOST_ARTICLES), **listing(filters, words)}
        if cursor is not None:
            query["cursor"] = cursor
        response = yield from self.sent(Call("GET", "/v1/articles", query=query))
        return read(ArticleListShape, response.content)

    def article(self, id_or_given_id: str, version: str | None) -> Steps[Article]:
        def translate(problem: RequestRefused) -> QaError | None:
            if problem.status == _GONE and version is not None:
                return VersionNotFound(id_or_given_id, version)
            return no_article(id_or_given_id)(problem)

        query = {} if version is None else {"version": version}
        response = yield from self.sent(Call("GET", article_path(id_or_given_id), query=query, translate=translate))
        return article_of(read(ArticleTextShape, response.content))

    def add_articles(self, articles: Iterable[Article]) -> Steps[list[AddedArticleShape]]:
        added: list[AddedArticleShape] = []
        for batch in batches(articles):
            body = {"articles": [{"id": article.given_id, **fields_of(article)} for article in batch]}
            response = yield from self.sent(Call("POST", "/v1/articles", body=body))
            results = read(AddedShape, response.content).articles
            added += [one.model_copy(update={"position": position}) for position, one in enumerate(results, start=len(added))]
        return added

    def put(self, article: Article, *, if_digest: str | None, only_new: bool) -> Steps[PutShape]:
        headers = {}
        if if_digest is not None:
            headers["If-Match"] = f'"{if_digest}"'
        if only_new:
            headers["If-None-Match"] = "*"
        path, translate = article_path(article.given_id), no_article(article.given_id)
        response = yield from self.sent(Call("PUT", path, headers=headers, body=fields_of(article), translate=translate))
        return read(PutShape, response.content)

    def remove(self, ids: str | Sequence[str], *, now: bool, keep_snapshots: bool) -> Steps[list[str]]:
        query = {name: "true" for name, is_meant in (("now", now), ("keep_snapshots", keep_snapshots)) if is_meant}
        removed = []
        for id_ in [ids] if isinstance(ids, str) else ids:
            response = yield from self.sent(Call("DELETE", article_path(id_), query=query, translate=no_article(id_)))
            removed.append(read(RemovedShape, response.content).article_id)
        return removed

    def described(self) -> Steps[IndexShape]:
        response = yield from self.sent(Call("GET", "/v1/index"))
        return read(IndexShape, response.content)

    def keep_snapshot(self, name: str | None) -> Steps[SnapshotShape]:
        def translate(problem: RequestRefused) -> QaError | None:
            return SnapshotNameError(problem.detail) if problem.type == _NAME_TAKEN else None

        response = yield from self.sent(Call("POST", _SNAPSHOTS, body={"name": name}, translate=translate))
        return read(SnapshotShape, response.content)

    def snapshots(self) -> Steps[list[SnapshotShape]]:
        response = yield from self.sent(Call("GET", _SNAPSHOTS))
        return read(SnapshotListShape, response.content).data

    def restore_snapshot(self, name: str) -> Steps[RestoredSnapshotShape]:
        response = yield from self.sent(Call("POST", f"{_SNAPSHOTS}/{part(name)}/restore", translate=no_snapshot(name)))
        return read(RestoredSnapshotShape, response.content)

    def remove_snapshot(self, name: str) -> Steps[None]:
        yield from self.sent(Call("DELETE", f"{_SNAPSHOTS}/{part(name)}", translate=no_snapshot(name)))

    def health(self) -> Steps[HealthShape]:
        response = yield from self.sent(Call("GET", "/healthz"))
        return read(HealthShape, response.content)

    def ready(self) -> Steps[bool]:
        response = yield Call("GET", "/readyz")
        if not response.is_success and response.status_code != _NOT_READY:
            raise refusal(response)
        return response.is_success

    def wait_until_ready(self, timeout_seconds: float) -> Steps[None]:
        ends = time.monotonic() + timeout_seconds
        pause = 0.0
        while True:
            left = ends - time.monotonic()
            try:
                response = yield Call("GET", "/readyz", pause_seconds=pause, timeout_seconds=max(left, _POLL_SECONDS))
                if response.is_success:
                    return
                error = refusal(response)
                if response.status_code != _NOT_READY:
                    raise error
            except (ServerUnreachable, ServerTimeout) as missed:
                error = missed
            if time.monotonic() + _POLL_SECONDS > ends:
                raise ClientError(f"The server is not ready after {timeout_seconds:g} s. {error}") from error
            pause = _POLL_SECONDS
