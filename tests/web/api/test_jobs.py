"""Work that goes on after the response, over a real server."""

from __future__ import annotations

import json
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

FORM = "multipart/form-data"
QUESTION = "How old was Wilhelmina Sorrowby when she died?"


@pytest.fixture(scope="module")
def changing(sample_index: Path, tmp_path_factory: pytest.TempPathFactory, start_server: Callable) -> Iterator[httpx.Client]:
    folder = Path(shutil.copytree(sample_index, tmp_path_factory.mktemp("jobs") / "samples"))
    yield start_server(folder, requests_per_minute=0).wait_until_ready().client


def ended(client: httpx.Client, begun: httpx.Response, *, seconds: float = 120) -> dict:
    assert begun.status_code == 202, begun.text
    assert begun.headers["location"] == f"/v1/jobs/{begun.json()['id']}"
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job = client.get(begun.headers["location"]).json()
        if job["ended_at"] is not None:
            return job
        time.sleep(0.2)
    raise AssertionError(f"the job has not ended: {job}")


def record(number: int, *, words: int = 40) -> str:
    text = " ".join(f"Keeper {number} counted {word} boats in the harbour of Gorse Point." for word in range(words))
    return json.dumps({"id": f"keeper-{number}", "text": text})


def test_a_batch_answers_each_question_as_asking_it_does(client: httpx.Client) -> None:
    filters = {"sources": ["No such source"]}
    questions = [
        {"question": QUESTION, "max_citations": 1},
        {"question": QUESTION, "filters": filters},
        {"question": "Where did she live?", "messages": [{"role": "user", "content": QUESTION}]},
    ]
    job = ended(client, client.post("/v1/answers/batch", json={"questions": questions}))
    assert (job["state"], job["counts"]) == ("succeeded", {"total": 3, "done": 3, "failed": 0})
    one, none, followed = (item["answer"] for item in job["items"])
    alone = client.post("/v1/answers", json=questions[0]).json()
    assert {**one, **{name: alone[name] for name in ("id", "created_at", "asked_at", "timings_ms")}} == alone
    assert (none["status"], none["reason"]) == ("not_found", "all_filtered_out")
    assert "Sorrowby" in followed["standalone_question"]
    assert client.get(f"/v1/answers/{one['id']}").json() == one


def test_a_question_of_a_batch_that_cannot_be_asked_does_not_stop_the_others(client: httpx.Client) -> None:
    job = ended(client, client.post("/v1/answers/batch", json={"questions": [{"question": "x" * 5_000}, {"question": QUESTION}]}))
    assert (job["state"], job["counts"]["failed"]) == ("succeeded", 1)
    assert job["items"][0]["problem"]["type"] == "/problems/invalid-request"
    assert "at most 1,000 are read" in job["items"][0]["problem"]["detail"]
    assert job["items"][1]["answer"]["status"] == "answered"


@pytest.mark.parametrize("questions", [[], [{"question": QUESTION}] * 101, [QUESTION], [{"question": QUESTION, "stream": True}]])
def test_a_batch_that_cannot_be_read_is_refused_as_a_whole(client: httpx.Client, questions: list) -> None:
    refused = client.post("/v1/answers/batch", json={"questions": questions})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"].startswith("#/questions")


def test_a_cancelled_batch_keeps_what_is_answered(client: httpx.Client) -> None:
    begun = client.post("/v1/answers/batch", json={"questions": [{"question": QUESTION}] * 100})
    address = begun.headers["location"]
    while not client.get(address).json()["items"]:
        time.sleep(0.05)
    assert client.delete(address).status_code == 200
    job = ended(client, begun)
    assert job["state"] == "cancelled"
    assert 0 < job["counts"]["done"] < 100
    assert len(job["items"]) == job["counts"]["done"]
    assert client.delete(address).json() == job


def test_a_job_that_waits_is_cancelled_at_once(client: httpx.Client) -> None:
    first = client.post("/v1/answers/batch", json={"questions": [{"question": QUESTION}] * 50})
    second = client.post("/v1/answers/batch", json={"questions": [{"question": QUESTION}]})
    cancelled = client.delete(second.headers["location"]).json()
    assert (cancelled["state"], cancelled["items"], cancelled["started_at"]) == ("cancelled", [], None)
    client.delete(first.headers["location"])
    assert ended(client, first)["state"] == "cancelled"


def test_past_twenty_waiting_jobs_the_next_is_turned_away(changing: httpx.Client) -> None:
    begun = [changing.post("/v1/answers/batch", json={"questions": [{"question": QUESTION}] * 30}) for _ in range(21)]
    assert [one.status_code for one in begun] == [202] * 20 + [429]
    assert (begun[20].json()["type"], begun[20].headers["retry-after"]) == ("/problems/too-many-jobs", "10")
    for one in reversed(begun[:20]):
        changing.delete(one.headers["location"])
    assert ended(changing, begun[0])["state"] == "cancelled"


def test_there_is_no_job_of_another_id(client: httpx.Client) -> None:
    for missing in (client.get("/v1/jobs/job_x"), client.delete("/v1/jobs/job_x")):
        assert (missing.status_code, missing.json()["detail"]) == (404, "There is no job 'job_x', or it is no longer kept.")


def test_uploaded_files_are_added_and_each_is_told_of(changing: httpx.Client) -> None:
    lines = "\n".join([record(1), "{no JSON", record(2)])
    files = [
        ("files", ("keepers.jsonl", lines.encode())),
        ("files", ("note.txt", b"Barnaby Quill keeps the lighthouse of Gorse Point.")),
        ("files", ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(100))),
    ]
    job = ended(changing, changing.post("/v1/uploads", files=files))
    assert (job["state"], job["counts"]) == ("succeeded", {"total": 3, "done": 3, "failed": 1})
    keepers, note, picture = job["items"]
    assert (keepers["name"], keepers["added"], keepers["refused"]) == ("keepers.jsonl", 2, 1)
    assert keepers["refusals"][0]["line"] == 2
    assert job["bytes"] == dict.fromkeys(("total", "done"), sum(len(content) for _, (_, content) in files))
    assert (note["added"], note["refusals"]) == (1, [])
    assert (picture["added"], picture["refused"]) == (0, 1)
    assert changing.get(f"/v1/articles/{note['articles'][0]}").json()["text"].startswith("Barnaby Quill")
    again = ended(changing, changing.post("/v1/uploads", files=files[1:2]))
    assert again["items"][0]["unchanged"] == 1


def test_more_articles_than_a_page_takes_are_added_by_an_upload(changing: httpx.Client) -> None:
    lines = "\n".join(record(number, words=1) for number in range(1_000, 1_205))
    job = ended(changing, changing.post("/v1/uploads", files=[("files", ("many.jsonl", lines.encode()))]))
    assert job["items"][0]["added"] == 205
    assert len(job["items"][0]["articles"]) == 100


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"json": {"files": []}}, 415, "multipart/form-data"),
        ({"files": [("file", ("a.txt", b"text"))]}, 422, "#/file: Expected only files"),
        ({"data": {"files": "text"}, "files": [("files", ("a.txt", b"text"))]}, 422, "#/files: Expected only files"),
        ({"content": b"--x--\r\n", "headers": {"content-type": f"{FORM}; boundary=x"}}, 422, "#/files: It is missing"),
        ({"content": b"no form", "headers": {"content-type": FORM}}, 422, "cannot be read"),
        ({"content": bytes(99_999_999), "headers": {"content-type": f"{FORM}; boundary=x"}}, 413, "99,999,999"),
    ],
)  # fmt: skip
def test_an_upload_that_is_none_is_refused(client: httpx.Client, sent: dict, status: int, said: str) -> None:
    refused = client.post("/v1/uploads", **sent)
    assert refused.status_code == status, refused.text
    assert said in refused.json()["detail"]


def test_the_index_is_made_anew_by_a_job(changing: httpx.Client) -> None:
    before = changing.get("/v1/index").json()
    assert before["reader"] == {"name": "qa-reader"}
    job = ended(changing, changing.post("/v1/index/rebuild"))
    assert job["state"] == "succeeded", job
    assert job["counts"] == {"total": before["articles"], "done": before["articles"], "failed": 0}
    after = changing.get("/v1/index").json()
    assert after["index_generation"] > before["index_generation"]
    assert after["articles"] == before["articles"]


def test_a_request_sent_again_under_its_key_is_done_once(changing: httpx.Client) -> None:
    key = {"Idempotency-Key": "a-first-key"}
    body = {"articles": [{"text": "Odette Farrow mends nets at Gorse Point."}]}
    first = changing.post("/v1/articles", json=body, headers=key)
    generation = changing.get("/v1/index").json()["index_generation"]
    changing.delete(f"/v1/articles/{first.json()['articles'][0]['article_id']}")
    again = changing.post("/v1/articles", json=body, headers=key)
    assert (first.status_code, first.json()["articles"][0]["status"]) == (200, "added")
    assert again.content == first.content
    assert (again.headers["idempotent-replayed"], again.headers["content-type"]) == ("true", first.headers["content-type"])
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert changing.get("/v1/index").json()["index_generation"] == generation + 1  # the removal alone
    other = changing.post("/v1/articles", json={"articles": [{"text": "Another."}]}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")


def test_an_upload_sent_again_begins_no_second_job(changing: httpx.Client) -> None:
    files = [("files", ("note.txt", b"Ottoline Marsh paints the boats of Gorse Point."))]
    key = {"Idempotency-Key": '"an-upload"'}
    first = changing.post("/v1/uploads", files=files, headers=key)
    ended(changing, first)
    again = changing.post("/v1/uploads", files=files, headers=key)  # with another boundary
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    assert again.headers["location"] == first.headers["location"]


def test_what_was_refused_for_lack_of_room_is_done_when_sent_again(sample_copy: Path, start_server: Callable) -> None:
    server = start_server(sample_copy, requests_per_minute=1).wait_until_ready()
    client = server.client
    key, body = {"Idempotency-Key": "k"}, {"articles": [{"text": "Odette Farrow mends nets."}]}
    assert client.post("/v1/search", json={"question": "nets"}).status_code == 200
    assert client.post("/v1/articles", json=body, headers=key).status_code == 429
    server.stop()
    client = start_server(sample_copy, requests_per_minute=0).wait_until_ready().client
    assert client.post("/v1/articles", json=body, headers=key).json()["added"] == 1


@pytest.mark.parametrize("key", ["", "x" * 256, 'in "quotes"', "ü"])
def test_a_key_that_is_none_is_refused(client: httpx.Client, key: str) -> None:
    headers = [(b"idempotency-key", key.encode())]
    refused = client.post("/v1/answers/batch", json={"questions": [{"question": QUESTION}]}, headers=headers)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "Idempotency-Key"


def test_a_body_that_turns_out_too_large_is_refused_with_a_key_too(client: httpx.Client) -> None:
    chunks = (bytes(2**20) for _ in range(40))  # no Content-Length announces them
    headers = {"Idempotency-Key": "too-large", "Content-Type": "application/json"}
    refused = client.post("/v1/articles", content=chunks, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (413, "/problems/too-large")


def test_jobs_outlive_the_server_and_what_it_left_undone_is_interrupted_and_can_be_sent_again(
    sample_copy: Path, start_server: Callable
) -> None:
    server = start_server(sample_copy, requests_per_minute=0).wait_until_ready()
    finished = ended(server.client, server.client.post("/v1/answers/batch", json={"questions": [{"question": QUESTION}]}))
    keepers = [("files", ("keepers.jsonl", "\n".join(record(number, words=8) for number in range(320)).encode()))]
    adding = server.client.post("/v1/uploads", files=keepers)
    server.wait_until(lambda: bool(server.client.get(adding.headers["location"]).json()["items"]))
    undone = server.client.post("/v1/answers/batch", json={"questions": [{"question": QUESTION}] * 100})
    queued = server.client.post("/v1/answers/batch", json={"questions": [{"question": QUESTION}]})
    assert server.stop(signal.SIGTERM) == 0
    later = start_server(sample_copy, requests_per_minute=0).wait_until_ready().client
    added = later.get(adding.headers["location"]).json()["items"][0]["added"]
    page = later.get(f"/add/{adding.json()['id']}", headers={"accept": "text/html"}).text
    assert f"Interrupted: {added} articles added" in page
    assert "Add the same files again to go on: nothing is added twice." in page
    again = ended(later, later.post("/v1/uploads", files=keepers))["items"][0]
    assert (again["unchanged"], again["added"]) == (added, 320 - added)
    assert later.get(f"/v1/jobs/{finished['id']}").json() == finished
    for begun in (undone, queued):
        job = later.get(begun.headers["location"]).json()
        assert (job["state"], job["ended_at"] is None) == ("interrupted", False)
        assert job["counts"]["done"] < job["counts"]["total"]


def test_where_nothing_is_kept_a_batch_is_answered_all_the_same(sample_copy: Path, start_server: Callable) -> None:
    client = start_server(sample_copy, "--no-history", requests_per_minute=0).wait_until_ready().client
    job = ended(client, client.post("/v1/answers/batch", json={"questions": [{"question": QUESTION}]}))
    assert job["items"][0]["answer"]["status"] == "answered"
    assert not (sample_copy / "state.sqlite").exists()
