"""The ranking of a question, and that of its conversation → one ranking, in which the conversation's passages move up."""

from __future__ import annotations

from qa.base.types import Hit, Ranking
from qa.search.ordering import ordered

# Both chosen on dev/cast and dev/canard by tests/quality/follow_ups.py: 0.4 to 0.8 and ranks of 5 to 20 are within noise.
WEIGHT = 0.6
FULL_RANK = 10


def in_context(of_question: Ranking, of_conversation: Ranking, *, k: int) -> Ranking:
    """The question's ranking, with a bonus for the passages that also its conversation finds.

    The first 10 of the conversation earn the same bonus: .6 of the difference between the question's first and last score.
    Those behind earn less, by their scores, and its last one nothing. So the conversation decides what the passages are about,
    and the question alone which of them is first. A passage that only the conversation finds begins at the question's last score.
    The best score stays what it was.
    """
    if not of_question.hits or not of_conversation.hits:
        return of_question
    scores = {hit.passage_id: hit.score for hit in of_question.hits}
    best, last = of_question.hits[0].score, of_question.hits[-1].score
    most = WEIGHT * ((best - last) or 1.0)
    for hit in of_conversation.hits:
        scores[hit.passage_id] = scores.get(hit.passage_id, last) + most * _share(hit.score, of_conversation)
    lift = max(scores.values()) - best
    return Ranking(
        of_question.question, of_question.scorer, ordered([Hit(one, score - lift) for one, score in scores.items()], k=k)
    )


def _share(score: float, ranking: Ranking) -> float:
    """1 for the score of the tenth passage or more, 0 for that of the last."""
    full = ranking.hits[min(FULL_RANK, len(ranking.hits)) - 1].score
    last = ranking.hits[-1].score
    return 1.0 if score >= full else (score - last) / (full - last)
