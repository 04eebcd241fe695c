"""Articles → sentences → passages → vectors → stored rows, which publish.py publishes.

An Indexer adds, removes and rebuilds. Adding holds the writer's lock for one batch at a time, so that others can write in
between; rebuilding holds it throughout. Readers are never blocked, and finished batches stay stored.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa.base.errors import ArticleNotFound, LineNotFound, StorageError
from qa.base.fail_points import FailPoint, pass_point
from qa.base.languages import declared_code
from qa.base.protocols import Encoder, TitledText, Vectors
from qa.base.settings import LOCAL, MILVUS
from qa.base.terms import ArticleTerms
from qa.base.times import rfc3339
from qa.base.types import Article, Change, Passage, PassageRule, Refusal, Sentence
from qa.corpus.languages import language_of
from qa.corpus.near_duplicates import SIMILAR, bands, shingles, similarity, words_key
from qa.corpus.passages import cut_passages
from qa.corpus.sentences import split_sentences
from qa.index.identity import check_engine, check_format, check_identity, index_facts
from qa.index.layout import STORE_FILE
from qa.index.lock import beside_lock, writer_lock
from qa.index.postings import indexed_text, terms_in
from qa.index.store import (
    ArticleRow,
    NewPassage,
    NewSentence,
    Store,
    StoreWriter,
    make_index_folder,
    require_store,
    translated,
)
from qa.service.engine import Engine
from qa.service.generations import Generations
from qa.service.publish import REBUILDING, Publisher, set_generation
from qa.service.purging import purge_beside
from qa.service.uploading import Uploader

if TYPE_CHECKING:
    from qa.index.milvus.server import MilvusPlace

_BATCH_ARTICLES = 64
_BATCH_CHARACTERS = 1_000_000  # some 20 s of embedding, which an interruption can lose
_EMBEDDED_AT_ONCE = 32  # passages, where progress is told between; they take 5 % longer than all together
_MOST_COMPARED = 50  # articles that a new one is compared with, most shared bands first …
_MOST_COMPARED_IN_A_CLUSTER = 3  # … so that the thousandth near-duplicate costs no more than the first


@dataclass(slots=True)
class AddReport:
    """The results of adding; the ids are given ids."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    passages: int = 0
    without_sentences: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An article cut into passages, with the keys of their vectors and the article's bands."""

    article: Article
    language: str
    embedded_title: str
    sentences: Sequence[NewSentence]
    passages: Sequence[Passage]
    keys: Sequence[bytes]
    terms: ArticleTerms
    bands: Sequence[int]


class Indexer:
    """Changes one index folder. Constructing it touches nothing."""

    def __init__(
        self,
        folder: Path,
        encoder: Encoder,
        rule: PassageRule,
        *,
        lock_timeout_seconds: float,
        milvus: MilvusPlace | None = None,
        is_draft: bool = False,
        batch: int = 1,
    ) -> None:
        """`milvus` is where the index is searched; None for files of its own. `Publisher` says what a draft is.

        `batch` times as many articles as usual are stored at once.
        """
        self.folder = folder
        self._encoder = encoder
        self._rule = rule
        self._lock_timeout_seconds = lock_timeout_seconds
        self._milvus = milvus
        self._is_draft = is_draft
        self._batch = batch

    @classmethod
    def of(cls, folder: Path, engine: Engine, *, batch: int) -> Indexer:
        """What changes an index by its engine: with its encoder and rule, and where it searches."""
        seconds = engine.settings.lock_timeout_seconds
        return cls(folder, engine.encoder, engine.rule, lock_timeout_seconds=seconds, milvus=engine.milvus, batch=batch)

    @cached_property
    def _publisher(self) -> Publisher:
        uploader = None if self._milvus is None else Uploader(self._milvus, self._encoder.identity.dimension)
        return Publisher(self.folder, uploader, is_draft=self._is_draft)

    @cached_property
    def _identity(self) -> dict[str, object]:
        return asdict(self._encoder.identity)

    def create(self) -> None:
        """Create an empty index if there is none; raises as `add` does."""
        with self._writer(create=True):
            pass

    def upgrade(self) -> None:
        """Migrate the store of an earlier version, so that it can be read; raises as `add` does."""
        with self._writer(check=False, may_move=True):
            pass

    def add(
        self,
        items: Iterable[Article | Refusal],
        *,
        progress: Callable[[AddReport], None] | None = None,
        each: Callable[[Article, Change], None] | None = None,
        only_if: Callable[[Article | None], None] | None = None,
        embedding: Callable[[float], None] | None = None,
    ) -> AddReport:
        """Add articles, or replace those whose text or metadata changed; a missing index folder is created.

        Refusals are copied into the report. Each batch is one transaction; an interruption keeps earlier batches. `each` is
        called with every article in order, once its batch is stored. `only_if` is called with the article that each one of
        a batch replaces, or None for a new one, while no other process can change it. `embedding` is called often
        while a batch is made, with the share of its passages that are embedded, 0..1. If one of these two raises, the batch
        is not stored.

        Raises:
            IndexMismatch, IndexDamaged, IndexBusy, StorageError: as their names say. Finished batches stay.
        """
        report = AddReport()
        for batch in _batches(items, report, self._batch):
            if batch:
                changes = self._add_batch(batch, report, only_if, embedding)
                if each is not None:
                    for article in batch:
                        each(article, changes.get(article.id, Change.UNCHANGED))
            if progress is not None:
                progress(report)
        self._announce()
        return report

    def _announce(self) -> None:
        """At the end of a command, let other machines know."""
        if self._milvus is not None and (self.folder / STORE_FILE).exists():
            with self._writer(check=False) as writer:
                self._publisher.announce(writer)

    def _add_batch(
        self,
        batch: Sequence[Article],
        report: AddReport,
        only_if: Callable[[Article | None], None] | None,
        embedding: Callable[[float], None] | None,
    ) -> dict[str, Change]:
        """Store a batch; article id → its change, without unchanged articles."""
        with self._writer(create=True) as writer:
            latest = {article.id: article for article in batch}  # of one id, the later text counts
            if only_if is not None:
                for article_id in latest:
                    stored = writer.article(article_id, even_damaged=True)
                    only_if(stored.article if stored else None)
            new = [article for article in latest.values() if not self._same(writer, article)]
            restored = [article.id for article in latest.values() if writer.article(article.id, removed=True, even_damaged=True)]
            changes = dict.fromkeys(restored, Change.ADDED)
            if not new and not restored:
                report.unchanged += len(batch)
                return changes
            prepared = []
            heartbeat = partial(embedding or _tell_nobody, 0.0)
            for article in new:
                prepared.append(self._prepare(article, heartbeat))
                heartbeat()
            vectors = self._missing_vectors(writer, prepared, embedding)
            with self._publisher.change(writer) as change:
                writer.add_vectors(*vectors)
                for article_id in restored:
                    writer.mark_removed(article_id, None)
                for made in prepared:
                    replaced = writer.article(made.article.id, even_damaged=True)
                    changes[made.article.id] = Change.CHANGED if replaced else Change.ADDED
                    if replaced is not None:
                        if replaced.article.digest != made.article.digest:
                            writer.keep_version(made.article.id, _now())
                        change.replace(writer, made.article.id)
                    writer.delete_version(made.article.id, made.article.digest)  # the new text may be an earlier one again
                    added = self._store(writer, made, added_at=_now())
                    change.added.extend(added)
                    change.languages.update((row, made.language) for row, _ in added)
                    report.passages += len(made.passages)
                    if not any(new.sentence.citable for new in made.sentences):
                        report.without_sentences.append(made.article.given_id)
        done = list(changes.values())
        report.added += done.count(Change.ADDED)
        report.changed += done.count(Change.CHANGED)
        report.unchanged += len(batch) - len(changes)
        return changes

    def _same(self, writer: Store, article: Article) -> bool:
        """Whether the store already has this article, hidden or not, with the same text and metadata, undamaged."""
        stored = _even_damaged(writer, article.id, removed_too=True)
        return stored is not None and stored.is_intact and stored.article == article

    def _prepare(self, article: Article, heartbeat: Callable[[], None] = lambda: None) -> _Prepared:
        try:
            language = language_of(article.text, article.language)
        except OSError as error:  # py3langid unpacks its model into a temporary file
            raise StorageError(
                self.folder, f"Telling languages needs some space for temporary files: {error}. Free some."
            ) from error
        sentences = split_sentences(article.text, language=language, heartbeat=heartbeat)
        passages = cut_passages(article, sentences, self._encoder, self._rule, heartbeat=heartbeat)
        title = self._encoder.shorten_title(article.title)
        keys = [self._vector_key(title, passage.span.of(article.text)) for passage in passages]
        new = [NewSentence(sentence, key) for sentence, key in zip(sentences, _words_keys(article.text, sentences), strict=True)]
        terms = ArticleTerms.of(
            terms_in(article.title, language),
            [terms_in(sentence.span.of(article.text), language) for sentence in sentences],
        )
        return _Prepared(article, language, title, new, passages, keys, terms, bands(shingles(article.text)))

    def _vector_key(self, title: str, text: str) -> bytes:
        """A digest of everything that the vector is computed from."""
        source = json.dumps([self._identity, title, text], ensure_ascii=True)
        return hashlib.sha256(source.encode()).digest()[:16]

    def _missing_vectors(
        self, writer: Store, prepared: Sequence[_Prepared], embedding: Callable[[float], None] | None = None
    ) -> tuple[list[bytes], Vectors]:
        """(keys, (n, d) vectors) of the passages without a stored vector; each text is embedded once."""
        texts = {
            key: TitledText(made.embedded_title, passage.span.of(made.article.text))
            for made in prepared
            for key, passage in zip(made.keys, made.passages, strict=True)
        }
        known = writer.known_vectors(texts)
        missing = [key for key in texts if key not in known]
        if embedding is None:
            return missing, self._encoder.embed_passages([texts[key] for key in missing])
        vectors = [self._encoder.embed_passages([])]
        for start in range(0, len(missing), _EMBEDDED_AT_ONCE):
            some = missing[start : start + _EMBEDDED_AT_ONCE]
            vectors.append(self._encoder.embed_passages([texts[key] for key in some]))
            embedding((start + len(some)) / len(missing))
        return missing, np.concatenate(vectors)

    def _store(self, writer: StoreWriter, made: _Prepared, *, added_at: str) -> list[tuple[int, str]]:
        """Store the article; (row, text for the postings) of each of its passages."""
        article_row, rows = writer.add_article(
            made.article,
            language=made.language,
            is_guessed=declared_code(made.article.language) is None,
            embedded_title=made.embedded_title,
            sentences=made.sentences,
            passages=[NewPassage(passage, key) for passage, key in zip(made.passages, made.keys, strict=True)],
            terms=made.terms,
            added_at=added_at,
        )
        writer.near_duplicates.join(article_row, made.bands, _similar_clusters(writer, made.article.text, made.bands))
        return [
            (row, indexed_text(made.article.title, passage.span.of(made.article.text)))
            for row, passage in zip(rows, made.passages, strict=True)
        ]

    def remove(
        self,
        ids: Sequence[str],
        *,
        now: bool = False,
        keep_snapshots: bool = False,
        only_if: Callable[[Article], None] | None = None,
    ) -> list[str]:
        """Hide articles at once; the ids of the articles. The first change after ten minutes deletes their text, or `now`.

        `now` leaves none of their words: the search files are made anew, and so are snapshots that hold one of the articles,
        unless these are to be kept.

        `only_if` is called with each article while no other process can change it. If it raises, none is removed.

        Raises:
            ArticleNotFound: one of the ids is not in the index. None is then removed.
        """
        with self._nothing_kept() if now else contextlib.nullcontext(), self._writer(check=False) as writer:
            articles = [_known(given, _even_damaged(writer, given, removed_too=now)) for given in ids]
            if only_if is not None:
                for article in articles:
                    only_if(article)
            removed = [article.id for article in articles]
            with contextlib.ExitStack() as held:
                if now:
                    purge_beside(self.folder, removed)
                    held.enter_context(self._generations.without(removed, keep=keep_snapshots))
                change = held.enter_context(self._publisher.change(writer))
                for article_id in dict.fromkeys(removed):
                    writer.mark_removed(article_id, _now())
                    if now:
                        change.delete_at_once(writer, article_id)
            self._publisher.announce(writer)
        return removed

    @property
    def _generations(self) -> Generations:
        return Generations(self.folder, lock_timeout_seconds=self._lock_timeout_seconds)

    @contextlib.contextmanager
    def _nothing_kept(self) -> Iterator[None]:
        """No index is made beside this one, which would have what is deleted."""
        require_store(self.folder)
        with beside_lock(self.folder, timeout_seconds=self._lock_timeout_seconds):
            yield

    def restore(self, ids: Sequence[str]) -> list[str]:
        """Restore removed articles; ArticleNotFound if one was already deleted."""
        with self._writer(check=False) as writer:
            hidden = [writer.article(given, removed=True, even_damaged=True) for given in ids]
            article_ids = [_known(given, stored).id for given, stored in zip(ids, hidden, strict=True)]
            with self._publisher.change(writer):
                for article_id in article_ids:
                    writer.mark_removed(article_id, None)
            self._publisher.announce(writer)
        return article_ids

    def overrule(self, sentence: str, *, boilerplate: bool | None) -> None:
        """Store a user's decision on a sentence; None deletes it.

        Raises:
            ValueError: a sentence without words.
            LineNotFound: no article has it, or there is no decision to delete.
        """
        key = words_key(sentence)
        if key is None:
            raise ValueError(f"there is no word in {sentence!r}")
        with self._writer(check=False) as writer:
            with writer.writing():
                if boilerplate is None and key not in writer.near_duplicates.overruled():
                    raise LineNotFound(sentence, "Nothing was decided on this sentence")
                if boilerplate is not None and not writer.near_duplicates.has_sentence(key):
                    raise LineNotFound(sentence, "No article has this sentence as one that could be cited")
                writer.near_duplicates.overrule(key, sentence, boilerplate)
                set_generation(writer, writer.generation + 1)
            self._publisher.announce(writer)

    def rebuild(self, *, progress: Callable[[AddReport], None] | None = None) -> AddReport:
        """Rebuild the index from the stored articles with the current encoder and passage rule, embedding only changes.

        Vectors are stored as they are computed. Everything else changes in one transaction at the end; until then readers
        use the old state. Removed articles are deleted.

        Raises:
            ArticleDamaged: an article is not as it was added. Nothing is changed then.
        """
        report = AddReport()
        with self._writer(check=False, may_move=True) as writer:
            articles = [stored.article for stored in writer.articles()]
            prepared = []
            for start in range(0, len(articles), _BATCH_ARTICLES):
                some = [self._prepare(article) for article in articles[start : start + _BATCH_ARTICLES]]
                keys, vectors = self._missing_vectors(writer, some)
                with writer.writing():  # vectors are kept even if the rebuild is interrupted
                    writer.set_fact(REBUILDING, "yes")
                    writer.add_vectors(keys, vectors)
                pass_point(FailPoint.VECTORS_STORED)
                prepared.extend(some)
                report.unchanged += len(some)
                report.passages += sum(len(made.passages) for made in some)
                if progress is not None:
                    progress(report)
            with self._publisher.change(writer, rebuild=True) as change:
                added_at = {stored.article.id: stored.added_at for stored in writer.articles()}
                for article_id in added_at:
                    change.replace(writer, article_id)
                for article_id in writer.removed_ids(before=_now()):
                    change.delete(writer, article_id)
                for made in prepared:
                    self._store(writer, made, added_at=added_at[made.article.id])
                writer.delete_unused_vectors()
                writer.set_fact(REBUILDING, "")
                self._set_facts(writer)
            self._publisher.announce(writer)
        return report

    def _facts(self) -> dict[str, str]:
        return index_facts(self._encoder.identity, self._rule)

    def _set_facts(self, writer: StoreWriter) -> None:
        for name, value in self._facts().items():
            writer.set_fact(name, value)

    @contextlib.contextmanager
    def _writer(self, *, create: bool = False, check: bool = True, may_move: bool = False) -> Iterator[StoreWriter]:
        """The writing connection, under the lock. `check` loads the model and refuses an index of another encoder or rule.

        Only with `may_move`, another engine may search the index until now.
        """
        if create:
            make_index_folder(self.folder)
        else:
            require_store(self.folder)
        with (
            writer_lock(self.folder, timeout_seconds=self._lock_timeout_seconds),
            translated(self.folder),
            contextlib.closing(StoreWriter.open(self.folder, create=create)) as writer,
        ):
            if create and writer.fact("format") is None and not writer.has_articles():
                with writer.writing():
                    self._set_facts(writer)
            pass_point(FailPoint.STORE_OPENED)
            check_format(writer)
            if writer.has_articles() and not may_move:
                check_engine(writer, LOCAL if self._milvus is None else MILVUS)
            if check:
                check_identity(writer, self._facts())
            yield writer


def _even_damaged(writer: Store, given: str, *, removed_too: bool) -> ArticleRow | None:
    """The article by either id, damaged or not; with `removed_too`, also one that is removed and not purged yet."""
    stored = writer.article(given, even_damaged=True)
    return stored if stored or not removed_too else writer.article(given, removed=True, even_damaged=True)


def _known(given: str, stored: ArticleRow | None) -> Article:
    """The stored article of a given id; ArticleNotFound without one."""
    if stored is None:
        raise ArticleNotFound(given)
    return stored.article


def _words_keys(text: str, sentences: Sequence[Sentence]) -> list[int | None]:
    """The key of each citable sentence, None for the others."""
    return [words_key(sentence.span.of(text)) if sentence.citable else None for sentence in sentences]


def _similar_clusters(writer: Store, text: str, its_bands: Sequence[int]) -> set[int]:
    """The clusters with an article whose text is similar to this one."""
    clusters: set[int] = set()
    compared: Counter[int] = Counter()
    sharing = writer.near_duplicates.sharing(its_bands)[:_MOST_COMPARED]
    its_shingles = shingles(text) if sharing else frozenset()  # most articles share no band
    for other in sharing:
        if other.cluster not in clusters and compared[other.cluster] < _MOST_COMPARED_IN_A_CLUSTER:
            compared[other.cluster] += 1
            if similarity(its_shingles, shingles(writer.text(other.row))) >= SIMILAR:
                clusters.add(other.cluster)
    return clusters


def _batches(items: Iterable[Article | Refusal], report: AddReport, size: int) -> Iterator[list[Article]]:
    """Articles in batches by number and length, `size` times the usual ones; refusals go into the report."""
    batch: list[Article] = []
    characters = 0
    for item in items:
        if isinstance(item, Refusal):
            report.refused.append(item)
            continue
        batch.append(item)
        characters += len(item.text)
        if len(batch) == size * _BATCH_ARTICLES or characters >= size * _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    yield batch


def _tell_nobody(share: float) -> None:
    """For who does not ask how far it is."""


def _now() -> str:
    return rfc3339(datetime.now(UTC))
