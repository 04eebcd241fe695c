"""JSON lines of questions that are judged by offsets, evidence, answers or qrels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.base.errors import DatasetError
from qa.base.types import Article, Span
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.judgements import Dataset, JudgedBy, Judgement

if TYPE_CHECKING:
    from conftest import SetFolder

FIRST = "\U0001f4a1 The pier is 90 metres long."
SECOND = "It was built in 1957. It rains."
ARTICLE = f"{FIRST}\n\n{SECOND}"  # the second passage begins at 29 + 2
PASSAGES = ({"id": "p0", "article_id": "pier", "text": FIRST}, {"id": "p1", "article_id": "pier", "text": SECOND})


def _record(**fields: object) -> dict[str, object]:
    return {"id": "q1", "question": "When was the pier built?", "answers": [], "answerable": True, **fields}


def _judged(harbour: Dataset) -> list[tuple[JudgedBy, tuple[Judgement, ...], bool | None]]:
    return [(question.judged_by, question.judgements, question.answerable) for question in harbour.questions]


def test_an_offset_into_a_passage_is_moved_to_its_article(folder: SetFolder) -> None:
    folder.articles({"pier": ARTICLE}, "articles.jsonl.gz")
    folder.lines("passages.jsonl.gz", *PASSAGES)
    folder.lines("questions.jsonl.gz", _record(answers=["1957", "in 1957"], passage_id="p1", answer_start=16, type="squad"))
    harbour = read_dataset(folder.path)
    assert _judged(harbour) == [(JudgedBy.SPANS, (Judgement("pier", Span(47, 51), 1, "1957"),), True)]  # 29 + 2 + 16
    assert ARTICLE[47:51] == "1957"
    assert (harbour.format, harbour.questions[0].answers, harbour.questions[0].kind) == ("records", ("1957", "in 1957"), "squad")
    assert harbour.notes == ()


def test_an_unanswerable_question_has_no_judgements_and_its_label_is_its_kind(folder: SetFolder) -> None:
    folder.articles({"pier": ARTICLE})
    folder.lines("passages.jsonl", *PASSAGES)
    folder.lines(
        "questions.jsonl", _record(answerable=False, passage_id="p1", plausible_answers=["1957"], label="official", type="squad")
    )
    harbour = read_dataset(folder.path)
    assert _judged(harbour) == [(JudgedBy.SPANS, (), False)]
    assert harbour.questions[0].kind == "official"


def test_passages_and_answers_that_cannot_be_found_are_noted_and_their_questions_kept(folder: SetFolder) -> None:
    folder.articles({"pier": f"{SECOND}\n{SECOND}"})
    folder.lines("passages.jsonl", *PASSAGES)
    folder.lines(
        "questions.jsonl",
        _record(id="lost", answers=["90 metres"], passage_id="p0", answer_start=14),
        _record(id="twice", answers=["1957"], passage_id="p1", answer_start=16),
        _record(id="shifted", answers=["1957"], passage_id="p1", answer_start=17),
        _record(id="unknown", answers=["1957"], passage_id="p9", answer_start=16),
    )
    harbour = read_dataset(folder.path)
    judged = {question.id: question.judgements for question in harbour.questions}
    assert judged == {"lost": (), "twice": (Judgement("pier", Span(16, 20), 1, "1957"),), "shifted": (), "unknown": ()}
    assert harbour.notes == (
        "Passages that their article does not hold: 1 (p0)",
        "Passages taken at the first of several places in their article: 1 (p1)",
        "Answers left out, for their passage is not there or not in its article: 2 (lost, unknown)",
        "Answers left out, for they are not at answer_start in their passage: 1 (shifted)",
    )


def test_without_articles_each_passage_is_one_and_its_spans_are_judged_once_each(folder: SetFolder) -> None:
    folder.lines("passages.jsonl", {"id": "p0", "article_id": "p0", "title": "The pier", "text": FIRST})
    folder.lines("questions.jsonl", _record(answers=["90 metres"], passage_id="p0", spans=[[14, 23], [14, 23], [14, 16]]))
    harbour = read_dataset(folder.path)
    judgements = (Judgement("p0", Span(14, 23), 1, "90 metres"), Judgement("p0", Span(14, 16), 1, "90"))
    assert _judged(harbour) == [(JudgedBy.SPANS, judgements, True)]
    assert harbour.articles is not None
    (article,) = harbour.articles()
    assert isinstance(article, Article)
    assert (article.given_id, article.title, article.text) == ("p0", "The pier", FIRST)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"spans": [[5, 3]]}, "each of spans needs an end above its start"),
        ({"spans": [[-1, 3]]}, r"spans\[0\]\[0\] is -1"),
        ({"spans": [[1, 2, 3]]}, r"spans\[0\] is \[1, 2, 3\]"),
        ({"spans": [[25, 30]]}, "passage 'p0': span 25-30 ends behind a text of 29 characters"),
        ({"answer_start": -3, "answers": ["90"]}, "answer_start is -3"),
        ({"answer_start": 3}, "the record has no answer"),
        ({"answer_start": 3, "answers": ["90"], "passage_id": None}, "there is no 'passage_id'"),
    ],
)
def test_offsets_that_make_no_sense_are_refused(folder: SetFolder, fields: dict[str, object], reason: str) -> None:
    folder.lines("passages.jsonl", {"id": "p0", "text": FIRST})
    folder.lines("questions.jsonl", _record(**{"passage_id": "p0", **fields}))
    with pytest.raises(DatasetError, match=rf"questions.jsonl, line 1: .*{reason}"):
        read_dataset(folder.path)


def test_evidence_is_judged_at_its_first_place_and_noted_when_there_are_several_or_none(folder: SetFolder) -> None:
    folder.articles({"pier": "It rains. The pier is long. It rains."})
    folder.lines(
        "questions.jsonl",
        _record(evidence=[{"article_id": "pier", "text": "The pier is long."}, {"article_id": "pier", "text": "It rains."}]),
        _record(id="q2", evidence=[{"article_id": "pier", "text": "It snows."}, {"article_id": "crane", "text": "It rains."}]),
    )
    harbour = read_dataset(folder.path)
    found = (Judgement("pier", Span(10, 27), 1, "The pier is long."), Judgement("pier", Span(0, 9), 1, "It rains."))
    assert _judged(harbour) == [(JudgedBy.SPANS, found, True), (JudgedBy.SPANS, (), True)]
    assert harbour.notes == (
        "Evidence taken at the first of several places in its article: 1 (q1)",
        "Evidence left out, for its article does not hold it: 2 (q2, q2)",
    )


def test_articles_with_an_answer_are_judged_by_its_words(folder: SetFolder) -> None:
    folder.articles({"pier": ARTICLE})
    news = {"answers": ["1957"], "asked_at": "2024-01-31", "choices": ["1957", "1958"]}
    folder.lines(
        "questions.jsonl",
        {"id": "q1", "question": "When?", **news, "articles_with_answer": ["pier", "crane"], "answer_in_articles": True},
        {"id": "q2", "question": "Why?", **news, "articles_with_answer": [], "answer_in_articles": False},
    )
    harbour = read_dataset(folder.path)
    judgements = (Judgement("pier", None, 1), Judgement("crane", None, 1))
    assert _judged(harbour) == [(JudgedBy.ANSWERS, judgements, True), (JudgedBy.ANSWERS, (), None)]
    assert (harbour.questions[0].answers, harbour.questions[0].asked_at) == (("1957",), "2024-01-31")
    assert harbour.notes == ("Judgements that name an article which the set does not have: 1 (crane)",)


def test_answers_without_a_place_are_judged_by_their_words_in_the_article_they_were_given_for(folder: SetFolder) -> None:
    folder.articles({"pier": ARTICLE})
    folder.lines("passages.jsonl", *PASSAGES)
    folder.lines(
        "questions.jsonl", _record(answers=["1957"], passage_id="p1"), _record(id="q2", answers=["90"], article_id="pier")
    )
    expected = (JudgedBy.ANSWERS, (Judgement("pier", None, 1),), True)
    assert _judged(read_dataset(folder.path)) == [expected, expected]


def test_a_question_without_any_label_is_not_said_to_be_answerable(folder: SetFolder) -> None:
    folder.articles({"pier": ARTICLE})
    folder.lines("questions.jsonl", _record(article_id="pier", evidence=[]))
    harbour = read_dataset(folder.path)
    assert _judged(harbour) == [(JudgedBy.SPANS, (), None)]
    assert harbour.notes == ("Questions without a label that can be used, not judged: 1 (q1)",)


def test_qrels_judge_whole_articles_and_unknown_ids_are_noted(folder: SetFolder) -> None:
    folder.articles({"pier": ARTICLE, "lamp": "A lamp."})
    folder.lines("questions.jsonl", _record(), _record(id="q2"), _record(id="q3"))
    folder.qrels(("q1", 0, "lamp", 0), ("q1", 0, "pier", 2), ("q1", 0, "crane", 1), ("q2", 0, "lamp", -2), ("q9", 0, "pier", 1))
    harbour = read_dataset(folder.path)
    first = (Judgement("lamp", None, 0), Judgement("pier", None, 2), Judgement("crane", None, 1))
    assert _judged(harbour) == [
        (JudgedBy.ARTICLES, first, True),
        (JudgedBy.ARTICLES, (Judgement("lamp", None, 0),), None),
        (JudgedBy.ARTICLES, (), None),
    ]
    assert harbour.notes == (
        "Judgements left out, for a question that the set does not have: 1 (question q9)",
        "Judgements that name an article which the set does not have: 1 (crane)",
        "Questions without a judged article that answers them: 2 (q2, q3)",
    )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("q1", "pier", 1), r"3 columns, expected 4 \(question, 0, article, grade\)"),
        (("q1", 0, "pier", "yes"), "the grade is 'yes', expected an integer"),
        (("q1", 0, "pier", "1.0"), "the grade is '1.0', expected an integer"),
        (("q1", 0, "lamp", 2), "article 'lamp' is judged 2 for question 'q1', and 1 above"),
    ],
)
def test_a_broken_line_of_qrels_is_refused(folder: SetFolder, row: tuple[object, ...], reason: str) -> None:
    folder.articles({"pier": ARTICLE})
    folder.lines("questions.jsonl", _record())
    folder.qrels(("q1", 0, "lamp", 1), row)
    with pytest.raises(DatasetError, match=rf"qrels.txt, line 2: {reason}"):
        read_dataset(folder.path)


def test_questions_judged_in_their_records_and_by_qrels_are_mixed_formats(folder: SetFolder) -> None:
    folder.articles({"pier": ARTICLE})
    folder.lines("questions.jsonl", _record(evidence=[{"article_id": "pier", "text": SECOND}]))
    folder.qrels(("q1", 0, "pier", 1))
    with pytest.raises(DatasetError, match=r"line 1: judged here and in qrels.txt: mixed formats"):
        read_dataset(folder.path)


def test_passages_that_are_named_and_not_there_are_asked_for(folder: SetFolder) -> None:
    folder.lines("questions.jsonl", _record(passage_id="p1", answers=["1957"], answer_start=16))
    with pytest.raises(DatasetError, match=r"'p1' for example, and neither articles.jsonl nor passages.jsonl is there"):
        read_dataset(folder.path)


def test_passage_ids_that_are_there_twice_are_refused(folder: SetFolder) -> None:
    folder.articles({"pier": ARTICLE})
    folder.lines("passages.jsonl", *PASSAGES, PASSAGES[1])
    folder.lines("questions.jsonl", _record())
    with pytest.raises(DatasetError, match="1 ids of passages are there more than once, first 'p1'"):
        read_dataset(folder.path)
