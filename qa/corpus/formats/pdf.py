"""Bytes of a PDF → one draft: the text of its pages and its metadata (home of pypdf)."""

from __future__ import annotations

import io
from datetime import datetime

from qa.corpus.formats.article_draft import ArticleDraft, Parse, whole_draft


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
        published_at = _date(metadata.creation_date_raw) if metadata else None
    except (FileNotDecryptedError, DependencyError) as error:
        return {"problem": f"the PDF is encrypted in a way that cannot be read ({error}); save it without a password"}
    except PyPdfError as error:
        return {"problem": f"not a PDF that can be read ({error}); expected a whole PDF: open it and save it again"}
    text = "\n\n".join(page for page in pages if page.strip())
    if not text:
        return {"problem": f"no text in its {len(pages)} pages; expected a text layer: a scan needs OCR (ocrmypdf) first"}
    return {"text": text, "title": title, "author": author, "published_at": published_at}


def _date(raw: str | None) -> str | None:
    """`D:20240131073000+01'00'` as ISO 8601; anything else unchanged."""
    if raw is None or not raw.startswith("D:"):
        return raw
    plain = raw[2:].replace("'", "").replace("Z", "+")
    stamp, sign, offset = plain.partition("-") if "-" in plain else plain.partition("+")
    try:
        moment = datetime.strptime(stamp, "%Y%m%d%H%M%S" if len(stamp) == 14 else "%Y%m%d")
    except ValueError:
        return raw
    if len(stamp) == 8:
        return moment.date().isoformat()
    return moment.isoformat() + (f"{sign}{offset[:2]}:{offset[2:4]}" if len(offset) >= 4 else "Z")
