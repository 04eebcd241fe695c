"""Tables of Markdown, HTML and Word files, asked with the real encoder and reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest

from qa.api.answer import answer_of, answer_shape
from qa.api.exports import copied_text
from qa.api.pieces import shown_text
from qa.api.search import search_shape
from qa.api.span import span_of
from qa.base.settings import Settings
from qa.base.types import Article, Filters
from qa.corpus.article_reader import ArticleReader
from qa.service.build import Indexer
from qa.service.service import Service

INTRO = "The harbour ferry runs every day from the old pier to the island. Tickets are sold on board. "
CHILD = "Children pay 1.20, and dogs travel free of charge on every crossing of the day."
ROWS = (("Ticket", "Price"), ("Adults", "2.40"), ("Children", "1.20"), ("Families", "6.00"))
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
QUESTION = "How much do adults pay?"


def _markdown() -> bytes:
    rows = ["| " + " | ".join(row) + " |" for row in ROWS]
    return "\n".join(
        ["---\nurl: https://ferry.example/fares\n---", f"# Ferry *fares*\n\n{INTRO}{CHILD}\n", rows[0], "|---|---|", *rows[1:]]
    ).encode()


def _html() -> bytes:
    head, *rows = (
        "".join(f"<{tag}>{cell}</{tag}>" for cell in row) for tag, row in zip(["th", "td", "td", "td"], ROWS, strict=True)
    )
    table = f"<table><tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
    page = (
        f"<title>Ferry fares</title><article><h1>Ferry fares</h1><p>{INTRO}</p><p>{CHILD}</p>{table}<p>The council set them.</p>"
    )
    return f"<html><body>{page}</article></body></html>".encode()


def _docx(zip_of: Callable[..., bytes]) -> bytes:
    def paragraph(text: str) -> str:
        return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"

    rows = "".join(f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in ROWS)
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    body = f"{paragraph('Ferry fares')}{paragraph(INTRO)}{paragraph(CHILD)}<w:tbl>{rows}</w:tbl>"
    return zip_of(
        {
            "[Content_Types].xml": f'<Types xmlns="{types}"><Override PartName="/word/document.xml" '
            f'ContentType="{main}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        }
    )


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory, zip_of: Callable[..., bytes]) -> dict[str, Article]:
    """By the suffix of their files."""
    folder = tmp_path_factory.mktemp("fares")
    for suffix, data in (("md", _markdown()), ("html", _html()), ("docx", _docx(zip_of))):
        (folder / f"fares.{suffix}").write_bytes(data)
    with ArticleReader([folder], settings=Settings()) as reader:
        return {Path(one.given_id).suffix or ".md": one for one in reader if isinstance(one, Article)}  # the first has an address


@pytest.fixture(scope="module")
def service(
    articles: dict[str, Article],
    tmp_path_factory: pytest.TempPathFactory,
    encoder: object,
    rule: object,
    open_service: Callable[..., Service],
) -> Service:
    folder = tmp_path_factory.mktemp("index") / "index"
    Indexer(folder, encoder, rule, lock_timeout_seconds=20).add(articles.values())  # type: ignore[arg-type]
    return open_service(folder)


@pytest.mark.parametrize("suffix", [".md", ".html", ".docx"])
def test_a_row_is_cited_as_it_stands_and_shown_with_its_heads(
    service: Service, articles: dict[str, Article], suffix: str
) -> None:
    article = articles[suffix]
    answer = service.ask(QUESTION, filters=Filters(article_ids=(article.id,)))
    cited = answer.citations[0]
    assert cited.quote == cited.span.of(article.text)
    assert "Adults | 2.40" in cited.quote and "\n" not in cited.quote
    assert (answer.short_answer, answer.shown_short_answer) == ("2.40", "2.40")
    assert cited.shown is not None and cited.shown.text == "Ticket: Adults · Price: 2.40"
    assert cited.shown_pieces == ("Ticket: Adults · Price: ", "2.40", "")


def test_the_link_to_a_row_leads_to_its_cells(service: Service, articles: dict[str, Article]) -> None:
    assert articles[".md"].title == "Ferry fares"  # without its marks
    answer = service.ask(QUESTION, filters=Filters(article_ids=(articles[".md"].id,)))
    assert unquote(str(answer.citations[0].original_link)) == "https://ferry.example/fares#:~:text=Adults,2.40"


def test_a_hit_shows_its_passage_without_marks_and_where_each_sentence_stands_in_it(
    service: Service, articles: dict[str, Article]
) -> None:
    found = search_shape(service.search(QUESTION, filters=Filters(article_ids=(articles[".md"].id,))))
    passage = found.hits[0].passage
    assert passage.display is not None and "|" not in passage.display and "Ticket: Adults · Price: 2.40" in passage.display
    shown = [span_of(one.display).of(passage.display) for one in passage.sentences if one.display]
    assert "Ticket: Adults · Price: 2.40" in shown and CHILD in shown


def test_what_is_copied_and_printed_is_what_people_read_and_it_is_kept_with_the_answer(
    service: Service, articles: dict[str, Article]
) -> None:
    answer = service.ask(QUESTION, filters=Filters(article_ids=(articles[".md"].id,)))
    shape = answer_shape(answer)
    assert "Ticket: Adults · Price: 2.40" in copied_text(shape) and "| 2.40" not in copied_text(shape)
    assert shown_text(shape).startswith("Ticket: Adults · Price: 2.40 [1]")
    assert answer_of(shape).citations[0].shown == answer.citations[0].shown
