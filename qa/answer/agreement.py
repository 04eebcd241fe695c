"""Sentences that were read → in how many articles the answer of the first one was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qa.answer.same_answer import Likeness, likenesses
from qa.base.types import Evidence, Place


def agreeing_articles(evidence: Sequence[Evidence], also_in: Iterable[Place], *, threshold: float) -> int:
    """How many articles give the answer of the first sentence, its own article among them.

    These are the articles with a sentence that reaches the threshold and has the same short answer, or one that contains it or is
    contained in it; and those `also_in` which the words of the first sentence stand. 0 without evidence.
    """
    if not evidence:
        return 0
    sure = [one for one in evidence if one.probability >= threshold and one.answer is not None]
    (alike,) = likenesses([_short_answer(evidence[0])], [_short_answer(one) for one in sure])
    agreeing = {one.article_id for one, likeness in zip(sure, alike.tolist(), strict=True) if likeness > Likeness.OTHER}
    return len({evidence[0].article_id, *agreeing, *(place.article_id for place in also_in)})


def _short_answer(evidence: Evidence) -> str:
    if evidence.answer is None:
        return ""
    start = evidence.span.start
    return evidence.quote[evidence.answer.start - start : evidence.answer.end - start]
