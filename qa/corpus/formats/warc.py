"""A stream of a WARC web archive → the pages in it (home of warcio).

Source: ISO 28500. Only responses with status 200 count; requests, metadata and repeats ("revisit") are skipped.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from qa.base.errors import ArticleError
from qa.base.types import Refusal
from qa.corpus.fetch import Fetched, content_type

# What warcio lets through from a damaged archive.
_OF_DAMAGE = (EOFError, OSError, ValueError, LookupError, AttributeError, TypeError, OverflowError, zlib.error)


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """The `record`-th page of the archive (from 1)."""

    record: int
    fetched: Fetched


def read_warc(stream: BinaryIO, *, origin: str, most_bytes: int) -> Iterator[ArchivedPage | Refusal]:
    """Each page of the archive, unpacked. A page of more than `most_bytes` is refused.

    ArticleError: it is not a WARC, or is damaged from here on. Earlier pages are kept.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.statusandheaders import StatusAndHeadersParserException

    logging.getLogger("warcio").setLevel(logging.ERROR)  # its warnings quote the archive, with whatever stands in it

    class Records(ArchiveIterator):  # type: ignore[misc]  # the package is not typed
        INC_RECORD = ""  # it would print what stands behind a record of a wrong length, of any size

    number = 0
    records = iter(Records(stream))
    while True:
        try:
            record: Any = next(records, None)
            if record is None:
                break
            page = _page(record, number + 1, origin, most_bytes)
        except (ArchiveLoadFailed, StatusAndHeadersParserException, *_OF_DAMAGE) as error:
            raise ArticleError(origin, f"the web archive is damaged or none ({error}); what stands before is kept") from error
        if page is not None:
            number += 1
            yield page
    if not number:
        raise ArticleError(origin, "there is no page in this web archive; expected responses of a server with status 200")


def _page(record: Any, number: int, origin: str, most_bytes: int) -> ArchivedPage | Refusal | None:
    if record.rec_type != "response" or record.http_headers is None or record.http_headers.get_statuscode() != "200":
        return None
    url = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    media_type, charset = content_type(str(record.http_headers.get_header("Content-Type") or ""))
    data = record.content_stream().read(most_bytes + 1)
    if len(data) > most_bytes:
        return Refusal(origin, f"record {number}, {url}: more than {most_bytes:,} bytes; max_file_bytes raises the limit")
    return ArchivedPage(number, Fetched(url, media_type, charset, data))
