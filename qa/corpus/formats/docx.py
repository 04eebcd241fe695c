"""Bytes of a Word file → one draft: its paragraphs and its metadata (home of mammoth).

A Word file says when it was made, not when its article was published, so it has no date.
"""

from __future__ import annotations

import io
import zipfile

from qa.corpus.formats.article_draft import ArticleDraft, Parse, whole_draft
from qa.corpus.formats.tool_defaults import believable
from qa.corpus.formats.zip_archive import ArchiveProblem, open_archive, read_file

_BODY = "word/document.xml"
_METADATA = "docProps/core.xml"
_NAMES = {  # of Office Open XML, part 2, "core properties"
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "author": "{http://purl.org/dc/elements/1.1/}creator",
    "language": "{http://purl.org/dc/elements/1.1/}language",
}


def read_docx(data: bytes, *, origin: str, parse: Parse) -> ArticleDraft:
    """The file's paragraphs, lists and tables, without headers, footers, pictures and comments.

    `parse` runs `extract` in the child process. ArticleError: it is encrypted, broken, not a Word file, or took too long.
    """
    return whole_draft(parse("docx", data, origin))


def extract(data: bytes) -> dict[str, str | None]:
    """Text and metadata, or the "problem" as text. Runs in the child process, since it cannot be timed out."""
    import mammoth

    from qa.corpus.formats.html_text import heading_of, text_of, tree_of

    try:
        archive = open_archive(data, kind="a Word file (.docx)")
        if _BODY not in archive.namelist():
            return {"problem": "a ZIP archive that is no Word file (.docx); unpack it, and add what is in it"}
        read_file(archive, _BODY)
        made = mammoth.convert_to_html(io.BytesIO(data), convert_image=mammoth.images.img_element(lambda _: {"src": ""}))
        metadata = believable(_metadata(archive))
    except ArchiveProblem as error:
        return {"problem": str(error)}
    tree = tree_of(made.value)
    if tree is None:
        return {"problem": "there is no text in it; expected a Word file with some paragraphs"}
    return {**metadata, "title": metadata.get("title") or heading_of(tree), "text": text_of(tree)}


def _metadata(archive: zipfile.ZipFile) -> dict[str, str | None]:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(read_file(archive, _METADATA))
    except (ArchiveProblem, ParseError, DefusedXmlException):  # a file without metadata is accepted
        return {}
    return {field: (root.findtext(f".//{name}") or "").strip() or None for field, name in _NAMES.items()}
