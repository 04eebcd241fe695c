"""Passages → their sentences scored by a trained span model, each with its short answer."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.calibration import Logistic, margins
from qa.answer.citable_sentences import read_sentences
from qa.answer.question_kind import has_short_answer
from qa.answer.span_model import SpanModel
from qa.base.protocols import Candidate, TitledText
from qa.base.types import Evidence

# Fitted by tests/quality/fit_support.py for the packaged reader; the README there says on what. Another reader's scores may
# have another range.
FITTED = Logistic(slope=0.195, intercept=-4.84, margin_slope=0.196)
RANKING_WEIGHT = 20.0


class SpanReader:
    """score = the best span's score + weight x the score that the passage was ranked with; its distance from the best score
    of another answer speaks for the probability too. Where no few words can answer, no short answer is given; one that runs
    over a sentence's end is cited with both, each with its part.

    A sentence of which the model reads no token, such as a blank one, is left out. Sentences in two passages are read in
    the first that holds them whole.
    """

    def __init__(self, model: SpanModel, *, support: Logistic = FITTED, ranking_weight: float = RANKING_WEIGHT) -> None:
        self._model = model
        self._support = support
        self._ranking_weight = ranking_weight

    def read(self, question: str, candidates: Sequence[Candidate]) -> list[Evidence]:
        places = read_sentences(candidates)
        passages = [TitledText(candidate.embedded_title, candidate.text) for candidate in candidates]
        spans = self._model.read(question, passages, [[place.inside for place in some] for some in places])
        found = [
            (best.score + self._ranking_weight * candidate.score, place, best.span)
            for candidate, some, bests in zip(candidates, places, spans, strict=True)
            for place, best in zip(some, bests, strict=True)
            if best is not None
        ]
        found.sort(key=lambda one: -one[0])  # stable: ties stay in the order they were read
        scores = [score for score, _, _ in found]
        answers = [span.of(place.candidate.text).casefold() for _, place, span in found]
        distances = margins(scores, answers, [place.quote for _, place, _ in found])
        is_short = has_short_answer(question)
        return [
            place.evidence(
                score=score,
                probability=self._support.probability(score, margin),
                answer=span.common(place.inside) if is_short else None,
            )
            for (score, place, span), margin in zip(found, distances, strict=True)
        ]
