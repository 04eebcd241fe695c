"""A question with the options of its request → its answer, which is kept, or its explanation; for every route that answers."""

from __future__ import annotations

from collections.abc import Sequence

from qa.api.answer import AnswerShape, answer_shape
from qa.api.explanation import ExplanationShape, explanation_shape
from qa.conversation import Turn
from qa.service.observers import OnStage
from qa.service.question import AnswerRequest
from web.api.bodies.answer import AnswerOptionsBody, ExplainBody, TurnBody
from web.runtime.running import Running


def answered(
    running: Running,
    question: str,
    options: AnswerOptionsBody,
    *,
    earlier: Sequence[Turn],
    standalone_question: str | None = None,
    on_stage: OnStage | None = None,
) -> AnswerShape:
    """The answer, which is kept so that it can be read, verified and judged. It raises the errors of `Service.answer`."""
    request = _request(question, options, earlier=earlier, standalone_question=standalone_question)
    return answer_shape(running.answer(request, on_stage=on_stage))


def _request(
    question: str, options: AnswerOptionsBody, *, earlier: Sequence[Turn], standalone_question: str | None
) -> AnswerRequest:
    return AnswerRequest(
        question,
        asked_at=options.asked_at,
        filters=options.chosen_filters(),
        threshold=options.threshold,
        max_citations=options.max_citations,
        earlier=earlier,
        standalone_question=standalone_question,
    )


def answered_turn(
    running: Running, body: TurnBody, *, earlier: Sequence[Turn] | None = None, on_stage: OnStage | None = None
) -> AnswerShape:
    """The same for a whole body. `earlier`, the turns of a kept conversation, replaces the turns of the body."""
    return answered(
        running,
        body.question,
        body,
        earlier=body.earlier() if earlier is None else earlier,
        standalone_question=body.standalone_question,
        on_stage=on_stage,
    )


def explained_turn(running: Running, body: ExplainBody) -> ExplanationShape:
    """The explanation of a whole body; nothing is kept. It raises the errors of `Service.explain`."""
    request = _request(body.question, body, earlier=body.earlier(), standalone_question=body.standalone_question)
    return explanation_shape(running.service.explain(request, article=body.article_id))
