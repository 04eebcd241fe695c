"""Passages and evidence, as records name them → spans of the articles' texts.

Some sets judge the words of a passage and name its article. Others quote a sentence of the article. Both are located in the
article's text, code point for code point.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qa.base.types import Span
from qa.corpus.quote_positions import locate
from qa.evaluation.datasets.shapes import Id, Shape, Words
from qa.evaluation.datasets.tally import Tally
from qa.evaluation.judgements import Judgement


class PassageShape(Shape):
    id: Id
    text: str
    article_id: Id | None = None


class EvidenceShape(Shape):
    article_id: Id
    text: Words


@dataclass(frozen=True, slots=True)
class PlacedPassage:
    """A passage's text, its article, and its beginning there."""

    article_id: str
    start: int
    text: str

    def judgement(self, span: Span) -> Judgement:
        """The judgement of `span` of the passage; ValueError when it ends behind the passage."""
        quote = span.of(self.text)
        return Judgement(self.article_id, Span(self.start + span.start, self.start + span.end), 1, quote)


def place_passages(passages: Iterable[PassageShape], texts: Mapping[str, str], tally: Tally) -> dict[str, PlacedPassage]:
    """The passages by id, each at the first place of its whole text in its article; the tally counts those without a place."""
    placed: dict[str, PlacedPassage] = {}
    for passage in passages:
        article_id = passage.article_id or ""
        places = locate(passage.text, texts.get(article_id, ""))
        if places:
            placed[passage.id] = PlacedPassage(article_id, places[0].start, passage.text)
        tally.add("Passages that their article does not hold", [passage.id] * (not places))
        tally.add("Passages taken at the first of several places in their article", [passage.id] * (len(places) > 1))
    return placed


def whole_passages(texts: Mapping[str, str]) -> dict[str, PlacedPassage]:
    """The passages of a set in which each is an article of its own."""
    return {name: PlacedPassage(name, 0, text) for name, text in texts.items()}


def place_evidence(evidence: Sequence[EvidenceShape], texts: Mapping[str, str], tally: Tally, question: str) -> list[Judgement]:
    """Each piece at the first place in its article, each span once; the tally counts pieces without a place."""
    judgements: dict[tuple[str, Span], Judgement] = {}
    for piece in evidence:
        places = locate(piece.text, texts.get(piece.article_id, ""))
        if places:
            judgements.setdefault((piece.article_id, places[0]), Judgement(piece.article_id, places[0], 1, piece.text))
        tally.add("Evidence left out, for its article does not hold it", [question] * (not places))
        tally.add("Evidence taken at the first of several places in its article", [question] * (len(places) > 1))
    return list(judgements.values())
