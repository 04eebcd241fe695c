"""Whatever a text is made of, ten times as much of it takes at most fifteen times as long, in every stage that reads it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from qa.corpus import sentences

sys.path.insert(0, str(Path(__file__).parent))

from growth import MOST, growths
from shapes import SHAPES
from stages import STAGES

# Those that took quadratic time, or more, somewhere; growth.py takes all, and longer texts.
TELLING = (
    *("one letter", "blanks", "full stops", "opening brackets", "pictures", "backticks", "backslashes", "combining marks"),
    *("right-to-left", "Japanese", "figures", "equal lines", "links", "stars and words", "entities", "nested items"),
    *("a heading and blanks", "a heading, blanks and a hash", "a heading above a link list", "a rule of marks", "an escaped row"),
    *("a greeting and marks", "a page", "brackets"),
)
CHARACTERS = 10_000


@pytest.mark.parametrize("stage", STAGES)
def test_ten_times_as_much_text_takes_at_most_fifteen_times_as_long(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentences, "_WINDOW", 400)  # so that a short text has many
    monkeypatch.setattr(sentences, "_SEEN_WHOLE", 300)
    assert {one.shape: f"{one.times:.0f} times" for one in growths(STAGES[stage], TELLING, CHARACTERS) if one.times > MOST} == {}


def test_a_shape_has_about_as_many_characters_as_asked_for() -> None:
    lengths = {name: len(shape(2_000)) for name, shape in SHAPES.items()}
    assert {name: length for name, length in lengths.items() if not 800 <= length <= 2_500} == {}
