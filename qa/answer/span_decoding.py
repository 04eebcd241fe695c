"""A model's logits for the windows of a passage → what it read there: one way of choosing spans for every model.

A span's score is its begin and end logits minus those of the first token, which stands for "no answer" (Devlin et al.,
NAACL 2019). Scores of different windows and passages are therefore comparable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from qa.answer.reading import AnswerSpan, BestSpans, PassageReading
from qa.base.protocols import Vectors
from qa.base.types import Span

LONGEST_ANSWER = 30  # tokens of a short answer
_BETTER_BY_FAR = 4.0  # logits; a smaller margin would join two sentences that each answer on their own

Positions = NDArray[np.int64]
Value = TypeVar("Value", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class ReadWindow:
    """The tokens of a passage that one window holds, in order, with their logits; every array is (t,).

    `starts` and `ends` are code points of the passage's text; no token is empty. `relevance` is as in `PassageReading`.
    """

    starts: Positions
    ends: Positions
    begin_logits: Vectors
    end_logits: Vectors
    no_answer: float
    relevance: float | None = None


def reading_of(sentences: Sequence[Span], windows: Sequence[ReadWindow]) -> PassageReading:
    """What was read in a passage of these sentences. Its relevance is that of its most relevant window."""
    scored = [_Spans.of_window(window, sentences) for window in windows if sentences and window.starts.size]
    inside: BestSpans = [None] * len(sentences)
    across: BestSpans = [None] * max(0, len(sentences) - 1)
    for spans in scored:
        _improve(inside, spans.best_by_sentence(spans.inside))
        _improve(across, spans.best_by_sentence(spans.across))
    resolved = _resolved(inside, across)
    best = max((span for span in resolved if span is not None), key=lambda span: span.score, default=None)
    relevances = [window.relevance for window in windows if window.relevance is not None]
    return PassageReading(
        sentences=tuple(resolved),
        best=best,
        no_answer=min((window.no_answer for window in windows), default=0.0),
        relevance=max(relevances, default=None),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Spans:
    """All spans of a window that are short enough.

    `inside` and `across` are their scores by begin token and length, (t, LONGEST_ANSWER): of those within one sentence, and
    of those that end in the next one; -inf for others. `starts`, `ends` and `sentence` are (t,).
    """

    inside: Vectors
    across: Vectors
    starts: Positions
    ends: Positions
    sentence: Positions

    @classmethod
    def of_window(cls, window: ReadWindow, sentences: Sequence[Span]) -> _Spans:
        bounds = np.array([(sentence.start, sentence.end) for sentence in sentences], np.int64)  # (s, 2)
        # a token belongs where its last character stands
        sentence = np.searchsorted(bounds[:, 0], window.ends - 1, side="right") - 1  # (t,)
        is_outside = (sentence < 0) | (window.ends > bounds[sentence, 1])
        place = sentence + np.cumsum(is_outside)  # what stands between two sentences parts them
        further = _following(place, -1) - place[:, None]  # (t, l) how many sentences further a span ends
        is_span = ~(is_outside[:, None] | _following(is_outside, True))
        scores = window.begin_logits[:, None] + _following(window.end_logits, 0.0) - np.float32(window.no_answer)
        return cls(
            inside=np.where(is_span & (further == 0), scores, -np.inf),
            across=np.where(is_span & (further == 1), scores, -np.inf),
            starts=np.maximum(window.starts, bounds[sentence, 0]),
            ends=window.ends,
            sentence=sentence,
        )

    def best_by_sentence(self, scores: Vectors) -> Iterator[tuple[int, AnswerSpan]]:
        """(place of the sentence in which it begins, best span) of each sentence with such a span."""
        lengths = scores.argmax(axis=1)
        best = scores[np.arange(len(scores)), lengths]  # (t,)
        for place in np.unique(self.sentence[best > -np.inf]).tolist():
            begin = int(np.where(self.sentence == place, best, -np.inf).argmax())
            yield place, self._span(begin, int(lengths[begin]), best[begin])

    def _span(self, begin: int, length: int, score: float) -> AnswerSpan:
        return AnswerSpan(Span(int(self.starts[begin]), int(self.ends[begin + length])), float(score))


def _following(values: NDArray[Value], filling: float) -> NDArray[Value]:
    """(t, LONGEST_ANSWER) of (t,): each token's value and those of the tokens behind it."""
    padded = np.concatenate([values, np.full(LONGEST_ANSWER - 1, filling, values.dtype)])
    return np.lib.stride_tricks.sliding_window_view(padded, LONGEST_ANSWER)


def _improve(spans: BestSpans, found: Iterable[tuple[int, AnswerSpan]]) -> None:
    for place, span in found:
        known = spans[place]
        if known is None or span.score > known.score:
            spans[place] = span


def _resolved(inside: BestSpans, across: BestSpans) -> BestSpans:
    """Each sentence's best span.

    A span across two sentences becomes the span of both if it is better by far than the best of each. A sentence takes
    part in at most one such span, the best one.
    """
    best = list(inside)
    is_shared = [False] * len(best)
    order = sorted((place for place, span in enumerate(across) if span), key=lambda place: -_score(across[place]))
    for place in order:
        both = slice(place, place + 2)
        if not any(is_shared[both]) and all(_score(across[place]) > _score(own) + _BETTER_BY_FAR for own in inside[both]):
            best[both] = [across[place]] * 2
            is_shared[both] = [True] * 2
    return best


def _score(span: AnswerSpan | None) -> float:
    return span.score if span is not None else -np.inf
