"""The words in which two wordings of a sentence differ."""

from __future__ import annotations

import pytest

from qa.api.word_changes import ChangedPiece, word_changes


def marked(was: str, now: str) -> tuple[str, str]:
    """Either wording with its changed words in brackets."""
    before, after = word_changes(was, now)
    return _bracketed(before), _bracketed(after)


def _bracketed(pieces: list[ChangedPiece]) -> str:
    return "".join(f"[{one.text}]" if one.is_changed else one.text for one in pieces)


@pytest.mark.parametrize(
    ("was", "now", "before", "after"),
    [
        ("It sails at noon.", "It sails at eleven.", "It sails at [noon].", "It sails at [eleven]."),
        ("It sails at noon.", "It no longer sails at noon.", "It sails at noon.", "It[ no longer] sails at noon."),
        ("It costs 9 euros.", "It costs 10 pounds.", "It costs [9 euros].", "It costs [10 pounds]."),
        ("Es kostet viel.", "Es kostet viel!", "Es kostet viel[.]", "Es kostet viel[!]"),
        ("渡船中午开。", "渡船中午开。", "渡船中午开。", "渡船中午开。"),
    ],
)
def test_the_words_that_differ_are_marked(was: str, now: str, before: str, after: str) -> None:
    assert marked(was, now) == (before, after)


def test_either_wording_joins_again_and_very_long_ones_are_not_compared() -> None:
    was, now = "so it was " * 400, "so it is " * 400
    before, after = word_changes(was, now)
    assert ["".join(one.text for one in pieces) for pieces in (before, after)] == [was, now]
    assert (len(before), len(after)) == (1, 1)
