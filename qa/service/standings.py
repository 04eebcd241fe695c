"""An article → how far its best passage is from being a candidate: its rank in each search, and the words that it lacks.

The searches of a question bring a limited number of passages. These go as deep as needed to count what is ahead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from qa.answer.word_weights import word_weights
from qa.base.explanations import QuestionWords, Standing
from qa.base.protocols import Candidate, EncodedQuestion, PostingsIndex, RowIndex, Rows
from qa.base.types import Filters
from qa.index.postings import terms_in
from qa.index.snapshot import Snapshot

_FIRST_DEPTH = 1_000  # hits that a deep search asks for first; four times as many each time that this is too few
_WORD = re.compile(r"(?<!['’])\b\w+|(?<=['’])\w{2,}")  # not the s of "harbour's"

Asked = TypeVar("Asked")


def standings(
    question: EncodedQuestion,
    passages: Sequence[Candidate],
    rows: Rows,
    filters: Filters,
    taken: Mapping[str, int],
    snapshot: Snapshot,
) -> tuple[Standing, ...]:
    """The best of an article's `passages` in the dense and in the lexical search of everything that the filters let pass.

    `rows` are those of the passages, (n,) ascending, none of them hidden. `taken` is how many passages each search took.
    Beyond a million passages the dense search looks at a part of the vectors only; a passage elsewhere has no rank.
    """
    selected = snapshot.selected(filters)
    of = len(selected) if selected is not None else snapshot.store.counts().passages
    by_id = {candidate.passage.id: candidate.passage for candidate in passages}

    def standing(stage: str, found: _Found) -> Standing:
        return Standing(
            stage=stage,
            rank=found.rank,
            of=of,
            score=found.score,
            passage=by_id[found.passage_id] if found.passage_id is not None else None,
            brought=found.brought,
            last_score=found.last_score,
        )

    return (
        standing("dense", _best(snapshot.vectors, question.vector, rows, selected, snapshot, taken["dense"])),
        standing("lexical", _best(snapshot.postings, question.words, rows, selected, snapshot, taken["lexical"])),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """The best of some passages in one search, if it finds any; of the passages it took, how many and the last one's score."""

    brought: int
    last_score: float | None
    rank: int | None = None
    score: float | None = None
    passage_id: str | None = None


def _best(index: RowIndex[Asked], asked: Asked, own: Rows, selected: Rows | None, snapshot: Snapshot, taken: int) -> _Found:
    """The best of the `own` rows, ranked as a `Searcher` does."""
    is_found = len(index.search(asked, k=len(own), excluded=snapshot.hidden, selected=own)[0]) > 0
    depth = max(_FIRST_DEPTH, taken)
    while True:
        rows, scores = index.search(asked, k=depth, excluded=snapshot.hidden, selected=selected)
        places = np.flatnonzero(np.isin(rows, own))
        if len(places) or not is_found or len(rows) < depth:
            break
        depth *= 4
    brought = min(taken, len(rows))
    found = _Found(brought, float(scores[brought - 1]) if brought else None)
    if not len(places):
        return found
    score = scores[places[0]]
    ties = snapshot.store.passage_ids(rows[scores == score].tolist())
    mine = {ties[row] for row in own.tolist() if row in ties}
    place, passage_id = next((place, id_) for place, id_ in enumerate(sorted(ties.values()), start=1) if id_ in mine)
    return replace(found, rank=int((scores > score).sum()) + place, score=float(score), passage_id=passage_id)


def question_words(
    question: str, passage: Candidate | None, passages: Sequence[Candidate], postings: PostingsIndex, *, language: str
) -> QuestionWords:
    """Which of the question's words stand in the passage or its title, in the article's other passages, or in none.

    Words are compared as the index has them for the article's `language` (ISO 639-1): "repaired" is found by "repairs".
    """
    weighed = word_weights(question, postings)
    here = _terms([passage] if passage is not None else [], language)
    anywhere = _terms(passages, language)
    in_passage: list[str] = []
    elsewhere: list[str] = []
    missing: list[str] = []
    for word in dict.fromkeys(_WORD.findall(question)):
        if not any(term in weighed for term in postings.terms(word)):
            continue
        terms = terms_in(word, language)
        (in_passage if here.issuperset(terms) else elsewhere if anywhere.issuperset(terms) else missing).append(word)
    return QuestionWords(tuple(in_passage), tuple(elsewhere), tuple(missing))


def _terms(passages: Sequence[Candidate], language: str) -> set[str]:
    """The terms under which the index has the passages, each with its title."""
    return {term for one in passages for term in terms_in(f"{one.article.title}\n{one.text}", language)}
