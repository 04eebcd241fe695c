"""Uploaded files, addresses and pasted text → articles in the index, and one result each."""

from __future__ import annotations

import contextlib
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qa.api.upload import MOST_NAMED
from qa.base.types import Article, Change, Refusal
from qa.corpus.article_reader import ArticleReader, article_of
from qa.corpus.fetch import is_address
from qa.corpus.formats.article_draft import ArticleDraft
from qa.service.service import Service

MOST_ADDRESSES = 10  # each may take fetch_timeout_seconds
_PASTED = "Pasted text"
_NO_ADDRESS = "It is not a web address: expected one that begins with http:// or https://."
_LOOK_SECONDS = 0.5  # between two looks at whether to go on, while nothing is stored


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was received: a copy of it, and the name that the client gave, which is shown and never used as a path."""

    name: str
    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class Sending:
    """What one request asks to add. `unsent` are files that the client tells of, and why it did not send them; `left_out` says
    the same of files that nobody asked for."""

    draft: ArticleDraft | None = None
    uploads: Sequence[Upload] = ()
    addresses: Sequence[str] = ()
    unsent: Sequence[Refusal] = ()
    left_out: Sequence[Refusal] = ()

    @property
    def names(self) -> list[str]:
        """The name of each result, in order."""
        pasted = [self.draft.title or _PASTED] if self.draft else []
        told = [one.origin for one in (*self.unsent, *self.left_out)]
        return [*pasted, *(upload.name for upload in self.uploads), *self.addresses, *told]

    @property
    def total_bytes(self) -> int:
        return sum(upload.size for upload in self.uploads)


@dataclass(slots=True)
class UploadResult:
    """The result of one file or address, or of the pasted text. Refusals and notices concern some of its articles, or all."""

    name: str
    counts: Counter[Change] = field(default_factory=Counter)
    article_ids: list[str] = field(default_factory=list)  # the first ones
    refused: list[Refusal] = field(default_factory=list)
    notices: list[Refusal] = field(default_factory=list)
    is_read: bool = False  # completely; its last articles may still be waiting to be stored

    @property
    def failed(self) -> bool:
        """Whether none of its articles was added."""
        return bool(self.refused) and not self.counts.total()

    @property
    def has_begun(self) -> bool:
        return self.is_read or bool(self.counts.total())


_Items = Generator[Article | Refusal, None, None]
Progress = Callable[[Sequence[UploadResult], int], None]


def add_sent(service: Service, sending: Sending, progress: Progress) -> None:
    """Add the articles of everything that was sent, in the order of `Sending.names`.

    `progress` is called after every batch, and every half second while one is read or embedded, with all results so far and the
    bytes of the files that are done. An error that it raises ends the adding.

    Raises:
        StoreError: as in `Service.add_articles`. The articles of earlier batches stay.
    """
    _Adding(service, sending, progress).run()


class _Adding:
    """Matches the articles of one request with their results."""

    def __init__(self, service: Service, sending: Sending, progress: Progress) -> None:
        self._service = service
        self._sending = sending
        self._progress = progress
        self._results = [UploadResult(name) for name in sending.names]
        self._waiting: deque[UploadResult] = deque()  # the result of each article that is not yet stored, in order
        self._told: set[str] = set()  # articles of the batch: a text that came twice is added once
        self._read_bytes = 0  # of the files before the current one
        self._stored_bytes = 0
        self._reader: ArticleReader | None = None
        self._looked_at = time.monotonic()

    def run(self) -> None:
        self._service.add_articles(
            self._articles(), progress=lambda _: self._batch_stored(), each=self._stored, embedding=self._embedded
        )

    def _articles(self) -> Iterator[Article]:
        results = iter(self._results)
        if self._sending.draft is not None:
            yield from self._kept(self._pasted(self._sending.draft, result := next(results)), result)
        for upload in self._sending.uploads:
            reader = self._reader_of(upload.path, uploads={str(upload.path): upload.name})
            yield from self._kept(self._read(reader, result := next(results)), result)
            self._read_bytes += upload.size
        for address in self._sending.addresses:
            yield from self._kept(self._fetched(address, result := next(results)), result)
        for refusal in self._sending.unsent:
            (result := next(results)).refused.append(refusal)
            result.is_read = True
        for notice in self._sending.left_out:
            (result := next(results)).notices.append(notice)
            result.is_read = True

    def _kept(self, items: _Items, result: UploadResult) -> Iterator[Article]:
        """The articles among the items."""
        with contextlib.closing(items):
            for item in items:
                if isinstance(item, Refusal):
                    result.refused.append(item)
                else:
                    self._waiting.append(result)
                    yield item
                self._look()
        result.is_read = True

    def _look(self, done_bytes: int | None = None) -> None:
        """Tell how far it is, now and then, though nothing was stored."""
        if time.monotonic() - self._looked_at > _LOOK_SECONDS:
            self._tell(self._stored_bytes if done_bytes is None else done_bytes)

    def _reader_of(self, path: str | Path, uploads: Mapping[str, str] | None = None) -> ArticleReader:
        return ArticleReader([path], settings=self._service.settings, uploads=uploads, heartbeat=self._look)

    def _pasted(self, draft: ArticleDraft, result: UploadResult) -> _Items:
        yield article_of(draft, result.name, result.notices, most=self._service.settings.max_article_characters)

    def _fetched(self, address: str, result: UploadResult) -> _Items:
        if is_address(address):
            yield from self._read(self._reader_of(address), result)
        else:  # the reader would read it as a path of this machine
            yield Refusal(address, _NO_ADDRESS)

    def _read(self, reader: ArticleReader, result: UploadResult) -> _Items:
        with reader:
            self._reader = reader
            try:
                yield from reader
            finally:
                self._reader = None
                result.notices.extend(reader.notices)

    def _stored(self, article: Article, change: Change) -> None:
        result = self._waiting.popleft()
        result.counts[Change.UNCHANGED if article.id in self._told else change] += 1
        self._told.add(article.id)
        if len(result.article_ids) < MOST_NAMED:
            result.article_ids.append(article.id)

    def _embedded(self, share: float) -> None:
        """Of a batch, this share. Embedding takes most of the time, so the bytes grow with it."""
        self._look(self._stored_bytes + int(share * (self._bytes_of_batches() - self._stored_bytes)))

    def _batch_stored(self) -> None:
        self._told.clear()
        self._stored_bytes = self._bytes_of_batches()
        self._tell(self._stored_bytes)

    def _bytes_of_batches(self) -> int:
        return self._read_bytes + (self._reader.bytes_read if self._reader else 0)

    def _tell(self, done_bytes: int) -> None:
        self._progress(self._results, done_bytes)
        self._looked_at = time.monotonic()
