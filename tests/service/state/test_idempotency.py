from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from qa.index.layout import STATE_FILE
from qa.service.state.file import StateFile
from qa.service.state.idempotency import GivenResponse, IdempotentRequests, KnownRequest

GIVEN = GivenResponse(202, {"location": "/v1/jobs/job_x"}, b'{"id": "job_x"}')


@pytest.fixture
def requests(tmp_path: Path) -> IdempotentRequests:
    return IdempotentRequests(StateFile(tmp_path))


def test_the_first_to_claim_a_key_does_the_request_and_the_others_are_told_its_answer(requests: IdempotentRequests) -> None:
    assert requests.claim("key", "print") is None
    assert requests.claim("key", "print") == KnownRequest("print", None)
    requests.answer("key", GIVEN)
    assert requests.claim("key", "another print") == KnownRequest("print", GIVEN)


def test_a_released_key_is_new_again_and_an_answered_one_is_not(requests: IdempotentRequests) -> None:
    requests.claim("key", "print")
    requests.release("key")
    assert requests.claim("key", "another print") is None
    requests.answer("key", GIVEN)
    requests.release("key")
    assert requests.claim("key", "print") == KnownRequest("another print", GIVEN)


def age(folder: Path, minutes: int) -> None:
    with sqlite3.connect(folder / STATE_FILE) as connection:
        claimed_at = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now', ?)"
        connection.execute(f"UPDATE idempotent_requests SET claimed_at = {claimed_at}", (f"-{minutes} minutes",))


@pytest.mark.parametrize(("minutes", "is_known"), [(9, True), (11, False)])
def test_a_request_that_was_never_answered_holds_its_key_for_ten_minutes(
    requests: IdempotentRequests, tmp_path: Path, minutes: int, is_known: bool
) -> None:
    requests.claim("key", "print")
    age(tmp_path, minutes)
    assert (requests.claim("key", "print") is not None) == is_known


@pytest.mark.parametrize(("hours", "is_known"), [(23, True), (25, False)])
def test_an_answered_request_holds_its_key_for_a_day(
    requests: IdempotentRequests, tmp_path: Path, hours: int, is_known: bool
) -> None:
    requests.claim("key", "print")
    requests.answer("key", GIVEN)
    age(tmp_path, 60 * hours)
    assert (requests.claim("key", "print") is not None) == is_known
