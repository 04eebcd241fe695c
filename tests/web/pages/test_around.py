"""What stands around a quote in its article."""

from __future__ import annotations

from dataclasses import replace

import httpx

from qa.base.types import Article, SentenceKind
from qa.corpus.sentences import split_sentences
from web.pages.around import Around, around

TEXT = (
    "The council met.\nShare this article\nIt was raining. Ada Thorne chairs it. She is 63. "
    "The bridge was closed. Nobody spoke. All left."
)


def of(quote: str, text: str = TEXT) -> Around:
    sentences = [
        replace(sentence, kind=SentenceKind.BOILERPLATE) if sentence.span.of(text) == "Share this article" else sentence
        for sentence in split_sentences(text)
    ]
    (index,) = [sentence.index for sentence in sentences if sentence.span.of(text) == quote]
    return around(Article(id="a", given_id="a", title="A title", text=text), sentences, index)


def test_two_sentences_stand_on_each_side_without_boilerplate() -> None:
    assert of("Ada Thorne chairs it.") == Around("The council met. It was raining.", "She is 63. The bridge was closed.")


def test_what_a_quote_is_shown_with_already_is_left_out() -> None:
    assert of("She is 63.") == Around("The council met. It was raining.", "The bridge was closed. Nobody spoke.")


def test_a_sentence_of_which_the_quote_is_shown_with_the_end_is_left_out() -> None:
    long = f"Ada Thorne {'and so on ' * 200}chairs it."
    assert of("She is 63.", f"It was raining. {long} She is 63.").before == "It was raining."


def test_nothing_stands_before_the_first_sentence_and_behind_the_last() -> None:
    assert of("The council met.").before == ""
    assert of("All left.").behind == ""


def test_a_long_side_is_cut_where_it_is_away_from_the_quote() -> None:
    long = f"A {'very ' * 200}long walk."
    shown = of("Ada came.", f"{long} Ada came. {long}")
    assert (shown.before[0], shown.before[-6:]) == ("…", " walk.") and len(shown.before) == 501
    assert (shown.behind[:6], shown.behind[-1]) == ("A very", "…") and len(shown.behind) == 501


def test_a_sentence_that_the_article_does_not_have_is_not_found(client: httpx.Client) -> None:
    assert client.get("/articles/sorrowby-obituary/around/0").status_code == 200
    response = client.get("/articles/sorrowby-obituary/around/999", headers={"HX-Request": "true"})
    assert response.status_code == 404
    assert "sentences, counted from 0, and none has the number 999" in response.text
