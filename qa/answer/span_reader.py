"""Passages → their sentences scored by a trained span model, each with its short answer."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.places import read_sentences
from qa.answer.span_model import SpanModel
from qa.answer.support import Logistic
from qa.protocols import Candidate, TitledText
from qa.types import Evidence

# Fitted on dev/realtimeqa_2024, squad20_dev and selqa with the reader that README tells of; another's scores may lie elsewhere.
FITTED = Logistic(slope=0.19, intercept=-3.95)
RANKING_WEIGHT = 15.0


class SpanReader:
    """score = the best span's score + weight x the score that the passage was ranked with.

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
        evidence = []
        for candidate, some, found in zip(candidates, places, spans, strict=True):
            for place, best in zip(some, found, strict=True):
                if best is not None:
                    score = best.score + self._ranking_weight * candidate.score
                    probability = self._support.probability(score)
                    evidence.append(place.evidence(score=score, probability=probability, answer=best.span))
        return sorted(evidence, key=lambda found: -found.score)  # stable: ties stay in the order they were read
