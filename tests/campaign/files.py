"""One right file of each format that qa reads; name → content."""

from __future__ import annotations

import gzip
import importlib.resources
import io
import json
import zipfile
from collections.abc import Mapping
from functools import cache

_PAGES = importlib.resources.files("qa.manual")
_SAMPLES = (importlib.resources.files("qa.evaluation.samples") / "articles.jsonl").read_text("utf-8").splitlines()
_TEXT = "The ferry to Skerrin sails at noon. Bring a coat."
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HTML = (
    "<!doctype html><html lang='en'><head><title>The ferry</title><meta charset='utf-8'><meta name='date' content='2024-03-05'>"
    '<script type=\'application/ld+json\'>{"@type": "NewsArticle", "headline": "The ferry"}</script></head><body><article>'
    f"<h1>The ferry</h1><p>{_TEXT}</p><table><tr><th>Port</th><th>Time</th></tr><tr><td>Skerrin</td><td>12:00</td></tr></table>"
    f"<ul><li>{_TEXT}</li></ul></article></body></html>"
)
_RSS = (
    f"<?xml version='1.0'?><rss version='2.0'><channel><title>Post</title><item><title>The ferry</title><description>{_TEXT}"
    "</description><link>https://post.example/1</link><pubDate>Tue, 05 Mar 2024 10:00:00 GMT</pubDate></item></channel></rss>"
)
_CHAPTER = (
    f"<html xmlns='http://www.w3.org/1999/xhtml'><head><title>One</title></head><body><h1>One</h1><p>{_TEXT}</p></body></html>"
)


@cache
def right_files() -> Mapping[str, bytes]:
    spelled = {
        "a.txt": f"The ferry\n\n{_TEXT}\n",
        "a.md": (_PAGES / "adding.md").read_text("utf-8")[:4_000],
        "a.html": _HTML,
        "a.json": json.dumps(
            [{"title": "The ferry", "text": _TEXT, "url": "https://post.example/1", "published_at": "2024-03-05"}]
        ),
        "a.jsonl": "\n".join(_SAMPLES[:3]),
        "a.csv": f'title,text,published_at\nThe ferry,"{_TEXT}",2024-03-05\n"Two ""b""",{_TEXT},\n',
        "a.rss": _RSS,
    }
    files = {name: text.encode() for name, text in spelled.items()}
    return files | {
        "a.pdf": _pdf(),
        "a.docx": _zip(_DOCX),
        "a.epub": _zip(_EPUB),
        "a.warc": _warc(),
        "b.jsonl.gz": gzip.compress(files["a.jsonl"]),
    }


_DOCX = {
    "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Default Extension='xml' "
    "ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>",
    "_rels/.rels": "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' "
    "Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='word/document.xml'/>"
    "</Relationships>",
    "word/document.xml": f"<w:document xmlns:w='{_W}'><w:body><w:p><w:r><w:t>{_TEXT}</w:t></w:r></w:p></w:body></w:document>",
}
_EPUB = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles>"
    "<rootfile full-path='book.opf' media-type='application/oebps-package+xml'/></rootfiles></container>",
    "book.opf": "<package xmlns='http://www.idpf.org/2007/opf'><metadata xmlns:dc='http://purl.org/dc/elements/1.1/'>"
    "<dc:title>Ferries</dc:title></metadata><manifest><item id='c' href='c.xhtml' media-type='application/xhtml+xml'/></manifest>"
    "<spine><itemref idref='c'/></spine></package>",
    "c.xhtml": _CHAPTER,
}


def _zip(files: Mapping[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return made.getvalue()


def _pdf() -> bytes:
    drawn = f"BT /F1 12 Tf 40 700 Td ({_TEXT}) Tj ET".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /MediaBox [0 0 612 792] >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(made),
    )


def _warc() -> bytes:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + _HTML.encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
        "WARC-Date: 2024-03-05T10:00:00Z\r\nWARC-Target-URI: https://post.example/1\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(page)}\r\n\r\n"
    )
    return head.encode() + page + b"\r\n\r\n"
