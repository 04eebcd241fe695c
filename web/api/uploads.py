"""Files, addresses and pasted text that a browser sent → articles in the index, and what became of each of them."""

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
_NO_ADDRESS = "It is no address of the web: expected one that begins with http:// or https://."


@dataclass(frozen=True, slots=True)
class Upload:
    """One file, under the name that the browser gave: to be shown, and never a path here."""

    name: str
    file: BinaryIO


@dataclass(slots=True)
class Outcome:
    """What became of one file or address, or of the pasted text; refusals and notices are of some of its articles or of all."""

    name: str
    changes: list[Change] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    notices: list[Refusal] = field(default_factory=list)
    is_read: bool = False  # whole; the last of its articles may be on their way into the index

    def count(self, change: str) -> int:
        return self.changes.count(Change(change))

    @property
    def failed(self) -> bool:
        """Whether nothing came of it."""
        return bool(self.refused) and not self.articles


def add_sent(
    service: Service,
    draft: ArticleDraft | None,
    uploads: Sequence[Upload],
    addresses: Sequence[str] = (),
    *,
    most_articles: int = MOST_ARTICLES,
    progress: Callable[[list[Outcome]], None] | None = None,
) -> list[Outcome]:
    """Add the pasted text, if any, and the articles of the files and of the addresses; one outcome each, in this order.

    `progress` is told of all outcomes, as far as they are, after every batch; what it raises ends the adding.

    Raises:
        StoreError: as `Service.add_articles` does; what earlier batches stored stays.
    """
    with TemporaryDirectory(prefix="qa-upload-") as folder:
        return _Sent(service, Path(folder), most_articles).add(draft, uploads, addresses, progress)


class _Sent:
    """Follows the articles of one request from where they came to what became of them."""

    def __init__(self, service: Service, folder: Path, most_articles: int) -> None:
        self._service = service
        self._folder = folder
        self._left = most_articles
        self._waiting: deque[Outcome] = deque()  # of the articles that are on their way into the index, in order

    def add(
        self,
        draft: ArticleDraft | None,
        uploads: Sequence[Upload],
        addresses: Sequence[str],
        progress: Callable[[list[Outcome]], None] | None,
    ) -> list[Outcome]:
        names = [*([_PASTED] if draft else []), *(upload.name for upload in uploads), *addresses]
        outcomes = [Outcome(name) for name in names]
        self._service.add_articles(
            self._articles(draft, uploads, addresses, iter(outcomes)),
            progress=None if progress is None else lambda _: progress(outcomes),
            each=self._stored,
        )
        return outcomes

    def _articles(
        self, draft: ArticleDraft | None, uploads: Sequence[Upload], addresses: Sequence[str], outcomes: Iterator[Outcome]
    ) -> Iterator[Article]:
        if draft is not None:
            yield from self._kept(self._pasted(draft, outcome := next(outcomes)), outcome)
        for number, upload in enumerate(uploads):
            yield from self._kept(self._uploaded(number, upload, outcome := next(outcomes)), outcome)
        for address in addresses:
            yield from self._kept(self._fetched(address, outcome := next(outcomes)), outcome)

    def _kept(self, items: Generator[Article | Refusal, None, None], outcome: Outcome) -> Iterator[Article]:
        """The articles among the items, as long as there is room for them."""
        with contextlib.closing(items):
            for item in items:
                if isinstance(item, Refusal):
                    outcome.refused.append(item)
                elif self._left:
                    self._left -= 1
                    self._waiting.append(outcome)
                    yield item
                else:
                    outcome.refused.append(Refusal(outcome.name, _TOO_MANY))
                    break
        outcome.is_read = True

    def _pasted(self, draft: ArticleDraft, outcome: Outcome) -> Generator[Article | Refusal, None, None]:
        yield article_of(draft, outcome.name, outcome.notices, most=self._service.settings.max_article_characters)

    def _uploaded(self, number: int, upload: Upload, outcome: Outcome) -> Generator[Article | Refusal, None, None]:
        path = self._folder / f"{number}{_suffix(upload.name)}"
        with path.open("wb") as file:
            shutil.copyfileobj(upload.file, file)
        try:
            yield from self._read(
                ArticleReader([path], settings=self._service.settings, uploads={str(path): upload.name}), outcome
            )
        finally:
            path.unlink()

    def _fetched(self, address: str, outcome: Outcome) -> Generator[Article | Refusal, None, None]:
        if is_address(address):
            yield from self._read(ArticleReader([address], settings=self._service.settings), outcome)
        else:  # the reader would take it for a path of this machine
            yield Refusal(address, _NO_ADDRESS)

    def _read(self, reader: ArticleReader, outcome: Outcome) -> Generator[Article | Refusal, None, None]:
        with reader:
            try:
                yield from reader
            finally:
                outcome.notices.extend(reader.notices)

    def _stored(self, article: Article, change: Change) -> None:
        outcome = self._waiting.popleft()
        outcome.articles.append(article)
        outcome.changes.append(change)


def _suffix(name: str) -> str:
    """The suffix that tells a file's format, the one thing that is taken from its name; "" for an unknown one."""
    bare = name.lower().removesuffix(".gz")
    known = next((suffix for suffix in SUFFIXES if bare.endswith(suffix)), "")
    return f"{known}.gz" if name.lower().endswith(".gz") else known
