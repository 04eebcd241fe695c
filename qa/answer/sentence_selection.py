"""Scored sentences → the one to four that an answer shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.base.types import Evidence

_NEW_SHARE = 0.5  # of a further sentence's words must stand in none of those chosen


def select(
    evidence: Sequence[Evidence],
    *,
    threshold: float,
    answered_threshold: float,
    most: int,
    terms: Callable[[str], list[str]],
) -> list[Evidence]:
    """The best sentence, then further ones whose own probability passes and that say something new.

    `evidence` is best first. Empty when the best does not pass `threshold`. Where the best passes
    `answered_threshold`, so must the further ones: a sure answer is not diluted by weak sentences. They are
    ordered by where their article first appears in the evidence chosen, then by their place in it.
    """
    if not evidence or evidence[0].probability < threshold:
        return []
    needed = answered_threshold if evidence[0].probability >= answered_threshold else threshold
    chosen = [evidence[0]]
    said = set(terms(evidence[0].quote))
    for found in evidence[1:]:
        if len(chosen) == most or found.probability < needed:
            break
        words = set(terms(found.quote))
        if words and len(words - said) >= _NEW_SHARE * len(words):
            chosen.append(found)
            said |= words
    articles = list(dict.fromkeys(found.article_id for found in chosen))
    return [chosen[0], *sorted(chosen[1:], key=lambda found: (articles.index(found.article_id), found.span))]
