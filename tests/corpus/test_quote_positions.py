"""All places where a quote stands: to the letter, whatever the white space, and as whole words."""

from __future__ import annotations

import pytest

from qa.base.types import Span
from qa.corpus.quote_positions import locate, locate_loosely, locate_words


@pytest.mark.parametrize(
    ("quote", "text", "places"),
    [
        ("One ship.", "One ship. Two. One ship.", [Span(0, 9), Span(15, 24)]),
        ("aa", "aaaa", [Span(0, 2), Span(1, 3), Span(2, 4)]),
        ("👩", "a👩b👩", [Span(1, 2), Span(3, 4)]),
        ("é", "e\u0301", []),  # another spelling is another text
        ("one", "One", []),
        ("", "text", []),
        ("text", "", []),
        ("a\nb", "a\r\nb a\nb", [Span(5, 8)]),
    ],
)
def test_every_place_is_found_code_point_for_code_point(quote: str, text: str, places: list[Span]) -> None:
    assert locate(quote, text) == places


def test_no_more_places_are_looked_for_than_are_asked_for() -> None:
    assert locate("aa", "aaaa", most=2) == [Span(0, 2), Span(1, 3)]


@pytest.mark.parametrize(
    ("quote", "text", "places"),
    [
        ("the  old\nmill", "The mill. the old mill, the\u00a0old\n\nmill", [Span(10, 22), Span(24, 37)]),
        ("a.b", "axb a.b", [Span(4, 7)]),  # no pattern, words
        ("mill", "windmill", [Span(4, 8)]),
        ("old mill", "oldmill", []),
        (" \n", "a b", []),
    ],
)
def test_a_quote_is_found_whatever_white_space_is_between_its_words(quote: str, text: str, places: list[Span]) -> None:
    assert locate_loosely(quote, text) == places


@pytest.mark.parametrize(
    ("words", "text", "places"),
    [
        ("Ada Thorn", "ada thorn and Ada Thornton", [Span(0, 9)]),
        (" 1952 ", "in 1952, not 19520 or 11952", [Span(3, 7)]),
        ("$5", "it cost $5.", [Span(8, 10)]),
        ("C++", "C++ and C+", [Span(0, 3)]),
        ("über", "Über die Brücke", [Span(0, 4)]),
        ("  ", "nothing", []),
    ],
)
def test_words_are_found_whole_and_in_any_case(words: str, text: str, places: list[Span]) -> None:
    assert locate_words(words, text) == places
