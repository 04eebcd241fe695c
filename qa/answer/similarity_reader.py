"""Passages → their sentences scored by vectors and words, for use without a trained reader.

A sentence's vector is pooled from the token vectors of its whole passage, so it reflects the context.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answer.calibration import Logistic
from qa.answer.citable_sentences import citable_sentences
from qa.answer.word_weights import word_weights
from qa.base.protocols import Candidate, EncodedQuestion, Encoder, PostingsIndex, TitledText
from qa.base.types import Evidence

# Fitted by tests/quality/fit_support.py; tests/quality/README.md says on which data, and how well it separates.
FITTED = Logistic(slope=7.5, intercept=-5.1)
COSINE_WEIGHT = 0.5
_ASKS = re.compile(r"[?？؟][\"'”’»)\]*_]*\s*$")
_QUESTION_SHARE = 0.5  # of its score that a sentence keeps if it is itself a question


class SimilarityReader:
    """score = weight x cosine(question, sentence) + (1 - weight) x share of the question's words in the sentence.

    `word_weights` weighs the words. A sentence that is itself a question keeps half its score. A sentence of two passages
    is read in the first that contains it whole.
    """

    def __init__(
        self, encoder: Encoder, postings: PostingsIndex, *, support: Logistic = FITTED, cosine_weight: float = COSINE_WEIGHT
    ) -> None:
        self._encoder = encoder
        self._postings = postings
        self._support = support
        self._cosine_weight = cosine_weight

    def read(self, question: EncodedQuestion, candidates: Sequence[Candidate]) -> list[Evidence]:
        sentences = citable_sentences(candidates)
        vectors = self._encoder.embed_sentences(
            [TitledText(candidate.embedded_title, candidate.text) for candidate in candidates],
            [[sentence.inside for sentence in of_passage] for of_passage in sentences],
        )
        weights = word_weights(question.words, self._postings)
        evidence = []
        for of_passage, passage_vectors in zip(sentences, vectors, strict=True):
            for sentence, cosine in zip(of_passage, passage_vectors @ question.vector, strict=True):
                score = self._cosine_weight * float(cosine) + (1 - self._cosine_weight) * self._overlap(weights, sentence.quote)
                if _ASKS.search(sentence.quote):
                    score *= _QUESTION_SHARE
                evidence.append(sentence.evidence(score=score, probability=self._support.probability(score)))
        return sorted(evidence, key=lambda one: -one.score)  # stable: ties keep the order of reading

    def _overlap(self, weights: dict[str, float], quote: str) -> float:
        total = sum(weights.values())
        present = set(self._postings.terms(quote))
        return sum(weight for term, weight in weights.items() if term in present) / total if total else 0.0
