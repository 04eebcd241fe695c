"""What `--now` leaves of an article's words in the index folder: nothing."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.api.answer import answer_shape, earlier_turn
from qa.api.job import JobItem, JobKind, JobSize
from qa.base.types import Article
from qa.index.layout import POSTINGS_FOLDER, STATE_FILE, STORE_FILE
from qa.index.postings import TantivyPostings
from qa.service.question import AnswerRequest
from qa.service.service import Service
from qa.service.state.conversations import History
from qa.service.state.file import StateFile
from qa.service.state.forgetting import forget_snapshot
from qa.service.state.idempotency import RESULT_DELETED, GivenResponse, IdempotentRequests
from qa.service.state.jobs import JobLog

KEEPER = (
    "Barnaby Quibblethorpe keeps the lighthouse of Gorse Point. He has counted 312 ships from it.\n\n"
    "Quibblethorpe was born on 3 May 1950. His sister paints boats."
)
OTHER = "Odette Farrow keeps the harbour books of Skerrin. She has written in them since 1990. The lighthouse stands far away."
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
RARE = (b"quibblethorp", b"Quibblethorp", b"barnabi", b"Barnaby")  # also as the postings have them, stemmed


@pytest.fixture
def service(tmp_path: Path, open_service: Callable[..., Service]) -> Service:
    """An index of two articles, with a snapshot, that was asked about the first in a conversation and out of one."""
    service = open_service(tmp_path / "index")
    service.add_articles([Article("keeper", "keeper", "Lights", KEEPER.replace("sister", "brother")), _other()])
    service.add_articles([Article("keeper", "keeper", "Barnaby's lights", KEEPER)])
    service.generations.keep("spring")
    first = service.answer(AnswerRequest("Who keeps the lighthouse of Gorse Point?", threshold=0))
    assert "Quibblethorpe" in first.text
    history = History(StateFile(service.folder))
    conversation = history.append("", answer_shape(first)).id
    for is_in_conversation in (True, False):
        turn = earlier_turn(answer_shape(first))
        second = service.answer(AnswerRequest("When was he born?", threshold=0, earlier=(turn,)))
        assert "Quibblethorpe" in second.standalone_question
        if is_in_conversation:
            history.append(conversation, answer_shape(second))
    _send_under_a_key(service.folder)
    _upload(service.folder)
    return service


def _other() -> Article:
    return Article("other", "other", "Books", OTHER)


def _send_under_a_key(folder: Path) -> None:
    requests = IdempotentRequests(StateFile(folder))
    requests.claim("key", "fingerprint")
    said = {"articles": [{"article_id": "keeper", "notices": ["The date of Barnaby Quibblethorpe is none."]}]}
    requests.answer("key", GivenResponse(200, {"content-type": "application/json"}, json.dumps(said).encode()))


def _upload(folder: Path) -> None:
    jobs = JobLog(StateFile(folder))
    job = jobs.begin(JobKind.UPLOADS, JobSize(1, name="Quibblethorpe.txt"), ended_before=NEVER, most=9)
    body = {"object": "uploaded", "position": 0, "name": "Quibblethorpe.txt", "added": 1, "changed": 0, "unchanged": 0}
    body |= {"refused": 1, "articles": ["keeper"], "refusals": [{"line": 1, "reason": "Barnaby is no date."}], "notices": []}
    jobs.advance(job.id, done=1, items=[JobItem(0, False, json.dumps(body))])


def words_left(folder: Path) -> list[str]:
    """The files that hold a rare word of the article, in their content or name."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert len(files) > 10
    named = {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}
    return sorted(name for name, content in named.items() if any(word in name.encode() + content for word in RARE))


def terms_left(folder: Path) -> int:
    """How often the search files have a rare word, also in passages that are deleted and not merged away: grep finds no terms."""
    postings = [TantivyPostings.open(found) for found in folder.rglob(POSTINGS_FOLDER)]
    assert len(postings) >= 2  # of the index and of its snapshot
    return sum(one.passages_with(word.decode().lower()) for one in postings for word in RARE)


def test_no_byte_of_the_folder_has_a_word_of_an_article_that_was_deleted_at_once(service: Service) -> None:
    assert words_left(service.folder) == [f"snapshots/spring/{STORE_FILE}", STATE_FILE, STORE_FILE]
    assert terms_left(service.folder) > 0
    service.remove("keeper", now=True)
    assert words_left(service.folder) == [] and terms_left(service.folder) == 0
    for file in (STORE_FILE, STATE_FILE):
        with contextlib.closing(sqlite3.connect(service.folder / file)) as connection:
            connection.execute("VACUUM")
    assert words_left(service.folder) == []
    service.rebuild()
    assert words_left(service.folder) == []
    assert [row.article.id for row in service.articles()] == ["other"]
    assert "Farrow" in service.ask("Who keeps the harbour books of Skerrin?", threshold=0).text


def test_what_is_kept_of_conversations_requests_and_jobs_stays_usable(service: Service) -> None:
    service.remove("keeper", now=True)
    (line,) = History(StateFile(service.folder)).page(limit=9)
    assert line.title == "Who keeps the lighthouse of Gorse Point?"  # as it was typed
    second = History(StateFile(service.folder)).find(line.id).turns[1].answer
    assert (second.question, second.standalone_question, second.carried) == ("When was he born?", "When was he born?", [])
    known = IdempotentRequests(StateFile(service.folder)).claim("key", "fingerprint")
    assert known is not None and known.response == RESULT_DELETED
    assert StateFile(service.folder).problems() == []


def test_a_snapshot_is_purged_or_kept_as_it_was(service: Service) -> None:
    service.generations.keep("whole")
    service.remove("keeper", now=True)
    service.generations.restore("spring")
    assert [row.article.id for row in service.articles()] == ["other"]
    assert [one.holds.articles for one in service.generations.all() if one.holds] == [1, 1, 1]


def test_snapshots_that_are_to_be_kept_keep_the_article_and_do_not_bring_it_back(service: Service) -> None:
    service.remove("keeper", now=True, keep_snapshots=True)
    assert words_left(service.folder) and all(name.startswith("snapshots/spring/") for name in words_left(service.folder))
    assert service.generations.restore("spring").removed_since == 1
    assert [row.article.id for row in service.articles()] == ["other"]


def test_a_follow_up_to_another_article_keeps_its_question(service: Service) -> None:
    first = service.answer(AnswerRequest("Who keeps the harbour books of Skerrin?", threshold=0))
    history = History(StateFile(service.folder))
    conversation = history.append("", answer_shape(first)).id
    second = service.answer(
        AnswerRequest("Since when has she written?", threshold=0, earlier=(earlier_turn(answer_shape(first)),))
    )
    assert "Farrow" in second.standalone_question
    history.append(conversation, answer_shape(second))
    service.remove("keeper", now=True)
    assert history.find(conversation).turns[1].answer.standalone_question == second.standalone_question


def test_a_removed_snapshot_is_taken_back_from_what_requests_were_answered(tmp_path: Path) -> None:
    requests = IdempotentRequests(StateFile(tmp_path))
    forget_snapshot(StateFile(tmp_path), "spring")
    assert not StateFile(tmp_path).exists
    answered = {
        "kept": {"object": "snapshot", "name": "spring"},
        "restored": {"object": "snapshot.restored", "snapshot": {"name": "first"}, "before": {"name": "spring"}},
        "other": {"object": "snapshot", "name": "autumn"},
        "from it": {"object": "snapshot.restored", "snapshot": {"name": "spring"}, "before": {"name": "before"}},
        "job": {"object": "job", "name": "spring"},
    }
    for key, body in answered.items():
        requests.claim(key, "fingerprint")
        requests.answer(key, GivenResponse(200, {}, json.dumps(body).encode()))
    requests.claim("no JSON", "fingerprint")
    requests.answer("no JSON", GivenResponse(200, {}, b"{spring"))
    forget_snapshot(StateFile(tmp_path), "spring")
    known = {key: requests.claim(key, "fingerprint") for key in (*answered, "no JSON")}
    assert [key for key, one in known.items() if one and one.response == RESULT_DELETED] == ["kept", "restored"]
