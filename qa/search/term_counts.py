"""Candidates and a question's terms → what each candidate has of the words: BM25, coverage, pairs, names and numbers.

BM25 (Robertson et al., TREC-3) with constant average lengths, so that an article scores the same in every index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.base.terms import SearchedArticle, SearchedPassage
from qa.search.question_terms import QuestionTerms

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

COLUMNS = (
    "passage_bm25",
    "article_bm25",
    "title_bm25",
    "lead_bm25",
    "passage_coverage",
    "article_coverage",
    "title_coverage",
    "sentence_coverage",
    "pairs",
    "names_in_passage",
    "names_in_article",
    "names_missing",
    "numbers_missing",
    "article_terms",
    "passage_terms",
    "sentences_before",
    "position",
)
_LEAD = 150  # terms from the beginning of an article


@dataclass(frozen=True, slots=True)
class _Bm25:
    """`average` is about the mean length in terms of the news of 2022 and 2023."""

    k1: float
    b: float
    average: float

    def scores(self, counts: Ints, lengths: Ints, weights: Floats) -> Floats:
        """(n,) of (n, t) counts."""
        saturated = counts * (self.k1 + 1) / (counts + (self.k1 * (1 - self.b + self.b * lengths / self.average))[:, None])
        scores: Floats = (saturated @ weights).astype(np.float32)
        return scores


_PASSAGE, _ARTICLE, _TITLE = _Bm25(1.2, 0.75, 170), _Bm25(1.5, 0.6, 1_600), _Bm25(1.2, 0.3, 12)


def term_counts(
    passages: Sequence[SearchedPassage], articles: Mapping[int, SearchedArticle], terms: Mapping[str, QuestionTerms]
) -> Floats:
    """(n, len(COLUMNS)) float32. `terms` are the question's by language, for each language of the articles."""
    made = np.zeros((len(passages), len(COLUMNS)), np.float32)
    languages = [articles[passage.article].language for passage in passages]
    for language in dict.fromkeys(languages):
        places = [place for place, its in enumerate(languages) if its == language]
        made[places] = _of_one_language([passages[place] for place in places], articles, terms[language])
    return made


def _of_one_language(
    passages: Sequence[SearchedPassage], articles: Mapping[int, SearchedArticle], terms: QuestionTerms
) -> Floats:
    place_of = {row: place for place, row in enumerate(dict.fromkeys(passage.article for passage in passages))}
    its_terms = [articles[row].terms for row in place_of]
    keys = np.concatenate([one.keys for one in its_terms])
    unit_counts = np.concatenate([one.counts for one in its_terms]).astype(np.int64)  # of titles and sentences
    unit_starts = np.concatenate(([0], np.cumsum(unit_counts)))
    titles = np.concatenate(([0], np.cumsum([len(one.counts) for one in its_terms])))  # (a + 1,) units; the last is behind all
    starts, ends = unit_starts[titles[:-1]], unit_starts[titles[1:]]  # (a,) of articles
    title_ends = unit_starts[titles[:-1] + 1]
    lead_ends = np.minimum(title_ends + _LEAD, ends)
    of = np.array([place_of[passage.article] for passage in passages])  # (n,)
    first = titles[of] + 1 + np.array([passage.first for passage in passages])
    held = np.array([passage.last - passage.first + 1 for passage in passages])
    offsets = np.concatenate(([0], np.cumsum(held)[:-1]))  # (n,) of each passage's first sentence
    sentences = np.repeat(first - offsets, held) + np.arange(held.sum())  # (s,) units

    bounds = np.concatenate((starts, title_ends, lead_ends, ends, unit_starts[sentences], unit_starts[sentences + 1]))
    before, positions = _before(keys, terms, bounds)  # (bounds, t)
    at_start, at_title_end, at_lead_end, at_end = np.split(before[: 4 * len(starts)], 4)
    sentence_start, sentence_end = np.split(before[4 * len(starts) :], 2)
    in_title, in_article = at_title_end - at_start, at_end - at_start  # (a, t)
    in_sentence = sentence_end - sentence_start  # (s, t)
    in_passage = np.add.reduceat(in_sentence, offsets) + in_title[of]  # (n, t) title included
    title_lengths = title_ends - starts
    passage_starts, passage_ends = unit_starts[first], unit_starts[first + held]
    lengths = passage_ends - passage_starts

    weights = terms.weights
    whole = max(float(weights.sum()), 1e-6)
    name_weights = weights * terms.names
    names = max(float(name_weights.sum()), 1e-6)
    has = in_passage > 0
    has_article = in_article > 0
    columns = (
        _PASSAGE.scores(in_passage, lengths + title_lengths[of], weights),
        _ARTICLE.scores(in_article, ends - starts, weights)[of],
        _TITLE.scores(in_title, title_lengths, weights)[of],
        _PASSAGE.scores(at_lead_end - at_start, lead_ends - starts, weights)[of],
        has @ weights / whole,
        (has_article @ weights / whole)[of],
        ((in_title > 0) @ weights / whole)[of],
        np.maximum.reduceat((in_sentence > 0) @ weights, offsets) / whole,
        _pairs(len(keys), positions, terms, passage_starts, passage_ends),
        has @ name_weights / names,
        (has_article @ name_weights / names)[of],
        ~has @ terms.names.astype(np.float32),
        ~has @ terms.numbers.astype(np.float32),
        np.log1p(ends - starts)[of],
        lengths,
        np.log1p(first - titles[of] - 1),
        (first - titles[of] - 1) / np.maximum(1, np.diff(titles)[of] - 1),
    )
    made: Floats = np.stack(columns, axis=1).astype(np.float32)
    return made


def _before(keys: NDArray[np.uint32], terms: QuestionTerms, bounds: Ints) -> tuple[Ints, list[Ints]]:
    """((bounds, t) how often each term stands before each bound, and the positions of each term)."""
    positions = [np.flatnonzero(keys == key) for key in terms.keys]
    order = np.argsort(bounds, kind="stable")
    before = np.zeros((len(bounds), len(positions)), np.int64)
    for column, places in enumerate(positions):
        before[order, column] = np.searchsorted(places, bounds[order])
    return before, positions


def _pairs(length: int, positions: Sequence[Ints], terms: QuestionTerms, starts: Ints, ends: Ints) -> Floats:
    """(n,) the share, by weight, of the question's pairs of neighbouring terms that stand side by side in each passage."""
    column_at = np.full(length + 1, -1, np.int16)
    for column, places in enumerate(positions):
        column_at[places] = column
    found = np.zeros(len(starts), np.float32)
    whole = 0.0
    for one, next_ in terms.pairs:
        weight = float(min(terms.weights[one], terms.weights[next_]))
        whole += weight
        places = positions[one][column_at[positions[one] + 1] == next_]
        found += weight * (np.searchsorted(places, ends - 1) > np.searchsorted(places, starts))
    return found / max(whole, 1e-6)
