"""An index that is made anew with another encoder while questions are asked, and the list of indexes."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa.base.errors import IndexMismatch
from qa.base.types import Article
from qa.cli.app import main
from qa.index.layout import EDITIONS_FOLDER, POSTINGS_FOLDER, STORE_FILE
from qa.index.packaged_encoders import ENGLISH
from qa.index.store import Store
from qa.service.indexes import indexes_in
from qa.service.service import Service, open_index

QUESTION = "How old was Wilhelmina Sorrowby when she died?"


@pytest.fixture(scope="session")
def smaller_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of its own: the packaged one with its last three layers cut off."""
    from sentence_transformers import SentenceTransformer

    folder = tmp_path_factory.mktemp("models") / "smaller"
    model = SentenceTransformer(str(ENGLISH.path()), device="cpu", local_files_only=True)
    body = model[0].auto_model
    body.encoder.layer = body.encoder.layer[:3]
    body.config.num_hidden_layers = 3
    model.save(str(folder))
    return folder


@pytest.fixture(scope="module")
def few(open_service: Callable[..., Service], sample_articles: list[Article], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of some of the sample articles, which is made anew in a fifth of the time."""
    folder = tmp_path_factory.mktemp("few") / "index"
    held = {"ferry-terminal-opens", "port-record-ledger", "port-record-courier", "sorrowby-obituary", "seal-pups-little-tarn"}
    with open_service(folder) as opened:
        opened.add_articles(article for article in sample_articles if article.id in held)
    return folder


@pytest.fixture
def folder(few: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(few, tmp_path / "index"))


@pytest.fixture
def service(folder: Path) -> Iterator[Service]:
    with open_index(folder) as opened:
        yield opened


@pytest.fixture
def whole(sample_copy: Path) -> Iterator[Service]:
    """An index that takes seconds to be made anew."""
    with open_index(sample_copy) as opened:
        yield opened


def _rebuilt(folder: Path, encoder: Path | str) -> int:
    return main(["rebuild", "--encoder", str(encoder), "--index", str(folder)])


def test_no_question_fails_while_and_after_the_index_is_made_anew(whole: Service, smaller_encoder: Path) -> None:
    before = whole.ask(QUESTION)
    answered: list[str] = []
    failed: list[Exception] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                answered.append(whole.ask(QUESTION).status)
            except Exception as error:  # what is looked for
                failed.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        assert _rebuilt(whole.folder, smaller_encoder) == 0
        soon = len(answered)
        while len(answered) < soon + 3 and not failed:
            stop.wait(0.05)
    finally:
        stop.set()
        asking.join()
    assert failed == []
    assert whole.described().encoder.name == str(smaller_encoder)
    after = whole.ask(QUESTION)
    assert after.index_generation == before.index_generation + 1
    assert [one.score for one in after.trace.rankings[0].hits] != [one.score for one in before.trace.rankings[0].hits]
    assert after.citations[0].quote == before.citations[0].quote


def test_a_new_process_needs_no_setting_and_goes_on_with_the_indexs_encoder(folder: Path, smaller_encoder: Path) -> None:
    assert _rebuilt(folder, smaller_encoder) == 0
    with open_index(folder) as opened:
        opened.add_articles(list(opened.articles())[:0])
        assert opened.ask(QUESTION).citations
        assert opened.encoder.identity.name == str(smaller_encoder)
    assert main(["ask", QUESTION, "--index", str(folder)]) == 0
    assert _rebuilt(folder, "multilingual-e5-small") == 0
    with open_index(folder) as opened:
        assert opened.encoder.identity.name == "multilingual-e5-small"


def test_the_passage_prompt_follows_the_encoder_unless_the_settings_have_one(
    folder: Path, smaller_encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prompt() -> str:
        with open_index(folder) as opened:
            assert opened.ask(QUESTION).citations
            return opened.described().encoder.passage_prompt

    assert prompt() == "passage: "
    assert _rebuilt(folder, smaller_encoder) == 0
    assert prompt() == ""
    assert _rebuilt(folder, "multilingual-e5-small") == 0
    assert prompt() == "passage: "
    monkeypatch.setenv("QA_PASSAGE_PROMPT", "news: ")
    assert _rebuilt(folder, smaller_encoder) == 0
    assert prompt() == "news: "


def test_an_index_with_a_prompt_of_its_own_keeps_it_as_long_as_its_encoder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PASSAGE_PROMPT", "news: ")
    assert main(["rebuild", "--index", str(folder)]) == 0
    monkeypatch.delenv("QA_PASSAGE_PROMPT")
    assert _rebuilt(folder, "multilingual-e5-small") == 0
    with open_index(folder) as opened:
        assert opened.described().encoder.passage_prompt == "news: "


def test_the_refusal_of_another_encoder_says_how_long_a_rebuild_takes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_ENCODER", "all-MiniLM-L6-v2")
    with open_index(folder) as opened, pytest.raises(IndexMismatch) as raised:
        opened.ask(QUESTION)
    assert re.search(
        r"`qa rebuild`.* new vectors for \d+ passages, some 30 a second on two cores: about 1 min", str(raised.value)
    )


def test_doctor_calls_no_foreign_model_official_and_names_the_encoder_of_the_index(
    folder: Path, smaller_encoder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _rebuilt(folder, smaller_encoder) == 0
    capsys.readouterr()
    assert main(["doctor", "--index", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "official" not in said
    assert re.search(rf"model +{re.escape(str(smaller_encoder))}", said)


def test_doctor_says_what_it_costs_to_leave_the_encoder_for_english(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _rebuilt(folder, "all-MiniLM-L6-v2") == 0
    capsys.readouterr()
    assert main(["doctor", "--index", str(folder)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "the official ones" in said
    assert "made with all-MiniLM-L6-v2, for English alone. `qa rebuild --encoder multilingual-e5-small` makes new vectors" in said


def test_a_service_that_adds_follows_the_index_too(folder: Path, service: Service, smaller_encoder: Path, tmp_path: Path) -> None:
    assert service.ask(QUESTION).citations
    assert _rebuilt(folder, smaller_encoder) == 0
    (tmp_path / "new.txt").write_text("The lighthouse of Varrow was painted blue on Sunday.")
    assert service.add(tmp_path / "new.txt").added == 1
    assert "blue" in (service.ask("What colour was the lighthouse painted?", threshold=0).text)


def test_an_encoder_that_the_settings_insist_on_is_refused_where_the_index_has_another(
    folder: Path, smaller_encoder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QA_ENCODER", "multilingual-e5-small")
    assert _rebuilt(folder, smaller_encoder) == 0
    assert "QA_ENCODER or qa.toml names 'multilingual-e5-small'. This index is refused with it" in capsys.readouterr().err
    with open_index(folder) as opened, pytest.raises(IndexMismatch, match="was made with encoder"):
        opened.ask(QUESTION)


def test_an_encoder_that_is_not_there_leaves_the_index_as_it_was(
    folder: Path, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    generation = service.generation
    assert _rebuilt(folder, "nobody/no-such-model") == 1
    assert "No encoder 'nobody/no-such-model'" in capsys.readouterr().err
    assert service.generation == generation
    assert service.ask(QUESTION).citations


def test_an_index_of_an_earlier_version_is_rebuilt_by_what_it_was_made_with(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with contextlib.closing(sqlite3.connect(folder / STORE_FILE)) as older:
        older.executescript(
            "DROP INDEX sentences_words; ALTER TABLE sentences DROP COLUMN words; DROP TABLE clusters; DROP TABLE bands;"
            "DROP TABLE overruled; DROP TABLE languages; DROP TABLE terms; DROP INDEX articles_names;"
            "DROP INDEX articles_source; DROP TABLE source_names; DROP TABLE row_digests;"
            "ALTER TABLE articles DROP COLUMN is_markdown; ALTER TABLE versions DROP COLUMN is_markdown;"
            "UPDATE facts SET value = '1' WHERE name = 'format'; PRAGMA user_version = 3"
        )
    assert main(["ask", QUESTION, "--index", str(folder)]) == 1
    assert "has store version 3, this qa reads 11. `qa rebuild` brings it up to date." in capsys.readouterr().err
    assert main(["rebuild", "--index", str(folder)]) == 0
    with open_index(folder) as opened:
        assert (opened.described().rule.characters, opened.described().rule.overlap_sentences) == (600, 1)
        assert opened.ask(QUESTION).citations
        assert len(opened.near_duplicates("port-record-ledger")) == 1


def test_an_index_of_another_format_says_how_it_is_brought_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with contextlib.closing(sqlite3.connect(folder / STORE_FILE)) as older:
        older.executescript("UPDATE facts SET value = '1' WHERE name = 'format'")
    assert main(["ask", QUESTION, "--index", str(folder)]) == 1
    assert "has format 1, this qa has 3. `qa rebuild` brings it over" in capsys.readouterr().err


def test_articles_are_removed_from_an_index_of_another_format_without_its_search_files(folder: Path) -> None:
    """Their fields are others: to go on with them is what tantivy refuses."""
    with contextlib.closing(sqlite3.connect(folder / STORE_FILE)) as older:
        older.executescript("UPDATE facts SET value = '1' WHERE name = 'format'")
    assert main(["remove", "ferry-terminal-opens", "--now", "--index", str(folder)]) == 0
    with contextlib.closing(Store.open(folder)) as store:
        postings = folder / EDITIONS_FOLDER / (store.fact("edition") or "") / POSTINGS_FOLDER
    assert {file.stat().st_nlink for file in postings.iterdir()} == {1}  # none is a link to one of the edition before
    assert main(["rebuild", "--index", str(folder)]) == 0
    assert main(["ask", QUESTION, "--index", str(folder)]) == 0


def test_the_indexes_of_a_folder_are_listed_with_what_they_hold_and_are_made_with(
    sample_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(sample_index, tmp_path / "indexes" / "news")
    (tmp_path / "indexes" / "broken").mkdir()
    (tmp_path / "indexes" / "broken" / "store.sqlite").write_bytes(b"no database at all" * 100)
    (tmp_path / "indexes" / "notes.txt").write_text("not an index")
    assert main(["list", "--indexes", "--json", "--index", str(tmp_path / "indexes" / "news")]) == 0
    broken, news = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (broken["name"], broken["articles"]) == ("broken", 0) and "damaged or no qa store" in broken["problem"]
    assert (news["name"], news["articles"], news["encoder"], news["dimension"]) == ("news", 44, "multilingual-e5-small", 384)
    assert news["problem"] is None and news["bytes"] > 100_000
    assert main(["list", "--indexes", "--index", str(tmp_path / "indexes" / "news")]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("news\t44 articles\t")


def test_where_there_is_no_index_none_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert indexes_in(tmp_path / "none") == []
    assert main(["list", "--indexes", "--index", str(tmp_path / "none" / "default")]) == 0
    assert capsys.readouterr().err == f"There is no index in {tmp_path / 'none'}.\n"
