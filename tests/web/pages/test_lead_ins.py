from __future__ import annotations

from collections.abc import Callable

import pytest

from qa.api.citation import CitationShape, LinksShape, PositionSelector, QuoteSelector
from qa.api.source import SourceShape
from web.pages.lead_ins import lead_in

BEFORE = "The mayor opened the bridge."


@pytest.fixture
def citation() -> Callable[..., CitationShape]:
    def make(quote: str, *, text_before: str | None = BEFORE) -> CitationShape:
        return CitationShape(
            number=1,
            article_id="art_1",
            given_id="1",
            article_digest="0" * 64,
            article_title="The bridge",
            cited_text=quote,
            start_char_index=0,
            end_char_index=max(1, len(quote)),
            sentence_index=1,
            text_before=text_before,
            also_in=[],
            selector=(QuoteSelector(exact=quote, prefix="", suffix=""), PositionSelector(start=0, end=1)),
            source=SourceShape(name=None, url=None, author=None, published_at=None, language=None),
            links=LinksShape(sentence="/articles/art_1#s1", original=None),
        )

    return make


@pytest.mark.parametrize("quote", ["She cut a ribbon.", "“It took a year,” she said.", "THEIR work is done.", "(This was May.)"])
def test_a_quote_that_goes_on_from_the_sentence_before_it_has_that_as_its_lead_in(
    citation: Callable[..., CitationShape], quote: str
) -> None:
    assert lead_in(citation(quote)) == BEFORE


@pytest.mark.parametrize("quote", ["Helen cut a ribbon.", "Thesis work is done.", "The work took long.", "", "Items were sold."])
def test_any_other_quote_has_none(citation: Callable[..., CitationShape], quote: str) -> None:
    assert lead_in(citation(quote)) is None


def test_the_first_sentence_of_an_article_has_none(citation: Callable[..., CitationShape]) -> None:
    assert lead_in(citation("It is done.", text_before=None)) is None
