"""`verify` passes an index that is right and names what is wrong with one that is not."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from qa.base.errors import ArticleDamaged, IndexDamaged, IndexMismatch
from qa.base.settings import load_settings
from qa.base.types import Article, Span
from qa.cli.doctor import diagnose
from qa.corpus.articles import make_article
from qa.index.encoder import TransformerEncoder
from qa.index.layout import EDITIONS_FOLDER, STATE_FILE, STORE_FILE
from qa.index.store import Store
from qa.service.question import AnswerRequest
from qa.service.service import Service
from qa.service.verification import answer_problems, sample_questions, sentence_problems, verify_index


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory, encoder: TransformerEncoder, sample_articles: list[Article]) -> Path:
    """An index of six articles."""
    folder = tmp_path_factory.mktemp("verified") / "index"
    obituary = next(article for article in sample_articles if article.id == "sorrowby-obituary")
    Service(load_settings(index=folder), encoder=encoder).add_articles([*sample_articles[:5], obituary])
    return folder


@pytest.fixture
def service(few: Path, tmp_path: Path, encoder: TransformerEncoder) -> Service:
    """A copy that may be damaged."""
    return Service(load_settings(index=Path(shutil.copytree(few, tmp_path / "index"))), encoder=encoder)


@pytest.fixture
def execute(service: Service) -> Callable[[str], None]:
    """Changes the store behind qa's back."""

    def run(statement: str) -> None:
        with contextlib.closing(sqlite3.connect(service.folder / STORE_FILE)) as connection, connection:
            assert connection.execute(statement).rowcount > 0

    return run


@pytest.fixture
def _no_text_is_embedded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which takes most of the time, and finds only vectors that have a right digest."""
    monkeypatch.setattr("qa.service.verification._EMBEDDED_AGAIN", 0)


def test_an_index_that_is_right_has_no_problems(
    sample_copy: Path, open_service: Callable[..., Service], sample_articles: list[Article]
) -> None:
    checked = verify_index(open_service(sample_copy), answers=5)
    assert checked.problems == []
    assert checked.articles == len(sample_articles)
    assert checked.answers == 5
    assert checked.citations >= 5
    assert min(checked.sentences, checked.passages, checked.files, checked.vectors) > 0


def test_an_index_stays_right_through_removals_and_changes(service: Service, sample_articles: list[Article]) -> None:
    first, second, third = sample_articles[:3]
    service.remove([first.id], now=True)
    service.remove([second.id])
    service.add_articles([replace(third, text=f"{third.text} A sentence was added.")])
    assert verify_index(service, answers=3).problems == []


@pytest.mark.usefixtures("_no_text_is_embedded_again")
def test_an_article_and_its_sentences_are_read_once_to_be_compared(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    read, sentences = [], Store.sentences
    monkeypatch.setattr(Store, "sentences", lambda store, row, *some: [read.append(row), sentences(store, row, *some)][1])
    checked = verify_index(service, answers=0)
    assert (checked.articles, checked.problems) == (6, [])
    assert sorted(read) == [1, 2, 3, 4, 5, 6]


def test_questions_are_made_of_sentences_all_over_the_index(service: Service) -> None:
    with service.opened() as store:
        articles = [stored.article.text for stored in store.articles()]
        questions = [*sample_questions(store, 3)]
        assert (len(questions), [*sample_questions(store, 0)]) == (3, [])
    found = [next(place for place, text in enumerate(articles) if question.rstrip("?") in text) for question in questions]
    assert found == sorted(set(found)) and found[0] == 0


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE articles SET text = text || ' More.' WHERE row = 3", "was damaged: it is not as it was added"),
        ("UPDATE articles SET url = 'https://elsewhere.example/' WHERE row = 3", "was damaged: it is not as it was added"),
        ("UPDATE articles SET published_at = '2001-01-01' WHERE row = 3", "was damaged: it is not as it was added"),
        ("UPDATE facts SET value = 'x' || value WHERE name = 'changed_at'", "the row changed_at of the table facts"),
        ("DELETE FROM facts WHERE name = 'changed_at'", "the row changed_at of the table facts"),
        ("UPDATE languages SET guessed = 1 - guessed WHERE article = 3", "are not as they were stored"),
        (
            "UPDATE vectors SET vector = (SELECT max(vector) FROM vectors) WHERE vector = (SELECT min(vector) FROM vectors)",
            "of the table vectors",
        ),
        ("INSERT INTO gone VALUES (5)", "1 row of passages are called deleted"),
        ("UPDATE sentences SET end = end - 1 WHERE article = 3 AND position = 2", "in no sentence"),
        ("UPDATE sentences SET start = start - 4 WHERE article = 3 AND position = 2", "overlaps"),
        ("UPDATE passages SET start = start + 3 WHERE row = 5", "neither whole sentences nor a part"),
        ("DELETE FROM passages WHERE row = 5", "not in the store"),
        ("UPDATE passages SET vector = (SELECT vector FROM passages WHERE row = 9) WHERE row = 5", "not that of its text"),
        (
            "UPDATE vectors SET vector = zeroblob(length(vector)) WHERE key = (SELECT vector FROM passages WHERE row = 5)",
            "length 1",
        ),
    ],
)
def test_what_was_changed_behind_its_back_is_found(
    service: Service, execute: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, statement: str, said: str
) -> None:
    monkeypatch.setattr("qa.service.verification._EMBEDDED_AGAIN", 1_000)  # all of them
    execute(statement)
    problems = verify_index(service, answers=0).problems
    assert any(said in problem for problem in problems), problems


@pytest.mark.usefixtures("_no_text_is_embedded_again")
def test_nothing_of_a_damaged_article_is_quoted_until_it_is_added_again(service: Service, execute: Callable[[str], None]) -> None:
    question = "How old was Wilhelmina Sorrowby when she died?"
    obituary = service.article("sorrowby-obituary")[0].article
    execute("UPDATE articles SET url = 'https://elsewhere.example/' WHERE given_id = 'sorrowby-obituary'")
    service.close()
    for refused in (lambda: service.ask(question), lambda: service.search(question), lambda: service.article(obituary.id)):
        with pytest.raises(ArticleDamaged, match=rf"{obituary.id} .* nothing of it is quoted. Add it again"):
            refused()
    with pytest.raises(ArticleDamaged):
        service.rebuild()
    diagnosis = diagnose(service.settings, index_given=True)
    assert any(obituary.id in problem and "nothing of it is quoted" in problem for problem in diagnosis.problems)
    assert service.add_articles([obituary]).changed == 1
    assert service.ask(question).citations[0].source.url == obituary.url
    assert verify_index(service, answers=0).problems == []


@pytest.mark.usefixtures("_no_text_is_embedded_again")
def test_a_text_that_is_no_text_any_more_can_be_removed(service: Service, execute: Callable[[str], None]) -> None:
    execute("UPDATE articles SET text = CAST(x'c3' AS TEXT), title = 7 WHERE given_id = 'sorrowby-obituary'")
    (damaged,) = service.damaged_articles()
    assert damaged.article.given_id == "sorrowby-obituary"
    service.remove([damaged.article.given_id], now=True)
    assert verify_index(service, answers=0).problems == []


@pytest.mark.usefixtures("_no_text_is_embedded_again")
def test_an_index_from_before_there_were_digests_gets_them_when_it_is_changed(
    service: Service, execute: Callable[[str], None]
) -> None:
    with contextlib.closing(sqlite3.connect(service.folder / STORE_FILE)) as connection:
        connection.executescript("DROP TABLE row_digests; PRAGMA user_version = 10")
    with pytest.raises(IndexMismatch, match="`qa rebuild` brings it up to date"):
        service.article("sorrowby-obituary")
    service.upgrade()
    assert verify_index(service, answers=1).problems == []
    execute("UPDATE articles SET title = 'Another' WHERE given_id = 'sorrowby-obituary'")
    assert [row.article.given_id for row in service.damaged_articles()] == ["sorrowby-obituary"]


@pytest.mark.usefixtures("_no_text_is_embedded_again")
def test_a_flipped_byte_is_found_or_makes_no_difference(service: Service, encoder: TransformerEncoder, tmp_path: Path) -> None:
    request = AnswerRequest("How old was Wilhelmina Sorrowby when she died?")
    kept = service.answer(request)
    service.close()

    def seen(folder: Path) -> object:
        """What the index says and keeps."""
        with Service(load_settings(index=folder), encoder=encoder) as opened:
            answer = opened.ask(request.question, asked_at=kept.asked_at)
            articles = [row.article for row in opened.articles()]
            return answer.citations, answer.trace.rankings, articles, opened.kept_answer(kept.id)

    expected, chosen, found = seen(service.folder), random.Random(27), 0
    edition = service.folder / EDITIONS_FOLDER
    for _ in range(4):
        of_edition = chosen.choice([path for path in sorted(edition.rglob("*")) if path.is_file() and path.stat().st_size])
        for name in (STORE_FILE, STATE_FILE, of_edition.relative_to(service.folder)):
            damaged = Path(shutil.copytree(service.folder, tmp_path / "damaged"))
            file = damaged / name
            data = bytearray(file.read_bytes())
            data[chosen.randrange(len(data))] ^= chosen.randrange(1, 256)
            file.write_bytes(data)
            with Service(load_settings(index=damaged), encoder=encoder) as opened:
                is_found = bool(verify_index(opened, answers=0).problems)
            found += is_found
            assert is_found or seen(damaged) == expected, file
            shutil.rmtree(damaged)
    assert found >= 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE facts SET value = '6x0' WHERE name = 'passage_characters'",
        "UPDATE facts SET value = 'x' WHERE name = 'generation'",
        "UPDATE articles SET published_at = '2024-99-99'",
        "UPDATE sentences SET end = 99999999",
        "UPDATE sentences SET kind = 'prosa'",
        "UPDATE passages SET start = -1",
        "UPDATE passages SET first = 9, last = 99999999",
        "DELETE FROM terms",
    ],
)
@pytest.mark.usefixtures("_no_text_is_embedded_again")
def test_what_cannot_be_read_any_more_is_a_clear_error(service: Service, execute: Callable[[str], None], statement: str) -> None:
    execute(statement)
    with pytest.raises(IndexDamaged):
        service.ask("How old was Wilhelmina Sorrowby when she died?")
    service.close()
    assert verify_index(service, answers=0).problems


def test_an_index_of_a_newer_qa_is_left_alone(service: Service, execute: Callable[[str], None]) -> None:
    execute("UPDATE facts SET value = '99' WHERE name = 'format'")
    for refused in (lambda: service.ask("How old was she?"), service.rebuild, lambda: service.remove(["sorrowby-obituary"])):
        with pytest.raises(IndexMismatch, match="was made by a newer qa: it has format 99"):
            refused()


@pytest.mark.usefixtures("_no_text_is_embedded_again")
def test_an_answer_that_was_changed_where_it_is_kept_is_found(service: Service) -> None:
    kept = service.answer(AnswerRequest("How old was Wilhelmina Sorrowby when she died?"))
    assert verify_index(service, answers=0).problems == []
    with contextlib.closing(sqlite3.connect(service.folder / STATE_FILE)) as connection, connection:
        connection.execute("UPDATE quotes SET quote = 'She was 95.' WHERE number = 1")
    (problem,) = verify_index(service, answers=0).problems
    assert problem == f"state.sqlite: the row {kept.id} citations 1 of the table quotes is not as it was written, or is lost"


def test_a_passage_that_the_files_lack_is_found(service: Service, execute: Callable[[str], None]) -> None:
    execute("INSERT INTO passages SELECT row + 1000, article, start, end, first, last, vector FROM passages WHERE row = 5")
    assert any("the postings end at row" in problem for problem in verify_index(service, answers=0).problems)


def test_a_file_that_differs_from_its_digest_is_found(service: Service) -> None:
    (file,) = service.folder.glob("editions/*/vectors.faiss")
    file.write_bytes(file.read_bytes() + b"x")
    (problem,) = verify_index(service, answers=0).problems
    assert "does not match its digest" in problem


def test_a_store_with_damaged_pages_is_found(service: Service) -> None:
    file = service.folder / STORE_FILE
    data = bytearray(file.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 9000] = b"\xff" * 9000
    file.write_bytes(data)
    assert verify_index(service, answers=0).problems


def test_text_outside_all_sentences_is_a_problem() -> None:
    article = Article(id="a", given_id="a", title="", text="One. Two.")
    assert list(sentence_problems(article, [])) == ["there is text from 0 on that is in no sentence"]


def test_a_citation_that_is_off_by_one_or_names_another_text_is_a_problem(service: Service) -> None:
    answer = service.ask("How old was Wilhelmina Sorrowby when she died?")
    citation = answer.citations[0]
    shifted = replace(citation, span=Span(citation.span.start + 1, citation.span.end + 1))
    wrong = {
        "does not stand at": shifted,
        "another version": replace(citation, article_digest="0" * 64),
        "may not be quoted": replace(citation, sentence_index=citation.sentence_index + 1),
        "prefix or suffix": replace(citation, suffix="nowhere"),
        "no such article": replace(citation, article_id="art_0000000000000000"),
        "has the number 7": replace(citation, number=7),
        "its text is not that": replace(citation, quote="Another."),
    }
    with contextlib.closing(Store.open(service.folder)) as store, store.reading():
        assert list(answer_problems(answer, store)) == []
        for said, broken in wrong.items():
            problems = list(answer_problems(replace(answer, citations=(broken, *answer.citations[1:])), store))
            assert any(said in problem for problem in problems), (said, problems)


def test_a_sentence_that_is_too_long_to_ask_is_passed_over(tmp_path: Path, encoder: TransformerEncoder) -> None:
    letters = "The proof names " + "ξ, " * 300 + "and stops there."  # of more than 512 tokens, in fewer than 1,000 characters
    with Service(load_settings(index=tmp_path / "index"), encoder=encoder) as index:
        index.add_articles([make_article(letters, given_id="letters")])
        checked = verify_index(index, answers=1)
    assert (checked.answers, checked.problems) == (0, [])
