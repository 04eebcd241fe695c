"""Text → the best rows by BM25 (Robertson et al., TREC-3; k1 = 1.2, b = 0.75). Home of tantivy.

Each language has its own field, and a passage is indexed in that of its language. A question is too short to detect its
language, so it is searched in every field. In scripts without blanks between words, two characters in a row are a term.

tantivy stores a passage's length in one byte and counts removed passages until they are merged away. Scores therefore
change slightly when articles are removed; the set of matching passages does not.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from pathlib import Path
from types import MappingProxyType

import numpy as np
import tantivy

from qa.base.errors import IndexDamaged
from qa.base.protocols import Rows, Vectors
from qa.base.writing_systems import WITHOUT_BLANKS
from qa.index.layout import LOCK_SUFFIX
from qa.index.vectors import admitted, best

_WRITER_BYTES = 64_000_000
_LONGEST_WORD = 64  # characters
_TIES = 32  # hits beyond k, to include ties with the k-th
_FEW = 0.05  # share of all rows; a smaller selection is part of the query, a larger one filters its hits


_STEMMERS = {  # by ISO 639-1; tantivy's names
    **{"ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish"},
    **{"fr": "french", "hu": "hungarian", "it": "italian", "nb": "norwegian", "nl": "dutch", "nn": "norwegian"},
    **{"no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "ta": "tamil", "tr": "turkish"},
}
_WITHOUT_BLANKS = ("ja", "km", "lo", "my", "th", "zh")
_PLAIN, _PAIRS = "text_plain", "text_pairs"
_FIELDS = {code: f"text_{name}" for code, name in _STEMMERS.items()} | dict.fromkeys(_WITHOUT_BLANKS, _PAIRS)
_KNOWN_FIELDS = tuple(dict.fromkeys([*_FIELDS.values(), _PLAIN]))
# Two letters for each field, where its name must be a part of a word.
FIELD_LETTERS = {field: code for code, field in reversed(_FIELDS.items())} | {_PLAIN: "xx", _PAIRS: "zz"}
_WORD = re.compile(rf"([{WITHOUT_BLANKS}]+)|[^\W_{WITHOUT_BLANKS}]+")


def field_of(language: str) -> str:
    """The field of a language (ISO 639-1)."""
    return _FIELDS.get(language, _PLAIN)


@cache
def _analyzer(field: str) -> tantivy.TextAnalyzer:
    """Words are folded and, if there is a stemmer, stemmed. The character pairs of `_pairs` stay unchanged."""
    if field == _PAIRS:
        return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    words = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST_WORD))
        .filter(tantivy.Filter.lowercase())
    )
    stemmer = next((name for code, name in _STEMMERS.items() if _FIELDS[code] == field), None)
    if stemmer == "english":  # only loanwords have accents
        return words.filter(tantivy.Filter.ascii_fold()).filter(tantivy.Filter.stemmer(stemmer)).build()
    return (
        (words if stemmer is None else words.filter(tantivy.Filter.stemmer(stemmer))).filter(tantivy.Filter.ascii_fold()).build()
    )


def _prepared(text: str, field: str) -> str:
    """The text in NFC, so that both encodings of an accented letter are equal. Offsets do not matter here."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join(_pairs(composed)) if field == _PAIRS else composed


def _pairs(text: str) -> Iterator[str]:
    """Two characters in a row in scripts without blanks, whole words in lower case elsewhere."""
    for match in _WORD.finditer(text):
        run = match[1]
        if run is None:
            yield match[0].lower()
        else:
            yield from (run[place : place + 2] for place in range(max(1, len(run) - 1)))


def terms_in(text: str, language: str) -> list[str]:
    """The text's terms in order, as the index has them for passages of this language (ISO 639-1)."""
    return terms_of_field(text, field_of(language))


def terms_of_field(text: str, field: str) -> list[str]:
    """The text's terms in order, as this field has them."""
    return list(_analyzer(field).analyze(_prepared(text, field)))


def field_for(text: str, fields: Sequence[str]) -> str:
    """The field by which a text of no known language is analysed: the first, or that of pairs if it has no blanks."""
    is_unspaced = _PAIRS in fields and any(match[1] for match in _WORD.finditer(text))
    return _PAIRS if is_unspaced else fields[0]


def indexed_text(title: str, text: str) -> str:
    """The text of a passage that the postings index."""
    return f"{title}\n{text}"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_text_field("field", tokenizer_name="raw", index_option="basic")
    for field in _KNOWN_FIELDS:
        builder.add_text_field(field, tokenizer_name=f"qa_{field}", index_option="freq")
    return builder.build()


def _register(index: tantivy.Index) -> None:
    for field in _KNOWN_FIELDS:
        index.register_tokenizer(f"qa_{field}", _analyzer(field))


def write_postings(
    folder: Path,
    added: Iterable[tuple[int, str]],
    *,
    removed: Iterable[int] = (),
    languages: Mapping[int, str] = MappingProxyType({}),
) -> None:
    """Add (row, text) pairs to the index in `folder` and delete rows; an empty folder becomes an index.

    `languages` are ISO 639-1 codes by row; a row without one is English.

    Raises:
        OSError: writing fails.
    """
    try:
        index = tantivy.Index(_schema(), str(folder))
        _register(index)
        writer = index.writer(_WRITER_BYTES, num_threads=1)
        # not delete_documents_by_term: its terms are signed and match nothing in an unsigned field
        writer.delete_documents_by_query(tantivy.Query.term_set_query(index.schema, "row", list(removed)))
        for row, text in added:
            field = field_of(languages.get(row, "en"))
            document = tantivy.Document()
            document.add_unsigned("row", row)
            document.add_text("field", field)
            document.add_text(field, _prepared(text, field))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
    except ValueError as error:  # tantivy raises nothing else
        raise OSError(f"The postings in {folder} cannot be written: {error}") from error


@contextlib.contextmanager
def _lockable(folder: Path) -> Iterator[Path]:
    """The folder, or a writable one with links to its files: tantivy creates a lock file even for reading."""
    if os.access(folder, os.W_OK):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="qa-postings-", ignore_cleanup_errors=True) as borrowed:
        for file in folder.glob("*"):
            if file.suffix != LOCK_SUFFIX:  # tantivy leaves empty ones behind
                _borrow(file.absolute(), Path(borrowed) / file.name)
        yield Path(borrowed)


def _borrow(file: Path, link: Path) -> None:
    try:
        link.symlink_to(file)
    except OSError:  # a system without symbolic links
        shutil.copyfile(file, link)


def _passages_with(searcher: tantivy.Searcher, fields: Sequence[str], term: str) -> int:
    return sum(int(searcher.doc_freq(field, term)) for field in fields)


class TantivyPostings:
    """A tantivy index in the state at its opening."""

    def __init__(self, index: tantivy.Index) -> None:
        _register(index)
        self._schema = index.schema
        self._searcher = index.searcher()  # it holds its files open
        counts = {field: int(self._searcher.doc_freq("field", field)) for field in _KNOWN_FIELDS}
        self._fields = sorted((field for field in counts if counts[field]), key=lambda field: -counts[field]) or [field_of("en")]
        self._analyzers = {field: _analyzer(field) for field in self._fields}
        # Not of a method: that would hold this object, and the files and the thread of its index, until a collection of cycles.
        self.passages_with = lru_cache(maxsize=10_000)(partial(_passages_with, self._searcher, self._fields))

    @classmethod
    def open(cls, folder: Path) -> TantivyPostings:
        """The index of a folder; IndexDamaged if it cannot be read."""
        try:
            with _lockable(folder) as lockable:
                return cls(tantivy.Index.open(str(lockable)))
        except ValueError as error:
            raise IndexDamaged(
                folder, f"The postings in {folder} cannot be read: {error}. `qa rebuild` rebuilds them."
            ) from error

    @classmethod
    def empty(cls) -> TantivyPostings:
        """An index of no passages, in memory."""
        return cls(tantivy.Index(_schema()))

    @property
    def count(self) -> int:
        return int(self._searcher.num_docs)

    def rows(self) -> Rows:
        """(n,) all rows, in no order."""
        hits = self._searcher.search(tantivy.Query.all_query(), max(1, self.count), count=False).hits
        return np.array(self._searcher.fast_field_values("row", [address for _, address in hits]), np.int64)

    def terms(self, text: str) -> list[str]:
        """The terms in the language of most passages, or character pairs if the text has no blanks between words."""
        return self._terms(text, field_for(text, self._fields))

    def _terms(self, text: str, field: str) -> list[str]:
        return list(self._analyzers[field].analyze(_prepared(text, field)))

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
        """The query restricted to these rows, with the same scores."""
        named = tantivy.Query.const_score_query(tantivy.Query.term_set_query(self._schema, "row", rows.tolist()), 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, named)])

    def _query(self, question: str) -> tantivy.Query:
        """Any of the question's terms in any language, each once. tantivy's query parser never sees a question."""
        asked = [(field, term) for field in self._fields for term in dict.fromkeys(self._terms(question, field))]
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, tantivy.Query.term_query(self._schema, *one, index_option="freq")) for one in asked]
        )
