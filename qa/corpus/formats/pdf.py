"""Bytes of a PDF → one draft: the text of its pages and its metadata (home of pypdf).

A PDF says when it was made, not when its article was published, so it has no date.
"""

from __future__ import annotations

import io

from qa.corpus.formats.article_draft import ArticleDraft, Parse, whole_draft
from qa.corpus.formats.tool_defaults import believable


def read_pdf(data: bytes, *, origin: str, parse: Parse) -> ArticleDraft:
    """The text of all pages, joined by an empty line.

    `parse` runs `extract` in the child process. ArticleError: it is encrypted, broken, has no text layer, or took too long.
    """
    return whole_draft(parse("pdf", data, origin))


def extract(data: bytes) -> dict[str, str | None]:
    """Text and metadata, or the "problem" as text. Runs in the child process, since it cannot be timed out."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return {"problem": "the PDF is encrypted; expected one that opens without a password: save it so"}
        pages = [page.extract_text() for page in reader.pages]
        metadata = reader.metadata
        title, author = (metadata.title, metadata.author) if metadata else (None, None)
    except (FileNotDecryptedError, DependencyError) as error:
        return {"problem": f"the PDF is encrypted in a way that cannot be read ({error}); save it without a password"}
    except PyPdfError as error:
        return {"problem": f"not a PDF that can be read ({error}); expected a whole PDF: open it and save it again"}
    text = "\n\n".join(page for page in pages if page.strip())
    if not text:
        return {"problem": f"no text in its {len(pages)} pages; expected a text layer: a scan needs OCR (ocrmypdf) first"}
    return {"text": text, **believable({"title": title, "author": author})}
