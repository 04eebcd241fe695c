"""The part that each word of a question plays."""

from __future__ import annotations

import pytest

from qa.base.types import Span
from qa.conversation.parts_of_speech import Part, is_plural, lexicon, singular, words_of


def parts(text: str) -> dict[str, Part]:
    return {word.text: word.part for word in words_of(text)}


def test_words_stand_at_their_spans() -> None:
    text = "Who’s Annika Rosmund's father?"
    assert [(word.text, word.span) for word in words_of(text)] == [
        ("Who", Span(0, 3)),
        ("Annika", Span(6, 12)),
        ("Rosmund", Span(13, 20)),
        ("father", Span(23, 29)),
    ]


def test_each_sentence_has_a_word_that_opens_it() -> None:
    assert [word.text for word in words_of("Cool name! What else? It is 9.2 metres.") if word.opens] == ["Cool", "What", "It"]


@pytest.mark.parametrize(
    "question, verb",
    [
        ("How does organic farming reduce global warming?", "reduce"),
        ("Where do Mako sharks live?", "live"),
        ("How much does the repair of the Weighhouse Bridge cost?", "cost"),
        ("How much did the new ferry terminal cost?", "cost"),
        ("How long does the ferry ride last?", "last"),
        ("When did the company report results?", "report"),
        ("What causes throat cancer?", "causes"),
        ("What foods boost it?", "boost"),
        ("What did they want to sail?", "sail"),
        ("How many people were hurt in May?", "hurt"),
    ],
)
def test_a_word_that_could_be_a_noun_is_a_verb_where_it_stands_for_one(question: str, verb: str) -> None:
    assert parts(question)[verb] is Part.VERB


@pytest.mark.parametrize(
    "question, noun", [("What is love?", "love"), ("When did the strike end?", "strike"), ("Is farming hard?", "farming")]
)
def test_a_word_that_could_be_a_verb_is_a_noun_where_it_stands_for_one(question: str, noun: str) -> None:
    assert parts(question)[noun] is Part.NOUN


def test_capitals_inside_a_sentence_are_names_and_so_are_numbers_behind_them() -> None:
    assert parts("When did Apollo 11 land in 1969?") == {
        "When": Part.QUESTION,
        "did": Part.AUXILIARY,
        "Apollo": Part.NAME,
        "11": Part.NAME,
        "land": Part.VERB,
        "in": Part.PREPOSITION,
        "1969": Part.NUMBER,
    }


def test_a_capital_that_only_opens_a_sentence_is_no_name() -> None:
    assert parts("Doctors said so.")["Doctors"] is Part.NOUN
    assert parts("Twelve people were hurt.")["Twelve"] is Part.NUMBER


def test_negations_play_the_part_of_what_they_negate() -> None:
    assert parts("Why didn’t she come?")["didn’t"] is Part.AUXILIARY


def test_nouns_have_a_singular() -> None:
    assert (singular("theories"), singular("ferry"), singular("kelpwrights")) == ("theory", "ferry", "kelpwrights")
    assert (is_plural("theories"), is_plural("ferry"), is_plural("kelpwrights"), is_plural("bus")) == (True, False, True, False)


def test_the_lexicon_knows_nothing_of_names() -> None:
    assert lexicon("varrowmouth") == frozenset()


def test_no_words_no_parts() -> None:
    assert words_of("") == words_of("?!… 🎻") == []
