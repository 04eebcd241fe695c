"""Scored sentences → the one to four that an answer shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.base.types import Evidence

_NEW_SHARE = 0.5  # of a further sentence's words must be in none of the chosen ones


def select(
    evidence: Sequence[Evidence],
    *,
    threshold: float,
    answered_threshold: float,
    most: int,
    terms: Callable[[str], list[str]],
) -> list[Evidence]:
    """The best sentence, then further ones whose probability passes and that add new words.

    `evidence` is best first. The result is empty if the best does not reach `threshold`. If the best reaches
    `answered_threshold`, the further ones must too: weak sentences would dilute a sure answer. The further ones are
    ordered by their article's first appearance among the chosen, then by their position in it.
    """
    if not evidence or evidence[0].probability < threshold:
        return []
    needed = answered_threshold if evidence[0].probability >= answered_threshold else threshold
    chosen = [evidence[0]]
    covered = set(terms(evidence[0].quote))
    for further in evidence[1:]:
        if len(chosen) == most or further.probability < needed:
            break
        words = set(terms(further.quote))
        if words and len(words - covered) >= _NEW_SHARE * len(words):
            chosen.append(further)
            covered |= words
    articles = list(dict.fromkeys(one.article_id for one in chosen))
    return [chosen[0], *sorted(chosen[1:], key=lambda one: (articles.index(one.article_id), one.span))]
