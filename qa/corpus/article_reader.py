"""Paths and addresses → articles, and a refusal for each file or record that cannot become one.

A file that cannot be read never stops the others. Streamed formats (JSONL, CSV) are never held in memory whole.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from qa.base.errors import ArticleError
from qa.base.types import Article, Refusal, text_digest
from qa.corpus.articles import canonical_url, make_article
from qa.corpus.byte_streams import STANDARD_INPUT, STANDARD_INPUT_NAME, OpenFile, check_file, open_file
from qa.corpus.feed_entries import owned
from qa.corpus.fetch import Fetched, Fetcher, is_address, same_site
from qa.corpus.formats.article_draft import ArticleDraft
from qa.corpus.formats.csv_table import read_table
from qa.corpus.formats.detection import HEAD_BYTES, Format, format_of, sniff
from qa.corpus.formats.docx import read_docx
from qa.corpus.formats.epub import read_epub
from qa.corpus.formats.feed import Entry, read_feed
from qa.corpus.formats.html import read_html
from qa.corpus.formats.json_records import read_json, read_jsonl
from qa.corpus.formats.markdown import read_markdown
from qa.corpus.formats.pdf import read_pdf
from qa.corpus.formats.plain_text import read_text
from qa.corpus.formats.warc import read_warc
from qa.corpus.input_files import InputFile, input_files
from qa.corpus.parser_process import ParserProcess

if TYPE_CHECKING:
    from qa.base.settings import Settings

_FEED_TYPES = (  # the last two were never registered, and are sent
    *("application/rss+xml", "application/atom+xml", "application/rdf+xml"),
    *("application/x-rss+xml", "application/x-atom+xml"),
)
_FORMAT_OF_MEDIA_TYPE = {  # of fetched pages
    **{"text/html": Format.HTML, "application/xhtml+xml": Format.HTML, "application/pdf": Format.PDF},
    **{"text/plain": Format.TEXT, "text/markdown": Format.MARKDOWN},
    **dict.fromkeys(_FEED_TYPES, Format.FEED),
}
_UNSPECIFIC = ("", "application/octet-stream", "application/xml", "text/xml")  # media types; the first bytes decide
_RECORDS = (Format.JSON, Format.JSONL, Format.TABLE, Format.EPUB, Format.FEED, Format.WARC)
_STREAMED = (Format.JSONL, Format.TABLE, Format.WARC)
_MOST_PAGES_OF_A_FEED = 100
_MOST_DECOMPRESSED = 4 * 2**30  # bytes
_MOST_REFUSED = 1_000  # records of a file, one after the other
_JSON_BYTES_PER_CHARACTER = 12  # "\ud83d\ude00" is one code point
_OTHER_FIELDS_BYTES = 2**20


class ArticleReader:
    """Iterates over the articles and refusals of files, folders (sorted), "-" (standard input) and web addresses.

    Addresses are fetched only if the setting `allow_fetch` is on.

    Constructing a reader opens nothing. Use it as a context manager, or `close` it: a child process reads HTML, PDF, Word
    files, EPUB and feeds. A progress bar can show `bytes_read` of `bytes_total`; gzip files count their packed bytes.
    `notices` are the fields that were left out of accepted articles. `skipped_files` are the paths in folders that are
    hidden or have an unknown suffix.

    `uploads` maps the absolute path of an uploaded file to its original name. Messages use that name, and the path never
    becomes an article's id. `heartbeat` is called often between two articles, where that takes longer; an error that it raises
    ends the reading.
    """

    def __init__(
        self,
        paths: Sequence[str | Path],
        *,
        settings: Settings,
        uploads: Mapping[str, str] | None = None,
        max_decompressed_bytes: int = _MOST_DECOMPRESSED,
        heartbeat: Callable[[], None] = lambda: None,
    ) -> None:
        self._paths = [os.fspath(path) for path in paths]
        self._settings = settings
        self._uploads = uploads or {}
        self._max_decompressed_bytes = max_decompressed_bytes
        self._heartbeat = heartbeat
        self._parser = ParserProcess(timeout_seconds=settings.parse_timeout_seconds, heartbeat=heartbeat)
        self._files: list[InputFile | Refusal] | None = None
        self._raw: IO[bytes] | None = None
        self._given = 1.0  # the share of the drafts that were given, of a file that is read whole before the first
        self._done_bytes = 0
        self.skipped_files: list[str] = []
        self.notices: list[Refusal] = []

    def __enter__(self) -> ArticleReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the child process. Closing twice is harmless."""
        self._parser.close()

    @property
    def bytes_total(self) -> int | None:
        """The size of all files together; None if standard input is among them."""
        sizes = [file.size for file in self._input_files() if isinstance(file, InputFile)]
        known = [size for size in sizes if size is not None]
        return sum(known) if len(known) == len(sizes) else None

    @property
    def bytes_read(self) -> int:
        """The bytes read so far. Those of a file that must be read whole count as its articles are given."""
        reached = self._raw.tell() if self._raw is not None and not self._raw.closed else 0
        return self._done_bytes + int(reached * self._given)

    def __iter__(self) -> Iterator[Article | Refusal]:
        self._done_bytes = 0
        self.notices.clear()
        for file in self._input_files():
            if isinstance(file, Refusal):
                yield file
                continue
            try:
                yield from self._articles(file)
            except ArticleError as error:
                yield Refusal(self._uploads.get(file.path, error.origin), error.reason, error.line)
            finally:
                self._done_bytes += file.size or 0

    def _input_files(self) -> list[InputFile | Refusal]:
        if self._files is None:
            self._files, self.skipped_files = input_files(self._paths)
        return self._files

    def _articles(self, file: InputFile) -> Iterator[Article | Refusal]:
        """The articles of one file or address. A second one with the same id, URL or text is refused."""
        origin = self._origin(file.path)
        path: str | None = file.path if origin == file.path else None
        if is_address(file.path):
            path, drafts = None, self._fetched(file.path)
        else:
            if file.path != STANDARD_INPUT:
                check_file(file.path, self._settings.max_file_bytes)
            drafts = self._drafts(file.path, origin)
        places: dict[str, str] = {}
        refused_in_a_row = 0
        for is_record, draft in drafts:
            if isinstance(draft, Refusal):
                yield draft
                refused_in_a_row += 1
                if refused_in_a_row == _MOST_REFUSED:
                    raise ArticleError(
                        origin, f"{_MOST_REFUSED:,} records in a row cannot be read; the rest of the file is left out"
                    )
                continue
            refused_in_a_row = 0
            fallback = _fallback_id(path, draft.text, is_record)
            article = article_of(draft, origin, self.notices, fallback_id=fallback, most=self._settings.max_article_characters)
            if isinstance(article, Article):
                place = f"line {draft.line}" if draft.line else f"record {draft.record}"
                first = places.setdefault(article.given_id, place)
                if first is not place:
                    article = _refusal(draft, origin, _repeated(draft, article, first))
            yield article

    def _fetched(self, url: str) -> Iterator[tuple[bool, ArticleDraft | Refusal]]:
        """(whether it is an entry of a feed, its draft) for each article at an address."""
        settings = self._settings
        if not settings.allow_fetch:
            raise ArticleError(url, "addresses are not fetched; --allow-fetch, or the setting allow_fetch, lets qa do so")
        fetcher = Fetcher(
            timeout_seconds=settings.fetch_timeout_seconds,
            max_bytes=settings.max_fetch_bytes,
            networks=settings.fetch_networks,
        )
        fetched = fetcher.fetch(url)
        kind = _kind_of(fetched)
        if kind is Format.FEED:
            pages = 0
            for entry in read_feed(fetched.data, origin=url, parse=self._parser.call):
                self._heartbeat()
                pages += not entry.is_whole
                yield True, self._entry(entry, fetched.url, fetcher if pages <= _MOST_PAGES_OF_A_FEED else None)
        elif kind is not None:
            yield False, self._page(kind, fetched, url)
        else:
            raise ArticleError(url, _unexpected(fetched))

    def _page(self, kind: Format, page: Fetched, origin: str) -> ArticleDraft:
        """A page's draft. Its URL is the one that the page names, if that is on the same site, else the fetched one."""
        draft = self._whole(kind, page.charset)(page.data, origin)
        return replace(draft, url=_own_url(draft.url, page.url), source=draft.source or _host_of(page.url))

    def _entry(self, entry: Entry, feed_url: str, fetcher: Fetcher | None) -> ArticleDraft:
        """The draft of a feed's entry. If the feed has only its beginning and there is a fetcher, its page is fetched.

        A page of another site is fetched only if the feed may name that site.
        """
        draft = owned(entry.draft, feed_url, may_name=self._settings.feed_may_name)
        if entry.is_whole or draft.url is None or fetcher is None:
            return draft
        try:
            page = fetcher.fetch(draft.url)
            kind = _kind_of(page)
            if kind is None or kind is Format.FEED:
                raise ArticleError(draft.url, _unexpected(page))
            whole = self._page(kind, page, draft.url)
        except ArticleError as error:
            return replace(draft, notices=(*draft.notices, f"and its page {draft.url} could not be read: {error.reason}"))
        return replace(
            whole,
            title=whole.title or draft.title,
            author=whole.author or draft.author,
            published_at=whole.published_at or draft.published_at,
            language=whole.language or draft.language,
            record=draft.record,
        )

    def _archived(self, file: OpenFile, origin: str) -> Iterator[ArticleDraft | Refusal]:
        """The drafts of a web archive's pages. Everything else in it, such as pictures, is skipped."""
        for page in read_warc(file.stream, origin=origin, most_bytes=self._settings.max_file_bytes):
            if isinstance(page, Refusal):
                yield page
                continue
            fetched = page.fetched
            kind = _kind_of(fetched)
            if kind is None or kind is Format.FEED:
                continue
            try:
                yield replace(self._page(kind, fetched, origin), record=page.record)
            except ArticleError as error:
                yield Refusal(origin, f"record {page.record}, {fetched.url}: {error.reason}")

    def _origin(self, path: str) -> str:
        """The name of a file in messages."""
        return STANDARD_INPUT_NAME if path == STANDARD_INPUT else self._uploads.get(path, path)

    def _drafts(self, path: str, origin: str) -> Iterator[tuple[bool, ArticleDraft | Refusal]]:
        """(whether the format may hold many articles, the draft) for each article of a file."""
        most = self._settings.max_file_bytes
        unpacked = self._max_decompressed_bytes
        with open_file(path, max_file_bytes=most, max_decompressed_bytes=unpacked, heartbeat=self._heartbeat) as file:
            self._raw = file.raw
            try:
                kind = format_of(path, file.stream, longest_line=self._longest_line)
                drafts = self._read(kind, file, origin)
                yield from ((kind in _RECORDS, draft) for draft in (drafts if kind in _STREAMED else self._counted(drafts)))
            finally:
                self._raw, self._given = None, 1.0

    def _counted(self, drafts: Iterable[ArticleDraft | Refusal]) -> Iterator[ArticleDraft | Refusal]:
        whole = list(drafts)
        for number, draft in enumerate(whole, start=1):
            self._given = number / len(whole)
            yield draft

    def _read(self, kind: Format, file: OpenFile, origin: str) -> Iterator[ArticleDraft | Refusal]:
        if kind is Format.JSONL:
            yield from read_jsonl(file.stream, origin=origin, longest_line=self._longest_line)
        elif kind is Format.TABLE:
            yield from read_table(file.stream, origin=origin, longest_row=self._settings.max_article_characters)
        elif kind is Format.WARC:
            yield from self._archived(file, origin)
        else:
            data = file.read_whole(origin, self._settings.max_file_bytes)
            if kind is Format.JSON:
                yield from read_json(data, origin=origin, heartbeat=self._heartbeat)
            elif kind is Format.EPUB:
                yield from read_epub(data, origin=origin, parse=self._parser.call)
            elif kind is Format.FEED:
                yield from (entry.draft for entry in read_feed(data, origin=origin, parse=self._parser.call))
            else:
                yield self._whole(kind)(data, origin)

    def _whole(self, kind: Format, charset: str | None = None) -> Callable[[bytes, str], ArticleDraft]:
        """The function that reads a file of one article. `charset` is the one that a server declared for a page."""
        parse = self._parser.call
        readers: dict[Format, Callable[[bytes, str], ArticleDraft]] = {
            Format.HTML: lambda data, origin: read_html(data, origin=origin, parse=parse, charset=charset),
            Format.PDF: lambda data, origin: read_pdf(data, origin=origin, parse=parse),
            Format.DOCX: lambda data, origin: read_docx(data, origin=origin, parse=parse),
            Format.MARKDOWN: lambda data, origin: read_markdown(data, origin=origin),
        }
        return readers.get(kind, lambda data, origin: read_text(data, origin=origin))

    @property
    def _longest_line(self) -> int:
        return self._settings.max_article_characters * _JSON_BYTES_PER_CHARACTER + _OTHER_FIELDS_BYTES


def article_of(
    draft: ArticleDraft, origin: str, notices: list[Refusal], *, most: int, fallback_id: str | None = None
) -> Article | Refusal:
    """The checked article of a draft of at most `most` characters. Fields that were left out are appended to `notices`."""
    if len(draft.text) > most:
        reason = f"the text has {len(draft.text):,} characters, at most {most:,} are read; raise max_article_characters"
        return _refusal(draft, origin, reason)
    reasons: list[str] = list(draft.notices)
    try:
        article = make_article(
            draft.text,
            title=draft.title,
            given_id=draft.given_id,
            url=draft.url,
            source=draft.source,
            author=draft.author,
            published_at=draft.published_at,
            language=draft.language,
            fallback_id=fallback_id,
            is_markdown=draft.is_markdown,
            notice=reasons.append,
        )
    except ArticleError as error:
        return _refusal(draft, origin, error.reason)
    notices.extend(_refusal(draft, origin, reason) for reason in reasons)
    return article


def _kind_of(page: Fetched) -> Format | None:
    """The format of a fetched page by its media type, else by its first bytes; None for neither a page nor a feed."""
    kind = _FORMAT_OF_MEDIA_TYPE.get(page.media_type) or (
        sniff(page.data[:HEAD_BYTES]) if page.media_type in _UNSPECIFIC else None
    )
    return kind if kind in _FORMAT_OF_MEDIA_TYPE.values() else None


def _unexpected(page: Fetched) -> str:
    return f"it is of type {page.media_type or 'unknown'}; expected a page, a PDF, text, or a feed"


def _host_of(url: str) -> str | None:
    with contextlib.suppress(ValueError):
        return urlsplit(url).hostname
    return None


def _own_url(claimed: str | None, fetched: str) -> str:
    """The address that a page names as its own, if it is on the same site. Otherwise it could replace another article."""
    with contextlib.suppress(ValueError):
        absolute = urljoin(fetched, claimed or "")
        if is_address(absolute) and same_site(canonical_url(absolute), fetched):
            return absolute
    return fetched


def _fallback_id(path: str | None, text: str, is_record: bool) -> str | None:
    if path is None or not is_record:
        return path
    return f"{path}#{text_digest(text.encode('utf-8', 'replace').decode())}"


def _refusal(draft: ArticleDraft, origin: str, reason: str) -> Refusal:
    return Refusal(origin, f"record {draft.record}: {reason}" if draft.record else reason, draft.line)


def _repeated(draft: ArticleDraft, article: Article, first: str) -> str:
    name = "id" if draft.given_id else "URL" if article.url else "text"
    shown = "" if name == "text" else f" {article.given_id!r}"
    return f"the {name}{shown} has been given before, at {first} of this file; each article needs its own"
