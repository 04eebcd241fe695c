"""An article that changes, and the answers that cite what it said before."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

import qa.service.publish
from qa.api.answer import answer_shape
from qa.base.errors import AnswerNotFound, ArticleNotFound, VersionNotFound
from qa.base.quotes import QuoteState
from qa.base.types import Answer, Article, text_digest
from qa.index.store import StoreWriter
from qa.service.service import Service

QUESTION = "When does the ferry to Skerrin sail?"
NOON = "The harbour is calm today. The ferry to Skerrin sails at noon. Bring a coat."
MOVED = "A word before. The harbour is calm today. The ferry to Skerrin sails at noon. Bring a coat."
SPED = "The harbour is calm today. The ferry to Skerrin sails at eleven. Bring a coat."


@pytest.fixture
def service(tmp_path: Path, open_service: Callable[..., Service]) -> Service:
    return open_service(tmp_path / "index")


@pytest.fixture
def no_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was removed or replaced is purged by the very next change."""
    monkeypatch.setattr(qa.service.publish, "REMOVED_KEPT", timedelta(seconds=-2))


def put(service: Service, text: str, id_: str = "ferry", **facts: str) -> None:
    service.add_articles([Article(id_, id_, "Ferry", text, **facts)])


def kept(service: Service) -> Answer:
    answer = service.ask(QUESTION, threshold=0, max_citations=1)
    assert answer.citations[0].quote == "The ferry to Skerrin sails at noon."
    assert service.keep(answer)
    return answer


def state_of(service: Service, answer: Answer) -> QuoteState:
    (found,) = service.verify(answer.id)
    return found.state


@pytest.mark.parametrize(
    ("text", "state", "places"),
    [
        (NOON, QuoteState.UNCHANGED, [27]),
        (NOON + " Nothing else.", QuoteState.UNCHANGED, [27]),
        (MOVED, QuoteState.MOVED, [42]),
        (MOVED + " The ferry to Skerrin sails at noon.", QuoteState.MOVED, [42, 92]),
        (SPED, QuoteState.EDITED, []),
    ],
)
def test_a_citation_is_verified_against_the_article_as_it_is_now(
    service: Service, text: str, state: QuoteState, places: list[int]
) -> None:
    put(service, NOON)
    answer = kept(service)
    put(service, text)
    (found,) = service.verify(answer.id)
    assert (found.state, found.current_digest) == (state, text_digest(text))
    assert [place.start for place in found.places] == places
    assert all(place.of(text) == found.cited.quote for place in found.places)


GONE = "The harbour is calm today. Bring a coat."
LAID_OUT = "The harbour is calm today. The ferry to\nSkerrin sails  at noon. Bring a coat."


@pytest.mark.parametrize(
    ("text", "change", "mark", "check", "now"),
    [
        (NOON, None, None, None, None),
        (MOVED, None, None, None, None),
        (LAID_OUT, None, None, None, None),
        (SPED, "edited", "edited", "the cited sentence was edited since", "The ferry to Skerrin sails at eleven."),
        (GONE, "deleted", "deleted", "the cited sentence was deleted since", None),
        (None, "removed", "deleted", "the cited article was deleted since", None),
    ],
)
def test_an_answer_shown_again_says_what_became_of_its_leading_sentence(
    service: Service, text: str | None, change: str | None, mark: str | None, check: str | None, now: str | None
) -> None:
    put(service, NOON)
    given = answer_shape(kept(service))
    if text is None:
        service.remove("ferry")
    else:
        put(service, text)
    (answer,) = service.as_of_now([given])
    changed = answer.changed_citations[0] if answer.changed_citations else None
    current = changed.current_sentence if changed else None
    assert (changed.change, changed.mark) == (change, mark) if changed else (change, mark) == (None, None)
    assert (answer.check, current.text if current else None) == (check, now)
    if current and text:
        assert text[current.start_char_index : current.end_char_index] == current.text
        assert current.link == "/articles/ferry#s1"
    assert answer.model_copy(update={"changed_citations": [], "check": None}) == given


def test_a_citation_that_does_not_lead_is_marked_and_leaves_the_answer_as_sure_as_it_was(service: Service) -> None:
    put(service, NOON)
    given = answer_shape(kept(service))
    other = given.citations[0].model_copy(update={"number": 2, "article_id": "one_that_was_removed"})
    given = given.model_copy(update={"citations": [*given.citations, other]})
    (answer,) = service.as_of_now([given])
    assert [(one.number, one.change) for one in answer.changed_citations] == [(2, "removed")]
    assert answer.check is None
    service.remove("ferry")
    (answer,) = service.as_of_now([given])
    assert answer.check == "the cited article was deleted since"


def test_a_citation_of_a_removed_article_is_removed_until_it_is_brought_back(service: Service) -> None:
    put(service, NOON)
    answer = kept(service)
    service.remove("ferry")
    assert state_of(service, answer) is QuoteState.REMOVED
    service.restore("ferry")
    assert state_of(service, answer) is QuoteState.UNCHANGED


def test_the_cited_version_stays_readable_with_its_sentences(service: Service) -> None:
    put(service, NOON, source="Post")
    answer = kept(service)
    cited = answer.citations[0]
    before, sentences_before = service.article("ferry")
    put(service, SPED, source="Another")
    put(service, MOVED)
    earlier, sentences = service.article("ferry", version=cited.article_digest)
    assert (earlier.article, sentences) == (before.article, sentences_before)
    assert earlier.replaced_at is not None
    assert cited.span.of(earlier.article.text) == cited.quote
    assert service.article("ferry", version=text_digest(MOVED))[0].replaced_at is None
    with pytest.raises(VersionNotFound, match="no kept answer shows it"):
        service.article("ferry", version="0" * 64)


def test_an_earlier_version_never_answers(service: Service) -> None:
    put(service, NOON)
    put(service, SPED)
    texts = {hit.article.text for hit in service.search(QUESTION).hits}
    assert texts == {SPED}


@pytest.mark.usefixtures("no_delay")
def test_versions_that_no_kept_answer_shows_are_deleted_by_a_later_change_and_others_stay(service: Service) -> None:
    put(service, NOON)
    answer = kept(service)
    put(service, SPED)
    put(service, MOVED)
    put(service, "Another article altogether.", "other")
    assert service.article("ferry", version=answer.citations[0].article_digest)[0].article.text == NOON
    with pytest.raises(VersionNotFound):
        service.article("ferry", version=text_digest(SPED))


def test_an_article_that_comes_back_to_an_earlier_text_is_that_version(service: Service) -> None:
    put(service, NOON)
    answer = kept(service)
    put(service, SPED)
    put(service, NOON)
    assert state_of(service, answer) is QuoteState.UNCHANGED
    assert service.article("ferry", version=text_digest(NOON))[0].replaced_at is None
    assert service.article("ferry", version=text_digest(SPED))[0].article.text == SPED


def test_a_change_of_facts_alone_is_no_other_version(service: Service) -> None:
    put(service, NOON)
    put(service, NOON, source="Post")
    with contextlib.closing(StoreWriter.open(service.folder)) as writer:
        assert writer.versions_replaced(before="9999") == []


def test_a_rebuild_keeps_the_earlier_versions(service: Service) -> None:
    put(service, NOON)
    answer = kept(service)
    put(service, SPED)
    service.rebuild()
    assert service.article("ferry", version=answer.citations[0].article_digest)[0].article.text == NOON
    assert state_of(service, answer) is QuoteState.EDITED


@pytest.mark.parametrize("way", ["now", "later", "rebuild"])
def test_a_purged_article_leaves_no_word_in_any_version_or_answer(
    service: Service, way: str, request: pytest.FixtureRequest
) -> None:
    secret = NOON.replace("noon", "zanzibarnoon")
    put(service, secret)
    answer = service.ask(QUESTION, threshold=0, max_citations=1)
    service.keep(answer)
    put(service, SPED)
    put(service, "Another article altogether.", "other")
    if way == "later":
        request.getfixturevalue("no_delay")
    service.remove("ferry", now=way == "now")
    if way == "later":
        put(service, "A third one.", "third")
    elif way == "rebuild":
        service.rebuild()
    assert state_of(service, answer) is QuoteState.REMOVED
    body = json.loads(service.kept_answer(answer.id).body)
    assert (body["answer"], body["citations"][0]["cited_text"]) == ("[removed] [1]", "")
    assert body["citations"][0]["start_char_index"] == answer.citations[0].span.start
    with pytest.raises(ArticleNotFound):
        service.article("ferry", version=answer.citations[0].article_digest)
    put(service, SPED)  # the same id again: what it said before is not there any more
    with pytest.raises(VersionNotFound):
        service.article("ferry", version=answer.citations[0].article_digest)
    service.close()
    held = b"".join(file.read_bytes() for file in service.folder.iterdir() if file.name.startswith(("store", "state")))
    assert b"zanzibarnoon" not in held


def test_answers_are_kept_for_the_days_that_are_set(tmp_path: Path, open_service: Callable[..., Service]) -> None:
    none_kept = open_service(tmp_path / "index", keep_answers_days=0)
    put(none_kept, NOON)
    answer = none_kept.ask(QUESTION)
    assert not none_kept.keep(answer)
    with pytest.raises(AnswerNotFound, match=answer.id):
        none_kept.kept_answer(answer.id)
    assert not (none_kept.folder / "state.sqlite").exists()


def test_where_the_state_cannot_be_written_answering_goes_on_and_the_log_says_so(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    put(service, NOON)
    (service.folder / "state.sqlite").mkdir()
    assert not service.keep(service.ask(QUESTION))
    assert "An answer was not kept" in caplog.text


def test_an_article_is_removed_where_the_state_is_damaged_and_its_earlier_texts_stay(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    put(service, NOON)
    put(service, f"{NOON} It was late.")
    (service.folder / "state.sqlite").write_bytes(b"no database at all" * 100)
    (article_id,) = service.remove(["ferry"])
    assert service.ask(QUESTION).citations == ()
    service.restore([article_id])
    assert service.article("ferry", version=text_digest(NOON))[0].article.text == NOON
    assert "Earlier texts of articles stay" in caplog.text


def test_an_article_is_deleted_at_once_where_the_state_is_damaged(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    put(service, NOON)
    (service.folder / "state.sqlite").write_bytes(b"no database at all" * 100)
    service.remove(["ferry"], now=True)
    assert list(service.articles()) == [] and not service.removed_ids()
    assert "Kept answers may still quote articles that were deleted" in caplog.text
    assert "is damaged: file is not a database. Restore it from a copy, or delete it" in caplog.text


def test_a_kept_answer_that_cannot_be_read_is_deleted_with_its_article(service: Service) -> None:
    put(service, NOON)
    answer = service.ask(QUESTION)
    assert service.keep(answer) and answer.citations
    with contextlib.closing(sqlite3.connect(service.folder / "state.sqlite")) as state, state:
        state.execute("UPDATE answers SET body = substr(body, 2)")
    service.remove(["ferry"], now=True)
    with pytest.raises(AnswerNotFound):
        service.kept_answer(answer.id)


def test_updating_embeds_only_the_passages_that_changed(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    part = "The {} pier was built of oak and tar by people from the islands long ago. "
    text = "\n\n".join((part * 7).format(*[word] * 7).strip() for word in ("north", "south", "east", "west"))
    put(service, text)
    embedded: list[str] = []
    real = service.encoder.embed_passages

    def counted(passages: list) -> object:
        embedded.extend(passage.text for passage in passages)
        return real(passages)

    monkeypatch.setattr(service.encoder, "embed_passages", counted)
    put(service, text.replace("west pier", "last pier"))
    assert len(service.search("pier", k=50).hits) >= 4
    assert embedded and all("last" in one for one in embedded)
