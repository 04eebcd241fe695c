"""TREC topics, qrels and documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.base.errors import DatasetError
from qa.base.types import Article
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.judgements import JudgedBy, JudgedQuestion, Judgement

if TYPE_CHECKING:
    from conftest import SetFolder

UNCLOSED = """
<top>
<num> Number: 401
<title> Topic: piers &amp;
 harbours

<desc> Description:
How long are piers?

<narr> Narrative:
Lamps are not relevant.
</top>
<top>
<num> Number: 402
<title>
<desc> Description:
How high
are lamps?
</top>
"""
CLOSED = "<top><num>401</num><title>piers &amp; harbours</title></top><top><num>402</num><desc>How high are lamps?</desc></top>"
XML = """<?xml version="1.0" encoding="UTF-8"?>
<topics>
  <topic number="401"><query>piers &amp; harbours</query><narrative>Long ones.</narrative></topic>
  <topic number="402"><title>lamps</title><question>How high
    are lamps?</question></topic>
</topics>
"""
COLUMNS = "401\tpiers & harbours\n402\tHow high are lamps?\n"
DOCS = """<DOC>
<DOCNO> D1 </DOCNO>
<HEADLINE><P>Piers</P></HEADLINE>
<TEXT>
<P>Piers &lt; lamps.</P>
</TEXT>
<TEXT>It rains.</TEXT>
</DOC>
<DOC><DOCNO>D2</DOCNO><TEXT></TEXT></DOC>
"""


@pytest.mark.parametrize(
    ("name", "text"), [("topics.txt", UNCLOSED), ("topics.401-402.txt.gz", CLOSED), ("topics.xml", XML), ("topics.tsv", COLUMNS)]
)
def test_topics_of_every_kind_are_read(folder: SetFolder, name: str, text: str) -> None:
    folder.text(name, text)
    folder.qrels((401, 0, "D1", 2), (401, 0, "D2", 0), name="qrels.401-402.txt")
    harbour = read_dataset(folder.path)
    assert (harbour.format, harbour.articles) == ("trec", None)
    judgements = (Judgement("D1", None, 2), Judgement("D2", None, 0))
    assert harbour.questions == (
        JudgedQuestion("401", "piers & harbours", JudgedBy.ARTICLES, judgements, answerable=True),
        JudgedQuestion("402", "How high are lamps?", JudgedBy.ARTICLES, (), answerable=None),
    )
    assert harbour.notes == ("Questions without a judged article that answers them: 1 (402)",)


@pytest.mark.parametrize("name", ["news.trec", "docs1.xml"])
def test_documents_are_read_with_their_numbers_and_a_blank_one_is_noted(folder: SetFolder, name: str) -> None:
    folder.text("topics.tsv", COLUMNS)
    folder.qrels((401, 0, "D1", 1), (402, 0, "D2", 1), name="news.qrels")
    folder.text(name, DOCS)
    harbour = read_dataset(folder.path)
    assert harbour.articles is not None
    article, _ = harbour.articles()
    assert isinstance(article, Article)
    assert (article.given_id, article.title, article.text) == ("D1", "Piers", "Piers < lamps.\n\nIt rains.")
    assert harbour.notes == (
        f"Articles that were refused: 1 ({name}: record 2: the text is empty; expected some words to answer from)",
        "Judgements that name an article which the set does not have: 1 (D2)",
    )


@pytest.mark.parametrize("name", ["articles.jsonl", "corpus.jsonl.gz"])
def test_articles_may_be_json_lines(folder: SetFolder, name: str) -> None:
    folder.text("topics.tsv", COLUMNS)
    folder.qrels((401, 0, "D1", 1))
    folder.articles({"D1": "Piers."}, name)
    harbour = read_dataset(folder.path)
    assert harbour.articles is not None
    assert [article.given_id for article in harbour.articles() if isinstance(article, Article)] == ["D1"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<top><num> Number: 401 <title></top>", r"topic 1 \('401'\) has no words"),
        ("<top><title> piers </top>", "topic 1 has no id"),
        ("<topics><topic number='1'><query>piers</topic></topics>", "not XML: mismatched tag"),
        ("401\tpiers\n402 lamps\n", "line 2: '402 lamps' is no topic"),
    ],
)
def test_broken_topics_are_refused(folder: SetFolder, text: str, reason: str) -> None:
    folder.text("topics.txt", text)
    folder.qrels((401, 0, "D1", 1))
    with pytest.raises(DatasetError, match=rf"topics.txt.*{reason}"):
        read_dataset(folder.path)


@pytest.mark.parametrize(
    ("text", "reason"), [("Rain.", "no <DOC>…</DOC> in it"), ("<DOC><TEXT>Rain.</TEXT></DOC>", "document 1 has no <DOCNO>")]
)
def test_broken_documents_are_refused(folder: SetFolder, text: str, reason: str) -> None:
    folder.text("topics.tsv", COLUMNS)
    folder.qrels((401, 0, "D1", 1))
    folder.text("news.trec", text)
    with pytest.raises(DatasetError, match=f"news.trec: {reason}"):
        read_dataset(folder.path)


def test_two_files_of_topics_are_refused(folder: SetFolder) -> None:
    folder.text("topics.txt", UNCLOSED)
    folder.text("topics.tsv", COLUMNS)
    folder.qrels((401, 0, "D1", 1))
    with pytest.raises(DatasetError, match=r"holds topics.tsv and topics.txt; expected one of them"):
        read_dataset(folder.path)


def test_documents_of_two_kinds_are_refused(folder: SetFolder) -> None:
    folder.text("topics.tsv", COLUMNS)
    folder.qrels((401, 0, "D1", 1))
    folder.text("news.trec", DOCS)
    folder.articles({"D1": "Piers."})
    with pytest.raises(DatasetError, match=r"holds articles.jsonl and news.trec; expected one"):
        read_dataset(folder.path)


def test_topics_that_are_not_utf8_are_refused_with_the_line(folder: SetFolder) -> None:
    folder.data("topics.xml", "<topics>\n<topic number='1'><query>café</query></topic></topics>".encode("cp1252"))
    folder.qrels((1, 0, "D1", 1))
    with pytest.raises(DatasetError, match=r"topics.xml, line 2: not UTF-8: it holds the byte 0xe9"):
        read_dataset(folder.path)
