"""Passages that were read and their sentences → the passages in the order that reading gives them.

Sentences and passages are different things to rank: of two passages, the worse one may have the second and the third best
sentence. So the order of sentences does not say whether reading moved the right passage up or down.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.base.types import Evidence, Hit, parse_passage_id


def after_reading(read: Sequence[Hit], evidence: Sequence[Evidence]) -> tuple[Hit, ...]:
    """The passages that were `read`, each with the score of its best sentence, best first; ties in the order of `read`.

    A sentence that two passages contain counts for both. A passage of which no sentence was scored is left out.
    """
    best = {hit.passage_id: _best_score(hit.passage_id, evidence) for hit in read}
    scored = [Hit(passage_id, score) for passage_id, score in best.items() if score is not None]
    return tuple(sorted(scored, key=lambda hit: -hit.score))  # stable


def _best_score(passage_id: str, evidence: Sequence[Evidence]) -> float | None:
    article_id, span = parse_passage_id(passage_id)
    return max(
        (
            one.score
            for one in evidence
            if one.passage_id == passage_id or (one.article_id == article_id and span.contains(one.span))
        ),
        default=None,
    )
