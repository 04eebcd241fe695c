"""The chat's conversations over HTTP: kept, in memory, and saved as files."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from qa.api.answer import AnswerShape, answer_shape
from qa.api.citation import NearestShape
from qa.api.exports import copied_text, file_name, markdown
from qa.base.errors import StateDamaged
from qa.base.types import Band, Status
from qa.index.layout import STATE_FILE
from qa.service.conversations import Conversations
from qa.service.service import Service
from qa.service.state.answers import AnswerLog, KeptAnswer
from qa.service.state.conversations import History
from qa.service.state.file import StateFile, StateInMemory

QUESTION = "How old was Wilhelmina Sorrowby when she died?"


@pytest.fixture(scope="module")
def given(sample_index: Path, open_service: Callable[..., Service]) -> AnswerShape:
    return answer_shape(open_service(sample_index).ask(QUESTION))


@pytest.fixture
def folder(sample_copy: Path) -> Path:
    return sample_copy


def ask(client: httpx.Client, question: str, conversation: str = "", **fields: str) -> str:
    """The address to which the chat goes on."""
    response = client.post("/ask", data={"question": question, "conversation": conversation, **fields})
    assert response.status_code == 303, response.text
    return response.headers["Location"]


def begun(client: httpx.Client) -> str:
    """The id of a conversation with one turn."""
    return ask(client, QUESTION).removeprefix("/c/").partition("#")[0]


def asked(page: str) -> list[str]:
    return re.findall(r'class="question"[^>]*>([^<]*)</h2>', page)


def test_conversations_outlive_the_process(folder: Path, open_service: Callable[..., Service], given: AnswerShape) -> None:
    service = open_service(folder)
    kept = Conversations(service).append("", given)
    assert Conversations(service).known(kept.id) == kept


def test_where_the_kept_ones_are_damaged_the_chat_goes_on_without_them(
    folder: Path, open_service: Callable[..., Service], given: AnswerShape
) -> None:
    service = open_service(folder)
    Conversations(service).append("", given)
    (folder / STATE_FILE).write_bytes(b"damaged " * 1_000)
    conversations = Conversations(service)
    assert conversations.known("") is None
    begun = conversations.append("", given)
    assert [line.id for line in conversations.recent(limit=9)] == [begun.id]
    assert conversations.known(begun.id) == begun
    with pytest.raises(StateDamaged):
        conversations.page(limit=9)


def test_where_nothing_is_to_be_kept_they_do_not(folder: Path, open_service: Callable[..., Service], given: AnswerShape) -> None:
    service = open_service(folder, keep_answers_days=0)
    conversations = Conversations(service, most_in_memory=2)
    ids = [conversations.append("", given.model_copy(update={"id": f"ans_{number}"})).id for number in range(3)]
    assert [conversations.known(one) is not None for one in ids].count(True) == 2
    assert Conversations(service).known(ids[-1]) is None
    assert not (folder / "state.sqlite").exists()


def test_a_server_without_history_writes_nothing_and_understands_follow_ups_all_the_same(
    folder: Path, start_server: Callable
) -> None:
    client = start_server(folder, "--no-history").wait_until_ready().client
    conversation = begun(client)
    ask(client, "When was she born?", conversation)
    assert "<em>Wilhelmina Sorrowby</em>" in client.get(f"/c/{conversation}").text
    assert "they end with it" in client.get("/conversations").text
    assert not (folder / "state.sqlite").exists()


def test_in_a_folder_that_cannot_be_written_they_go_on_in_memory(
    folder: Path, open_service: Callable[..., Service], given: AnswerShape
) -> None:
    service = open_service(folder)
    (folder / "state.sqlite").mkdir()  # a file that no database can be made of, for root too
    conversations = Conversations(service)
    first = conversations.append("", given)
    grown = conversations.append(first.id, given.model_copy(update={"id": "ans_2"}))
    assert [turn.number for turn in grown.turns] == [1, 2]
    assert stat.S_ISDIR((folder / "state.sqlite").stat().st_mode)


def test_a_follow_up_in_the_chat_leans_on_the_turns_before(client: httpx.Client) -> None:
    conversation = begun(client)
    assert ask(client, "When was she born?", conversation) == f"/c/{conversation}#turn-2"
    page = client.get(f"/c/{conversation}").text
    assert asked(page) == [QUESTION, "When was she born?"]
    assert "When was <em>Wilhelmina Sorrowby</em> born?" in page
    assert "3 June 1930" in page


def test_the_words_as_typed_take_the_turns_place_and_it_comes_back(client: httpx.Client) -> None:
    conversation = begun(client)
    ask(client, "When was she born?", conversation)
    literal = {"turn": "2", "standalone_question": "When was she born?"}
    address = ask(client, "When was she born?", conversation, **literal)
    page = client.get(address).text
    assert len(asked(page)) == 2
    assert "<em>Wilhelmina Sorrowby</em>" not in page
    assert "Replaced 1 answer." in page
    answer = re.search(r'name="edited" value="(ans_\w+)"', page)
    assert answer is not None
    client.post(f"/c/{conversation}/undo", data={"edited": answer.group(1)})
    assert "<em>Wilhelmina Sorrowby</em>" in client.get(f"/c/{conversation}").text


def test_thanks_in_between_are_no_part_of_the_conversation(client: httpx.Client) -> None:
    conversation = begun(client)
    ask(client, "thanks", conversation)
    ask(client, "When was she born?", conversation)
    page = client.get(f"/c/{conversation}").text
    assert page.count('class="searched"') == 1
    assert "When was <em>Wilhelmina Sorrowby</em> born?" in page


def last_event(client: httpx.Client, fields: dict[str, str]) -> dict[str, str]:
    response = client.post("/ask", data=fields, headers={"Accept": "text/event-stream", "HX-Request": "true"})
    last: dict[str, str] = json.loads(response.text.rpartition("data: ")[2])
    return last


def test_a_page_that_is_behind_is_loaded_anew(client: httpx.Client) -> None:
    conversation = begun(client)
    seen = re.findall(r'id="after" value="(ans_\w+)"', client.get(f"/c/{conversation}").text)[0]
    fields = {"question": "When was she born?", "conversation": conversation, "after": seen}
    fresh = last_event(client, fields)
    assert fresh["type"] == "turn" and "3 June 1930" in fresh["html"]
    behind = last_event(client, fields)
    assert behind["type"] == "elsewhere"
    assert re.fullmatch(rf"/c/{conversation}\?asked=ans_\w+#turn-3", behind["address"])


def test_conversations_are_listed_searched_renamed_removed_and_brought_back(client: httpx.Client) -> None:
    conversation = begun(client)
    assert client.post(f"/c/{conversation}/rename", data={"title": "The zyx sailmaker"}).status_code == 303
    assert "The zyx sailmaker" in client.get("/conversations", params={"q": "zyx"}).text
    assert "No conversation holds" in client.get("/conversations", params={"q": "zyxw"}).text
    gone = client.post(f"/c/{conversation}/remove").headers["Location"]
    assert "was deleted" in client.get(gone).text
    assert client.get(f"/c/{conversation}").status_code == 404
    client.post(f"/c/{conversation}/restore")
    assert asked(client.get(f"/c/{conversation}").text) == [QUESTION]
    client.post(f"/c/{conversation}/rename", data={"title": "  "})
    assert "The zyx sailmaker" in client.get(f"/c/{conversation}").text


@pytest.mark.parametrize("what", ["rename", "remove", "restore", "undo"])
def test_what_is_not_there_cannot_be_changed(client: httpx.Client, what: str) -> None:
    assert client.post(f"/c/cnv_none/{what}", data={"title": "x", "edited": "ans_1"}).status_code == 404


def test_a_conversation_is_saved_as_markdown_json_and_html(client: httpx.Client) -> None:
    conversation = begun(client)
    ask(client, "What is the boiling point of tungsten?", conversation)
    for suffix, media_type in (("md", "text/markdown"), ("json", "application/json"), ("html", "text/html")):
        response = client.get(f"/c/{conversation}/export", params={"format": suffix})
        assert response.headers["Content-Type"] == f"{media_type}; charset=utf-8"
        assert response.headers["Content-Disposition"].endswith(f"died.{suffix}")
        assert "at the age of 94" in response.text
        assert ("Not found in these articles" if suffix == "json" else "No sure answer. These may help.") in response.text
    saved = json.loads(client.get(f"/c/{conversation}/export", params={"format": "json"}).text)
    turns = [AnswerShape.model_validate(turn) for turn in saved["turns"]]
    assert [turn.status for turn in turns] == ["answered", "not_found"]
    page = client.get(f"/c/{conversation}/export", params={"format": "html"}).text
    assert "https://harbourpost.example/2025/02/sorrowby-obituary#:~:text=" in page
    assert "<script" not in page and "src=" not in page
    assert client.get(f"/c/{conversation}/export", params={"format": "pdf"}).status_code == 422


@pytest.mark.parametrize("suffix", ["md", "json", "html"])
def test_the_api_saves_the_same_file_as_the_chat(client: httpx.Client, suffix: str) -> None:
    conversation = begun(client)
    saved = client.get(f"/v1/conversations/{conversation}/export", params={"format": suffix})
    assert "at the age of 94" in saved.text
    in_the_chat = client.get(f"/c/{conversation}/export", params={"format": suffix})
    assert (saved.content, saved.headers["Content-Type"]) == (in_the_chat.content, in_the_chat.headers["Content-Type"])


def test_the_api_saves_no_conversation_that_is_not_there_and_in_no_other_format(client: httpx.Client) -> None:
    assert client.get("/v1/conversations/cnv_none/export").status_code == 404
    refused = client.get("/v1/conversations/cnv_none/export", params={"format": "pdf"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "?format")


def test_how_sure_an_answer_is_is_told_in_the_words_of_its_page(given: AnswerShape) -> None:
    check = "Check this: the quote may well not answer the question; read its source first."
    weak = given.model_copy(
        update={"status": Status.WEAK, "confidence": given.confidence.model_copy(update={"band": Band.LOW}), "check": None}
    )
    assert copied_text(weak).startswith(f"{check}\n\n94 [1]\n\n“")
    unsure = NearestShape(**dict(given.citations[0]))
    none = weak.model_copy(update={"status": Status.NOT_FOUND, "citations": [], "nearest": [unsure]})
    text = markdown(History(StateInMemory()).append("", none), titles={}, address="http://127.0.0.1/c/1")
    assert "No sure answer. These may help.\n\n> " in text and "Check this" not in text
    assert text.rstrip().endswith(f"of `{unsure.article_id}`)")


def test_markdown_begins_with_the_short_answer_and_says_what_a_quote_goes_on_from(given: AnswerShape) -> None:
    cited = given.citations[0].model_copy(update={"lead_in": "She sewed *sails*.", "display": None})
    timed = cited.model_copy(update={"source": cited.source.model_copy(update={"published_at": "2025-02-21T08:00:00Z"})})
    answer = given.model_copy(update={"citations": [timed]})
    text = markdown(History(StateInMemory()).append("", answer), titles={}, address="http://127.0.0.1/c/1")
    assert "\n**94** \\[1\\]\n\n> *She sewed \\*sails\\*.*\n> Wilhelmina Sorrowby, who" in text
    assert ", 21 February 2025 (characters " in text and "T08:00" not in text


def test_what_was_typed_is_not_markdown(given: AnswerShape) -> None:
    hostile = "# *x* [a](javascript:alert(1)) <img src=x onerror=alert(1)>\n\n- y"
    turn = given.model_copy(update={"question": hostile, "standalone_question": hostile})
    text = markdown(History(StateInMemory()).append("", turn), titles={}, address="http://127.0.0.1/c/1")
    assert r"## \# \*x\* \[a\](javascript:alert(1)) \<img src=x onerror=alert(1)\> - y" in text


@pytest.mark.parametrize(
    "title, name",
    [
        ("Who? /etc/passwd", "Who etc passwd"),
        ("..", "conversation"),
        ("Wer ist Zoë Mørkved?", "Wer ist Zoë Mørkved"),
        ("x" * 90, "x" * 60),
    ],
)
def test_a_title_makes_a_safe_name(title: str, name: str) -> None:
    assert file_name(title) == name


def test_an_answer_is_copied_with_its_sources(given: AnswerShape) -> None:
    short, quote, sources = copied_text(given).split("\n\n")
    assert short == "94 [1]"
    assert quote.startswith("“Wilhelmina Sorrowby, who sewed sails") and quote.endswith("at the age of 94.” [1]")
    assert sources.startswith(
        "[1] Wilhelmina Sorrowby, the last sailmaker of Candle Lane, The Harbour Post, Odette Farrow, 21 February 2025, https://"
    )
    assert copied_text(given.model_copy(update={"citations": [], "answer": "Not found."})) == "Not found."


def test_a_conversation_is_begun_asked_read_renamed_and_removed_over_the_api(client: httpx.Client) -> None:
    begun = client.post("/v1/conversations", json={}).raise_for_status().json()
    assert (begun["title"], begun["turns"]) == ("", [])
    known = {"conversation_id": begun["id"]}
    first = client.post("/v1/answers", json={"question": QUESTION, **known}).raise_for_status().json()
    second = client.post("/v1/answers", json={"question": "When was she born?", **known}).raise_for_status().json()
    assert second["standalone_question"] == "When was Wilhelmina Sorrowby born?"
    address = f"/v1/conversations/{begun['id']}"
    read = client.get(address).json()
    assert (read["title"], read["turns"]) == (QUESTION, [first, second])
    assert client.patch(address, json={"title": "Qwxz and after"}).json()["title"] == "Qwxz and after"
    (line,) = client.get("/v1/conversations", params={"q": "qwxz"}).json()["data"]
    assert (line["id"], line["questions"]) == (begun["id"], 2)
    assert client.delete(address).json()["id"] == begun["id"]
    assert client.get(address).status_code == client.delete(address).status_code == 404
    assert client.post("/v1/answers", json={"question": QUESTION, **known}).status_code == 404


def test_conversations_come_page_by_page(client: httpx.Client) -> None:
    ids = [client.post("/v1/conversations", json={"title": f"Pqzy {number}"}).json()["id"] for number in range(3)]
    first = client.get("/v1/conversations", params={"q": "pqzy", "limit": 2}).json()
    rest = client.get("/v1/conversations", params={"q": "pqzy", "limit": 2, "cursor": first["next_cursor"]}).json()
    assert {line["id"] for line in first["data"] + rest["data"]} == set(ids)
    assert (len(first["data"]), len(rest["data"]), rest["next_cursor"]) == (2, 1, None)
    assert client.get("/v1/conversations", params={"cursor": "bm9uZQ=="}).status_code == 422


@pytest.mark.parametrize("title", ["", "  ", "x" * 121, 7])
def test_a_title_that_is_none_is_refused(client: httpx.Client, title: object) -> None:
    begun = client.post("/v1/conversations", json={"title": "x"}).json()
    assert client.patch(f"/v1/conversations/{begun['id']}", json={"title": title}).status_code == 422


def test_a_question_has_one_past(client: httpx.Client) -> None:
    both = {"conversation_id": "cnv_1", "messages": [{"role": "user", "content": "x"}]}
    assert client.post("/v1/answers", json={"question": QUESTION, **both}).status_code == 422


def test_an_answer_has_an_address(client: httpx.Client) -> None:
    answer = client.post("/v1/answers", json={"question": QUESTION}).json()
    page = client.get(f"/answers/{answer['id']}")
    assert asked(page.text) == [QUESTION]
    assert "at the age of" in page.text
    assert client.get("/answers/ans_none").status_code == 404


def test_an_answer_that_an_earlier_qa_kept_in_another_shape_is_told_as_not_kept(client: httpx.Client, server: object) -> None:
    earlier = KeptAnswer("ans_earlier", "2099-01-01T00:00:00Z", "{}", ())
    AnswerLog(StateFile(server.folder)).keep(earlier, older_than="2000-01-01T00:00:00Z")  # type: ignore[attr-defined]
    page = client.get("/answers/ans_earlier")
    assert page.status_code == 404
    assert "This answer is not kept" in page.text
