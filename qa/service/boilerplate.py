"""An index → its boilerplate sentences: those that recur in many stories of a source.

They are masked before sentences are read, so they are never cited. Passages and vectors do not change. A user can overrule
the decision on a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from qa.base.protocols import Candidate
from qa.base.types import Article, Sentence, SentenceKind
from qa.corpus.boilerplate import FEWEST_STORIES, MANY_STORIES, recurs_too_often
from qa.corpus.near_duplicates import words_key
from qa.index.near_duplicates import NearDuplicates


@dataclass(frozen=True, slots=True)
class LearnedLine:
    """A boilerplate sentence of a source, or a user's decision for all sources, which has no `source` and `stories`."""

    sentence: str
    source: str | None
    stories: int | None
    boilerplate: bool


def masked_sentences(article: Article, sentences: Sequence[Sentence], near_duplicates: NearDuplicates) -> list[Sentence]:
    """The article's sentences; those that recur too often have the kind BOILERPLATE."""
    keys = {sentence: words_key(sentence.span.of(article.text)) for sentence in sentences if sentence.citable}
    different = [key for key in dict.fromkeys(keys.values()) if key is not None]
    boilerplate = _boilerplate_keys(different, article.source, near_duplicates)
    return [
        replace(sentence, kind=SentenceKind.BOILERPLATE) if keys.get(sentence) in boilerplate else sentence
        for sentence in sentences
    ]


def masked_candidates(candidates: Iterable[Candidate], near_duplicates: NearDuplicates) -> list[Candidate]:
    """The candidates with masked sentences."""
    return [
        replace(
            candidate,
            passage=replace(
                candidate.passage,
                sentences=tuple(masked_sentences(candidate.article, candidate.passage.sentences, near_duplicates)),
            ),
        )
        for candidate in candidates
    ]


def _boilerplate_keys(keys: Sequence[int], source: str | None, near_duplicates: NearDuplicates) -> set[int]:
    overruled = near_duplicates.overruled()
    marked = {key for key in keys if key in overruled and overruled[key][1]}
    return marked | {
        key
        for key in near_duplicates.frequent(keys, fewest=FEWEST_STORIES)
        if key not in overruled and _recurs_too_often(key, source, near_duplicates)
    }


def _recurs_too_often(key: int, source: str | None, near_duplicates: NearDuplicates) -> bool:
    stories = near_duplicates.stories_with(key, source, most=MANY_STORIES)
    return stories >= FEWEST_STORIES and recurs_too_often(
        stories, of=stories if stories == MANY_STORIES else near_duplicates.stories_of(source, most=2 * stories)
    )


def learned_lines(near_duplicates: NearDuplicates) -> list[LearnedLine]:
    """The recurring boilerplate by source, the most frequent first; then the decisions of users."""
    overruled = near_duplicates.overruled()
    learned = [
        LearnedLine(one.sentence, one.source, one.stories, boilerplate=True)
        for one in near_duplicates.recurring(fewest=FEWEST_STORIES)
        if recurs_too_often(one.stories, of=one.stories_of_source) and one.words_key not in overruled
    ]
    learned.sort(key=lambda line: line.source or "")  # stable: the most frequent stay first
    return [*learned, *(LearnedLine(sentence, None, None, is_boilerplate) for sentence, is_boilerplate in overruled.values())]
