"""Passages → their sentences scored by vectors and words, until a trained reader takes this place.

A sentence's vector is pooled out of its passage's own forward pass, so it knows its surroundings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer.support import Logistic
from qa.answer.words import word_weights
from qa.protocols import Candidate, Encoder, PostingsIndex, TitledText
from qa.types import Evidence, Sentence, Span

# Fitted by tests/quality/fit_support.py; README says on what, and how well it separates.
FITTED = Logistic(slope=7.5, intercept=-5.1)
COSINE_WEIGHT = 0.5
_ASKS = re.compile(r"[?？؟][\"'”’»)\]*_]*\s*$")
_QUESTION_SHARE = 0.5  # of its score that a sentence keeps which asks instead of telling


@dataclass(frozen=True, slots=True)
class _Place:
    """A citable sentence in the passage that it is read from."""

    candidate: Candidate
    sentence: Sentence


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
        places = _places(candidates)
        cosines = self._cosines(question, candidates, places)
        weights = word_weights(question, self._postings)
        evidence = []
        for place, cosine in zip(places, cosines, strict=True):
            quote = place.sentence.span.of(place.candidate.article.text)
            score = self._cosine_weight * cosine + (1 - self._cosine_weight) * self._overlap(weights, quote)
            if _ASKS.search(quote):
                score *= _QUESTION_SHARE
            evidence.append(self._evidence(place, quote, score))
        return sorted(evidence, key=lambda found: -found.score)  # stable: ties stay in the order they were read

    def _cosines(self, question: str, candidates: Sequence[Candidate], places: Sequence[_Place]) -> list[float]:
        """One cosine per place, in their order, which is that of the candidates."""
        held = [[place for place in places if place.candidate is candidate] for candidate in candidates]
        vectors = self._encoder.embed_sentences(
            [TitledText(candidate.embedded_title, candidate.text) for candidate in candidates],
            [[_inside(place) for place in some] for some in held],
        )
        asked = self._encoder.embed_question(question)  # (d,)
        return [float(cosine) for some in vectors for cosine in some @ asked]

    def _overlap(self, weights: dict[str, float], quote: str) -> float:
        total = sum(weights.values())
        present = set(self._postings.terms(quote))
        return sum(weight for term, weight in weights.items() if term in present) / total if total else 0.0

    def _evidence(self, place: _Place, quote: str, score: float) -> Evidence:
        return Evidence(
            passage_id=place.candidate.passage.id,
            article_id=place.candidate.article.id,
            article_digest=place.candidate.article.digest,
            sentence_index=place.sentence.index,
            span=place.sentence.span,
            quote=quote,
            score=score,
            probability=self._support.probability(score),
        )


def _places(candidates: Sequence[Candidate]) -> list[_Place]:
    """Each citable sentence once: in the first passage that holds it whole, else in the first that holds a part."""
    chosen: dict[tuple[str, int], _Place] = {}
    for candidate in candidates:
        for sentence in candidate.passage.sentences:
            key = (candidate.article.id, sentence.index)
            if sentence.citable and (
                key not in chosen or (_holds(candidate, sentence) and not _holds(chosen[key].candidate, sentence))
            ):
                chosen[key] = _Place(candidate, sentence)
    order = {id(candidate): rank for rank, candidate in enumerate(candidates)}
    return sorted(chosen.values(), key=lambda place: (order[id(place.candidate)], place.sentence.index))


def _holds(candidate: Candidate, sentence: Sentence) -> bool:
    return candidate.passage.span.contains(sentence.span)


def _inside(place: _Place) -> Span:
    """The sentence, or the part of it that the passage holds, in code points of the passage's text."""
    passage = place.candidate.passage.span
    span = place.sentence.span
    return Span(max(span.start, passage.start) - passage.start, min(span.end, passage.end) - passage.start)
