"""What a store has changed → its collection in Milvus: after each commit, in the order of the commits, as often as is needed.

The store never waits for Milvus inside a transaction, and Milvus never has what the store does not have. What could not be
sent stays on a list of the store (`qa.index.pending`), from which the next writer goes on.
"""

from __future__ import annotations

import contextlib
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from qa.base.errors import EngineError, EngineUnreachable, IndexMismatch
from qa.base.fail_points import SendingPoint, pass_point
from qa.base.in_words import counted
from qa.base.settings import MILVUS
from qa.corpus.boilerplate import FEWEST_STORIES
from qa.index.pending import ENGINE_FACT
from qa.index.postings import field_of
from qa.index.store import Store, StoreWriter

if TYPE_CHECKING:
    from qa.index.milvus.collection import MilvusCollection
    from qa.index.milvus.server import MilvusPlace
    from qa.index.milvus.statistics import Statistics

_ARTICLES_AT_ONCE = 64
_INDEX_ID, _UPLOAD, _NEXT_UPLOAD = "index_id", "upload", "next_upload"  # facts
_NOT_SHOWN = (_UPLOAD, _NEXT_UPLOAD, "uri", "collection")  # facts that are this machine's own affair


class Uploader:
    """Sends one store to one collection. The caller holds the writer's lock. Constructing it touches nothing.

    What `begin` found out holds until the end of a command: `announce`, or `end` after a failure.
    """

    def __init__(self, place: MilvusPlace, dimension: int) -> None:
        self._place = place
        self._dimension = dimension
        self._opened: MilvusCollection | None = None
        self._has_begun = False

    def begin(self, writer: StoreWriter, *, rebuild: bool) -> None:
        """Make the index one that Milvus searches, unless it is; its collection is made, or checked.

        Raises:
            IndexMismatch: the index has articles in another engine, and `rebuild` is not set.
            EngineError: the collection belongs to another index, or another writer has changed it and `rebuild` is not set.
        """
        from qa.index.milvus.statistics import uploaded

        if self._has_begun and not rebuild:
            return
        is_new = writer.fact(ENGINE_FACT) is None
        if is_new and writer.has_articles() and not rebuild:
            raise IndexMismatch(
                writer.folder,
                f"The index {writer.folder} is searched by files of its own. `qa rebuild --engine {MILVUS}` moves it to Milvus.",
            )
        index_id = writer.fact(_INDEX_ID) or secrets.token_hex(8)
        collection = self._collection(index_id)
        is_made = self._make(collection, rebuild=rebuild)
        last = uploaded(collection)
        if not rebuild:
            _check_last_upload(writer, collection, last)
        with writer.writing():
            facts = {ENGINE_FACT: MILVUS, "uri": self._place.uri, "collection": self._place.collection, _INDEX_ID: index_id}
            if last is not None:
                facts[_UPLOAD] = last[1]  # whoever wrote it, this folder goes on from there
            for name, value in facts.items():
                if writer.fact(name) != value:
                    writer.set_fact(name, value)
            if is_new or is_made or rebuild:
                writer.pending.begin()
        self._has_begun = True

    def _make(self, collection: MilvusCollection, *, rebuild: bool) -> bool:
        """Whether an empty collection was made."""
        if collection.exists():
            index_id, dimension = collection.owner()
            if index_id != collection.index_id or dimension == self._dimension or not rebuild:
                collection.check(self._dimension)
                return False
            collection.drop()
        collection.create(self._dimension)
        return True

    def _collection(self, index_id: str | None) -> MilvusCollection:
        from qa.index.milvus.collection import MilvusCollection  # pymilvus comes with it

        if self._opened is None or self._opened.index_id != index_id:
            self.end()
            self._opened = MilvusCollection(self._place, index_id=index_id)
        return self._opened

    def end(self) -> None:
        """Close the connection; the next change begins anew."""
        opened, self._opened, self._has_begun = self._opened, None, False
        if opened is not None:
            opened.close()

    def send(self, writer: StoreWriter) -> None:
        """Send all articles on the list.

        Raises:
            EngineUnreachable, EngineError: how many of them wait is said.
        """
        if not writer.pending:
            return
        collection = self._collection(index_id_of(writer))
        with _saying_what_waits(writer):
            for articles in writer.pending.batches(_ARTICLES_AT_ONCE):
                pass_point(SendingPoint.LIST_READ)
                self._send(writer, collection, articles)
                pass_point(SendingPoint.ARTICLES_SENT)
                with writer.writing():
                    writer.pending.cross_off(articles)
        pass_point(SendingPoint.LIST_CROSSED_OFF)
        with writer.writing():
            writer.forget_gone_rows()

    def _send(self, writer: Store, collection: MilvusCollection, articles: Sequence[int]) -> None:
        """What is live is replaced, the rest deleted. A passage comes after the copy of its article, and goes before it."""
        from qa.index.milvus.collection import COPIES, PASSAGES
        from qa.index.milvus.rows import copy_rows, passage_rows

        stored = [writer.article_in(article) for article in articles if writer.is_live(article)]
        sound = [one for one in stored if one is not None and one.is_intact]
        collection.write(COPIES, (row for one in sound for row in copy_rows(writer, one, self._dimension)))
        pass_point(SendingPoint.COPIES_SENT)
        collection.write(PASSAGES, (row for one in sound for row in passage_rows(writer, one)))
        pass_point(SendingPoint.PASSAGES_SENT)
        sent = {one.row for one in sound}
        collection.delete_articles([article for article in articles if article not in sent])

    def announce(self, writer: StoreWriter) -> None:
        """Send what waits, then the statistics by which other machines answer; nothing where they are those of now.

        Raises:
            EngineUnreachable, EngineError: as of `send`; another writer was there.
        """
        try:
            self.send(writer)
            with _saying_what_waits(writer):
                self._announce(writer, self._collection(index_id_of(writer)))
        finally:
            self.end()

    def _announce(self, writer: StoreWriter, collection: MilvusCollection) -> None:
        from qa.index.milvus.frequencies import count_terms, counted, is_stale, write_frequencies
        from qa.index.milvus.statistics import uploaded, write_statistics

        last = uploaded(collection)
        if last == _upload_of(writer):
            return
        _check_last_upload(writer, collection, last)
        upload = secrets.token_hex(8)
        with writer.writing():
            writer.set_fact(_NEXT_UPLOAD, upload)
        pass_point(SendingPoint.UPLOAD_NAMED)
        statistics = _statistics(writer, upload)
        table = counted(collection)
        if table is None or is_stale(table[0], statistics.passages):
            frequencies = count_terms(writer.cut_terms(), generation=writer.generation)
            write_frequencies(collection, frequencies, self._dimension)
        write_statistics(collection, statistics, self._dimension)
        pass_point(SendingPoint.STATISTICS_SENT)
        with writer.writing():
            writer.set_fact(_UPLOAD, upload)

    def sweep(self, writer: StoreWriter) -> None:
        """Delete what the collection has and the store has not."""
        from qa.index.milvus.collection import COPIES, PASSAGES

        collection = self._collection(index_id_of(writer))
        strangers = strange_keys(writer, held_in(collection))
        for partition in (PASSAGES, COPIES):
            collection.delete_keys(partition, [key for its, key in strangers if its == partition])


def leave_milvus(writer: StoreWriter) -> None:
    """Let an index be searched by files of its own again; inside a transaction. Its collection stays until it is dropped.

    The index is still known by its name there, so that it may come back to it.
    """
    if writer.fact(ENGINE_FACT) is not None:
        for name in (ENGINE_FACT, "uri", "collection", _UPLOAD, _NEXT_UPLOAD):
            writer.forget_fact(name)
        writer.pending.end()


def index_id_of(store: Store) -> str | None:
    """The name by which an index and its collection know each other; None of an index that Milvus does not search."""
    return store.fact(_INDEX_ID)


def is_announced(store: Store, collection: MilvusCollection) -> bool:
    """Whether the statistics of the collection are those of the store as it is."""
    from qa.index.milvus.statistics import uploaded

    return uploaded(collection) == _upload_of(store)


def _upload_of(store: Store) -> tuple[int, str | None]:
    """(generation, last upload) of a store, as its collection has them where it is up to date."""
    return store.generation, store.fact(_UPLOAD)


def passages_by_field(store: Store) -> dict[str, int]:
    """How many passages each field of the postings has."""
    fields: Counter[str] = Counter()
    for language, passages in store.passages_by_language().items():
        fields[field_of(language)] += passages
    return dict(fields)


class Held(NamedTuple):
    """The rows of a collection: `key`, `row` and `article` of its passages, `key` and `article` of its copies."""

    passages: Sequence[Mapping[str, Any]]
    copies: Sequence[Mapping[str, Any]]


def held_in(collection: MilvusCollection) -> Held:
    """All that a collection holds."""
    from qa.index.milvus.collection import COPIES, PASSAGES

    return Held(
        collection.all_rows(["key", "row", "article"], partition=PASSAGES),
        collection.all_rows(["key", "article"], partition=COPIES),
    )


def strange_keys(store: Store, held: Held) -> list[tuple[str, str]]:
    """(partition, key) of the rows that do not belong to a live article of the store."""
    from qa.index.milvus.collection import COPIES, PASSAGES

    known = store.passage_keys()
    live = {article for article, _ in known.values()} | set(store.live_rows())
    return [
        *((PASSAGES, row["key"]) for row in held.passages if known.get(row["row"]) != (row["article"], row["key"])),
        *((COPIES, row["key"]) for row in held.copies if row["article"] and row["article"] not in live),
    ]


def _check_last_upload(writer: Store, collection: MilvusCollection, last: tuple[int, str] | None) -> None:
    """EngineError where the `last` upload that the collection has is not one of this folder."""
    if last is not None and last[1] not in (writer.fact(_UPLOAD), writer.fact(_NEXT_UPLOAD)):
        raise EngineError(
            f"Another writer has changed the {collection} since this index folder last did: a copy of the folder, perhaps. "
            "Let one of them write. `qa rebuild` makes the collection that of this folder."
        )


@contextlib.contextmanager
def _saying_what_waits(writer: Store) -> Iterator[None]:
    try:
        yield
    except EngineError as error:
        waiting = len(writer.pending.articles())
        if not waiting:
            raise
        kind = EngineUnreachable if isinstance(error, EngineUnreachable) else EngineError
        waits = f"{counted(waiting, 'changed article')} of {writer.folder} not sent yet"
        raise kind(f"{error} {waits}; the next change, or the same command again, sends what waits.") from error


def _statistics(store: Store, upload: str) -> Statistics:
    from qa.index.milvus.statistics import Statistics

    counts, days, near = store.counts(), store.filter_values.days(), store.near_duplicates
    sources = store.filter_values.sources()
    return Statistics(
        generation=store.generation,
        upload=upload,
        facts={name: value for name, value in store.facts().items() if name not in _NOT_SHOWN},
        articles=counts.articles,
        sentences=counts.sentences,
        passages=counts.passages,
        last_added_at=store.last_added_at(),
        fields=passages_by_field(store),
        days=(days.first.isoformat() if days.first else None, days.last.isoformat() if days.last else None, days.undated),
        sources=sources,
        languages=[(one.language, one.articles, one.guessed) for one in store.filter_values.languages()],
        stories=[(source, near.stories_of(source)) for source in (*sources, None)],
        recurring=[(one.words_key, one.source, one.stories) for one in near.recurring(fewest=FEWEST_STORIES)],
        overruled=[(key, sentence, is_boilerplate) for key, (sentence, is_boilerplate) in near.overruled().items()],
    )
