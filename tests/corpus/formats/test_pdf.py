from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from pypdf import PdfReader, PdfWriter

from qa.base.errors import ArticleError
from qa.corpus.formats.pdf import read_pdf
from qa.corpus.parser_process import ParserProcess


def pdf_of(*pages: str) -> bytes:
    """A PDF by hand: a catalogue, the pages, their contents, one font."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, text in enumerate(pages):
        drawn = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        bodies.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(bodies) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode()


def rewritten(data: bytes, *, password: str | None = None, **facts: str) -> bytes:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(data)))
    writer.add_metadata({f"/{name}": value for name, value in facts.items()})
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


@pytest.fixture(scope="module")
def parser() -> Iterator[ParserProcess]:
    with ParserProcess() as process:
        yield process


def test_pages_are_joined_by_an_empty_line(parser: ParserProcess) -> None:
    draft = read_pdf(pdf_of("The bridge was repaired.", "It cost £40 million."), origin="f", parse=parser.call)
    assert draft.text == "The bridge was repaired.\n\nIt cost £40 million."


def test_facts_come_from_the_metadata_and_no_date_from_the_time_of_creation(parser: ParserProcess) -> None:
    data = rewritten(pdf_of("Words."), Title="The bridge", Author="Ann Lee", CreationDate="D:20240131073000+01'00'")
    draft = read_pdf(data, origin="f", parse=parser.call)
    assert (draft.title, draft.author, draft.published_at) == ("The bridge", "Ann Lee", None)


def test_what_a_program_writes_where_nobody_named_it_is_not_believed(parser: ParserProcess) -> None:
    data = rewritten(pdf_of("Words."), Title="untitled", Author="anonymous")
    draft = read_pdf(data, origin="f", parse=parser.call)
    assert (draft.title, draft.author) == (None, None)


def test_an_encrypted_pdf_is_refused(parser: ParserProcess) -> None:
    with pytest.raises(ArticleError, match="the PDF is encrypted; expected one that opens without a password"):
        read_pdf(rewritten(pdf_of("Words."), password="secret"), origin="f", parse=parser.call)


def test_a_pdf_that_opens_without_a_password_is_read(parser: ParserProcess) -> None:
    data = rewritten(pdf_of("Words."), password="")
    assert read_pdf(data, origin="f", parse=parser.call).text == "Words."


@pytest.mark.parametrize("data", [b"%PDF-1.4\njunk", b"%PDF-", pdf_of("Words.")[:150]])
def test_a_broken_pdf_is_refused(parser: ParserProcess, data: bytes) -> None:
    with pytest.raises(ArticleError, match=r"not a PDF that can be read|no text in its|the parser failed"):
        read_pdf(data, origin="f", parse=parser.call)


def test_a_scan_is_refused_with_what_it_needs(parser: ParserProcess) -> None:
    with pytest.raises(ArticleError, match="no text in its 2 pages; expected a text layer: a scan needs OCR"):
        read_pdf(pdf_of("", ""), origin="f", parse=parser.call)
