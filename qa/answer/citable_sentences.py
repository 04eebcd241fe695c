"""Passages that overlap → the citable sentences in them, each once: where a reader reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.base.protocols import Candidate
from qa.base.types import Evidence, Sentence, Span


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A citable sentence in the passage that it is read from."""

    candidate: Candidate
    sentence: Sentence

    @property
    def quote(self) -> str:
        return self.sentence.span.of(self.candidate.article.text)

    @property
    def inside(self) -> Span:
        """The sentence, or the part of it that the passage holds, in code points of the passage's text."""
        passage = self.candidate.passage.span
        held = self.sentence.span.common(passage)
        return Span(held.start - passage.start, held.end - passage.start)

    def evidence(self, *, score: float, probability: float, answer: Span | None = None) -> Evidence:
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
        )


def read_sentences(candidates: Sequence[Candidate]) -> list[list[ReadSentence]]:
    """For each candidate its citable sentences: each in the first that holds it whole, else in the first that holds a part."""
    chosen: dict[tuple[str, int], ReadSentence] = {}
    for candidate in candidates:
        for sentence in candidate.passage.sentences:
            key = (candidate.article.id, sentence.index)
            if sentence.citable and (
                key not in chosen or (_holds(candidate, sentence) and not _holds(chosen[key].candidate, sentence))
            ):
                chosen[key] = ReadSentence(candidate, sentence)
    return [
        sorted((place for place in chosen.values() if place.candidate is candidate), key=lambda place: place.sentence.index)
        for candidate in candidates
    ]


def _holds(candidate: Candidate, sentence: Sentence) -> bool:
    return candidate.passage.span.contains(sentence.span)
