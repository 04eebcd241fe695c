"""Whatever the text: nothing is lost between sentences, and passages are exact, whole and within the budget."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.base.protocols import TitledText
from qa.base.types import Article, Passage, PassageRule, Sentence, SentenceKind, passage_id
from qa.corpus.decode import clean
from qa.corpus.passages import cut_passages
from qa.corpus.sentences import split_sentences
from qa.index.encoder import TransformerEncoder

_BLANKS = " \t\n\r\v\f\x1c\x1f\x85\xa0\u1680\u2003\u2009\u2028\u2029\u202f\u205f\u3000"
_PIECES = (
    *_BLANKS,
    "\r\n",
    "\n\n",
    "\r\n\r\n",
    "\n \n",
    "  ",
    " " * 50,
    "\ufeff",
    "\u200b",
    "\u200d",
    "\u00ad",
    "The ferry left.",
    'She said "no." He left!',
    "Mr. Dray met Dr. O'Neil at 6.40 a.m. on Jan. 5.",
    "Really?!",
    "…",
    "U.S.",
    "e.g. this",
    "It costs 7.80 euros.",
    "No. 5 is alive.",
    "(He came back.)",
    "“Quoted.”",
    "etc.",
    "J. R. R. Tolkien wrote it.",
    "Yes.",
    "Yes.",
    "Yes.",
    "# A heading",
    "Related News",
    "- an item",
    "1. first",
    "2) second",
    "• point one.",
    "Three things changed:",
    "====",
    "---",
    "Sign up for our newsletter",
    "Share this article",
    "© 2024 The Post",
    "a line without an end",
    "word",
    "word,",
    "a; b:",
    "ends here.[1][2]",
    "*bold.*",
    "**",
    "|",
    '"',
    ".",
    "?",
    "!",
    "- - - -",
    "....",
    "👩‍👩‍👧",
    "🇳🇴",
    "👍🏽.",
    "e\u0301",
    "Cafe\u0301s.",
    "\u0301",
    "各国の。人々！",
    "你好。再见。",
    "नमस्ते।",
    "مرحبا؟",
    "ﬁne",
    "\ufffd",
    "ẞ",
    "İ",
    "\x00",
    "x" * 120,
    "supercalifragilistic" * 8,
    "1234567890" * 6,
    "http://example.org/a.b?c=d.",
    "a.b.c.d",
)
_WORDS = (
    "ferry",
    "harbour,",
    "naïve",
    "👩‍👩‍👧",
    "东京",
    "x" * 300,
    "antidisestablishmentarianism",
    "\u00a0",
    "4.5%",
    "—",
    " " * 3_000,
)

pieces = st.sampled_from(_PIECES)
odd = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
texts = (
    st.lists(pieces | odd, max_size=60).map("".join)
    | st.lists(pieces, max_size=60).map(" ".join)
    | st.lists(pieces, max_size=40).map("\n".join)
)
over_long = st.tuples(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=8), st.integers(1, 150)).map(
    lambda made: " ".join(made[0] * made[1]) + "."
)
long_texts = st.lists(texts | over_long, min_size=1, max_size=4).map("\n".join)
titles = st.sampled_from(["", "A title", "東京のフェリー", "Harbour " * 40, "x" * 500, "👩‍👩‍👧 e\u0301", "\u0301"])
rules = st.builds(PassageRule, st.sampled_from([100, 600, 900, 10_000]), st.integers(0, 3), st.just(32))

quickly = settings(
    deadline=None,  # the first example loads a model
    max_examples=150,
    derandomize=True,  # every run says the same
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _rejoined(text: str, sentences: list[Sentence]) -> str:
    parts, end = [], 0
    for sentence in sentences:
        parts += [text[end : sentence.span.start], sentence.span.of(text)]
        end = sentence.span.end
    return "".join([*parts, text[end:]])


@quickly
@given(text=texts, language=st.sampled_from([None, "en", "de", "zh", "ar", "hi", "xx", "pt-BR", ""]))
def test_sentences_and_the_gaps_between_rejoin_to_the_text(text: str, language: str | None) -> None:
    sentences = split_sentences(text, language=language)
    assert _rejoined(text, sentences) == text
    assert [sentence.index for sentence in sentences] == list(range(len(sentences)))
    ends = [0, *(sentence.span.end for sentence in sentences)]
    starts = [*(sentence.span.start for sentence in sentences), len(text)]
    for end, start in zip(ends, starts, strict=True):
        assert end <= start and not text[end:start].strip()
    for sentence in sentences:
        quote = sentence.span.of(text)
        assert quote == quote.strip() != ""


@quickly
@given(
    text=st.lists(st.sampled_from(["\ud800", "\udfff", "\udc00\ud83d", "The ferry left.", " ", "👩"]), max_size=20).map("".join)
)
def test_a_text_with_lone_surrogates_keeps_its_length_and_rejoins(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert "\ufffd" in cleaned or cleaned == text
    assert _rejoined(cleaned, split_sentences(cleaned)) == cleaned


@quickly
@given(sentence=st.sampled_from(["He left.", "Cafe\u0301s open. ", "👩‍👩‍👧 came.", "No. 5 is alive."]), times=st.integers(1, 40))
def test_repeated_sentences_each_have_their_own_place(sentence: str, times: int) -> None:
    text = (sentence.strip() + "\n\n") * times
    quotes = [(found.span.start, found.span.of(text)) for found in split_sentences(text)]
    length = len(sentence.strip()) + 2
    assert quotes == [(place * length, sentence.strip()) for place in range(times)]


@quickly
@given(text=texts)
def test_splitting_twice_gives_the_same(text: str) -> None:
    assert split_sentences(text) == split_sentences(text)


@pytest.mark.timeout(120)
@settings(quickly, max_examples=120)
@given(text=long_texts, title=titles, rule=rules)
def test_passages_are_exact_whole_and_within_the_encoders_limit(
    encoder: TransformerEncoder, text: str, title: str, rule: PassageRule
) -> None:
    article = Article(id="a", given_id="a", title=title, text=text)
    sentences = split_sentences(text)
    passages = cut_passages(article, sentences, encoder, rule)
    _assert_exact(article, sentences, passages)
    _assert_all_is_held(text, sentences, passages)
    _assert_no_boilerplate(sentences, passages)
    shortened = encoder.shorten_title(title)
    for passage in passages:
        # the model's own count, special tokens and all: embedding raises for one token too many
        whole = encoder._before_text(shortened) + passage.span.of(text)
        ((ids,), _offsets) = encoder._tokenizer.tokenize([whole], special=True)
        assert len(ids) <= encoder.identity.max_tokens == 512


def _assert_exact(article: Article, sentences: list[Sentence], passages: list[Passage]) -> None:
    for passage in passages:
        assert (
            passage.id == passage_id(article, passage.span) == f"a@{article.digest[:8]}:{passage.span.start}-{passage.span.end}"
        )
        first, last = passage.sentences[0].index, passage.sentences[-1].index
        assert list(passage.sentences) == sentences[first : last + 1]  # consecutive
        whole = (passage.sentences[0].span.start, passage.sentences[-1].span.end)
        if len(passage.sentences) > 1:
            assert (passage.span.start, passage.span.end) == whole
        else:
            assert passage.sentences[0].span.contains(passage.span)
        quote = passage.span.of(article.text)
        assert quote == quote.strip() != ""
    assert len({passage.id for passage in passages}) == len(passages)


def _assert_all_is_held(text: str, sentences: list[Sentence], passages: list[Passage]) -> None:
    for sentence in sentences:
        held = [passage for passage in passages if passage.span.overlaps(sentence.span)]
        if sentence.kind is SentenceKind.BOILERPLATE:
            assert held == []
        elif not any(passage.span.contains(sentence.span) for passage in held):  # in parts: they lose no character but blanks
            assert all(passage.sentences == (sentence,) for passage in held)
            spans = sorted(passage.span for passage in held)
            assert (spans[0].start, spans[-1].end) == (sentence.span.start, sentence.span.end)
            for one, next_ in pairwise(spans):
                assert one.end <= next_.start and not text[one.end : next_.start].strip()


def _assert_no_boilerplate(sentences: list[Sentence], passages: list[Passage]) -> None:
    boilerplate = [sentence.span for sentence in sentences if sentence.kind is SentenceKind.BOILERPLATE]
    assert not any(passage.span.overlaps(span) for passage in passages for span in boilerplate)


@settings(quickly, max_examples=12)
@given(text=long_texts, title=titles)
def test_every_passage_can_be_embedded(encoder: TransformerEncoder, text: str, title: str) -> None:
    article = Article(id="a", given_id="a", title=title, text=text)
    rule = PassageRule(10_000, 1, 32)
    passages = cut_passages(article, split_sentences(text), encoder, rule)
    titled = [TitledText(encoder.shorten_title(title), passage.span.of(text)) for passage in passages]
    assert encoder.embed_passages(titled[:2]).shape == (len(titled[:2]), 384)


@settings(quickly, max_examples=100)
@given(text=texts, characters=st.sampled_from([100, 300]), overlap=st.integers(0, 3))
def test_only_a_single_sentence_is_longer_than_the_rule_says(
    encoder: TransformerEncoder, text: str, characters: int, overlap: int
) -> None:
    article = Article(id="a", given_id="a", title="", text=text)
    passages = cut_passages(article, split_sentences(text), encoder, PassageRule(characters, overlap, 32))
    assert all(len(passage.sentences) == 1 for passage in passages if passage.span.end - passage.span.start > characters)
    for one, next_ in pairwise(passages):
        shared = set(one.sentences) & set(next_.sentences)
        assert len(shared) <= overlap or one.sentences == next_.sentences  # parts of one sentence
