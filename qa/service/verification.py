"""An index → its problems: in texts, offsets, files, rows, vectors, and the citations of fresh answers.

Every check compares with the store's own articles, not with results of an earlier check. Scripts use `answer_problems` too.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from qa.answer.citations import answer_text, text_before
from qa.answer.lead_ins import MOST_SENTENCES, lead_in
from qa.base.errors import ArticleDamaged, IndexDamaged, QuestionError
from qa.base.in_words import counted
from qa.base.protocols import Candidate, Rows, TitledText, Vectors
from qa.base.types import OF_ANY_TIME, Answer, Article, Citation, Sentence, SentenceKind, Status, passage_id
from qa.corpus.near_duplicates import words
from qa.index.layout import STATE_FILE, STORE_FILE
from qa.index.pending import ENGINE_FACT
from qa.index.postings import TantivyPostings
from qa.index.snapshot import Snapshot
from qa.index.store import ArticleRow, Store, open_store, translated
from qa.index.vectors import FaissVectors
from qa.service.collection_check import collection_problems
from qa.service.service import Service
from qa.service.state.file import StateFile
from qa.service.uploading import index_id_of

_EMBEDDED_AGAIN = 32  # passages whose stored vector is compared with a new one
_SEARCHED_AGAIN = 100  # passages that a search with their own vector must find
_SAME = 0.99  # cosine of two vectors of one text; all arithmetics stay above it
_LENGTHS = range(40, 300)  # characters of a sentence that can become a question
_TRIES = 3
_REBUILD = "`qa rebuild` rebuilds all of them."
_END_MARKS = re.compile(r"[\s.!?\"”'’»)]+$")


@dataclass(slots=True)
class Verification:
    """The numbers of checked things, and each problem as one sentence."""

    articles: int = 0
    sentences: int = 0
    passages: int = 0
    files: int = 0
    vectors: int = 0
    answers: int = 0
    citations: int = 0
    problems: list[str] = field(default_factory=list)

    def rows(self) -> list[tuple[str, str]]:
        """(noun, number and check) of everything checked, for display."""
        return [
            ("articles", f"{self.articles:,} texts, titles, addresses and dates compared with their digests"),
            ("sentences", f"{self.sentences:,} offsets; sentences and gaps join to the texts"),
            ("passages", f"{self.passages:,} offsets, and their rows in vectors and postings"),
            ("files", f"{self.files:,} compared with the edition's digests"),
            ("vectors", f"{self.vectors:,} checked for length, {_EMBEDDED_AGAIN} at most recomputed"),
            ("answers", f"{self.answers:,} fresh ones, {self.citations:,} citations compared with the texts"),
        ]


def verify_index(service: Service, *, answers: int) -> Verification:
    """Check the whole index, and so many fresh answers to questions made from its sentences.

    Raises:
        IndexNotFound, IndexMismatch: there is no index that can be checked.
    """
    checked = Verification()
    questions: list[str] = []
    with _noting(checked), open_store(service.folder) as store:
        checked.problems.extend(f"{STORE_FILE}: {problem}" for problem in _store_problems(store))
        _check_articles(store, checked)
        questions = list(sample_questions(store, answers))
    checked.problems.extend(f"{STATE_FILE}: {problem}" for problem in StateFile(service.folder).problems())
    with _noting(checked), service.snapshot() as snapshot:
        _check_edition(snapshot, service, checked)
    for question in questions:
        with _noting(checked), contextlib.suppress(QuestionError):  # over the token budget, in scripts with many tokens
            _check_answer(service, question, checked)
    return checked


@contextlib.contextmanager
def _noting(checked: Verification) -> Iterator[None]:
    """Damage that keeps one check from going on is a problem; the other checks go on."""
    try:
        yield
    except IndexDamaged as error:
        if str(error) not in checked.problems:
            checked.problems.append(str(error))


# Rows, texts and offsets


def _store_problems(store: Store) -> Iterator[str]:
    """Problems of the file and of its rows: those that are not as qa wrote them."""
    yield from store.integrity_problems(indexes=True)
    for table, key in store.changed_rows():
        name = key.hex() if isinstance(key, bytes) else key
        yield f"the row {name} of the table {table} is not as it was written, or is lost"
    for article_id in store.cut_otherwise():
        yield f"the sentences, passages or terms of {article_id} are not as they were stored. {_REBUILD}"
    mistaken = store.rows_hidden_by_mistake()
    if mistaken:
        yield f"{counted(mistaken, 'row')} of passages are called deleted, or may be used twice. {_REBUILD}"


def _check_articles(store: Store, checked: Verification) -> None:
    live = {*store.live_rows()}
    for stored in store.all_articles():
        article = stored.article
        if not stored.is_intact:
            checked.problems.append(str(ArticleDamaged(store.folder, article.id)))
        if stored.row not in live:
            continue
        checked.articles += 1
        with _noting(checked), translated(store.folder):
            sentences = store.sentences(stored.row)
            checked.sentences += len(sentences)
            checked.problems.extend(f"{article.id}: {problem}" for problem in sentence_problems(article, sentences))
            passages = store.article_passages(stored, sentences)
            checked.passages += len(passages)
            checked.problems.extend(f"{article.id}: {problem}" for problem in _passage_problems(article, sentences, passages))


def sentence_problems(article: Article, sentences: Sequence[Sentence]) -> Iterator[str]:
    """Problems of sentences that do not join to the text with the white space between them."""
    end = 0
    for position, sentence in enumerate(sentences):
        span = sentence.span
        if sentence.index != position:
            yield f"sentence {position} is stored as number {sentence.index}"
        if span.start < end or span.end > len(article.text):
            yield f"sentence {position} at {span.start}-{span.end} overlaps the one before or ends after the text"
            return
        if article.text[end : span.start].strip():
            yield f"there is text at {end}-{span.start}, before sentence {position}, that is in no sentence"
        end = span.end
    if article.text[end:].strip():
        yield f"there is text from {end} on that is in no sentence"


def _passage_problems(article: Article, sentences: Sequence[Sentence], passages: Sequence[Candidate]) -> Iterator[str]:
    covered: set[int] = set()
    for candidate in passages:
        passage = candidate.passage
        held, span = passage.sentences, passage.span
        covered.update(sentence.index for sentence in held)
        if passage.id != passage_id(article, span):
            yield f"passage {passage.id} does not belong to this version of the text"
        if not held or span.end > len(article.text):
            yield f"passage {span.start}-{span.end} has no sentence or ends after the text"
            continue
        whole = (span.start, span.end) == (held[0].span.start, held[-1].span.end)
        if not whole and not (len(held) == 1 and held[0].span.contains(span)):
            yield f"passage {span.start}-{span.end} is neither whole sentences nor a part of one"
        if any(sentence.kind is SentenceKind.BOILERPLATE for sentence in held):
            yield f"passage {span.start}-{span.end} holds boilerplate"
    lost = [sentence.index for sentence in sentences if sentence.citable and sentence.index not in covered]
    if lost:
        yield f"the sentences {lost[:5]} are in no passage"


# Files, rows and vectors


def _check_edition(snapshot: Snapshot, service: Service, checked: Verification) -> None:
    """The edition's digests were checked when the snapshot was opened. Without one, Milvus searches the index, or it is empty."""
    if snapshot.edition is None:
        if service.engine.milvus is not None and snapshot.store.fact(ENGINE_FACT) is not None:
            _check_collection(snapshot, service, checked)
        return
    manifest = snapshot.edition.manifest
    checked.files = len(manifest.digests)
    rows, vectors = snapshot.store.vectors_above(0, service.encoder.identity.dimension)
    checked.vectors = len(rows)
    in_postings = TantivyPostings.open(snapshot.edition.postings_folder).rows()
    in_vectors = FaissVectors.open(snapshot.edition.vectors_file).rows() if manifest.vectors_kind else np.zeros(0, np.int64)
    checked.problems.extend(_row_problems("postings", in_postings, rows, snapshot.hidden, manifest.last_row))
    if len(rows) and rows[-1] > manifest.last_row:
        checked.problems.append(f"passages up to row {rows[-1]} are stored, the postings end at row {manifest.last_row}")
    checked.problems.extend(_row_problems("vectors", in_vectors, rows, snapshot.hidden, manifest.last_vector_row))
    checked.problems.extend(_vector_problems(snapshot, service, rows, vectors))


def _check_collection(snapshot: Snapshot, service: Service, checked: Verification) -> None:
    from qa.index.milvus.collection import MilvusCollection

    place = service.engine.milvus
    assert place is not None
    with contextlib.closing(MilvusCollection(place, index_id=index_id_of(snapshot.store))) as collection:
        checked.problems.extend(collection_problems(snapshot.store, collection))
    rows, vectors = snapshot.store.vectors_above(0, service.encoder.identity.dimension)
    checked.vectors = len(rows)
    checked.problems.extend(_vector_problems(snapshot, service, rows, vectors))


def _row_problems(name: str, in_file: Rows, stored: Rows, hidden: frozenset[int], last: int) -> Iterator[str]:
    """Problems of rows: missing ones up to `last`, and rows of deleted passages that are not hidden."""
    lacking = np.setdiff1d(stored[stored <= last], in_file)
    if lacking.size:
        yield f"the {name} lack {lacking.size:,} of {stored.size:,} passages, row {lacking[0]} first. {_REBUILD}"
    stale = set(np.setdiff1d(in_file, stored).tolist()) - hidden
    if stale:
        yield f"the {name} hold {len(stale):,} passages that are not in the store, row {min(stale)} first. {_REBUILD}"


def _vector_problems(snapshot: Snapshot, service: Service, rows: Rows, vectors: Vectors) -> Iterator[str]:
    if not len(rows):
        return
    if not rows.all():
        yield f"{int((rows == 0).sum()):,} passages have no vector. {_REBUILD}"
        rows, vectors = rows[rows > 0], vectors[rows > 0]
    with np.errstate(invalid="ignore"):  # of damaged numbers
        lengths = np.linalg.norm(vectors, axis=1)  # (n,)
    odd = np.flatnonzero(~(np.abs(lengths - 1) < 0.01))  # the negation finds NaN too
    if odd.size:
        yield f"{odd.size:,} vectors are not of length 1, that of row {rows[odd[0]]} first"
    live = np.flatnonzero(~np.isin(rows, np.fromiter(snapshot.store.hidden_rows(), np.int64)))
    yield from _lost_by_search(snapshot, rows, vectors, _spread(live, _SEARCHED_AGAIN))
    yield from _unlike_texts(snapshot, service, rows, vectors, _spread(live, _EMBEDDED_AGAIN))


def _spread(positions: Rows, most: int) -> Rows:
    """At most `most` of the positions, evenly spread."""
    if len(positions) <= most:
        return positions
    chosen: Rows = positions[np.linspace(0, len(positions) - 1, most).astype(int)]
    return chosen


def _lost_by_search(snapshot: Snapshot, rows: Rows, vectors: Vectors, positions: Rows) -> Iterator[str]:
    """Passages that a search with their own vector does not return, nor another with an equal vector."""
    for position in positions:
        nearest, _ = snapshot.vectors.search(vectors[position], k=1, excluded=snapshot.hidden)
        twin = np.isin(rows, nearest[:1])
        if rows[position] not in nearest and not (vectors[twin] @ vectors[position] > _SAME).any():
            yield f"the passage of row {rows[position]} is not found by its own vector. {_REBUILD}"


def _unlike_texts(snapshot: Snapshot, service: Service, rows: Rows, vectors: Vectors, positions: Rows) -> Iterator[str]:
    """Passages whose stored vector does not match their text."""
    ids = snapshot.store.passage_ids(rows[positions].tolist())
    named = [ids[row] for row in rows[positions].tolist()]
    candidates = snapshot.store.candidates(named)
    again = service.encoder.embed_passages([TitledText(candidate.embedded_title, candidate.text) for candidate in candidates])
    for name, cosine in zip(named, (again * vectors[positions]).sum(axis=1), strict=True):
        if cosine < _SAME:
            yield f"the vector of {name} is not that of its text (cosine {cosine:.4f})"


# Fresh answers


def sample_questions(store: Store, most: int) -> Iterator[str]:
    """Questions made from sentences spread evenly over the index; the same for the same index."""
    if not most:
        return
    counts, live = store.sentence_counts(), store.live_rows()
    stride = max(1, sum(counts.get(row, 0) for row in live) // most)
    passed = made = 0
    for row in live:
        stored = store.article_in(row) if passed + counts.get(row, 0) >= stride * made and made < most else None
        if stored is None:  # no question is due in it
            passed += counts.get(row, 0)
            continue
        for sentence in store.all_sentences(stored):
            passed += 1
            if passed >= stride * made and made < most and _is_fair(sentence, stored):
                made += 1
                yield _END_MARKS.sub("", sentence.span.of(stored.article.text)) + "?"


def _is_fair(sentence: Sentence, stored: ArticleRow) -> bool:
    text = sentence.span.of(stored.article.text)
    return sentence.kind is SentenceKind.PROSE and len(text) in _LENGTHS and len(text.split()) >= 5


def _check_answer(service: Service, question: str, checked: Verification) -> None:
    """Ask twice and compare the answers. Try again if another process changed the index meanwhile."""
    for _ in range(_TRIES):
        answer = service.ask(question)
        again = service.ask(question, asked_at=answer.asked_at, filters=OF_ANY_TIME)  # as without a given clock
        with open_store(service.folder) as store:
            if not store.generation == answer.index_generation == again.index_generation:
                continue
            checked.answers += 1
            checked.citations += len(answer.all_citations) + len(answer.nearest)
            problems = list(answer_problems(answer, store))
            if _comparable(answer) != _comparable(again):
                problems.append("asked again, the answer is another")
            checked.problems.extend(f"the answer to {question!r}: {problem}" for problem in problems)
            return


def _comparable(answer: Answer) -> Answer:
    """The answer without the fields that may differ."""
    return replace(answer, id="", created_at=answer.asked_at, trace=replace(answer.trace, timings_ms={}))


def answer_problems(answer: Answer, store: Store) -> Iterator[str]:
    """The guarantees that an answer breaks, checked against a store of the same generation."""
    if (answer.status is Status.NOT_FOUND) != (not answer.citations):
        yield f"it is {answer.status} with {len(answer.citations)} citations"
    if answer.citations and answer.text != answer_text(answer.citations):
        yield "its text is not that of its citations"
    if answer.statements and answer.statements[0].citation != answer.citations[0]:
        yield "its first statement is not that of its first citation"
    for shown in (answer.all_citations, answer.nearest):
        for number, citation in enumerate(shown, start=1):
            if citation.number != number:
                yield f"citation {number} has the number {citation.number}"
            for problem in _citation_problems(citation, store):
                yield f"citation {number} of {citation.article_id}: {problem}"


def _citation_problems(citation: Citation, store: Store) -> Iterator[str]:
    stored = store.article(citation.article_id, even_damaged=True)
    if stored is None:
        yield "there is no such article"
        return
    article, span = stored.article, citation.span
    if (citation.article_digest, citation.article_title, citation.given_id) != (article.digest, article.title, article.given_id):
        yield "it names another version, title or id than the article has"
    if article.text[span.start : span.end] != citation.quote:
        yield f"the quote does not stand at {span.start}-{span.end}"
    if not article.text[: span.start].endswith(citation.prefix) or not article.text[span.end :].startswith(citation.suffix):
        yield "its prefix or suffix is not what stands around it"
    sentences = store.sentences(stored.row, max(0, citation.sentence_index - MOST_SENTENCES), citation.sentence_index)
    if not sentences or sentences[-1].span != span or not sentences[-1].citable:
        yield f"sentence {citation.sentence_index} is not what is quoted, or may not be quoted"
    before = [sentence.span for sentence in sentences[:-1]]
    if citation.text_before != text_before(article.text, before):
        yield "the sentence before it is another"
    if citation.lead_in != lead_in(citation.quote, article.text, before):
        yield "it goes on from other sentences"
    for place in citation.also_in:
        other = store.article(place.article_id, even_damaged=True)
        if other is None or other.article.text[place.span.start : place.span.end] != place.quote:
            yield f"{place.quote!r} does not stand at {place.span.start}-{place.span.end} of {place.article_id}"
        elif words(place.quote) != words(citation.quote):
            yield f"other words than the quote's stand in {place.article_id}"
