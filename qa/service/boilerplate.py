"""What an index holds → which of its sentences are boilerplate: those that recur in the stories of a source.

They are masked when sentences are chosen, and so never cited; passages and vectors stay as they are. A user can overrule it.
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
    """A sentence that is boilerplate in a source, or that a user overruled: then there are no stories, and it holds for all."""

    sentence: str
    source: str | None
    stories: int | None
    boilerplate: bool


def masked_sentences(article: Article, sentences: Sequence[Sentence], near_duplicates: NearDuplicates) -> list[Sentence]:
    """The article's sentences, those that recur too often of the kind boilerplate."""
    keys = {sentence: words_key(sentence.span.of(article.text)) for sentence in sentences if sentence.citable}
    boilerplate = _boilerplate_keys([key for key in keys.values() if key is not None], article.source, near_duplicates)
    return [
        replace(sentence, kind=SentenceKind.BOILERPLATE) if keys.get(sentence) in boilerplate else sentence
        for sentence in sentences
    ]


def masked_candidates(candidates: Iterable[Candidate], near_duplicates: NearDuplicates) -> list[Candidate]:
    """The same for the sentences of passages that are to be read."""
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
    said = {key for key in keys if key in overruled and overruled[key][1]}
    return said | {
        key
        for key in near_duplicates.frequent(keys, fewest=FEWEST_STORIES)
        if key not in overruled and _recurs_too_often(key, source, near_duplicates)
    }


def _recurs_too_often(key: int, source: str | None, near_duplicates: NearDuplicates) -> bool:
    stories = near_duplicates.stories_with(key, source, most=MANY_STORIES)
    return stories >= FEWEST_STORIES and recurs_too_often(
        stories, of=stories if stories == MANY_STORIES else near_duplicates.stories_of(source)
    )


def learned_lines(near_duplicates: NearDuplicates) -> list[LearnedLine]:
    """All that is boilerplate by recurrence, by source and the most frequent first; then what a user overruled."""
    overruled = near_duplicates.overruled()
    learned = [
        LearnedLine(one.sentence, one.source, one.stories, boilerplate=True)
        for one in near_duplicates.recurring(fewest=FEWEST_STORIES)
        if recurs_too_often(one.stories, of=one.stories_of_source) and one.words_key not in overruled
    ]
    learned.sort(key=lambda line: line.source or "")  # stable: the most frequent stay first
    return [*learned, *(LearnedLine(sentence, None, None, said) for sentence, said in overruled.values())]
