"""Text → the best rows by BM25 (Robertson et al., TREC-3; k1 = 1.2, b = 0.75). Home of tantivy.

tantivy keeps a passage's length in one byte and counts removed passages until they are merged away,
so scores move a little when articles go; which passages are found does not.
"""

from __future__ import annotations

import contextlib
import math
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import tantivy

from qa.errors import IndexDamaged
from qa.index.vectors import admitted, best
from qa.protocols import Rows, Vectors

LOCK_SUFFIX = ".lock"  # of the empty files that tantivy leaves behind
_ANALYZER = "qa_english"
_WRITER_BYTES = 64_000_000
_LONGEST_WORD = 64  # characters
_TIES = 32  # hits fetched beyond k, so that ties with the k-th are seen
_FEW = 0.05  # share of all rows up to which a selection is part of the query; fetching more hits than needed is cheaper beyond


def _analyzer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST_WORD))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


def write_postings(folder: Path, added: Iterable[tuple[int, str]], *, removed: Iterable[int] = ()) -> None:
    """Add (row, text) pairs to the index in `folder` and take rows out; an empty folder becomes an index.

    Raises:
        OSError: the disk refuses.
    """
    try:
        index = tantivy.Index(_schema(), str(folder))
        index.register_tokenizer(_ANALYZER, _analyzer())
        writer = index.writer(_WRITER_BYTES, num_threads=1)
        # not delete_documents_by_term: it makes a signed term of an int, which matches nothing in an unsigned field
        writer.delete_documents_by_query(tantivy.Query.term_set_query(index.schema, "row", list(removed)))
        for row, text in added:
            document = tantivy.Document()
            document.add_unsigned("row", row)
            document.add_text("text", _composed(text))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
    except ValueError as error:  # all that tantivy raises
        raise OSError(f"The postings in {folder} cannot be written: {error}") from error


def _composed(text: str) -> str:
    """NFC, so that both spellings of an accented letter are one; offsets do not matter here."""
    return unicodedata.normalize("NFC", text)


@contextlib.contextmanager
def _lockable(folder: Path) -> Iterator[Path]:
    """The folder, or links to its files in one that can be written: tantivy makes a lock file even to read."""
    if os.access(folder, os.W_OK):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="qa-postings-", ignore_cleanup_errors=True) as borrowed:
        for file in folder.glob("*"):
            if file.suffix != LOCK_SUFFIX:
                _borrow(file.absolute(), Path(borrowed) / file.name)
        yield Path(borrowed)


def _borrow(file: Path, link: Path) -> None:
    try:
        link.symlink_to(file)
    except OSError:  # a system without symbolic links
        shutil.copyfile(file, link)


class TantivyPostings:
    """The index of one folder as it is when opened."""

    def __init__(self, folder: Path) -> None:
        try:
            with _lockable(folder) as lockable:
                index = tantivy.Index.open(str(lockable))
                index.register_tokenizer(_ANALYZER, _analyzer())
                self._schema = index.schema
                self._searcher = index.searcher()  # it holds its files open
        except ValueError as error:
            raise IndexDamaged(
                folder, f"The postings in {folder} cannot be read: {error}. `qa rebuild` makes them anew."
            ) from error
        self._analyze = _analyzer().analyze
        self._frequency = lru_cache(maxsize=10_000)(partial(self._searcher.doc_freq, "text"))

    @property
    def count(self) -> int:
        return int(self._searcher.num_docs)

    def rows(self) -> Rows:
        """(n,) the rows it holds, in no order."""
        hits = self._searcher.search(tantivy.Query.all_query(), max(1, self.count), count=False).hits
        return np.array(self._searcher.fast_field_values("row", [address for _, address in hits]), np.int64)

    def terms(self, text: str) -> list[str]:
        return list(self._analyze(_composed(text)))

    def passages_with(self, term: str) -> int:
        return self._frequency(term)

    def search(
        self, question: str, *, k: int, excluded: Collection[int] = (), selected: Rows | None = None
    ) -> tuple[Rows, Vectors]:
        query = self._query(question)
        share = 1.0 if selected is None else len(selected) / max(1, self.count)
        if selected is not None and share <= _FEW:
            query, share = self._among(query, selected), 1.0
        fetched = min(self.count, math.ceil((k + _TIES) / share))
        while fetched:
            hits = self._searcher.search(query, fetched, count=False).hits
            rows = np.array(self._searcher.fast_field_values("row", [address for _, address in hits]), np.int64)
            scores = np.array([score for score, _ in hits], np.float32)
            kept = admitted(rows, excluded, selected)
            complete = len(hits) < fetched or fetched == self.count
            if complete or (kept.sum() >= k and scores[-1] < scores[kept][k - 1]):
                return best(rows[kept], scores[kept], k)
            fetched = min(self.count, 2 * fetched)
        return np.zeros(0, np.int64), np.zeros(0, np.float32)

    def _among(self, query: tantivy.Query, rows: Rows) -> tantivy.Query:
        """The query for these rows alone, with the same scores."""
        named = tantivy.Query.const_score_query(tantivy.Query.term_set_query(self._schema, "row", rows.tolist()), 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, named)])

    def _query(self, question: str) -> tantivy.Query:
        """Each word once, any of them: a question is never handed to tantivy's query language."""
        terms = dict.fromkeys(self.terms(question))
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "text", term, index_option="freq")) for term in terms]
        )
