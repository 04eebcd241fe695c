"""Conversations of the records format → one judged question a turn.

    {"id": "c1", "turns": [{"question": "…", "rewrite": "…", "answers": [], "article_id": null, "evidence": []}]}

`rewrite` is a human's wording that needs no earlier turn. Evidence that is the whole article judges the article.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qa.base.types import Span
from qa.evaluation.datasets.articles import UNKNOWN_ARTICLE
from qa.evaluation.datasets.placing import EvidenceShape, place_evidence
from qa.evaluation.datasets.shapes import Id, Shape, Words
from qa.evaluation.datasets.tally import Tally
from qa.evaluation.judgements import JudgedBy, JudgedQuestion, Judgement


class TurnShape(Shape):
    question: Words
    rewrite: Words | None = None
    answers: Sequence[str] = ()
    article_id: Id | None = None
    evidence: Sequence[EvidenceShape] = ()


class ConversationShape(Shape):
    id: Id
    turns: list[TurnShape]

    @property
    def named_articles(self) -> set[str]:
        """The ids of all articles that the turns name."""
        pieces = {piece.article_id for turn in self.turns for piece in turn.evidence}
        return pieces | {turn.article_id for turn in self.turns if turn.article_id is not None}


def turns_of(conversation: ConversationShape, texts: Mapping[str, str], tally: Tally) -> Iterator[JudgedQuestion]:
    """The turns in their order, `<conversation id>_<turn from 1>`, each with the questions before it."""
    earlier: list[str] = []
    for number, turn in enumerate(conversation.turns, start=1):
        name = f"{conversation.id}_{number}"
        judged_by, judgements = _judgements(turn, texts, tally, name)
        yield JudgedQuestion(
            name,
            turn.question,
            judged_by,
            tuple(judgements),
            answers=tuple(turn.answers),
            answerable=True if judgements else None,
            earlier_questions=tuple(earlier),
            standalone_question=turn.rewrite,
        )
        earlier.append(turn.question)


def _judgements(turn: TurnShape, texts: Mapping[str, str], tally: Tally, name: str) -> tuple[JudgedBy, Sequence[Judgement]]:
    if not turn.evidence:
        named = [] if turn.article_id is None else [turn.article_id]
        tally.add(UNKNOWN_ARTICLE, (one for one in named if one not in texts))
        return JudgedBy.ARTICLES, [Judgement(article_id, None, 1) for article_id in named]
    placed = place_evidence(turn.evidence, texts, tally, name)
    if all(judgement.span == Span(0, len(texts[judgement.article_id])) for judgement in placed):
        return JudgedBy.ARTICLES, [Judgement(judgement.article_id, None, 1) for judgement in placed]
    return JudgedBy.SPANS, placed
