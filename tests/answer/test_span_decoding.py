"""Logits of tokens → the best spans of sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest

from qa.answer.reading import AnswerSpan
from qa.answer.span_decoding import ReadWindow, reading_of
from qa.base.types import Span

TEXT = "Ada Thorn left. He stayed. So it was."
SENTENCES = [Span(0, 15), Span(16, 26), Span(27, 37)]


def window(
    text: str,
    begin: dict[str, float],
    end: dict[str, float],
    *,
    no_answer: float = 0.0,
    part: slice = slice(None),
    **more: object,
) -> ReadWindow:
    """A token for each word of the text, or of a part of them, with the logits of words that are given."""
    words = list(re.finditer(r"\w+|\S", text))[part]
    return ReadWindow(
        starts=np.array([word.start() for word in words], np.int64),
        ends=np.array([word.end() for word in words], np.int64),
        begin_logits=np.array([begin.get(word.group(), 0.0) for word in words], np.float32),
        end_logits=np.array([end.get(word.group(), 0.0) for word in words], np.float32),
        no_answer=no_answer,
        **more,  # type: ignore[arg-type]
    )


def words_of(spans: Sequence[AnswerSpan | None], text: str = TEXT, *, score: float) -> list[str | None]:
    """Those of the spans with this score."""
    return [span.span.of(text) if span is not None and span.score == score else None for span in spans]


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("Ada", "Thorn", ["Ada Thorn", None, None]),
        ("Thorn", "He", ["Thorn left. He", "Thorn left. He", None]),
        ("He", "stayed", [None, "He stayed", None]),
        ("left", "it", [None, None, None]),  # not over a whole sentence
    ],
)
def test_a_span_that_runs_into_the_next_sentence_is_that_of_both(begin: str, end: str, expected: list[str | None]) -> None:
    found = reading_of(SENTENCES, [window(TEXT, {begin: 9.0}, {end: 9.0})])
    assert words_of(found.sentences, score=18) == expected


def test_no_span_runs_over_what_stands_between_two_sentences() -> None:
    apart = [SENTENCES[0], SENTENCES[2]]
    found = reading_of(apart, [window(TEXT, {"left": 9.0}, {"So": 9.0, "stayed": 20.0})])
    assert words_of(found.sentences, score=18) == [None, None]
    assert [span is not None and span.score for span in found.sentences] == [9, 9]


def test_a_score_is_begin_and_end_less_no_answer_and_the_best_is_the_passages() -> None:
    found = reading_of(SENTENCES, [window(TEXT, {"He": 5.0, "Ada": 2.0}, {"He": 1.0}, no_answer=4.0)])
    assert found.best == AnswerSpan(Span(16, 18), 5.0 + 1.0 - 4.0)
    assert found.best == found.sentences[1]
    assert found.no_answer == 4.0
    assert found.relevance is None


def test_windows_of_a_passage_are_read_as_one() -> None:
    parts = [
        window(TEXT, {"Ada": 3.0}, {"Thorn": 3.0}, no_answer=1.0, part=slice(0, 5), relevance=-1.0),
        window(TEXT, {"He": 4.0}, {"stayed": 4.0}, no_answer=2.0, part=slice(2, None), relevance=2.0),
    ]
    found = reading_of(SENTENCES, parts)
    assert [span and span.score for span in found.sentences[:2]] == [3 + 3 - 1, 4 + 4 - 2]
    assert found.best is not None and found.best.span.of(TEXT) == "He stayed"
    assert (found.no_answer, found.relevance) == (1.0, 2.0)


def test_a_token_over_the_border_of_two_sentences_is_the_seconds_and_cut_there() -> None:
    tokens = ReadWindow(
        starts=np.array([0, 1, 3]), ends=np.array([1, 3, 5]),
        begin_logits=np.array([0, 9, 0], np.float32), end_logits=np.array([0, 0, 9], np.float32), no_answer=0.0,
    )  # fmt: skip
    found = reading_of([Span(0, 2), Span(2, 5)], [tokens])
    assert found.sentences == (AnswerSpan(Span(0, 1), 0.0), AnswerSpan(Span(2, 5), 18.0))


def test_sentences_without_tokens_and_passages_without_sentences_have_no_span() -> None:
    nothing = window("", {}, {}, relevance=1.0)
    assert reading_of([Span(0, 1)], [nothing]).sentences == (None,)
    found = reading_of([], [window(TEXT, {}, {}, relevance=1.0)])
    assert (found.sentences, found.best, found.relevance) == ((), None, 1.0)
    assert reading_of(SENTENCES, []).best is None
