"""The documentation is written in short sentences; how they are counted."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

PROSE = runpy.run_path(str(Path(__file__).parent / "prose.py"))
prose_of, words_in = PROSE["prose_of"], PROSE["words_in"]


@pytest.mark.parametrize("path", PROSE["pages"](), ids=lambda path: path.parent.name + "/" + path.name)
def test_half_of_a_page_s_sentences_have_fewer_than_18_words(path: Path) -> None:
    assert prose_of(path.read_text("utf-8")).median < 18


@pytest.mark.parametrize("path", PROSE["pages"](), ids=lambda path: path.parent.name + "/" + path.name)
def test_no_sentence_has_more_than_35_words(path: Path) -> None:
    assert prose_of(path.read_text("utf-8")).too_long == []


def test_sentences_end_at_their_marks_and_at_the_end_of_a_paragraph_or_item() -> None:
    prose = prose_of('# A title\n\nOne two. Three\nfour five!\n\n- six `qa ask "…"`\n- seven [eight](nine.md)\n\n1. ten\n')
    assert prose.sentences == ["One two.", "Three four five!", '- six `qa ask "…"`', "seven eight", "1. ten"]


def test_a_span_of_code_is_one_word_and_blocks_of_code_are_none() -> None:
    assert words_in("Run `qa ask question --json` now.") == 3
    assert prose_of("```python\nimport qa\n```\n\n    qa ask\n\nText.\n").sentences == ["Text."]


def test_a_cell_that_is_too_long_is_found_though_it_does_not_count_for_the_median() -> None:
    prose = prose_of(f"| a | b |\n|---|---|\n| one | {'word ' * 36}|\n\nShort.\n")
    assert (prose.median, len(prose.too_long)) == (1, 1)
