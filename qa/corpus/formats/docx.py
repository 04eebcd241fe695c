"""Bytes of a Word file → one draft: its paragraphs, and what it says of itself (home of mammoth)."""

from __future__ import annotations

import io
import zipfile

from qa.corpus.formats.article_draft import Draft, Parse, whole_draft
from qa.corpus.formats.zip_archive import ArchiveProblem, open_archive, read_file

_BODY = "word/document.xml"
_FACTS = "docProps/core.xml"
_NAMES = {  # of Office Open XML, part 2, "core properties"
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "author": "{http://purl.org/dc/elements/1.1/}creator",
    "language": "{http://purl.org/dc/elements/1.1/}language",
    "published_at": "{http://purl.org/dc/terms/}created",
}


def read_docx(data: bytes, *, origin: str, parse: Parse) -> Draft:
    """The file's paragraphs, lists and tables; no headers, footers, pictures or comments.

    `parse` runs `extract` in the child process. ArticleError: encrypted, broken, no Word file, or it took too long.
    """
    return whole_draft(parse("docx", data, origin))


def extract(data: bytes) -> dict[str, str | None]:
    """Text and facts, or the "problem" in words. Runs in the child process: it cannot be timed out."""
    import mammoth

    from qa.corpus.formats.html_text import heading_of, text_of, tree_of

    try:
        archive = open_archive(data, kind="a Word file (.docx)")
        if _BODY not in archive.namelist():
            return {"problem": "a ZIP archive that is no Word file (.docx); unpack it, and add what is in it"}
        read_file(archive, _BODY)
        made = mammoth.convert_to_html(io.BytesIO(data), convert_image=mammoth.images.img_element(lambda _: {"src": ""}))
        facts = _facts(archive)
    except ArchiveProblem as error:
        return {"problem": str(error)}
    tree = tree_of(made.value)
    if tree is None:
        return {"problem": "there is no text in it; expected a Word file with some paragraphs"}
    return {**facts, "title": facts.get("title") or heading_of(tree), "text": text_of(tree)}


def _facts(archive: zipfile.ZipFile) -> dict[str, str | None]:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(read_file(archive, _FACTS))
    except (ArchiveProblem, ParseError, DefusedXmlException):  # a file without them is read all the same
        return {}
    return {field: (root.findtext(f".//{name}") or "").strip() or None for field, name in _NAMES.items()}
