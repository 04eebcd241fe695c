"""Bytes of an EPUB (a newspaper's issue or a book) → a draft for each of its chapters.

Source: EPUB 3.3, W3C. The container names the package, whose spine lists the chapters in order.
"""

from __future__ import annotations

import json
import posixpath
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from qa.corpus.formats.article_draft import ArticleDraft, Parse
from qa.corpus.formats.tool_defaults import believable
from qa.corpus.formats.zip_archive import ArchiveProblem, open_archive, read_file

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_METADATA = {"title": "title", "author": "creator", "language": "language"}
_CHAPTERS = ("application/xhtml+xml", "text/html")


def read_epub(data: bytes, *, origin: str, parse: Parse) -> Iterator[ArticleDraft]:
    """One draft for each chapter with text. Its title is the chapter's first heading, its source the book's title.

    `parse` runs `extract` in the child process. ArticleError: it is protected, broken, not an EPUB, has no text, or took too
    long.
    """
    book = parse("epub", data, origin)
    for number, (title, text) in enumerate(json.loads(book["chapters"] or "[]"), start=1):
        yield ArticleDraft(
            text,
            title=title,
            source=book.get("title"),
            author=book.get("author"),
            published_at=book.get("published_at"),
            language=book.get("language"),
            record=number,
        )


def extract(data: bytes) -> dict[str, str | None]:
    """The book's metadata and "chapters", a JSON list of [title, text]; or the "problem" as text.

    Runs in the child process, since it cannot be timed out.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError

    try:
        archive = open_archive(data, kind="an EPUB")
        package_name = _package_name(archive)
        package = _xml(read_file(archive, package_name))
        chapters = _chapters(archive, package, posixpath.dirname(package_name))
    except ArchiveProblem as error:
        return {"problem": str(error)}
    except (ParseError, DefusedXmlException) as error:
        return {"problem": f"not an EPUB that can be read ({error}); expected a whole one"}
    if not chapters:
        return {"problem": "there is no text in its chapters; expected a book or an issue with some words"}
    metadata = believable({field: _metadata(package, name) for field, name in _METADATA.items()})
    return {**metadata, "published_at": _published_at(package), "chapters": json.dumps(chapters)}


def _xml(data: bytes) -> Element:
    from defusedxml.ElementTree import fromstring

    root: Element = fromstring(data)
    return root


def _metadata(package: Element, name: str) -> str | None:
    return (package.findtext(f"{_OPF}metadata/{_DC}{name}") or "").strip() or None


def _published_at(package: Element) -> str | None:
    """Its date. EPUB 2 gives dates an event: one of creation or change is left out."""
    dates = package.iterfind(f"{_OPF}metadata/{_DC}date")
    published = (date.text or "" for date in dates if date.get(f"{_OPF}event", "publication") in ("publication", "issued"))
    return next((date.strip() for date in published if date.strip()), None)


def _package_name(archive: zipfile.ZipFile) -> str:
    root = next(_xml(read_file(archive, _CONTAINER)).iter("{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"), None)
    if root is None:
        raise ArchiveProblem("its container names no book; expected a whole EPUB")
    return root.get("full-path") or ""


def _chapters(archive: zipfile.ZipFile, package: Element, folder: str) -> list[tuple[str | None, str]]:
    """(title, text) of each chapter with text, in reading order, without the table of contents."""
    from qa.corpus.formats.html_text import heading_of, text_of, tree_of

    files = {item.get("id"): item for item in package.iterfind(f"{_OPF}manifest/{_OPF}item")}
    order = [files[ref.get("idref")] for ref in package.iterfind(f"{_OPF}spine/{_OPF}itemref") if ref.get("idref") in files]
    names = [
        posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))
        for item in order
        if item.get("media-type") in _CHAPTERS and "nav" not in (item.get("properties") or "").split()
    ]
    protected = _protected(archive)
    if protected & set(names):
        raise ArchiveProblem("its chapters are protected (DRM); expected an EPUB without it")
    chapters = []
    for name in names:
        tree = tree_of(read_file(archive, name))
        if tree is not None:
            title = heading_of(tree)
            text = text_of(tree)
            if text:
                chapters.append((title, text))
    return chapters


def _protected(archive: zipfile.ZipFile) -> set[str]:
    """The names of encrypted files. Fonts often are, and do not matter here."""
    if _ENCRYPTION not in archive.namelist():
        return set()
    encryption = _xml(read_file(archive, _ENCRYPTION))
    return {unquote(one.get("URI") or "") for one in encryption.iter("{http://www.w3.org/2001/04/xmlenc#}CipherReference")}
