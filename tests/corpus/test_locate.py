"""All places where a quote stands."""

from __future__ import annotations

import pytest

from qa.corpus.locate import locate
from qa.types import Span


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
