"""A question with the options of its request → its answer, which is kept; for every route that answers."""

from __future__ import annotations

from collections.abc import Sequence

from qa.api.answer import AnswerShape, answer_shape
from qa.conversation import Turn
from qa.service.observers import OnStage
from qa.service.question import AnswerRequest
from web.api.bodies.answer import AnswerOptionsBody, TurnBody
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
    request = AnswerRequest(
        question,
        asked_at=options.asked_at,
        filters=options.chosen_filters(),
        threshold=options.threshold,
        max_citations=options.max_citations,
        earlier=earlier,
        standalone_question=standalone_question,
    )
    return answer_shape(running.answer(request, on_stage=on_stage))


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
