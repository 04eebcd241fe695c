"""Uploaded files, addresses and pasted text → articles in the index, and one result each."""

from __future__ import annotations

import contextlib
import shutil
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from qa.base.types import Article, Change, Refusal
from qa.corpus.article_reader import ArticleReader, article_of
from qa.corpus.fetch import is_address
from qa.corpus.formats.article_draft import ArticleDraft
from qa.corpus.formats.detection import SUFFIXES
from qa.service.service import Service

# 200: under a minute on a small laptop, which is as long as somebody waits for a page; reading more needs the terminal.
MOST_ARTICLES = 200
MOST_ADDRESSES = 10  # each may take fetch_timeout_seconds
_PASTED = "Pasted text"
_TOO_MANY = (
    f"The rest was not read: one upload takes {MOST_ARTICLES} articles. `qa add PATH` in a terminal reads any number of them."
)
_NO_ADDRESS = "It is not a web address: expected one that begins with http:// or https://."


@dataclass(frozen=True, slots=True)
class Upload:
    """One file, under the name that the client gave. The name is shown, and never used as a path."""

    name: str
    file: BinaryIO


@dataclass(slots=True)
class UploadResult:
    """The result of one file or address, or of the pasted text. Refusals and notices concern some of its articles, or all."""

    name: str
    changes: list[Change] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    notices: list[Refusal] = field(default_factory=list)
    is_read: bool = False  # completely; its last articles may still be waiting to be stored

    def count(self, change: str) -> int:
        return self.changes.count(Change(change))

    @property
    def failed(self) -> bool:
        """Whether none of its articles was added."""
        return bool(self.refused) and not self.articles


def add_sent(
    service: Service,
    draft: ArticleDraft | None,
    uploads: Sequence[Upload],
    addresses: Sequence[str] = (),
    *,
    most_articles: int = MOST_ARTICLES,
    progress: Callable[[list[UploadResult]], None] | None = None,
) -> list[UploadResult]:
    """Add the pasted text, if any, and the articles of the files and of the addresses; one result each, in this order.

    `progress` is called after every batch with all results so far. An error that it raises ends the adding.

    Raises:
        StoreError: as in `Service.add_articles`. The articles of earlier batches stay.
    """
    with TemporaryDirectory(prefix="qa-upload-") as folder:
        return _Sent(service, Path(folder), most_articles).add(draft, uploads, addresses, progress)


class _Sent:
    """Matches the articles of one request with their results."""

    def __init__(self, service: Service, folder: Path, most_articles: int) -> None:
        self._service = service
        self._folder = folder
        self._left = most_articles
        self._waiting: deque[UploadResult] = deque()  # the result of each article that is not yet stored, in order

    def add(
        self,
        draft: ArticleDraft | None,
        uploads: Sequence[Upload],
        addresses: Sequence[str],
        progress: Callable[[list[UploadResult]], None] | None,
    ) -> list[UploadResult]:
        names = [*([_PASTED] if draft else []), *(upload.name for upload in uploads), *addresses]
        results = [UploadResult(name) for name in names]
        self._service.add_articles(
            self._articles(draft, uploads, addresses, iter(results)),
            progress=None if progress is None else lambda _: progress(results),
            each=self._stored,
        )
        return results

    def _articles(
        self, draft: ArticleDraft | None, uploads: Sequence[Upload], addresses: Sequence[str], results: Iterator[UploadResult]
    ) -> Iterator[Article]:
        if draft is not None:
            yield from self._kept(self._pasted(draft, result := next(results)), result)
        for number, upload in enumerate(uploads):
            yield from self._kept(self._uploaded(number, upload, result := next(results)), result)
        for address in addresses:
            yield from self._kept(self._fetched(address, result := next(results)), result)

    def _kept(self, items: Generator[Article | Refusal, None, None], result: UploadResult) -> Iterator[Article]:
        """The articles among the items, up to the limit of the request."""
        with contextlib.closing(items):
            for item in items:
                if isinstance(item, Refusal):
                    result.refused.append(item)
                elif self._left:
                    self._left -= 1
                    self._waiting.append(result)
                    yield item
                else:
                    result.refused.append(Refusal(result.name, _TOO_MANY))
                    break
        result.is_read = True

    def _pasted(self, draft: ArticleDraft, result: UploadResult) -> Generator[Article | Refusal, None, None]:
        yield article_of(draft, result.name, result.notices, most=self._service.settings.max_article_characters)

    def _uploaded(self, number: int, upload: Upload, result: UploadResult) -> Generator[Article | Refusal, None, None]:
        path = self._folder / f"{number}{_suffix(upload.name)}"
        with path.open("wb") as file:
            shutil.copyfileobj(upload.file, file)
        try:
            yield from self._read(
                ArticleReader([path], settings=self._service.settings, uploads={str(path): upload.name}), result
            )
        finally:
            path.unlink()

    def _fetched(self, address: str, result: UploadResult) -> Generator[Article | Refusal, None, None]:
        if is_address(address):
            yield from self._read(ArticleReader([address], settings=self._service.settings), result)
        else:  # the reader would read it as a path of this machine
            yield Refusal(address, _NO_ADDRESS)

    def _read(self, reader: ArticleReader, result: UploadResult) -> Generator[Article | Refusal, None, None]:
        with reader:
            try:
                yield from reader
            finally:
                result.notices.extend(reader.notices)

    def _stored(self, article: Article, change: Change) -> None:
        result = self._waiting.popleft()
        result.articles.append(article)
        result.changes.append(change)


def _suffix(name: str) -> str:
    """The suffix that names a file's format; "" for an unknown one. Nothing else of the name is used."""
    bare = name.lower().removesuffix(".gz")
    known = next((suffix for suffix in SUFFIXES if bare.endswith(suffix)), "")
    return f"{known}.gz" if name.lower().endswith(".gz") else known
