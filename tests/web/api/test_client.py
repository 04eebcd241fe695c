"""The Python client against a real server: the same answers, types and errors as the index in-process."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qa.api.answer import answer_of, answer_shape, earlier_turn
from qa.api.client import AnswerEvent, AsyncClient, Cited, Client, Completed, Delta, StageDone
from qa.api.client.requests import batches
from qa.api.explanation import explanation_shape
from qa.api.search import search_shape
from qa.base.errors import (
    AnswerNotFound,
    ArticleNotFound,
    ClientError,
    ConversationNotFound,
    QuestionError,
    RequestRefused,
    SentenceNotFound,
    ServerTimeout,
    ServerUnreachable,
    SnapshotNameError,
    SnapshotNotFound,
    VersionNotFound,
)
from qa.base.feedback import Verdict
from qa.base.quotes import QuoteState
from qa.base.types import Answer, Change, Filters, Trace
from qa.conversation import Turn
from qa.corpus.articles import make_article
from qa.service.question import AnswerRequest
from qa.service.service import Service

ASKED_AT = datetime(2025, 4, 2, 8, 30, 15, tzinfo=UTC)
SORROWBY = "How old was Wilhelmina Sorrowby when she died?"
BORN = "When was she born?"
TEXT = "The lighthouse keeper of Gorse Point is called Barnaby Quill. He has counted 312 ships."
QUILL = "What is the lighthouse keeper of Gorse Point called?"


@pytest.fixture(scope="module")
def index(server: object) -> Iterator[Client]:
    """The sample articles."""
    with Client(server.url) as client:  # type: ignore[attr-defined]
        yield client


@pytest.fixture(scope="module")
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("own") / "index"


@pytest.fixture(scope="module")
def own(own_folder: Path, start_server: Callable) -> Iterator[Client]:
    """An index that tests may change."""
    with Client(start_server(own_folder, requests_per_minute=0).url) as client:
        client.wait_until_ready()
        yield client


@pytest.fixture(scope="module")
def service(sample_index: Path, tmp_path_factory: pytest.TempPathFactory, open_service: Callable[..., Service]) -> Service:
    """The same index in-process, of the same generation."""
    return open_service(Path(shutil.copytree(sample_index, tmp_path_factory.mktemp("in-process") / "samples")))


def lasting(answer: Answer) -> Answer:
    """The answer without what differs each time."""
    return replace(answer, id="", created_at=ASKED_AT, trace=Trace((), (), {}))


def carried(answer: Answer) -> Answer:
    """What the API carries of an answer in-process, without what differs each time."""
    return lasting(answer_of(answer_shape(answer)))


def test_answers_equal_those_in_process(index: Client, service: Service, sample_questions: list[dict[str, object]]) -> None:
    for record in sample_questions[::6]:
        question = str(record["question"])
        answer = index.ask(question, asked_at=ASKED_AT)
        assert isinstance(answer, Answer)
        assert lasting(answer) == carried(service.ask(question, asked_at=ASKED_AT))


@pytest.mark.parametrize(
    "asking",
    [
        {"threshold": 0.0, "max_citations": 1},
        {"threshold": 0.0, "filters": Filters(sources=("the harbour post",), published_from=date(2024, 12, 1), language="en")},
        {"filters": Filters(article_ids=("none",))},
        {"earlier": (Turn(SORROWBY, answer="Wilhelmina Sorrowby died at the age of 94."),)},
        {"earlier": (Turn(SORROWBY),), "standalone_question": "When did Annika Rosmund become a pilot?"},
    ],
    ids=["threshold", "filters", "none passes", "earlier", "standalone_question"],
)
def test_what_may_go_with_a_question_has_the_same_effect_as_in_process(index: Client, service: Service, asking: dict) -> None:
    answer = index.ask(BORN, asked_at=ASKED_AT, **asking)
    assert lasting(answer) == carried(service.ask(BORN, asked_at=ASKED_AT, **asking))


def test_every_citation_stands_in_the_article_that_it_names(index: Client) -> None:
    answer = index.ask(SORROWBY, threshold=0)
    for citation in answer.citations:
        article = index.article(citation.article_id, version=citation.article_digest)
        assert citation.span.of(article.text) == citation.quote
        assert article.digest == citation.article_digest


def test_a_question_of_a_conversation_leans_on_the_ones_before(index: Client, service: Service) -> None:
    conversation = index.begin_conversation("The sailmaker")
    assert (conversation.title, conversation.turns) == ("The sailmaker", [])
    first = index.ask(SORROWBY, asked_at=ASKED_AT, conversation_id=conversation.id)
    second = index.ask(BORN, asked_at=ASKED_AT, conversation_id=conversation.id)
    assert second.standalone_question == "When was Wilhelmina Sorrowby born?"
    assert second.short_answer == "3 June 1930"
    earlier = [earlier_turn(answer_shape(first))]
    assert lasting(second) == carried(service.ask(BORN, asked_at=ASKED_AT, earlier=earlier))


def _is_the_answer_in_pieces(events: list[AnswerEvent], whole: Answer) -> None:
    completed = events[-1]
    assert isinstance(completed, Completed)
    assert lasting(completed.answer) == lasting(whole)
    assert tuple(event.citation for event in events if isinstance(event, Cited)) == whole.citations
    assert "".join(event.text for event in events if isinstance(event, Delta)) == whole.text
    assert [event.stage for event in events if isinstance(event, StageDone)] == ["encode", "search", "read", "compose"]


@pytest.mark.parametrize("question", [SORROWBY, "What is the boiling point of tungsten?"])
def test_the_events_are_the_answer_in_pieces(index: Client, question: str) -> None:
    whole = index.ask(question, asked_at=ASKED_AT)
    _is_the_answer_in_pieces(list(index.ask_stream(question, asked_at=ASKED_AT)), whole)


def test_a_stream_that_is_left_ends_its_connection_and_keeps_nobody_waiting(index: Client) -> None:
    for _ in range(20):
        events = index.ask_stream(SORROWBY)
        assert isinstance(next(events), StageDone)
        events.close()
    assert index.ask(SORROWBY).status == "answered"


def test_a_search_is_what_the_search_in_process_prints(index: Client, service: Service) -> None:
    filters = Filters(language="en")
    found = index.search("last sailmaker", k=3, asked_at=ASKED_AT, filters=filters)
    expected = search_shape(service.search("last sailmaker", k=3, asked_at=ASKED_AT, filters=filters))
    assert found.model_dump(exclude={"timings_ms"}) == expected.model_dump(exclude={"timings_ms"})


def test_a_search_reads_as_many_passages_as_it_is_told(index: Client, service: Service) -> None:
    found = index.search(SORROWBY, k=3, read=0, asked_at=ASKED_AT)
    expected = search_shape(service.search(SORROWBY, k=3, read=0, asked_at=ASKED_AT))
    assert found.model_dump(exclude={"timings_ms"}) == expected.model_dump(exclude={"timings_ms"})
    assert all("after_reading" not in hit.stages for hit in found.hits)


def test_an_explanation_is_what_the_one_in_process_prints(index: Client, service: Service) -> None:
    found = index.explain(SORROWBY, article="parrot-tram", asked_at=ASKED_AT)
    expected = explanation_shape(service.explain(AnswerRequest(SORROWBY, ASKED_AT), article="parrot-tram"))
    assert (found.article, found.candidates, found.sentences) == (expected.article, expected.candidates, expected.sentences)


def test_a_kept_answer_is_read_verified_and_judged(index: Client) -> None:
    answer = index.ask(SORROWBY)
    assert index.answer(answer.id) == answer
    assert [(quote.state, quote.cited.quote, quote.places) for quote in index.verify(answer.id)] == [
        (QuoteState.UNCHANGED, citation.quote, (citation.span,)) for citation in answer.citations
    ]
    assert index.judge(answer.id, Verdict.HELPFUL).verdict == "helpful"
    said = index.judge(answer.id, Verdict.WRONG, sentence=("citations", 1))
    assert (said.verdict, [(one.number, one.verdict) for one in said.citations]) == ("helpful", [(1, "wrong")])
    index.judge(answer.id, None)
    assert index.judge(answer.id, None, sentence=("citations", 1)).citations == []


def test_the_index_is_described_and_listed(index: Client, service: Service) -> None:
    listed = list(index.articles())
    assert {article.article_id for article in listed} == {row.article.id for row in service.articles()}
    assert index.described().articles == len(listed) == 44
    by_the_post = list(index.articles(Filters(sources=("The Harbour Post",)), words="Sorrowby"))
    assert {article.source.name for article in by_the_post} == {"The Harbour Post"}
    with pytest.raises(ValueError, match="of one source"):
        list(index.articles(Filters(article_ids=("a",))))


def test_articles_are_added_replaced_and_removed(own: Client) -> None:
    article = make_article(
        TEXT, given_id="gorse/point?", title="The keeper", source="Post", published_at="2025-02-21", language="en"
    )
    assert [one.status for one in own.add_articles(iter([article, article]))] == [Change.ADDED, "refused"]
    assert own.article(article.id) == own.article("gorse/point?") == article
    answer = own.ask(QUILL, threshold=0, max_citations=1)
    changed = replace(article, text=f"A correction. {TEXT}")
    assert own.put(changed, if_digest=article.digest).status is Change.CHANGED
    (moved,) = own.verify(answer.id)
    assert (moved.state, moved.current_digest) == (QuoteState.MOVED, changed.digest)
    assert own.article(article.id, version=article.digest) == article
    for conditions in ({"if_digest": article.digest}, {"only_new": True}):
        with pytest.raises(RequestRefused) as refused:
            own.put(article, **conditions)
        assert (refused.value.status, refused.value.type) == (412, "/problems/precondition-failed")
    assert own.remove([article.given_id], now=True) == [article.id]
    assert own.answer(answer.id).citations[0].quote == ""
    assert own.put(article, only_new=True).status is Change.ADDED
    assert own.remove(article.id) == [article.id]


def test_the_index_is_kept_and_restored_over_http(own: Client) -> None:
    article = make_article(TEXT, given_id="gorse point")
    own.put(article)
    kept = own.keep_snapshot("spring")
    assert (kept.name, kept.index_generation) == ("spring", own.described().index_generation)
    with pytest.raises(SnapshotNameError, match="There is a snapshot 'spring' already"):
        own.keep_snapshot("spring")
    own.put(replace(article, text=TEXT.replace("Barnaby", "Odette")))
    restored = own.restore_snapshot("spring")
    assert own.article("gorse point") == article
    assert (restored.snapshot, restored.index_generation) == (kept, own.described().index_generation)
    assert {one.name for one in own.snapshots()} == {"spring", restored.before.name}
    own.restore_snapshot(restored.before.name)
    assert "Odette" in own.article("gorse point").text
    for name in [one.name for one in own.snapshots()]:
        own.remove_snapshot(name)
    assert own.snapshots() == []
    for attempt in (own.restore_snapshot, own.remove_snapshot):
        for name in ("spring", "..", "a/b", "ü"):
            with pytest.raises(SnapshotNotFound):
                attempt(name)
    with pytest.raises(RequestRefused) as refused:
        own.keep_snapshot("../spring")
    assert (refused.value.status, [place.pointer for place in refused.value.errors]) == (422, ["#/name"])
    own.remove("gorse point", now=True)


@pytest.mark.parametrize("keep_snapshots", [False, True])
def test_an_article_is_deleted_from_snapshots_too_unless_these_are_kept(
    keep_snapshots: bool, own: Client, own_folder: Path
) -> None:
    own.put(make_article("The quadrangle of Gorse belongs to Barnaby Quill.", given_id="square"))
    own.keep_snapshot("held")
    own.remove("square", now=True, keep_snapshots=keep_snapshots)
    kept = [file.read_bytes() for file in (own_folder / "snapshots").rglob("*") if file.is_file()]
    assert kept and any(b"quadrangle" in content for content in kept) is keep_snapshots
    own.remove_snapshot("held")


def test_many_articles_are_added_in_several_requests_and_listed_in_several_pages(own: Client) -> None:
    articles = [make_article(f"Ship {number} left the port.", given_id=f"ship {number}") for number in range(101)]
    added = own.add_articles(articles)
    assert [(one.position, one.article_id) for one in added] == [(place, article.id) for place, article in enumerate(articles)]
    assert [listed.given_id for listed in own.articles()] == [article.given_id for article in reversed(articles)]
    assert own.remove([article.id for article in articles]) == [article.id for article in articles]
    assert own.add_articles([]) == []


def test_a_request_holds_at_most_100_articles_and_a_million_characters() -> None:
    lengths = [10] * 101 + [600_000, 600_000, 1_500_000, 10]
    articles = [make_article("x" * length, given_id=f"{place}") for place, length in enumerate(lengths)]
    assert [len(batch) for batch in batches(articles)] == [100, 2, 1, 1, 1]
    assert [article for batch in batches(articles) for article in batch] == articles


@pytest.mark.parametrize("id_", ["..", "a/../b", "ä b%2F#?x", "\ud800", "https://example.org/a?b=c#d"])
def test_an_id_of_any_characters_reaches_its_article(own: Client, id_: str) -> None:
    article = make_article(f"The ship is called {id_}.", given_id=id_)
    own.add_articles([article])
    assert own.article(id_) == article
    assert own.remove(id_) == [article.id]


@pytest.mark.parametrize(
    ("attempt", "error"),
    [
        (lambda index: index.ask(" "), QuestionError),
        (lambda index: index.ask("w" * 1_001), QuestionError),
        (lambda index: index.search("", k=3), QuestionError),
        (lambda index: index.explain(""), QuestionError),
        (lambda index: index.explain("Who?", article="art_none"), ArticleNotFound),
        (lambda index: index.explain("Who?", conversation_id="cnv_none"), ValueError),
        (lambda index: list(index.ask_stream("w" * 1_001)), QuestionError),
        (lambda index: index.ask("Who?", conversation_id="cnv_none"), ConversationNotFound),
        (lambda index: index.article("art_none"), ArticleNotFound),
        (lambda index: index.article(""), ArticleNotFound),
        (lambda index: index.article("sorrowby-obituary", version="0" * 64), VersionNotFound),
        (lambda index: index.remove("art_none"), ArticleNotFound),
        (lambda index: index.answer("ans_none"), AnswerNotFound),
        (lambda index: index.verify("ans/none"), AnswerNotFound),
        (lambda index: index.judge("ans_none", Verdict.HELPFUL), AnswerNotFound),
        (lambda index: index.judge(index.ask(SORROWBY).id, Verdict.WRONG, sentence=("nearest", 9)), SentenceNotFound),
        (lambda index: index.ask("Who?", asked_at=datetime(2025, 4, 2)), ValueError),
    ],
)
def test_an_error_is_the_one_of_the_index_in_process(index: Client, attempt: Callable[[Client], object], error: type) -> None:
    with pytest.raises(error):
        attempt(index)


def test_what_the_server_refuses_otherwise_is_told_with_its_problem(index: Client) -> None:
    with pytest.raises(RequestRefused, match="The request cannot be used") as refused:
        index.ask("Who?", threshold=2.0)
    problem = refused.value
    assert (problem.status, problem.type, problem.retry_after_seconds) == (422, "/problems/invalid-request", None)
    assert [place.pointer for place in problem.errors] == ["#/threshold"]
    assert problem.request_id.startswith("req_")
    with pytest.raises(ArticleNotFound) as missing:
        index.article("art_none")
    assert isinstance(missing.value.__cause__, RequestRefused)


def test_too_many_requests_are_told_with_the_time_to_wait(sample_copy: Path, start_server: Callable) -> None:
    server = start_server(sample_copy, requests_per_minute=1).wait_until_ready()
    with Client(server.url, retries=0) as client, pytest.raises(RequestRefused) as refused:
        for _ in range(3):  # a minute may end in between
            client.ask(SORROWBY)
    assert refused.value.status == 429
    assert refused.value.retry_after_seconds is not None


def test_a_server_that_starts_is_waited_for_and_asked_again(sample_copy: Path, start_server: Callable) -> None:
    server = start_server(sample_copy, fresh=True)
    with Client(server.url, retries=45) as client:
        assert client.ready() is False
        assert client.ask(SORROWBY).status == "answered"  # after some that were too early
        client.wait_until_ready()
        assert client.ready() is True


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield listener


def address(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_server_that_is_not_there_is_told(listening: socket.socket) -> None:
    url = address(listening)
    listening.close()
    with Client(url) as client:
        for attempt in (lambda: client.ask("Who?"), lambda: next(client.ask_stream("Who?")), client.ready):
            with pytest.raises(ServerUnreachable, match=f"No server answers at {url}"):
                attempt()
        with pytest.raises(ClientError, match=r"not ready after 0.5 s. No server answers"):
            client.wait_until_ready(0.5)


def test_a_server_that_says_nothing_is_told(listening: socket.socket) -> None:
    with Client(address(listening), timeout_seconds=0.2) as client:
        with pytest.raises(ServerTimeout, match="did not answer in time"):
            client.ask("Who?")
        with pytest.raises(ClientError, match="did not answer in time"):
            client.wait_until_ready(0.3)


def _says(listener: socket.socket, response: bytes) -> threading.Thread:
    """A thread that gives one client a response, whatever it asks."""

    def answer() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(response)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65_536):  # a request that is not read to its end would reset the connection
                pass

    thread = threading.Thread(target=answer)
    thread.start()
    return thread


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "The response is not JSON of API v1"),
        (b"HTTP/1.1 307 Moved\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", "307 Moved, but not as the API of qa does"),
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\noops", "502 Bad Gateway, but not as the API"),
        (b"nonsense", "No server answers"),
    ],
)
def test_what_is_no_server_of_qa_is_told(listening: socket.socket, response: bytes, said: str) -> None:
    thread = _says(listening, response)
    with Client(address(listening)) as client, pytest.raises(ClientError, match=said):
        client.ask("Who?")
    thread.join()


def test_a_stream_that_breaks_off_is_told(listening: socket.socket) -> None:
    event = b'event: answer.stage\ndata: {"type": "answer.stage", "stage": "encode", "milliseconds": 1, "new": 2}\n\n: ping\n\n'
    thread = _says(listening, b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + event + b'data: {"type": "answer.new"}\n\n')
    with Client(address(listening)) as client:
        events = client.ask_stream("Who?")
        assert next(events) == StageDone("encode", 1)
        with pytest.raises(ServerUnreachable, match="before the answer was whole"):
            next(events)
    thread.join()


@pytest.mark.parametrize("url", ["localhost:8000", "", "ftp://x", "http://", "http://127.0.0.1:port", "/v1"])
def test_what_is_no_address_is_refused_with_an_example(url: str) -> None:
    for kind in (Client, AsyncClient):
        with pytest.raises(ValueError, match=r"expected one such as http://127\.0\.0\.1:8000"):
            kind(url)


def test_the_token_is_sent_as_bearer_and_one_that_cannot_be_is_refused(listening: socket.socket) -> None:
    heard: list[bytes] = []

    def answer() -> None:
        connection, _ = listening.accept()
        with connection:
            heard.append(connection.recv(65_536))
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    thread = threading.Thread(target=answer)
    thread.start()
    with Client(address(listening), token="secret") as client:
        assert client.ready()
    thread.join()
    assert b"Authorization: Bearer secret\r\n" in heard[0]
    for token in ("two words", "zoë", "line\n", ""):
        with pytest.raises(ValueError, match="expected printable ASCII"):
            Client("http://127.0.0.1:8000", token=token)


def test_proxies_of_the_environment_are_not_asked_for_this_machine(index: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with Client(index.url) as client:
        assert client.ready()
    with Client("http://qa.invalid") as client, pytest.raises(ServerUnreachable, match="Connection refused"):
        client.ready()  # by the proxy


def test_the_client_for_an_event_loop_does_the_same(index: Client, own: Client) -> None:
    async def over_the_samples() -> None:
        async with AsyncClient(index.url) as client:
            await client.wait_until_ready()
            assert await client.ready()
            whole = index.ask(SORROWBY, asked_at=ASKED_AT)
            answer = await client.ask(SORROWBY, asked_at=ASKED_AT)
            assert lasting(answer) == lasting(whole)
            _is_the_answer_in_pieces([event async for event in client.ask_stream(SORROWBY, asked_at=ASKED_AT)], whole)
            assert await client.answer(answer.id) == answer
            assert await client.verify(answer.id) == index.verify(answer.id)
            assert (await client.judge(answer.id, None)).verdict is None
            assert [one.article_id async for one in client.articles()] == [one.article_id for one in index.articles()]
            assert (await client.search("sailmaker", k=2)).hits == index.search("sailmaker", k=2).hits
            assert (await client.explain(SORROWBY)).candidates == index.explain(SORROWBY).candidates
            assert await client.described() == index.described()
            conversation = await client.begin_conversation()
            assert (await client.ask(SORROWBY, conversation_id=conversation.id)).status == "answered"
            with pytest.raises(QuestionError):
                await client.ask(" ")

    async def over_its_own() -> None:
        async with AsyncClient(own.url) as client:
            article = make_article(TEXT, given_id="gorse point")
            assert [one.status for one in await client.add_articles([article])] == [Change.ADDED]
            assert (await client.put(article)).status is Change.UNCHANGED
            assert (await client.keep_snapshot("spring")).name == "spring"
            before = (await client.restore_snapshot("spring")).before.name
            assert {one.name for one in await client.snapshots()} == {"spring", before}
            for name in ("spring", before):
                await client.remove_snapshot(name)
            assert await client.article("gorse point") == article
            assert await client.remove("gorse point") == [article.id]
            with pytest.raises(ArticleNotFound):
                await client.article("gorse point")

    asyncio.run(over_the_samples())
    asyncio.run(over_its_own())


def test_an_asynchronous_stream_is_left_and_a_missing_server_told(index: Client, listening: socket.socket) -> None:
    async def leave() -> None:
        async with AsyncClient(index.url) as client:
            for _ in range(5):
                async with contextlib.aclosing(client.ask_stream(SORROWBY)) as events:
                    assert isinstance(await anext(events), StageDone)
            assert (await client.ask(SORROWBY)).status == "answered"

    async def miss(url: str) -> None:
        async with AsyncClient(url) as client:
            with pytest.raises(ServerUnreachable):
                await client.ask("Who?")
            with pytest.raises(ClientError, match="not ready"):
                await client.wait_until_ready(0.3)

    asyncio.run(leave())
    url = address(listening)
    listening.close()
    asyncio.run(miss(url))
