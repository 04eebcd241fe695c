"""The wordings that a question is searched for with → the rankings of the first, the last of them with the second's passages.

A follow-up has a second wording: what the conversation is about. Each wording costs one search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.base.protocols import EncodedQuestion
from qa.corpus.near_duplicates import Shingles, shingles
from qa.index.snapshot import Snapshot
from qa.search.deduplicate import deduplicate
from qa.search.in_context import in_context
from qa.service.engine import Engine
from qa.service.question import CheckedRequest
from qa.service.rank import PASSAGES_KEPT, RankedPassages, rank

_SHARE_OF_TOKENS = 0.75  # of those that the encoder reads, for the words of a conversation beside the prompt


def encoded_wordings(engine: Engine, request: CheckedRequest, question: EncodedQuestion) -> list[EncodedQuestion]:
    """The wordings with their vectors; without that of a conversation whose words are too many for the encoder."""
    first, *others = request.asked.searched_for
    most = int(_SHARE_OF_TOKENS * engine.encoder.identity.max_tokens)
    short = [words for words in others if engine.encoder.token_counts([words])[0] <= most]
    return [question if words == question.words else engine.encode(words) for words in (first, *short)]


def rank_wordings(
    request: CheckedRequest, wordings: Sequence[EncodedQuestion], engine: Engine, snapshot: Snapshot, *, most: int
) -> RankedPassages:
    """What `rank` finds for the first wording; in the last ranking, the passages of the second have moved up.

    Dates are those that the stand-alone question names.
    """

    def shingles_of(passage_ids: Sequence[str]) -> list[Shingles]:
        return [shingles(candidate.text) for candidate in snapshot.store.candidates(passage_ids)]

    first, *others = [
        rank(replace(request.question, words=one.words), one.vector, snapshot, engine, most=most) for one in wordings
    ]
    for other in others:
        merged = in_context(first.rankings[-1], other.rankings[-1], k=max(most, PASSAGES_KEPT))
        kept = deduplicate(merged, shingles_of, most=most)
        first = replace(
            first,
            rankings=(*first.rankings[:-1], kept.ranking),
            near_duplicates={**first.near_duplicates, **kept.near_duplicates},
        )
    return first
