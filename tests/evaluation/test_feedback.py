"""What users said of answers becomes judged questions: which grade what has, and what of it is left out."""

from __future__ import annotations

import contextlib
import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from qa.base.errors import DatasetError
from qa.base.feedback import JudgedAnswer, JudgedSentence, Verdict
from qa.base.types import Article, Span, text_digest
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.feedback import JudgedSet, judged_set, write_set
from qa.index.store import Store
from qa.service.build import Indexer

TEXT = "Fog lay on the harbour. The ferry sails at noon. It takes two hours."
NOON, HOURS = Span(24, 48), Span(49, 68)  # "The ferry sails at noon.", "It takes two hours."
QUESTION = "When does the ferry sail?"


@pytest.fixture
def index(make_indexer: Callable[..., Indexer], article: Callable[..., Article]) -> Indexer:
    indexer = make_indexer()
    indexer.add([article("art_ferry", TEXT)])
    return indexer


def judged(*answers: JudgedAnswer, index: Indexer) -> JudgedSet:
    with contextlib.closing(Store.open(index.folder)) as store, store.reading():
        return judged_set(answers, store)


def sentence(
    span: Span, number: int = 1, *, verdict: Verdict | None = None, at: str = "2024-03-08T12:30:00", shown: str = "citations"
) -> JudgedSentence:
    return JudgedSentence(shown, number, "art_ferry", text_digest(TEXT), span, verdict, at if verdict else None)


def answer(
    *sentences: JudgedSentence, verdict: Verdict | None = None, at: str = "2024-03-08T12:00:00", question: str = QUESTION
) -> JudgedAnswer:
    asked_at = "2024-03-08T11:00:00Z"
    return JudgedAnswer("ans_1", question, asked_at, False, sentences, verdict, at if verdict else None)


def grades(found: JudgedSet) -> dict[tuple[int, int], int]:
    """Of the only question: where → grade."""
    (question,) = found.questions
    return {(one.start, one.end): one.grade for one in question.judgements}


def test_a_helpful_answer_judges_every_sentence_that_it_cites(index: Indexer) -> None:
    found = judged(answer(sentence(NOON), sentence(HOURS, 2), verdict=Verdict.HELPFUL), index=index)
    (question,) = found.questions
    assert (question.question, question.answerable, question.asked_at) == (QUESTION, True, "2024-03-08T11:00:00Z")
    assert [(one.article_id, one.text, one.grade) for one in question.judgements] == [
        ("given art_ferry", "The ferry sails at noon.", 1),
        ("given art_ferry", "It takes two hours.", 1),
    ]
    assert found.notes == ()


def test_what_is_said_of_a_sentence_counts_over_what_is_said_of_its_answer(index: Indexer) -> None:
    said = answer(
        sentence(NOON, verdict=Verdict.RIGHT), sentence(HOURS, 2, verdict=Verdict.WRONG), verdict=Verdict.HELPFUL, at="2024-03-09"
    )
    assert grades(judged(said, index=index)) == {(24, 48): 2, (49, 68): 0}


def test_an_answer_that_was_not_helpful_judges_its_sentences_wrong_and_does_not_say_whether_there_is_an_answer(
    index: Indexer,
) -> None:
    found = judged(answer(sentence(NOON), verdict=Verdict.NOT_HELPFUL), index=index)
    assert grades(found) == {(24, 48): 0}
    assert found.questions[0].answerable is None


@pytest.mark.parametrize(("verdict", "answerable"), [(Verdict.HELPFUL, False), (Verdict.NOT_HELPFUL, True)])
def test_of_not_found_helpful_says_that_nothing_answers_and_not_helpful_that_something_does(
    index: Indexer, verdict: Verdict, answerable: bool
) -> None:
    found = judged(answer(sentence(NOON, shown="nearest"), verdict=verdict), index=index)
    assert found.questions[0].answerable is answerable
    assert found.questions[0].judgements == []


def test_a_nearest_sentence_that_was_said_to_answer_does(index: Indexer) -> None:
    found = judged(answer(sentence(NOON, shown="nearest", verdict=Verdict.RIGHT)), index=index)
    assert grades(found) == {(24, 48): 2}
    assert found.questions[0].answerable is True


def test_not_found_among_some_articles_says_nothing_of_all(index: Indexer) -> None:
    narrowed = replace(answer(verdict=Verdict.HELPFUL), is_narrowed=True)
    assert judged(narrowed, index=index) == JudgedSet(
        (), ('"Not found" that was judged while not every article could answer: 1 (ans_1)',)
    )


def test_of_what_is_said_of_one_sentence_in_two_answers_the_later_counts(index: Indexer) -> None:
    early = answer(sentence(NOON), verdict=Verdict.HELPFUL, at="2024-03-08T12:00:00")
    late = answer(sentence(NOON, verdict=Verdict.WRONG, at="2024-03-09T12:00:00"))
    assert grades(judged(late, early, index=index)) == {(24, 48): 0}
    again = answer(sentence(NOON), verdict=Verdict.HELPFUL, at="2024-03-10T12:00:00")
    assert grades(judged(again, late, early, index=index)) == {(24, 48): 1}


def test_that_nothing_answers_ends_what_was_right_before_and_is_ended_by_what_is_right_later(index: Indexer) -> None:
    right = answer(sentence(NOON), sentence(HOURS, 2, verdict=Verdict.WRONG), verdict=Verdict.HELPFUL)
    nothing = answer(verdict=Verdict.HELPFUL, at="2024-03-09")
    found = judged(right, nothing, index=index)
    assert (grades(found), found.questions[0].answerable) == ({(49, 68): 0}, False)
    later = answer(sentence(NOON), verdict=Verdict.HELPFUL, at="2024-03-10")
    found = judged(nothing, later, index=index)
    assert (grades(found), found.questions[0].answerable) == ({(24, 48): 1}, True)


def test_the_same_words_are_one_question_unless_they_mean_other_days(index: Indexer) -> None:
    one = answer(sentence(NOON), verdict=Verdict.HELPFUL, question="What sailed last week?")
    later = replace(one, asked_at="2024-03-09T11:00:00Z")  # a Saturday, as the 8th is a Friday: the same week
    next_week = replace(one, asked_at="2024-03-15T11:00:00Z")
    found = judged(one, later, next_week, index=index)
    assert [question.asked_at for question in found.questions] == ["2024-03-09T11:00:00Z", "2024-03-15T11:00:00Z"]
    assert len({question.id for question in found.questions}) == 2


def test_a_sentence_moves_with_its_text_and_one_that_is_gone_is_counted(index: Indexer, article: Callable[..., Article]) -> None:
    said = answer(sentence(NOON), sentence(HOURS, 2), verdict=Verdict.HELPFUL)
    index.add([article("art_ferry", "Correction. The ferry sails at noon. It takes three hours.")])
    found = judged(said, index=index)
    (question,) = found.questions
    assert [(one.start, one.end, one.text) for one in question.judgements] == [(12, 36, "The ferry sails at noon.")]
    assert found.notes == ("Judged sentences that their article, which has changed, does not have any more: 1 (art_ferry)",)


def test_sentences_of_articles_that_were_removed_are_counted(index: Indexer) -> None:
    said = answer(sentence(NOON), sentence(HOURS, 2), verdict=Verdict.HELPFUL)
    index.remove(["art_ferry"])
    assert judged(said, index=index) == JudgedSet(
        (), ("Judged sentences of articles that are not in the index any more: 2 (art_ferry, art_ferry)",)
    )


# Files


@pytest.fixture
def found(index: Indexer) -> JudgedSet:
    unsaid = answer(verdict=Verdict.NOT_HELPFUL, question="Where is the keeper?", at="2024-03-09")
    return judged(answer(sentence(NOON), verdict=Verdict.HELPFUL), unsaid, index=index)


@pytest.mark.parametrize("name", ["judged.jsonl", "new/judged.jsonl.gz"])
def test_a_file_holds_the_questions_as_a_set_is_read(found: JudgedSet, tmp_path: Path, name: str) -> None:
    write_set(found, tmp_path / name, ())
    assert (tmp_path / name).read_bytes().startswith(b"\x1f\x8b") is name.endswith(".gz")
    dataset = read_dataset(tmp_path / name)
    assert (dataset.format, dataset.articles) == ("spans", None)
    first, second = dataset.questions
    assert (first.question, first.answerable, first.judgements[0].span, first.judgements[0].grade) == (QUESTION, True, NOON, 1)
    assert (second.answerable, second.judgements) == (True, ())
    assert dataset.notes == (f"Questions that are called answerable and have no judgement: 1 ({second.id})",)


def test_the_same_feedback_makes_the_same_bytes(found: JudgedSet, tmp_path: Path) -> None:
    for name in ("one.jsonl.gz", "two.jsonl.gz"):
        write_set(found, tmp_path / name, ())
    one, two = ((tmp_path / name).read_bytes() for name in ("one.jsonl.gz", "two.jsonl.gz"))
    assert one == two
    assert gzip.decompress(one).count(b"\n") == 2


def test_a_folder_holds_the_articles_too_as_they_are(found: JudgedSet, tmp_path: Path, article: Callable[..., Article]) -> None:
    held = article("art_ferry", TEXT, source="The Harbour Post", published_at="2024-03-08", language="en")
    write_set(found, tmp_path / "judged", [held])
    dataset = read_dataset(tmp_path / "judged")
    assert dataset.articles is not None
    (read,) = dataset.articles()
    assert isinstance(read, Article)
    assert replace(read, id=held.id) == held


def test_a_place_that_cannot_be_written_is_told(found: JudgedSet, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatasetError, match="Choose another place with --out"):
        write_set(found, tmp_path / "file" / "judged.jsonl", ())
