"""Passages → their sentences scored by vectors and words, until a trained reader takes this place.

A sentence's vector is pooled out of its passage's own forward pass, so it knows its surroundings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answer.calibration import Logistic
from qa.answer.citable_sentences import read_sentences
from qa.answer.word_weights import word_weights
from qa.base.protocols import Candidate, Encoder, PostingsIndex, TitledText
from qa.base.types import Evidence

# Fitted by tests/quality/fit_support.py; the README there says on what, and how well it separates.
FITTED = Logistic(slope=7.5, intercept=-5.1)
COSINE_WEIGHT = 0.5
_ASKS = re.compile(r"[?？؟][\"'”’»)\]*_]*\s*$")
_QUESTION_SHARE = 0.5  # of its score that a sentence keeps which asks instead of telling


class SimilarityReader:
    """score = weight x cosine(question, sentence) + (1 - weight) x the share of the question's words it has.

    Words count as `words.word_weights` says; a sentence that itself asks keeps half its score. Sentences in
    two passages are read in the first that holds them whole.
    """

    def __init__(
        self, encoder: Encoder, postings: PostingsIndex, *, support: Logistic = FITTED, cosine_weight: float = COSINE_WEIGHT
    ) -> None:
        self._encoder = encoder
        self._postings = postings
        self._support = support
        self._cosine_weight = cosine_weight

    def read(self, question: str, candidates: Sequence[Candidate]) -> list[Evidence]:
        places = read_sentences(candidates)
        vectors = self._encoder.embed_sentences(
            [TitledText(candidate.embedded_title, candidate.text) for candidate in candidates],
            [[place.inside for place in some] for some in places],
        )
        asked = self._encoder.embed_question(question)  # (d,)
        weights = word_weights(question, self._postings)
        evidence = []
        for some, held in zip(places, vectors, strict=True):
            for place, cosine in zip(some, held @ asked, strict=True):
                score = self._cosine_weight * float(cosine) + (1 - self._cosine_weight) * self._overlap(weights, place.quote)
                if _ASKS.search(place.quote):
                    score *= _QUESTION_SHARE
                evidence.append(place.evidence(score=score, probability=self._support.probability(score)))
        return sorted(evidence, key=lambda found: -found.score)  # stable: ties stay in the order they were read

    def _overlap(self, weights: dict[str, float], quote: str) -> float:
        total = sum(weights.values())
        present = set(self._postings.terms(quote))
        return sum(weight for term, weight in weights.items() if term in present) / total if total else 0.0
