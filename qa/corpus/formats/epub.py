"""Bytes of an EPUB → a draft for each of its chapters, as a newspaper's issue or a book has them.

Source: EPUB 3.3, W3C: the container names the package, whose spine names the chapters in their order.
"""

from __future__ import annotations

import json
import posixpath
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from qa.corpus.formats.article_draft import Draft, Parse
from qa.corpus.formats.zip_archive import ArchiveProblem, open_archive, read_file

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_FACTS = {"title": "title", "author": "creator", "published_at": "date", "language": "language"}
_CHAPTERS = ("application/xhtml+xml", "text/html")


def read_epub(data: bytes, *, origin: str, parse: Parse) -> Iterator[Draft]:
    """One draft for each chapter that has text: its title is the chapter's first heading, its source the book's title.

    `parse` runs `extract` in the child process. ArticleError: protected, broken, no EPUB, without text, or it took too long.
    """
    found = parse("epub", data, origin)
    for number, (title, text) in enumerate(json.loads(found["chapters"] or "[]"), start=1):
        yield Draft(
            text,
            title=title,
            source=found.get("title"),
            author=found.get("author"),
            published_at=found.get("published_at"),
            language=found.get("language"),
            record=number,
        )


def extract(data: bytes) -> dict[str, str | None]:
    """The book's facts and its "chapters", JSON of [title, text] of each; or the "problem" in words.

    Runs in the child process: it cannot be timed out.
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
    facts = {field: _fact(package, name) for field, name in _FACTS.items()}
    return {**facts, "chapters": json.dumps(chapters)}


def _xml(data: bytes) -> Element:
    from defusedxml.ElementTree import fromstring

    root: Element = fromstring(data)
    return root


def _fact(package: Element, name: str) -> str | None:
    return (package.findtext(f"{_OPF}metadata/{_DC}{name}") or "").strip() or None


def _package_name(archive: zipfile.ZipFile) -> str:
    root = next(_xml(read_file(archive, _CONTAINER)).iter("{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"), None)
    if root is None:
        raise ArchiveProblem("its container names no book; expected a whole EPUB")
    return root.get("full-path") or ""


def _chapters(archive: zipfile.ZipFile, package: Element, folder: str) -> list[tuple[str | None, str]]:
    """(title, text) of each that has text, in reading order; the table of contents is none."""
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
    found = []
    for name in names:
        tree = tree_of(read_file(archive, name))
        if tree is not None:
            title = heading_of(tree)
            text = text_of(tree)
            if text:
                found.append((title, text))
    return found


def _protected(archive: zipfile.ZipFile) -> set[str]:
    """The files that are encrypted; fonts often are, which is no harm."""
    if _ENCRYPTION not in archive.namelist():
        return set()
    encryption = _xml(read_file(archive, _ENCRYPTION))
    return {unquote(one.get("URI") or "") for one in encryption.iter("{http://www.w3.org/2001/04/xmlenc#}CipherReference")}
