"""Overlapping passages → their citable sentences, each once, in the passage where a reader reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.base.protocols import Candidate
from qa.base.types import Evidence, Sentence, Signs, Span


@dataclass(frozen=True, slots=True)
class CitableSentence:
    """A citable sentence and the passage in which it is read."""

    candidate: Candidate
    sentence: Sentence

    @property
    def quote(self) -> str:
        return self.sentence.span.of(self.candidate.article.text)

    @property
    def inside(self) -> Span:
        """The sentence, or its part inside the passage, in code points of the passage's text."""
        passage = self.candidate.passage.span
        part = self.sentence.span.common(passage)
        return Span(part.start - passage.start, part.end - passage.start)

    def evidence(self, *, score: float, probability: float, answer: Span | None = None, signs: Signs | None = None) -> Evidence:
        """`answer` is in code points of the passage's text."""
        start = self.candidate.passage.span.start
        return Evidence(
            passage_id=self.candidate.passage.id,
            article_id=self.candidate.article.id,
            article_digest=self.candidate.article.digest,
            sentence_index=self.sentence.index,
            span=self.sentence.span,
            quote=self.quote,
            score=score,
            probability=probability,
            answer=Span(start + answer.start, start + answer.end) if answer else None,
            signs=signs,
        )


def citable_sentences(candidates: Sequence[Candidate]) -> list[list[CitableSentence]]:
    """The citable sentences of each candidate.

    A sentence belongs to the first candidate that contains it whole, else to the first that contains a part of it.
    """
    chosen: dict[tuple[str, int], CitableSentence] = {}
    for candidate in candidates:
        for sentence in candidate.passage.sentences:
            key = (candidate.article.id, sentence.index)
            if sentence.citable and (
                key not in chosen or (_contains(candidate, sentence) and not _contains(chosen[key].candidate, sentence))
            ):
                chosen[key] = CitableSentence(candidate, sentence)
    return [
        sorted((one for one in chosen.values() if one.candidate is candidate), key=lambda one: one.sentence.index)
        for candidate in candidates
    ]


def _contains(candidate: Candidate, sentence: Sentence) -> bool:
    return candidate.passage.span.contains(sentence.span)
