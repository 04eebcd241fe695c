"""A BEIR folder → a Dataset: corpus.jsonl, queries.jsonl and qrels/<split>.tsv.

Source: Thakur et al., BEIR, NeurIPS Datasets 2021. As there, a split's questions are those that its qrels judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import AliasChoices, Field

from qa.base.errors import DatasetError
from qa.evaluation.datasets.articles import ArticleSource
from qa.evaluation.datasets.assembly import SetFormat, make_dataset
from qa.evaluation.datasets.files import SetFiles, records_of
from qa.evaluation.datasets.qrels import answered_by, count_unknown, judgements_of, read_beir_qrels
from qa.evaluation.datasets.shapes import Id, Shape, Words
from qa.evaluation.datasets.tally import Tally
from qa.evaluation.judgements import Dataset, JudgedBy, JudgedQuestion

NAME = "beir"
EXPECTED = "a folder with corpus.jsonl, queries.jsonl and qrels/<split>.tsv"
_CORPUS, _QUERIES, _SPLITS = "corpus.jsonl", "queries.jsonl", "qrels/*.tsv"
_PREFERRED = ("test", "dev")


class QueryShape(Shape):
    id: Id = Field(validation_alias=AliasChoices("_id", "id"))
    text: Words


def fits(files: SetFiles) -> bool:
    """Whether all three are there."""
    return files.is_folder and all(files.matching(pattern) for pattern in (_CORPUS, _QUERIES, _SPLITS))


def read(files: SetFiles, split: str | None) -> Dataset:
    """The set of one split: the one asked for, else test, else dev, else the only one.

    Raises:
        DatasetError: no such split, or damaged files.
    """
    tally, corpus, queries = Tally(), files.only(_CORPUS), files.only(_QUERIES)
    if corpus is None or queries is None:
        raise DatasetError(f"{files.path} is no BEIR set; expected {EXPECTED}.")
    name, chosen = _split(files, split)
    qrels, source = read_beir_qrels(chosen), ArticleSource((corpus,))
    asked = [record for _, record in records_of(queries, QueryShape)]
    count_unknown(qrels, [record.id for record in asked], source.known((), tally).ids, tally)
    tally.add("Questions left out, for this split does not judge them", (one.id for one in asked if one.id not in qrels))
    questions = [_question(record, qrels[record.id]) for record in asked if record.id in qrels]
    return make_dataset(files, NAME, questions, source, read=[corpus, queries, chosen], tally=tally, split=name)


def _split(files: SetFiles, split: str | None) -> tuple[str, Path]:
    """Its name, and the file of its qrels."""
    splits = {path.name.removesuffix(".gz").removesuffix(".tsv"): path for path in files.matching(_SPLITS)}
    there = ", ".join(splits)
    if split is not None and split not in splits:
        raise DatasetError(f"{files.path} has no split {split!r}; it has {there}. Ask for one of them.")
    name = split or next((name for name in _PREFERRED if name in splits), None)
    if name is None and len(splits) > 1:
        raise DatasetError(f"{files.path} has the splits {there}, and neither test nor dev among them. Ask for one of them.")
    name = name or next(iter(splits))
    return name, splits[name]


def _question(record: QueryShape, grades: Mapping[str, int]) -> JudgedQuestion:
    return JudgedQuestion(record.id, record.text, JudgedBy.ARTICLES, judgements_of(grades), answerable=answered_by(grades))


FORMAT = SetFormat(NAME, EXPECTED, fits, read)
