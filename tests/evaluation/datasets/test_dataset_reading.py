"""Which format a path has, and what every set says of itself."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import qa.evaluation.samples
from qa.base.errors import DatasetError
from qa.base.types import Article, Refusal
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.judgements import JudgedBy

if TYPE_CHECKING:
    from conftest import SetFolder

SPANS = {"id": "q1", "question": "How long is the pier?", "judgements": []}
RECORD = {"id": "q1", "question": "How long is the pier?", "answers": []}


def test_the_samples_are_a_set() -> None:
    samples = read_dataset(Path(qa.evaluation.samples.__path__[0]))
    assert (samples.name, samples.format, samples.notes) == ("samples", "spans", ())
    assert samples.articles is not None
    articles = {article.given_id: article for article in samples.articles() if isinstance(article, Article)}
    assert len(articles) == 44
    assert len(samples.questions) == 126
    assert {question.judged_by for question in samples.questions} == {JudgedBy.SPANS}
    judgements = [judgement for question in samples.questions for judgement in question.judgements]
    assert judgements
    for judgement in judgements:
        assert judgement.span is not None
        assert judgement.quote == judgement.span.of(articles[judgement.article_id].text)


def test_a_folder_that_fits_no_format_is_refused_with_what_is_there_and_what_was_expected(folder: SetFolder) -> None:
    folder.text("notes.md", "Rain.")
    folder.articles({"pier": "The pier is long."})
    with pytest.raises(DatasetError) as refused:
        read_dataset(folder.path)
    message = str(refused.value)
    assert "found articles.jsonl, notes.md" in message
    for name in ("spans", "records", "beir", "trec", "squad"):
        assert f"\n  {name}: " in message


def test_an_empty_folder_fits_no_format(folder: SetFolder) -> None:
    folder.path.mkdir()
    with pytest.raises(DatasetError, match="found nothing"):
        read_dataset(folder.path)


def test_a_file_of_records_alone_fits_no_format(folder: SetFolder) -> None:
    path = folder.lines("questions.jsonl", RECORD)
    with pytest.raises(DatasetError, match=r"records: a folder with questions.jsonl"):
        read_dataset(path)


def test_a_folder_with_two_formats_is_refused_with_both(folder: SetFolder) -> None:
    folder.lines("questions.jsonl", SPANS)
    folder.text("dev.json", '{"data": [{"title": "Pier", "paragraphs": []}]}')
    with pytest.raises(DatasetError) as refused:
        read_dataset(folder.path)
    assert "has mixed formats; found dev.json, questions.jsonl, which fits\n  spans: " in str(refused.value)
    assert "\n  squad: " in str(refused.value)


def test_judged_spans_beside_qrels_are_mixed_formats(folder: SetFolder) -> None:
    folder.lines("questions.jsonl", SPANS)
    folder.qrels(("q1", 0, "pier", 1))
    with pytest.raises(DatasetError, match="mixed formats"):
        read_dataset(folder.path)


def test_judgements_that_begin_on_a_later_line_are_mixed_formats(folder: SetFolder) -> None:
    folder.lines("questions.jsonl", RECORD, {**SPANS, "id": "q2"})
    with pytest.raises(DatasetError, match=r"line 2: .*mixed formats"):
        read_dataset(folder.path)


def test_questions_beside_conversations_are_refused(folder: SetFolder) -> None:
    folder.lines("questions.jsonl", RECORD)
    folder.lines("conversations.jsonl", {"id": "c1", "turns": []})
    with pytest.raises(DatasetError, match=r"holds questions.jsonl and conversations.jsonl; expected one"):
        read_dataset(folder.path)


def test_a_split_is_refused_where_there_are_none(folder: SetFolder) -> None:
    folder.lines("questions.jsonl", SPANS)
    with pytest.raises(DatasetError, match="has no splits, yet 'dev' was asked for"):
        read_dataset(folder.path, split="dev")


def test_the_name_is_that_of_the_folder_or_of_the_file_without_its_suffixes(folder: SetFolder) -> None:
    path = folder.lines("spring.jsonl.gz", SPANS)
    folder.lines("questions.jsonl", SPANS)
    assert read_dataset(path).name == "spring"
    assert read_dataset(folder.path).name == "harbour"


def test_the_digest_is_over_the_names_and_digests_of_the_files_in_order(folder: SetFolder) -> None:
    questions, articles = folder.lines("questions.jsonl", SPANS), folder.articles({"pier": "The pier is long."})
    digests = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in (articles, questions)]
    expected = hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in digests).encode()).hexdigest()
    assert read_dataset(folder.path).digest == expected


def test_a_file_that_is_not_read_does_not_change_the_digest(folder: SetFolder) -> None:
    questions = folder.lines("questions.jsonl", SPANS)
    before = read_dataset(folder.path).digest
    folder.text("README.md", "Rain.")
    assert read_dataset(folder.path).digest == before
    questions.write_text(questions.read_text() + "\n")
    assert read_dataset(folder.path).digest != before


def test_articles_are_read_anew_at_each_call_in_the_order_of_the_set(folder: SetFolder) -> None:
    folder.lines("questions.jsonl", SPANS)
    folder.articles({"pier": "The pier\r\nis long. \U0001f4a1", "lamp": "A lamp."})
    articles = read_dataset(folder.path).articles
    assert articles is not None
    for _ in range(2):
        found = [article for article in articles() if isinstance(article, Article)]
        assert [(article.given_id, article.title, article.text) for article in found] == [
            ("pier", "Pier", "The pier\r\nis long. \U0001f4a1"),
            ("lamp", "Lamp", "A lamp."),
        ]


def test_a_blank_article_is_refused_in_its_place_and_noted(folder: SetFolder) -> None:
    folder.lines("questions.jsonl", SPANS)
    folder.articles({"pier": " \n", "lamp": "A lamp."})
    harbour = read_dataset(folder.path)
    assert harbour.articles is not None
    blank, lamp = harbour.articles()
    assert isinstance(blank, Refusal)
    assert blank.line == 1
    assert isinstance(lamp, Article)
    reason = "articles.jsonl line 1: the text is empty; expected some words to answer from"
    assert harbour.notes == (f"Articles that were refused: 1 ({reason})",)


def test_a_date_that_cannot_be_read_is_noted_and_the_article_kept(folder: SetFolder) -> None:
    folder.lines("questions.jsonl", SPANS)
    folder.lines("articles.jsonl", {"id": "pier", "text": "Rain.", "published_at": "some day", "author": "Ida"})
    harbour = read_dataset(folder.path)
    assert harbour.articles is not None
    (article,) = harbour.articles()
    assert isinstance(article, Article)
    assert (article.author, article.published_at) == ("Ida", None)
    assert harbour.notes[0].startswith("Fields left out of articles: 1 (articles.jsonl line 1: ")
