"""Reports of a sentence or two → what a reader finds in them: an article, its passage, and a sentence with a short answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer.statements.matter import Means
from qa.base.protocols import Candidate
from qa.base.types import Article, Evidence, Passage, Sentence, SentenceKind, Span, passage_id
from qa.corpus.near_duplicates import SIMILAR, shingles, similarity
from qa.search.date_ranges import date_ranges


@dataclass(frozen=True, slots=True)
class Report:
    """An article as its only passage, and its sentences in which an answer was read."""

    candidate: Candidate
    evidence: tuple[Evidence, ...]


def report(
    *sentences: str,
    day: str | None = "2025-05-07",
    source: str = "The Mercury",
    title: str = "Fire at the brewery",
    language: str | None = None,
    probability: float = 0.8,
) -> Report:
    """A report of these sentences. The short answers stand in square brackets, each half as probable as the one before it."""
    plain = [sentence.replace("[", "").replace("]", "") for sentence in sentences]
    name = f"{source} {day} {plain[0]}"
    article = Article(name, name, title, " ".join(plain), source=source, published_at=day, language=language)
    starts = [sum(len(before) + 1 for before in plain[:place]) for place in range(len(plain))]
    spans = [Span(start, start + len(sentence)) for start, sentence in zip(starts, plain, strict=True)]
    whole = Span(0, len(article.text))
    prose = tuple(Sentence(place, span, SentenceKind.PROSE) for place, span in enumerate(spans))
    passage = Passage(passage_id(article, whole), name, whole, prose)
    evidence: list[Evidence] = []
    for sentence, marked in zip(prose, sentences, strict=True):
        if "[" in marked:
            sure = probability / 2 ** len(evidence)
            quote = sentence.span.of(article.text)
            answer = Span(sentence.span.start + marked.index("["), sentence.span.start + marked.index("]") - 1)
            evidence.append(
                Evidence(passage.id, name, article.digest, sentence.index, sentence.span, quote, sure, sure, answer=answer)
            )
    return Report(Candidate(passage, article, title), tuple(evidence))


def found_in(reports: Sequence[Report]) -> tuple[list[Evidence], list[Candidate]]:
    """The evidence of all, the most probable first, and the passages."""
    evidence = sorted((one for each in reports for one in each.evidence), key=lambda one: -one.probability)
    return evidence, [each.candidate for each in reports]


def words(text: str) -> list[str]:
    return text.lower().split()


def _is_copy(one: str, other: str) -> bool:
    return similarity(shingles(one), shingles(other)) >= SIMILAR


MEANS = Means(date_ranges, _is_copy, words)
