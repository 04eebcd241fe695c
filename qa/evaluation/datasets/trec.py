"""TREC topics and qrels → a Dataset, with the documents beside them, if any."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from qa.base.errors import DatasetError
from qa.corpus.formats.article_draft import ArticleDraft
from qa.evaluation.datasets.articles import ArticleSource
from qa.evaluation.datasets.assembly import SetFormat, make_dataset, refuse_split
from qa.evaluation.datasets.files import SetFiles, text_of
from qa.evaluation.datasets.qrels import TREC_NAMES, UNJUDGED, answered_by, count_unknown, judgements_of, read_trec_qrels
from qa.evaluation.datasets.tally import Tally
from qa.evaluation.datasets.topics import read_topics
from qa.evaluation.judgements import Dataset, JudgedBy, JudgedQuestion

NAME = "trec"
EXPECTED = (
    "a folder with topics*.txt, .xml or .tsv and qrels*.txt or *.qrels; its documents, where it has them, in articles.jsonl, "
    "corpus.jsonl, *.trec or docs*.xml"
)
_TOPICS = ("topics*.txt", "topics*.xml", "topics*.tsv")
_RECORDS = ("articles.jsonl", "corpus.jsonl")
_DOCUMENTS = ("*.trec", "docs*.xml")
_DOC = re.compile(r"<DOC>(.*?)</DOC>", re.IGNORECASE | re.DOTALL)
_FIELD = re.compile(r"<(DOCNO|TITLE|HEADLINE|TEXT)>(.*?)</\1>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def fits(files: SetFiles) -> bool:
    """Whether both are there."""
    return files.is_folder and bool(files.matching(*_TOPICS)) and bool(files.matching(*TREC_NAMES))


def read(files: SetFiles, split: str | None) -> Dataset:
    """The set; topics that nothing was judged for are kept, and counted in a note.

    Raises:
        DatasetError: several files of one kind, or damaged ones.
    """
    refuse_split(files, split)
    tally, topics_file, qrels_file = Tally(), files.only(*_TOPICS), files.only(*TREC_NAMES)
    if topics_file is None or qrels_file is None:
        raise DatasetError(f"{files.path} is no TREC set; expected {EXPECTED}.")
    topics, qrels, source = read_topics(topics_file), read_trec_qrels(qrels_file), _source(files)
    count_unknown(qrels, [name for name, _ in topics], source.known((), tally).ids if source else None, tally)
    questions = [_question(name, words, qrels.get(name, {})) for name, words in topics]
    tally.add(UNJUDGED, (one.id for one in questions if one.answerable is None))
    read = [topics_file, qrels_file, *(source.paths if source else ())]
    return make_dataset(files, NAME, questions, source, read=read, tally=tally)


def document_drafts(path: Path) -> Iterator[ArticleDraft]:
    """The drafts of a file of `<DOC>`s: several texts are joined by a blank line, tags inside are dropped.

    Raises:
        DatasetError: no document in it, or one without a number.
    """
    has_documents = False
    for position, doc in enumerate(_DOC.finditer(text_of(path)), start=1):
        has_documents = True
        fields = [(field[1].upper(), html.unescape(_TAG.sub("", field[2])).strip()) for field in _FIELD.finditer(doc[1])]
        name = next((value for kind, value in fields if kind == "DOCNO"), "")
        if not name:
            raise DatasetError(f"{path}: document {position} has no <DOCNO>; expected one in each <DOC>. Mend the file.")
        title = next((value for kind, value in fields if kind in ("TITLE", "HEADLINE")), None)
        text = "\n\n".join(value for kind, value in fields if kind == "TEXT")
        yield ArticleDraft(text, title=title, given_id=name, record=position)
    if not has_documents:
        raise DatasetError(f"{path}: no <DOC>…</DOC> in it; expected documents with <DOCNO> and <TEXT>.")


def _source(files: SetFiles) -> ArticleSource | None:
    records, documents = files.only(*_RECORDS), files.matching(*_DOCUMENTS)
    if records and documents:
        raise DatasetError(f"{files.path} holds {records.name} and {documents[0].name}; expected one. Move the other away.")
    if records:
        return ArticleSource((records,))
    return ArticleSource(tuple(documents), document_drafts) if documents else None


def _question(name: str, words: str, grades: Mapping[str, int]) -> JudgedQuestion:
    return JudgedQuestion(name, words, JudgedBy.ARTICLES, judgements_of(grades), answerable=answered_by(grades))


FORMAT = SetFormat(NAME, EXPECTED, fits, read)
