from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.base.settings import load_settings
from qa.base.types import Article, Refusal, text_digest
from qa.corpus import byte_streams
from qa.corpus.article_reader import ArticleReader

if TYPE_CHECKING:
    from conftest import NewsSite

MANY = 10_000_000


def read(*paths: Path | str, **settings: object) -> list[Article | Refusal]:
    with ArticleReader(paths, settings=load_settings(**settings)) as reader:
        return list(reader)


def only(items: list[Article | Refusal]) -> Article:
    (item,) = items
    assert isinstance(item, Article), item
    return item


def refused(items: list[Article | Refusal]) -> Refusal:
    (item,) = items
    assert isinstance(item, Refusal), item
    return item


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def jsonl(*texts: str, **fields: str) -> str:
    return "".join(json.dumps({"text": text, **fields}) + "\n" for text in texts)


def test_a_text_file_is_one_article_named_by_its_path(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "Bridge repaired\r\n\r\nIt took two\u00a0weeks. 👩‍👧 e\u0301\r")
    article = only(read(path))
    assert article.text == "Bridge repaired\n\nIt took two\u00a0weeks. 👩‍👧 e\u0301\n"
    assert (article.title, article.given_id) == ("Bridge repaired", str(path))


def test_a_relative_path_gives_the_same_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.txt", "Words.")
    monkeypatch.chdir(tmp_path)
    assert only(read("a.txt")).given_id == str(path)


def test_a_record_without_an_id_is_named_by_path_and_text(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", jsonl("Words."))
    assert only(read(path)).given_id == f"{path}#{text_digest('Words.')}"


def test_the_same_id_url_or_text_twice_in_one_file_is_refused_by_line(tmp_path: Path) -> None:
    records = [
        {"id": "a", "text": "one"},
        {"id": "a", "text": "two"},
        {"url": "https://x.example/1", "text": "three"},
        {"url": "https://X.example/1#top", "text": "four"},
        {"text": "five"},
        {"text": "five"},
    ]
    path = write(tmp_path / "a.jsonl", "\n".join(map(json.dumps, records)))
    found = read(path)
    assert [item.text for item in found if isinstance(item, Article)] == ["one", "three", "five"]
    assert [(item.line, item.reason) for item in found if isinstance(item, Refusal)] == [
        (2, "the id 'a' has been given before, at line 1 of this file; each article needs its own"),
        (4, "the URL 'https://x.example/1' has been given before, at line 3 of this file; each article needs its own"),
        (6, "the text has been given before, at line 5 of this file; each article needs its own"),
    ]


def test_a_second_record_of_a_json_list_is_refused_by_number(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", '[{"id": 1, "text": "a"}, {"id": 1, "text": "b"}]')
    article, refusal = read(path)
    assert isinstance(article, Article)
    assert refusal == Refusal(
        str(path), "record 2: the id '1' has been given before, at record 1 of this file; each article needs its own"
    )


def test_a_bad_date_or_url_costs_a_notice_and_not_the_article(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", jsonl("Words.", published_at="March", url="javascript:x"))
    with ArticleReader([path], settings=load_settings()) as reader:
        article = only(list(reader))
    assert (article.published_at, article.url) == (None, None)
    assert [(notice.origin, notice.line) for notice in reader.notices] == [(str(path), 1), (str(path), 1)]
    assert "'javascript:x'" in reader.notices[0].reason
    assert "'March' is not whole" in reader.notices[1].reason


def test_folders_are_walked_in_order_and_what_is_skipped_is_named(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "c/d.jsonl.gz", ".hidden.txt", ".git/e.txt", "f.odt", "A.TXT"):
        content = gzip.compress(jsonl("Zipped.").encode()) if name.endswith(".gz") else b"Words of " + name.encode()
        write(tmp_path / name, content)
    with ArticleReader([tmp_path, tmp_path / "b.txt"], settings=load_settings()) as reader:
        texts = [item.text for item in reader if isinstance(item, Article)]
    assert texts == ["Words of A.TXT", "Words of a.md", "Words of b.txt", "Zipped."]
    assert reader.skipped_files == [str(tmp_path / name) for name in (".git", ".hidden.txt", "f.odt")]


def test_a_file_that_is_named_is_read_whatever_its_suffix(tmp_path: Path) -> None:
    assert only(read(write(tmp_path / "notes.rst", "Words."))).text == "Words."
    assert only(read(write(tmp_path / ".hidden", '{"id": "x", "text": "Words."}'))).given_id == "x"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "the file is empty"),
        ("a.txt", b" \n", "the text is empty; expected some words"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "it is a picture (PNG): only text can be added"),
        ("a.docx", b"PK\x03\x04....", "not a Word file (.docx), or cut off"),
        ("a.csv", b"id;name\n1;2\n", "no column for the text; found 'id', 'name'"),
        ("a.jsonl.gz", b"plain", "not JSON"),
        ("a.txt.gz", gzip.compress(b"Words. " * 100, mtime=0)[:20], "the gzip file is cut off"),
        ("a.txt.gz", gzip.compress(b"Words. " * 100, mtime=0)[:10] + b"\xff" * 30, "the gzip file is damaged"),
        ("a.json", b"[" * 10_000, "nested too deep"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = write(tmp_path / name, content)
    refusal = refused(read(path))
    assert refusal.origin == str(path)
    assert reason in refusal.reason


def test_places_that_hold_nothing_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "empty").mkdir()
    write(tmp_path / "other" / "a.odt", "x")
    assert refused(read(tmp_path / "none.txt")).reason == "no such file or folder; check the spelling"
    assert "not a regular file (a pipe" in refused(read(tmp_path / "pipe.txt")).reason
    assert "the folder is empty; expected files ending in .txt" in refused(read(tmp_path / "empty")).reason
    assert "none of its 1 files can be read; expected" in refused(read(tmp_path / "other")).reason
    assert "it cannot be opened" in refused(read("a\x00b")).reason


def test_one_bad_file_does_not_stop_the_next(tmp_path: Path) -> None:
    good = write(tmp_path / "b.txt", "Words.")
    refusal, article = read(tmp_path / "none.txt", good)
    assert isinstance(refusal, Refusal)
    assert isinstance(article, Article)


def test_a_cut_gzip_file_gives_what_stood_before_the_cut(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"Article {number} " + os.urandom(200).hex()}) for number in range(2000)]
    packed = gzip.compress("\n".join(lines).encode())
    *articles, last = read(write(tmp_path / "a.jsonl.gz", packed[: len(packed) // 2]))
    assert len(articles) > 500
    assert [item.text for item in articles if isinstance(item, Article)] == [
        json.loads(line)["text"] for line in lines[: len(articles)]
    ]
    assert isinstance(last, Refusal)
    assert last.reason.startswith("the gzip file is cut off")


def test_gzip_bombs_end_at_the_limit(tmp_path: Path) -> None:
    bomb = write(tmp_path / "a.jsonl.gz", gzip.compress(jsonl("Words.").encode() + (b" " * 999 + b"\n") * (MANY // 1_000)))
    with ArticleReader([bomb], settings=load_settings(), max_decompressed_bytes=MANY // 2) as reader:
        article, refusal = reader
    assert isinstance(article, Article)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "the gzip file unpacks to more than 5,000,000 bytes; split it"
    whole = write(tmp_path / "a.txt.gz", gzip.compress(b"a" * MANY))
    assert "more than 1,000,000 bytes when unpacked" in refused(read(whole, max_file_bytes=1_000_000)).reason


def test_a_gzip_file_that_unpacks_to_far_more_than_articles_do_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(byte_streams, "_ALWAYS_UNPACKED", 100_000)
    reason = refused(read(write(tmp_path / "a.txt.gz", gzip.compress(b"Words. " * 100_000)))).reason
    assert reason.startswith("the gzip file unpacks to more than 100 times its size")
    assert only(read(write(tmp_path / "b.txt.gz", gzip.compress(b"Words. " * 14_000)))).text == "Words. " * 14_000


def test_blank_lines_without_end_and_records_that_cannot_be_read_end_the_reading_of_a_file(tmp_path: Path) -> None:
    article, refusal = read(write(tmp_path / "a.jsonl", jsonl("Words.") + "\n" * 20_000 + jsonl("More.")))
    assert isinstance(article, Article)
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.line) == ("more than 10,000 blank lines in a row; expected one record a line", 10_002)
    assert len(read(write(tmp_path / "b.jsonl", jsonl("Words.") + "\n" * 9_000 + jsonl("More.")))) == 2
    for name, records in (("c.jsonl", jsonl("Words.") + "1\n" * 2_000), ("d.json", "[" + "1," * 2_000 + '{"text": "Words."}]')):
        *_, last = refusals = [item for item in read(write(tmp_path / name, records)) if isinstance(item, Refusal)]
        assert len(refusals) == 1_001
        assert last.reason == "1,000 records in a row cannot be read; the rest of the file is left out"


class _Cancelled(Exception):
    pass


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl.gz", gzip.compress((" " * 999 + "\n").encode() * 9_000)),
        ("a.json", b"[" + b"[]," * 1_000 + b"[]]"),
        ("a.html", b"<html><body><p>" + b"<b>word</b> " * 200_000),
    ],
)
def test_a_reading_can_be_ended_before_it_gives_an_article(tmp_path: Path, name: str, content: bytes) -> None:
    beats = 0

    def cancelled() -> None:
        nonlocal beats
        beats += 1
        raise _Cancelled

    path = write(tmp_path / name, content)
    with ArticleReader([path], settings=load_settings(), heartbeat=cancelled) as reader, pytest.raises(_Cancelled):
        list(reader)
    assert beats == 1


def test_limits_of_size_are_told_with_their_setting(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "a" * 200)
    assert "200 bytes, at most 100 are read; raise max_file_bytes" in refused(read(path, max_file_bytes=100)).reason
    reason = refused(read(path, max_article_characters=150)).reason
    assert reason == "the text has 200 characters, at most 150 are read; raise max_article_characters"


@pytest.mark.parametrize(
    ("name", "content", "texts"),
    [
        ("a.txt", gzip.compress(b"Packed.", mtime=0), ["Packed."]),
        ("a.json", jsonl("one", "two"), ["one", "two"]),
        ("a.json", '\ufeff {"text": "alone"}', ["alone"]),
        ("a.jsonl", '[\n{"text": "one"},\n{"text": "two"}\n]', ["one", "two"]),
        ("a.jsonl", '{\n"text": "pretty"\n}\n', ["pretty"]),
        ("a.ndjson", jsonl("one"), ["one"]),
        ("a.txt", "<html><p>Just text.", ["<html><p>Just text."]),
        ("a.json", '{"text": "é"}'.encode("utf-16"), ["é"]),
        ("a.csv", "text\nrow\n", ["row"]),
        ("a.tsv", "id\ttext\n1\trow, two\n", ["row, two"]),
        ("b", "[Reuters] Words.", ["[Reuters] Words."]),
    ],
)
def test_content_that_is_plainly_something_is_read_as_that(
    tmp_path: Path, name: str, content: str | bytes, texts: list[str]
) -> None:
    assert [item.text for item in read(write(tmp_path / name, content)) if isinstance(item, Article)] == texts


def test_a_pdf_named_txt_is_recognised(tmp_path: Path) -> None:
    assert "not a PDF that can be read" in refused(read(write(tmp_path / "a.txt", b"%PDF-1.4\njunk"))).reason


def test_a_page_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.html", b"<html><body><p>" + b"<b>word</b> " * 200_000)
    assert "took longer than 2 s" in refused(read(path, parse_timeout_seconds=2)).reason


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        ("Plain words.\r\nMore.", ["Plain words.\nMore."]),
        (jsonl("one", "two"), ["one", "two"]),
        ('[{"text": "one"}]', ["one"]),
        (gzip.compress(jsonl("packed").encode(), mtime=0), ["packed"]),
        (
            "<!DOCTYPE html><html><body><article><p>The bridge was repaired on Monday, said the mayor.</p></article>",
            ["The bridge was repaired on Monday, said the mayor."],
        ),
    ],
)
def test_standard_input_is_sniffed(monkeypatch: pytest.MonkeyPatch, content: str | bytes, texts: list[str]) -> None:
    data = content.encode() if isinstance(content, str) else content
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    with ArticleReader(["-"], settings=load_settings()) as reader:
        assert reader.bytes_total is None
        found = list(reader)
    assert [item.text for item in found if isinstance(item, Article)] == texts
    assert found[0].given_id == text_digest(texts[0])  # type: ignore[union-attr]  # the assertion above


def test_empty_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert refused(read("-")) == Refusal("standard input", "it is empty; expected text, HTML, JSON or JSONL")


def test_progress_grows_to_the_total_in_packed_bytes(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({"text": os.urandom(500).hex()}) for _ in range(500))
    paths = [write(tmp_path / "a.jsonl.gz", gzip.compress(lines.encode())), write(tmp_path / "b.txt", "Words.")]
    with ArticleReader(paths, settings=load_settings()) as reader:
        seen = [reader.bytes_read for _ in reader]
        assert seen == sorted(seen)
        assert 0 < seen[10] < seen[-5] <= seen[-1]
        assert reader.bytes_read == reader.bytes_total == sum(path.stat().st_size for path in paths)


def test_progress_in_a_file_that_is_read_whole_grows_with_its_articles(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", json.dumps([{"text": f"Word {number}."} for number in range(100)]))
    with ArticleReader([path], settings=load_settings()) as reader:
        shares = [reader.bytes_read / path.stat().st_size for _ in reader]
    assert shares[49] == pytest.approx(0.5, abs=0.01)
    assert shares[-1] == 1


def test_a_long_jsonl_file_is_never_held_whole(tmp_path: Path) -> None:
    line = json.dumps({"text": "words " * 200}).encode()
    path = write(tmp_path / "a.jsonl", b"".join(line[:-2] + b'%d"}\n' % number for number in range(20_000)))
    assert path.stat().st_size > 24_000_000
    with ArticleReader([path], settings=load_settings()) as reader:
        tracemalloc.start()
        count = sum(isinstance(item, Article) for item in reader)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert count == 20_000
    assert peak < 12_000_000  # of which some 8 MB are the 20,000 ids seen


def test_importing_the_reader_imports_no_parser() -> None:
    code = "import sys, qa.corpus.article_reader; print(*sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    heavy = {"trafilatura", "pypdf", "lxml", "mammoth", "feedparser", "warcio", "pydantic", "charset_normalizer", "torch"}
    assert heavy.isdisjoint(done.stdout.split())


WARC = (
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-03-08T05:00:00Z\r\n"
    "WARC-Record-ID: <urn:uuid:0f2c7a7e-8c8e-4c55-9f7b-0a4b6a1c0d1{number}>\r\n"
    "Content-Type: application/http; msgtype=response\r\nContent-Length: {length}\r\n\r\n"
)


def test_the_pages_of_a_web_archive_are_articles_and_its_pictures_are_not(tmp_path: Path) -> None:
    data = b""
    pages = {
        "https://post.example/ferry?utm_source=x": ("text/html", NEWS_PAGE.format(canonical="/ferry").encode()),
        "https://post.example/logo": ("image/png", b"\x89PNG"),
        "https://post.example/empty": ("text/html", b"<html><body></body></html>"),
        "http://[": ("text/plain", b"The crane fell."),
    }
    for number, (url, (media_type, content)) in enumerate(pages.items()):
        block = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n\r\n".encode() + content
        data += WARC.format(url=url, number=number, length=len(block)).encode() + block + b"\r\n\r\n"
    for path in (write(tmp_path / "a.warc", data), write(tmp_path / "b.warc.gz", gzip.compress(data))):
        ferry, empty, crane = read(path)
        assert isinstance(ferry, Article) and isinstance(empty, Refusal) and isinstance(crane, Article)
        assert (crane.text, crane.url, crane.source) == ("The crane fell.", None, None)
        assert (ferry.title, ferry.given_id) == ("Ferry late", "https://post.example/ferry")
        assert empty.origin == str(path)
        assert empty.reason.startswith("record 3, https://post.example/empty: no article text found in this page")


def test_a_page_that_is_called_xml_is_read_as_a_page(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xml", NEWS_PAGE.format(canonical="/a"))
    assert "the harbour master said" in only(read(path)).text


def test_an_uploaded_file_goes_by_its_own_name_and_its_article_is_known_by_its_text(tmp_path: Path) -> None:
    text = write(tmp_path / "1.txt", "One ship left.")
    empty = write(tmp_path / "2.txt", "")
    broken = write(tmp_path / "3.jsonl", jsonl("Two ships left.") + "{\n")
    uploads = {str(text): "ships.txt", str(empty): "nothing.txt", str(broken): "more ships.jsonl"}
    with ArticleReader(list(uploads), settings=load_settings(), uploads=uploads) as reader:
        first, second, third, fourth = reader
    assert isinstance(first, Article) and first.given_id == text_digest("One ship left.")
    assert second == Refusal("nothing.txt", "the file is empty")
    assert isinstance(third, Article) and third.given_id == text_digest("Two ships left.")
    assert isinstance(fourth, Refusal) and (fourth.origin, fourth.line) == ("more ships.jsonl", 2)


# Addresses

NEWS_PAGE = """<!doctype html><html lang="en"><head><title>Ferry late | Post</title>
<link rel="canonical" href="{canonical}"><script type="application/ld+json">{{"@type": "NewsArticle",
"headline": "Ferry late", "datePublished": "2024-03-08T05:00:00+01:00", "author": {{"name": "Odette Farrow"}},
"publisher": {{"name": "The Harbour Post"}}}}</script></head><body><nav><a href="/">Home</a></nav><article><h1>Ferry late</h1>
<p>The ferry to Skerrin was late by ten minutes on Friday because of fog, the harbour master said.</p>
<p>Nobody was hurt, and the ferry left again at noon with all of its passengers on board.</p></article></body></html>"""
FETCHING = {"allow_fetch": True, "fetch_networks": ("127.0.0.0/8",)}


def test_a_page_is_fetched_with_what_it_says_of_itself(news_site: NewsSite) -> None:
    news_site.pages["/ferry?id=1"] = ("text/html", NEWS_PAGE.format(canonical="/ferry").encode())
    article = only(read(f"{news_site.url}/ferry?id=1", **FETCHING))
    assert "was late by ten minutes on Friday because of fog" in article.text
    assert (article.given_id, article.url) == (f"{news_site.url}/ferry", f"{news_site.url}/ferry")
    assert (article.title, article.author, article.source) == ("Ferry late", "Odette Farrow", "The Harbour Post")
    assert (article.published_at, article.language) == ("2024-03-08T04:00:00Z", "en")


@pytest.mark.parametrize("claimed", ["https://www.other.example/ferry", "http://[", "javascript:alert(1)", ""])
def test_a_page_cannot_take_the_place_of_an_article_of_another_site(news_site: NewsSite, claimed: str) -> None:
    news_site.pages["/ferry"] = ("text/html", NEWS_PAGE.format(canonical=claimed).encode())
    assert only(read(f"{news_site.url}/ferry", **FETCHING)).given_id == f"{news_site.url}/ferry"


def test_text_is_fetched_too_and_other_types_are_refused(news_site: NewsSite) -> None:
    news_site.pages |= {
        "/notes": ("text/plain; charset=utf-8", b"The ferry sails at noon."),
        "/unsaid": (
            "application/octet-stream",
            b"<!doctype html><html><body><p>The ferry sails at noon today, they say.</p></body>",
        ),
        "/picture": ("image/png", b"\x89PNG"),
        "/data": ("application/json", b'{"text": "The ferry sails at noon."}'),
    }
    notes = only(read(f"{news_site.url}/notes", **FETCHING))
    assert (notes.text, notes.url, notes.source) == ("The ferry sails at noon.", f"{news_site.url}/notes", "127.0.0.1")
    assert "they say" in only(read(f"{news_site.url}/unsaid", **FETCHING)).text
    for path, kind in (("/picture", "image/png"), ("/data", "application/json")):
        reason = refused(read(f"{news_site.url}{path}", **FETCHING)).reason
        assert reason == f"it is of type {kind}; expected a page, a PDF, text, or a feed"


def test_the_charset_that_a_server_says_is_the_pages(news_site: NewsSite) -> None:
    page = NEWS_PAGE.format(canonical="/a").replace("harbour master", "Kapitän").encode("cp1252")
    news_site.pages["/a"] = ("text/html; charset=windows-1252", page)
    assert "the Kapitän said" in only(read(f"{news_site.url}/a", **FETCHING)).text


@pytest.mark.parametrize("charset", ["undefined", "punycode", "idna", "hex", "no-such"])
def test_a_charset_that_no_page_has_counts_as_none(tmp_path: Path, charset: str) -> None:
    page = (
        NEWS_PAGE.format(canonical="/a").replace("<head>", f'<head><meta charset="{charset}">').replace("because", "b\u00e9cause")
    )
    path = tmp_path / "page.html"
    path.write_bytes(page.encode("cp1252"))
    assert "on Friday bécause of fog" in only(read(path)).text


def test_a_charset_that_is_no_name_counts_as_none(news_site: NewsSite) -> None:
    page = NEWS_PAGE.format(canonical="/a").replace("because", "b\u00e9cause").encode("cp1252")
    news_site.pages["/a"] = ("text/html; charset*=x''%00", page)
    assert "on Friday bécause of fog" in only(read(f"{news_site.url}/a", **FETCHING)).text


FEED = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>The Feed</title>
<item><title>Whole</title><link>/whole</link><content:encoded>&lt;p&gt;All of it stands here.&lt;/p&gt;</content:encoded></item>
<item><title>Ferry</title><link>/ferry</link><description>The ferry was late…</description></item>
<item><title>Gone</title><link>/gone</link><description>The crane fell…</description></item>
<item><title>Ferry again</title><link>/ferry</link><description>The ferry was late…</description></item></channel></rss>"""


@pytest.mark.parametrize("media_type", ["application/x-rss+xml", "text/xml; charset=utf-8", "application/xml"])
def test_a_feed_is_fetched_with_the_pages_that_it_only_begins(news_site: NewsSite, media_type: str) -> None:
    news_site.pages |= {
        "/feed": (media_type, FEED.encode()),
        "/ferry": ("text/html", NEWS_PAGE.format(canonical="/ferry").encode()),
    }
    with ArticleReader([f"{news_site.url}/feed"], settings=load_settings(**FETCHING)) as reader:
        whole, ferry, gone, again = list(reader)
        notices = [notice.reason for notice in reader.notices]
    assert isinstance(whole, Article) and isinstance(ferry, Article) and isinstance(gone, Article)
    assert (whole.text, whole.given_id, whole.source) == ("All of it stands here.", f"{news_site.url}/whole", "The Feed")
    assert "because of fog, the harbour master said" in ferry.text
    assert (ferry.title, ferry.source, ferry.given_id) == ("Ferry late", "The Harbour Post", f"{news_site.url}/ferry")
    assert gone.text == "The crane fell…"
    assert notices == [
        "record 3: the feed gives no more than the beginning of this article",
        f"record 3: and its page {news_site.url}/gone could not be read: the server answers with status 404; expected 200",
    ]
    assert isinstance(again, Refusal)
    assert again.reason == (
        f"record 4: the URL '{news_site.url}/ferry' has been given before, at record 2 of this file; each article needs its own"
    )


def test_a_feed_whose_reader_has_left_is_fetched_no_further(news_site: NewsSite) -> None:
    given: list[Article | Refusal] = []

    def heartbeat() -> None:
        if given:
            raise _Cancelled

    item = "<item><title>{0}</title><link>/{0}</link><description>It begins…</description></item>"
    feed = f'<rss version="2.0"><channel><title>The Feed</title>{"".join(map(item.format, range(3)))}</channel></rss>'
    pages = {f"/{number}": ("text/plain", f"Words {number}.".encode()) for number in range(3)}
    news_site.pages |= {"/feed": ("application/rss+xml", feed.encode()), **pages}
    reader = ArticleReader([f"{news_site.url}/feed"], settings=load_settings(**FETCHING), heartbeat=heartbeat)
    with reader, pytest.raises(_Cancelled):
        for one in reader:
            given.append(one)
    assert [one.text for one in given if isinstance(one, Article)] == ["Words 0."]


def test_a_feeds_link_that_is_no_address_costs_the_address_alone(news_site: NewsSite) -> None:
    items = "<item><title>A</title><link>http://[</link><description>The crane fell…</description></item>"
    feed = f'<rss version="2.0"><channel><title>The Feed</title>{items}</channel></rss>'
    news_site.pages["/feed"] = ("application/rss+xml", feed.encode())
    article = only(read(f"{news_site.url}/feed", **FETCHING))
    assert (article.text, article.url) == ("The crane fell…", None)


@pytest.mark.parametrize("named", ["<link>{0}</link>", "<guid>{0}</guid>"])
def test_a_feed_takes_the_place_of_no_article_of_another_site(news_site: NewsSite, named: str) -> None:
    theirs = "https://other.example/crane"
    item = f"<item><title>Crane</title>{named.format(theirs)}<description>The crane stands still.</description></item>"
    news_site.pages["/feed"] = ("application/rss+xml", f'<rss version="2.0"><channel>{item}</channel></rss>'.encode())
    with ArticleReader([f"{news_site.url}/feed"], settings=load_settings(**FETCHING)) as reader:
        article = only(reader)
        notices = [notice.reason for notice in reader.notices]
    assert (article.given_id, article.url) == (f"{news_site.url}/feed#{theirs}", None)
    begins, left_out = notices  # and none of a page of the other site
    assert begins.endswith("the feed gives no more than the beginning of this article")
    assert theirs in left_out and "--feed-may-name other.example" in left_out


def test_an_entrys_id_is_no_other_articles(news_site: NewsSite) -> None:
    item = '<item><guid isPermaLink="false">https://other.example/crane</guid><description>The crane fell.</description></item>'
    news_site.pages["/feed"] = ("application/rss+xml", f'<rss version="2.0"><channel>{item}</channel></rss>'.encode())
    assert only(read(f"{news_site.url}/feed", **FETCHING)).given_id == f"{news_site.url}/feed#https://other.example/crane"


def test_a_feed_may_bring_the_articles_of_a_site_that_the_user_names(news_site: NewsSite) -> None:
    news_site.pages["/feed"] = ("application/rss+xml", FEED.replace("/whole", "https://www.other.example/crane").encode())
    article, *_ = read(f"{news_site.url}/feed", **FETCHING, feed_may_name=("other.example",))
    assert isinstance(article, Article)
    assert article.given_id == article.url == "https://www.other.example/crane"


def test_addresses_are_not_fetched_unless_that_is_allowed_and_a_bad_one_does_not_stop_the_rest(
    news_site: NewsSite, tmp_path: Path
) -> None:
    news_site.pages["/ferry"] = ("text/plain", b"The ferry sails at noon.")
    path = write(tmp_path / "a.txt", "The crane stands still.")
    said, article = read(f"{news_site.url}/ferry", path)
    assert isinstance(said, Refusal) and isinstance(article, Article)
    assert said.reason == "addresses are not fetched; --allow-fetch, or the setting allow_fetch, lets qa do so"
    private, missing, other = read(f"{news_site.url}/ferry", "http://no-such-host.invalid/", path, allow_fetch=True)
    assert isinstance(private, Refusal) and "which is not public" in private.reason
    assert isinstance(missing, Refusal) and "cannot be resolved" in missing.reason
    assert isinstance(other, Article)
