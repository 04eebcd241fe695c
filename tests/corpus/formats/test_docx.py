"""Word files, made by hand as Word makes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qa.base.errors import ArticleError
from qa.corpus.formats.docx import read_docx
from qa.corpus.parser_process import ParserProcess

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CORE = """<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>{title}</dc:title>
<dc:creator>Odette Farrow</dc:creator><dc:language>en-GB</dc:language><dcterms:created>2024-03-08T05:00:00Z</dcterms:created>
</cp:coreProperties>"""
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = f'<w:styles {W}><w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style></w:styles>'


def paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def files_of(body: str, *, title: str = "Ferry late") -> dict[str, str | bytes]:
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    document = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return {
        "[Content_Types].xml": f'<Types xmlns="{types}"><Override PartName="/word/document.xml" '
        f'ContentType="{document}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="r1" Type="{office}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="r1" Type="{office}/styles" '
        'Target="styles.xml"/></Relationships>',
        "word/styles.xml": STYLES,
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        "docProps/core.xml": CORE.format(title=title),
    }


BODY = paragraph("The ferry was late", "H1") + paragraph("It left at noon &amp; nobody was hurt.") + paragraph("渡轮 came.")


def refused(data: bytes, parser: ParserProcess) -> str:
    with pytest.raises(ArticleError) as failure:
        read_docx(data, origin="a.docx", parse=parser.call)
    assert failure.value.origin == "a.docx"
    return failure.value.reason


def test_paragraphs_become_the_text_and_properties_the_facts(parser: ParserProcess, zip_of: Callable[..., bytes]) -> None:
    draft = read_docx(zip_of(files_of(BODY)), origin="a.docx", parse=parser.call)
    assert draft.text == "The ferry was late\n\nIt left at noon & nobody was hurt.\n\n渡轮 came."
    assert (draft.title, draft.author, draft.language) == ("Ferry late", "Odette Farrow", "en-GB")
    assert draft.published_at is None  # when the file was made is not when the article was published


def test_the_first_heading_is_the_title_where_none_is_given(parser: ParserProcess, zip_of: Callable[..., bytes]) -> None:
    untitled = read_docx(zip_of(files_of(BODY, title=" ")), origin="a.docx", parse=parser.call)
    assert untitled.title == "The ferry was late"


def test_what_a_program_writes_where_nobody_named_it_is_not_believed(parser: ParserProcess, zip_of: Callable[..., bytes]) -> None:
    files = files_of(BODY, title="Document1")
    files["docProps/core.xml"] = str(files["docProps/core.xml"]).replace("Odette Farrow", "python-docx")
    draft = read_docx(zip_of(files), origin="a.docx", parse=parser.call)
    assert (draft.title, draft.author) == ("The ferry was late", None)


def test_properties_that_cannot_be_read_cost_the_facts_alone(parser: ParserProcess, zip_of: Callable[..., bytes]) -> None:
    for core in ("<broken", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'):
        draft = read_docx(zip_of({**files_of(BODY), "docProps/core.xml": core}), origin="a.docx", parse=parser.call)
        assert (draft.text.count("\n\n"), draft.author) == (2, None)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"xl/workbook.xml": "<x/>"}, "a ZIP archive that is no Word file (.docx); unpack it"),
        (files_of(""), "there is no text in it"),
        ({**files_of(BODY), "word/document.xml": "<w:document"}, "the parser failed"),
        ({**files_of(BODY), **{f"word/media/{number}.png": b"x" for number in range(10_001)}}, "it holds 10,007 files"),
    ],
)
def test_what_is_no_word_file_is_refused_with_the_reason(
    files: dict[str, str | bytes], reason: str, parser: ParserProcess, zip_of: Callable[..., bytes]
) -> None:
    assert reason in refused(zip_of(files), parser)


def test_files_that_are_cut_mislabelled_or_encrypted_are_refused(
    parser: ParserProcess, zip_of: Callable[..., bytes], marked_encrypted: Callable[[bytes], bytes]
) -> None:
    whole = zip_of(files_of(BODY))
    for data in (whole[:-40], b"just words"):
        assert "not a Word file (.docx), or cut off" in refused(data, parser)
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert "it is encrypted, or of the format before 2007" in refused(ole, parser)
    assert "its files are encrypted" in refused(marked_encrypted(whole), parser)


def test_a_bomb_is_refused_before_it_is_unpacked(parser: ParserProcess, zip_of: Callable[..., bytes]) -> None:
    zeros = bytes(101 * 2**20)
    assert "its file word/document.xml unpacks to 105,906,176 bytes" in refused(
        zip_of({**files_of(BODY), "word/document.xml": zeros}), parser
    )
    many = {f"word/media/{number}.png": zeros for number in range(5)}
    assert "it unpacks to" in refused(zip_of({**files_of(BODY), **many}), parser)


def test_entities_that_multiply_are_refused(parser: ParserProcess, zip_of: Callable[..., bytes]) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 50}">' for n in range(9))
    document = f"<!DOCTYPE d [{entities}]><w:document {W}><w:body><w:p><w:r><w:t>&e8;</w:t></w:r></w:p></w:body></w:document>"
    assert refused(zip_of({**files_of(BODY), "word/document.xml": document}), parser)


def test_deep_nesting_is_refused(parser: ParserProcess, zip_of: Callable[..., bytes]) -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 5_000 + paragraph("Words.") + "</w:tc></w:tr></w:tbl>" * 5_000
    assert "nested too deep" in refused(zip_of(files_of(deep)), parser)
