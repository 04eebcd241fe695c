"""JSON lines of questions or conversations, beside articles, passages or qrels → a Dataset.

    {"id": "q1", "question": "…", "answers": ["…"], "answerable": true, "passage_id": "p1", "answer_start": 177}

A question's judgements come from what it has, in this order: `articles_with_answer`; `spans`, else `answer_start`, in
its passage; `evidence` quoted from an article; `answers` and the article or passage they were given for. Where
the folder has qrels.txt, all come from there. Offsets are code points of the passage; they are moved to its
article. Without articles.jsonl each passage is an article.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from qa.base.errors import DatasetError
from qa.evaluation.datasets.articles import ArticleSource, refuse_repeats
from qa.evaluation.datasets.assembly import SetFormat, make_dataset, refuse_split
from qa.evaluation.datasets.conversations import ConversationShape, turns_of
from qa.evaluation.datasets.files import SetFiles, first_object, records_of
from qa.evaluation.datasets.labels import Labeller, QuestionShape, judged_question
from qa.evaluation.datasets.placing import PassageShape, PlacedPassage, place_passages, whole_passages
from qa.evaluation.datasets.qrels import TREC_NAMES, UNJUDGED, answered_by, count_unknown, judgements_of, read_trec_qrels
from qa.evaluation.datasets.tally import Tally
from qa.evaluation.judgements import Dataset, JudgedBy, JudgedQuestion

NAME = "records"
EXPECTED = (
    'a folder with questions.jsonl whose records have neither "judgements" nor "statements", '
    "and articles.jsonl, passages.jsonl or both "
    "(qrels.txt where articles are judged); or one with conversations.jsonl"
)
_QUESTIONS, _CONVERSATIONS = "questions.jsonl", "conversations.jsonl"
_ARTICLES, _PASSAGES = "articles.jsonl", "passages.jsonl"

Records = Mapping[int, QuestionShape]  # by line


def fits(files: SetFiles) -> bool:
    """Whether a folder has conversations, or questions that are judged by other means than our own spans."""
    if not files.is_folder:
        return False
    path = files.only(_QUESTIONS)
    judged_otherwise = path is not None and (
        {"judgements", "statements"}.isdisjoint(first_object(path)) or bool(files.matching(*TREC_NAMES))
    )
    return judged_otherwise or files.only(_CONVERSATIONS) is not None


def read(files: SetFiles, split: str | None) -> Dataset:
    """The set, of questions or of conversations.

    Raises:
        DatasetError: both are there, a damaged record, or offsets into a passage that do not exist.
    """
    refuse_split(files, split)
    questions, conversations = files.only(_QUESTIONS), files.only(_CONVERSATIONS)
    if questions and conversations:
        raise DatasetError(f"{files.path} holds {questions.name} and {conversations.name}; expected one. Move the other away.")
    return _read_questions(files, questions) if questions else _read_conversations(files, conversations or files.path)


def _read_conversations(files: SetFiles, path: Path) -> Dataset:
    tally, articles = Tally(), files.only(_ARTICLES)
    records = [record for _, record in records_of(path, ConversationShape)]
    refuse_repeats(Counter(record.id for record in records), str(path), "conversations")
    wanted = {name for record in records for name in record.named_articles}
    source = _source(path, articles, wanted)
    texts = source.known(wanted, tally).texts if source else {}
    questions = [turn for record in records for turn in turns_of(record, texts, tally)]
    return make_dataset(files, NAME, questions, source, read=[path, *([articles] if articles else [])], tally=tally)


def _read_questions(files: SetFiles, path: Path) -> Dataset:
    tally, articles = Tally(), files.only(_ARTICLES)
    passages_file, qrels_file = files.only(_PASSAGES), files.only(*TREC_NAMES)
    records = dict(records_of(path, QuestionShape))
    passages = _used_passages(records.values(), passages_file)
    wanted = _wanted(records.values(), passages, articles)
    source = _source(path, articles or passages_file, wanted)
    known = source.known(wanted, tally) if source else None
    texts, article_ids = (known.texts, known.ids) if known else ({}, None)
    if qrels_file:
        questions = _judged_by_qrels(records, path, qrels_file, article_ids, tally)
    else:
        placed: Mapping[str, PlacedPassage] = place_passages(passages, texts, tally) if articles else whole_passages(texts)
        labeller = Labeller(path, placed, texts, article_ids, tally)
        questions = [labeller.question(line, record) for line, record in records.items()]
    read = [file for file in (path, articles, passages_file, qrels_file) if file is not None]
    return make_dataset(files, NAME, questions, source, read=read, tally=tally)


def _source(path: Path, articles: Path | None, wanted: Collection[str]) -> ArticleSource | None:
    if articles is None and wanted:
        raise DatasetError(
            f"{path} names articles or passages, {min(wanted)!r} for example, and neither {_ARTICLES} nor {_PASSAGES} "
            "is there. Put them beside it."
        )
    return ArticleSource((articles,)) if articles else None


def _used_passages(records: Collection[QuestionShape], path: Path | None) -> list[PassageShape]:
    if path is None:
        return []
    passages = [passage for _, passage in records_of(path, PassageShape)]
    refuse_repeats(Counter(passage.id for passage in passages), str(path), "passages")
    names = {record.passage_id for record in records}
    return [passage for passage in passages if passage.id in names]


def _wanted(records: Collection[QuestionShape], passages: Sequence[PassageShape], articles: Path | None) -> set[str]:
    """The articles whose text is needed: those of evidence and of passages, which without articles are the articles."""
    wanted = {piece.article_id for record in records for piece in record.evidence}
    if articles is None:
        return wanted | {record.passage_id for record in records if record.passage_id is not None}
    return wanted | {passage.article_id for passage in passages if passage.article_id is not None}


def _judged_by_qrels(
    records: Records, path: Path, qrels_file: Path, article_ids: Collection[str] | None, tally: Tally
) -> list[JudgedQuestion]:
    twice = next((line for line, record in records.items() if record.names_its_answer), None)
    if twice is not None:
        raise DatasetError(f"{path}, line {twice}: judged here and in {qrels_file.name}: mixed formats. Take one of them out.")
    qrels = read_trec_qrels(qrels_file)
    count_unknown(qrels, [record.id for record in records.values()], article_ids, tally)
    questions = [_judged_by_grades(record, qrels.get(record.id, {})) for record in records.values()]
    tally.add(UNJUDGED, (question.id for question in questions if question.answerable is None))
    return questions


def _judged_by_grades(record: QuestionShape, grades: Mapping[str, int]) -> JudgedQuestion:
    """The record's own "answerable" does not count here: such sets call questions answerable that nobody judged."""
    answerable = answered_by(grades) or (False if record.answerable is False else None)
    return judged_question(record, JudgedBy.ARTICLES, judgements_of(grades), answerable)


FORMAT = SetFormat(NAME, EXPECTED, fits, read)
