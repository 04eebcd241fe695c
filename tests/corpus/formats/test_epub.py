"""EPUB books and issues, made by hand as the standard has them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.base.errors import ArticleError
from qa.base.settings import load_settings
from qa.base.types import Article
from qa.corpus.article_reader import ArticleReader
from qa.corpus.formats.article_draft import ArticleDraft
from qa.corpus.formats.epub import read_epub
from qa.corpus.parser_process import ParserProcess

CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
<rootfile full-path="OEBPS/issue.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>The Harbour Post, 8 March</dc:title><dc:creator>Odette Farrow</dc:creator><dc:date>2024-03-08</dc:date>
<dc:language>en</dc:language></metadata><manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="two" href="text/two%20ships.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>
<item id="picture" href="cover.png" media-type="image/png"/></manifest>
<spine><itemref idref="nav"/><itemref idref="picture"/><itemref idref="one"/><itemref idref="two"/><itemref idref="none"/></spine>
</package>"""


def chapter(heading: str, text: str) -> str:
    return f"""<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>Issue</title></head>
<body><h1>{heading}</h1><p>{text}</p></body></html>"""


FILES: dict[str, str | bytes] = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OEBPS/issue.opf": PACKAGE,
    "OEBPS/nav.xhtml": chapter("Contents", "One ship, two ships"),
    "OEBPS/text/one.xhtml": chapter("One ship", "One ship left the harbour of Élie at noon."),
    "OEBPS/text/two ships.xhtml": chapter("Two ships", "Two ships came back at night."),
}


def read(data: bytes, parser: ParserProcess) -> list[ArticleDraft]:
    return list(read_epub(data, origin="a.epub", parse=parser.call))


def test_each_chapter_is_an_article_in_the_order_of_reading(parser: ParserProcess, zip_of: Callable[..., bytes]) -> None:
    one, two = read(zip_of(FILES, stored="mimetype"), parser)
    assert (one.title, one.text) == ("One ship", "One ship\n\nOne ship left the harbour of Élie at noon.")
    assert (two.title, two.record) == ("Two ships", 2)
    assert (one.source, one.author, one.published_at, one.language) == (
        *("The Harbour Post, 8 March", "Odette Farrow", "2024-03-08", "en"),
    )


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ('<dc:date opf:event="creation">2011-01-01</dc:date><dc:date opf:event="publication">2012-02-02</dc:date>', "2012-02-02"),
        ('<dc:date opf:event="modification">2013-03-03</dc:date>', None),
        ("<dc:date> </dc:date>", None),
    ],
)
def test_the_date_of_creation_or_change_is_none_of_publication(
    parser: ParserProcess, zip_of: Callable[..., bytes], dates: str, expected: str | None
) -> None:
    package = PACKAGE.replace("<dc:date>2024-03-08</dc:date>", dates).replace(
        "xmlns:dc=", 'xmlns:opf="http://www.idpf.org/2007/opf" xmlns:dc='
    )
    assert read(zip_of({**FILES, "OEBPS/issue.opf": package}), parser)[0].published_at == expected


ENCRYPTION = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">
<enc:EncryptedData><enc:CipherData><enc:CipherReference URI="{}"/></enc:CipherData></enc:EncryptedData></encryption>"""


def test_fonts_may_be_encrypted(parser: ParserProcess, zip_of: Callable[..., bytes]) -> None:
    assert len(read(zip_of({**FILES, "META-INF/encryption.xml": ENCRYPTION.format("OEBPS/font.otf")}), parser)) == 2


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({**FILES, "META-INF/encryption.xml": ENCRYPTION.format("OEBPS/text/one.xhtml")}, "its chapters are protected (DRM)"),
        ({**FILES, "META-INF/container.xml": "<container"}, "not an EPUB that can be read"),
        ({**FILES, "META-INF/container.xml": "<container/>"}, "its container names no book"),
        ({**FILES, "OEBPS/issue.opf": PACKAGE.replace("spine>", "spines>")}, "there is no text in its chapters"),
        ({name: text for name, text in FILES.items() if "one" not in name}, "its file OEBPS/text/one.xhtml is missing"),
        ({name: text for name, text in FILES.items() if "META" not in name}, "its file META-INF/container.xml is missing"),
        ({**FILES, "OEBPS/issue.opf": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}, "not an EPUB that can be read"),
        ({**FILES, "OEBPS/text/one.xhtml": bytes(101 * 2**20)}, "its file OEBPS/text/one.xhtml unpacks to 105,906,176 bytes"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(
    files: dict[str, str | bytes], reason: str, parser: ParserProcess, zip_of: Callable[..., bytes]
) -> None:
    with pytest.raises(ArticleError) as failure:
        read(zip_of(files), parser)
    assert (failure.value.origin, reason in failure.value.reason) == ("a.epub", True), failure.value.reason


def test_cut_empty_and_encrypted_files_are_refused(
    parser: ParserProcess, zip_of: Callable[..., bytes], marked_encrypted: Callable[[bytes], bytes]
) -> None:
    whole = zip_of(FILES)
    for data in (whole[:-30], b"", marked_encrypted(whole)):
        with pytest.raises(ArticleError, match="an EPUB"):
            read(data, parser)


def test_a_book_is_told_by_its_content_and_each_chapter_known_by_its_text(tmp_path: Path, zip_of: Callable[..., bytes]) -> None:
    (tmp_path / "called.docx").write_bytes(zip_of(FILES, stored="mimetype"))
    (tmp_path / "without mark.epub").write_bytes(zip_of(dict(reversed(FILES.items()))))
    with ArticleReader([tmp_path], settings=load_settings()) as reader:
        articles = [item for item in reader if isinstance(item, Article)]
    assert [article.title for article in articles] == 2 * ["One ship", "Two ships"]
    assert articles[0].given_id == f"{tmp_path / 'called.docx'}#{articles[0].digest}"
