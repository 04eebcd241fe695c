"""Logits of tokens → the best spans of sentences."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

import numpy as np
import pytest

from qa.answer.reading import AnswerSpan
from qa.answer.span_decoding import LONGEST_ANSWER, ReadWindow, reading_of
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
    found = reading_of(TEXT, SENTENCES, [window(TEXT, {begin: 9.0}, {end: 9.0})])
    assert words_of(found.sentences, score=18) == expected


def test_no_span_runs_over_what_stands_between_two_sentences() -> None:
    apart = [SENTENCES[0], SENTENCES[2]]
    found = reading_of(TEXT, apart, [window(TEXT, {"left": 9.0}, {"So": 9.0, "stayed": 20.0})])
    assert words_of(found.sentences, score=18) == [None, None]
    assert [span is not None and span.score for span in found.sentences] == [9, 9]


def test_a_score_is_begin_and_end_less_no_answer_and_the_best_is_the_passages() -> None:
    found = reading_of(TEXT, SENTENCES, [window(TEXT, {"He": 5.0, "Ada": 2.0}, {"He": 1.0}, no_answer=4.0)])
    assert found.best == AnswerSpan(Span(16, 18), 5.0 + 1.0 - 4.0)
    assert found.best == found.sentences[1]
    assert found.no_answer == 4.0
    assert (found.relevance, found.early) == (None, ())


def test_the_second_span_has_other_words_and_another_place() -> None:
    text = "Ada left Ada. Gus Ferrow came."
    sentences = [Span(0, 13), Span(14, 30)]
    found = reading_of(text, sentences, [window(text, {"Ada": 9.0, "Gus": 4.0}, {"Ada": 9.0, "Ferrow": 4.0})])
    assert found.best == AnswerSpan(Span(0, 3), 18.0)
    assert found.second == AnswerSpan(Span(14, 24), 8.0)
    repeated = "Ada. Ada."
    one_answer = reading_of(repeated, [Span(0, 4), Span(5, 9)], [window(repeated, {"Ada": 9.0}, {"Ada": 9.0, ".": -90.0})])
    assert one_answer.second is not None and one_answer.second.span.of(repeated) == "."


def test_windows_of_a_passage_are_read_as_one() -> None:
    parts = [
        window(TEXT, {"Ada": 3.0}, {"Thorn": 3.0}, no_answer=1.0, part=slice(0, 5), relevance=-1.0, early=(0.5, 3.0)),
        window(TEXT, {"He": 4.0}, {"stayed": 4.0}, no_answer=2.0, part=slice(2, None), relevance=2.0, early=(1.5, 2.0)),
    ]
    found = reading_of(TEXT, SENTENCES, parts)
    assert [span and span.score for span in found.sentences[:2]] == [3 + 3 - 1, 4 + 4 - 2]
    assert found.best is not None and found.best.span.of(TEXT) == "He stayed"
    assert found.second is not None and found.second.span.of(TEXT) == "Ada Thorn"
    assert (found.no_answer, found.relevance, found.early) == (1.0, 2.0, (1.5, 3.0))


def test_a_token_over_the_border_of_two_sentences_is_the_seconds_and_cut_there() -> None:
    text = "谁。王先生"
    tokens = ReadWindow(
        starts=np.array([0, 1, 3]), ends=np.array([1, 3, 5]),
        begin_logits=np.array([0, 9, 0], np.float32), end_logits=np.array([0, 0, 9], np.float32), no_answer=0.0,
    )  # fmt: skip
    found = reading_of(text, [Span(0, 2), Span(2, 5)], [tokens])
    assert found.sentences == (AnswerSpan(Span(0, 1), 0.0), AnswerSpan(Span(2, 5), 18.0))


def test_sentences_without_tokens_and_passages_without_sentences_have_no_span() -> None:
    nothing = window("", {}, {}, relevance=1.0)
    assert reading_of(" ", [Span(0, 1)], [nothing]).sentences == (None,)
    found = reading_of(TEXT, [], [window(TEXT, {}, {}, relevance=1.0)])
    assert (found.sentences, found.best, found.second, found.relevance) == ((), None, None, 1.0)
    assert reading_of(TEXT, SENTENCES, []).best is None


def test_the_same_word_a_thousand_times_takes_no_time() -> None:
    text = "ja " * 3_000
    started = time.perf_counter()
    found = reading_of(text, [Span(0, len(text))], [window(text, {"ja": 1.0}, {"ja": 1.0})])
    assert time.perf_counter() - started < 2
    assert found.best is not None and len(found.best.span.of(text).split()) <= LONGEST_ANSWER
