"""In how many articles the answer of the first sentence was found."""

from __future__ import annotations

from qa.answer.agreement import agreeing_articles
from qa.base.types import Evidence, Place, Source, Span

NOBODY = Source(None, None, None, None, None)


def read(article: str, quote: str, answer: str | None, probability: float) -> Evidence:
    start = quote.index(answer) + 10 if answer else 0
    span = Span(10, 10 + len(quote))
    short = Span(start, start + len(answer)) if answer else None
    return Evidence(f"{article}@x:0-99", article, "digest", 0, span, quote, probability, probability, short)


FIRST = read("a", "Ada Thorn won the vote.", "Ada Thorn", 0.9)


def test_articles_with_the_same_answer_count_once_each() -> None:
    evidence = [
        FIRST,
        read("b", "The winner was Ada Thorn, 40.", "Ada Thorn", 0.6),
        read("b", "Ada Thorn thanked them.", "Ada Thorn", 0.5),
        read("c", "Mayor Ada Thorn won.", "Mayor Ada Thorn", 0.5),
        read("d", "Barnaby Quill won.", "Barnaby Quill", 0.7),
    ]
    assert agreeing_articles(evidence, (), threshold=0.4) == 3


def test_a_sentence_below_the_threshold_does_not_count() -> None:
    evidence = [FIRST, read("b", "Ada Thorn, it is said.", "Ada Thorn", 0.3)]
    assert agreeing_articles(evidence, (), threshold=0.4) == 1


def test_articles_with_the_same_words_count() -> None:
    place = Place("b", "News", "digest", 0, Span(0, 23), FIRST.quote, NOBODY)
    assert agreeing_articles([FIRST], [place], threshold=0.4) == 2


def test_an_answer_without_a_few_words_is_of_its_own_article() -> None:
    evidence = [read("a", "It opened.", None, 0.9), read("b", "It opened again.", None, 0.8)]
    assert agreeing_articles(evidence, (), threshold=0.4) == 1


def test_nothing_read_agrees_with_nothing() -> None:
    assert agreeing_articles([], (), threshold=0.4) == 0
