"""Web archives, made by hand as crawlers write them."""

from __future__ import annotations

import gzip
import io
from collections.abc import Sequence
from uuid import uuid4

import pytest

from qa.base.errors import ArticleError
from qa.base.types import Refusal
from qa.corpus.fetch import Fetched
from qa.corpus.formats.warc import ArchivedPage, read_warc


def warc_of(*responses: tuple[str, str, str, bytes], encoding: str = "") -> bytes:
    """A response of (address, status, media type, content) each, behind a record that says who wrote it."""
    info = _record("warcinfo", "", "application/warc-fields", b"software: a crawler\r\n")
    return info + b"".join(
        _record("response", url, "application/http; msgtype=response", _answer(status, media_type, content, encoding))
        for url, status, media_type, content in responses
    )


def _answer(status: str, media_type: str, content: bytes, encoding: str) -> bytes:
    packed = f"Content-Encoding: {encoding}\r\n" if encoding else ""
    return f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\n{packed}\r\n".encode() + content


def _record(kind: str, url: str, media_type: str, block: bytes) -> bytes:
    target = f"WARC-Target-URI: {url}\r\n" if url else ""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\n{target}WARC-Date: 2024-03-08T05:00:00Z\r\nWARC-Record-ID: <urn:uuid:{uuid4()}>\r\n"
        f"Content-Type: {media_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


PAGE = ("https://post.example/a", "200 OK", "text/html; charset=windows-1252", b"<p>A ship\x85</p>")


def read(data: bytes, *, most: int = 1_000) -> Sequence[ArchivedPage | Refusal]:
    return list(read_warc(io.BytesIO(data), origin="a.warc", most_bytes=most))


def test_a_page_comes_with_its_address_and_what_the_server_said() -> None:
    assert read(warc_of(PAGE)) == [
        ArchivedPage(1, Fetched("https://post.example/a", "text/html", "windows-1252", b"<p>A ship\x85</p>"))
    ]


def test_pages_are_unpacked_and_what_is_over_the_limit_is_refused() -> None:
    bomb = ("https://post.example/bomb", "200 OK", "text/html", gzip.compress(bytes(2_000)))
    small = ("https://post.example/small", "200 OK", "text/html", gzip.compress(b"<p>A ship.</p>"))
    refused, page = read(warc_of(bomb, small, encoding="gzip"))
    assert isinstance(refused, Refusal) and "https://post.example/bomb: more than 1,000 bytes" in refused.reason
    assert isinstance(page, ArchivedPage) and (page.record, page.fetched.data) == (2, b"<p>A ship.</p>")


def test_what_was_not_found_is_passed_over() -> None:
    gone = ("https://post.example/gone", "404 Not Found", "text/html", b"<p>Gone.</p>")
    assert [page.record for page in read(warc_of(gone, PAGE)) if isinstance(page, ArchivedPage)] == [1]
    with pytest.raises(ArticleError, match="there is no page in this web archive"):
        read(warc_of(gone))


@pytest.mark.parametrize(
    "data",
    [b"just words", b"", warc_of(PAGE)[:300], warc_of(PAGE).replace(b"WARC-Target-URI", b"WARC-Target")],
    ids=["words", "nothing", "cut", "no address"],
)
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    with pytest.raises(ArticleError) as failure:
        read(data)
    assert failure.value.origin == "a.warc"


def test_the_pages_before_a_cut_are_kept() -> None:
    pages = read_warc(io.BytesIO(warc_of(PAGE, PAGE)[:-60]), origin="a.warc", most_bytes=1_000)
    assert isinstance(next(pages), ArchivedPage)


def test_nothing_of_an_archive_is_printed_or_logged(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    wrong_length = warc_of(PAGE).replace(b"Content-Length: 1", b"Content-Length: 0001")
    too_short = warc_of(PAGE, PAGE).replace(b"\r\n\r\nWARC", b"left over\r\n\r\nWARC")
    with_escapes = warc_of(PAGE).replace(b"//post", b"//\x1b]0;owned\x07 post")
    for data in (wrong_length, too_short, with_escapes):
        read(data)
    assert capfd.readouterr() == ("", "") and caplog.text == ""
