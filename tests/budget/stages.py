"""Everything that reads foreign text, each as a function of one text."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from qa.answer.answer_fit import can_answer, is_asked
from qa.answer.lead_ins import goes_on
from qa.answer.question_kind import has_short_answer, is_no_question
from qa.answer.same_answer import normalised
from qa.answer.statements.corrections import changes, said_before
from qa.answer.typed_names import with_names
from qa.api.exports import file_name
from qa.base.quotes import KeptQuote
from qa.base.types import Article, PassageRule, Sentence, SentenceKind, Span
from qa.cli.output.text import on_one_line
from qa.conversation import Turn, as_given, resolve
from qa.corpus.articles import make_article
from qa.corpus.boilerplate import is_boilerplate, is_link_line, opens_link_list
from qa.corpus.dates import parse_published
from qa.corpus.decode import decode
from qa.corpus.display.displayed import Displayed, shown_line
from qa.corpus.formats.detection import HEAD_BYTES, sniff
from qa.corpus.formats.markdown import read_markdown
from qa.corpus.languages import language_of
from qa.corpus.list_statements import stating_items
from qa.corpus.near_duplicates import bands, shingles, words_key
from qa.corpus.passages import cut_passages
from qa.corpus.sentence_endings import ends_like_a_sentence
from qa.corpus.sentences import split_sentences
from qa.corpus.tables import cells_of, parts_of_tables
from qa.index.postings import terms_in
from qa.index.source_names import asked_keys, held_keys
from qa.search.date_ranges import read_dates
from qa.service.filter_advice import similar_names
from qa.service.quotes import CurrentArticle, verified
from qa.service.typed_filters import typed_filters
from web.api.bodies.answer import turns_of
from web.pages.around import around
from web.pages.article_text import blocks_of
from web.pages.excerpts import excerpt
from web.pages.filter_form import FilterForm
from web.pages.filter_words import filter_words
from web.pages.suggestions import person_questions

_TODAY = date(2024, 3, 8)
_PIECE = 80  # characters of the sentences that a text is taken to have where they are given
_RULE = PassageRule(characters=1_000, overlap_sentences=1, title_tokens=32)


class _Fours:
    """A token counter: each four characters are a token."""

    def token_ends(self, texts: Sequence[str]) -> list[list[int]]:
        return [[*range(4, len(text), 4), len(text)] for text in texts]

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        return [*map(len, self.token_ends(texts))]

    def passage_budget(self, title: str) -> int:  # noqa: ARG002
        return 400

    def shorten_title(self, title: str) -> str:
        return title[:100]


def _article(text: str, *, is_markdown: bool = False) -> Article:
    return Article(id="art_0", given_id="a", title="A title", text=text, is_markdown=is_markdown)


def _pieces(text: str) -> list[Sentence]:
    """The whole text in sentences of equal length, whatever is in it."""
    starts = range(0, len(text), _PIECE)
    return [
        Sentence(at, Span(start, min(len(text), start + _PIECE)), SentenceKind.PROSE)
        for at, start in enumerate(starts)
    ]  # fmt: skip


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _cut(text: str) -> None:
    cut_passages(_article(text), _pieces(text), _Fours(), _RULE)


def _cut_one_sentence(text: str) -> None:
    whole = f"a{text}b"
    cut_passages(_article(whole), [Sentence(0, Span(0, len(whole)), SentenceKind.PROSE)], _Fours(), _RULE)


def _page(text: str) -> None:
    for _ in blocks_of(_article(text, is_markdown=True), _pieces(text)):
        pass


def _citations(text: str) -> None:
    """The words of each sentence as its page has them."""
    displayed = Displayed(_article(text, is_markdown=True))
    for sentence in _pieces(text):
        displayed.words(sentence.span)
    for sentence in _pieces(text)[:3]:
        displayed.on_page(sentence.span)


def _whole_display(text: str) -> None:
    shown = Displayed(_article(text, is_markdown=True)).shown(Span(0, len(text)))
    shown.shown(Span(0, len(text)))


def _plain_display(text: str) -> None:
    displayed = Displayed(_article(text))
    for sentence in _pieces(text):
        displayed.in_text(sentence.span)


def _verified(text: str) -> None:
    """Half of the text as a quote that was cited, and one of which only the last word has changed."""
    half = text[: len(text) // 2]
    current = CurrentArticle(_article(text), _pieces(text))
    for quote in (half, half + " changed"):
        verified(KeptQuote("citations", 1, "art_0", "0", Span(0, len(quote)), quote), current)


def _published(text: str) -> None:
    with contextlib.suppress(ValueError):
        parse_published(text)


def _typed(text: str) -> None:
    with contextlib.suppress(ValueError):
        typed_filters(sources=[text], published_from=text, language=text, as_of=text)


def _follow_up(text: str) -> None:
    """A text as each part of an earlier turn."""
    turn = Turn(text, text, text, text, (text,))
    resolve("What about it?", [turn] * 3)


def _asked(text: str) -> None:
    """A text as a question, as far as one may be: what is longer is refused."""
    question = text[:1_000]
    resolve(question, [Turn("Who is Ann Lee?", answer="Ann Lee built the mill.")])
    as_given(question, question + " Lee")
    read_dates(question, _TODAY)
    has_short_answer(question)
    is_asked(question)


def _messages(text: str) -> None:
    """A text as the messages of a chat, each a few words."""
    parts = [text[start : start + 20] for start in range(0, len(text), 20)]
    for turn in turns_of(("user" if number % 50 == 0 else "assistant", part) for number, part in enumerate(parts)):
        is_no_question(turn.question)


def _sentences_read(text: str) -> None:
    """What is looked for in a sentence that may answer."""
    goes_on(text)
    normalised(text)
    ends_like_a_sentence(text)
    for asked in ("Who is the mayor?", "How much did it cost?", "What was the turnout?"):
        can_answer(asked, text, Span(len(text) // 2, len(text)))
    changes(text)
    said_before(text)
    with_names("who is ann lee", [text])


STAGES: Mapping[str, Callable[[str], object]] = {
    "bytes to text": lambda text: decode(text.encode(), origin="a"),
    "format": lambda text: sniff(text.encode()[:HEAD_BYTES]),
    "Markdown": lambda text: read_markdown(text.encode(), origin="a"),
    "article": lambda text: make_article(text + "a", title=text, source=text, url="http://a/" + text, notice=lambda _: None),
    "language": lambda text: language_of(text, None),
    "sentences": split_sentences,
    "sentences, German": lambda text: split_sentences(text, language="de"),
    "boilerplate": lambda text: (opens_link_list(text), is_link_line(text), is_boilerplate(text)),
    "boilerplate of lines": lambda text: [(opens_link_list(line), is_link_line(line)) for line in _lines(text)],
    "lists": lambda text: stating_items(_lines(text), [False] * len(_lines(text))),
    "tables": lambda text: parts_of_tables(_lines(text)),
    "cells": cells_of,
    "passages": _cut,
    "passages of a sentence": _cut_one_sentence,
    "terms": lambda text: terms_in(text, "en"),
    "terms, Japanese": lambda text: terms_in(text, "ja"),
    "near-duplicates": lambda text: bands(shingles(text)),
    "equal sentences": words_key,
    "article's page": _page,
    "sentences as shown": _citations,
    "article as shown": _whole_display,
    "no Markdown as shown": _plain_display,
    "title as shown": shown_line,
    "around a sentence": lambda text: around(_article(text, is_markdown=True), _pieces(text), len(_pieces(text)) // 2),
    "excerpt": lambda text: excerpt(_article(text, is_markdown=True), ["absent", text[: len(text) // 2]]),
    "suggestions": lambda text: person_questions(_article(text)),
    "exports": lambda text: (file_name(text), on_one_line(text)),
    "published": _published,
    "sentence read": _sentences_read,
    "quote found again": _verified,
    "no question": is_no_question,
    "question": _asked,
    "follow-up": _follow_up,
    "messages": _messages,
    "filters": _typed,
    "filter words": lambda text: filter_words(FilterForm(text, text, text, "en", text), {}),
    "source names": lambda text: (held_keys(text), asked_keys(text), similar_names(text, [text])),
}
