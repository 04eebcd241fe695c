"""/v1/answers: a question → a cited answer, or an honest "not found"; an id → a kept answer."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from pydantic import ValidationError
from starlette.convertors import StringConvertor, register_url_convertor

from qa.api.answer import AnswerShape, earlier_turn
from qa.api.feedback import FeedbackShape, feedback_shape
from qa.api.job import AnsweredShape, JobItem, JobKind, JobShape, JobSize
from qa.base.types import text_digest
from qa.service.observers import OnStage
from qa.service.service import Service
from web.api.asking import answered_turn
from web.api.bodies.answer import AskBody, BatchBody, TurnBody
from web.api.bodies.feedback import FeedbackBody
from web.api.etags import etag_of, is_named
from web.api.examples.answer import EVENTS
from web.api.jobs import announced
from web.api.openapi import IDEMPOTENCY_KEY, problems
from web.api.routes.json_route import JsonRoute
from web.api.streaming import EVENT_SCHEMA, EVENT_STREAM, AnswerEvents, streamed
from web.errors import as_problem
from web.problems import job_problem_shape
from web.runtime.dependencies import ConversationsDep, JobsDep, RunningDep
from web.runtime.jobs import Doing
from web.runtime.leaving import stop_if_left, while_there
from web.runtime.running import Running


class _AnswerId(StringConvertor):
    """An answer's id after /v1/answers/ in an address; other names there are no ids."""

    regex = "(?!batch$)[^/]+"


register_url_convertor("answer_id", _AnswerId())
router = APIRouter(prefix="/v1/answers", tags=["Answers"], route_class=JsonRoute)


@router.post(
    "",
    summary="Ask a question",
    response_model=AnswerShape,
    responses={
        200: {"content": {EVENT_STREAM: {"schema": EVENT_SCHEMA, "examples": EVENTS}}},
        **problems(403, 404, 413, 415, 422, 429, 503),
    },
)
async def ask(
    request: Request,
    body: AskBody,
    running: RunningDep,
    conversations: ConversationsDep,
) -> AnswerShape | Response:
    """The answer is sentences of the articles, each cited; `article.text[start_char_index:end_char_index] == cited_text`.

    `status` is `answered`, `weak` or `not_found`, all with HTTP 200. It is `not_found` exactly if there are no citations. A
    question may refer to earlier `messages`, or to the turns of a conversation. Then `standalone_question` is searched for, and
    `carried` are the words that it inherited from them. `searched_for` are the wordings of its searches.
    `agreeing` is how many articles give the answer. `statements` are what the articles say, that of the answer first: others may
    differ from it, be earlier ones, or have been corrected since.
    Offsets are Unicode code points, 0-based, half-open: in JavaScript, `Array.from(text).slice(start, end).join("")`.

    With `stream`, or `Accept: text/event-stream`, the response is a stream of events. `answer.started` comes first, then an
    `answer.stage` for each stage. Each `answer.citation` comes before the `answer.delta` that quotes it. The last event is
    `answer.completed` with the whole answer, or `error` with a problem.
    """

    def work(on_stage: OnStage) -> AnswerShape:
        of_conversation = body.conversation_id or ""
        turns = conversations.of(of_conversation).find(of_conversation).turns if of_conversation else ()
        earlier = [earlier_turn(turn.answer) for turn in turns] or None
        answer = answered_turn(running, body, earlier=earlier, on_stage=on_stage)
        if of_conversation:
            conversations.append(of_conversation, answer, must_exist=True)
        return answer

    if body.stream or EVENT_STREAM in request.headers.get("accept", ""):
        return await streamed(request, running, work, AnswerEvents(request, body.question))
    return await while_there(request, running.ask(lambda: work(stop_if_left)))


@router.post(
    "/batch",
    summary="Ask many questions",
    status_code=202,
    responses=problems(403, 409, 413, 415, 422, 429, 503),
    openapi_extra=IDEMPOTENCY_KEY,
)
async def ask_batch(
    request: Request,
    response: Response,
    body: BatchBody,
    running: RunningDep,
    jobs: JobsDep,
) -> JobShape:
    """Up to 100 questions, answered one after another, in turn with the questions of others.

    The job has an item for each answered question, in their order. One that fails does not stop the others.
    """
    running.require_ready()

    async def work(doing: Doing) -> None:
        for position, question in enumerate(body.questions):
            await running.ask_when_there_is_room(partial(_item, request, running, doing, position, question))

    return announced(response, await jobs.begin(request, JobKind.ANSWERS, work, JobSize(len(body.questions))))


def _item(request: Request, running: Running, doing: Doing, position: int, body: TurnBody) -> None:
    """Answer one question of a batch, and store the result: an answer or a problem."""
    answer, problem = None, None
    try:
        answer = answered_turn(running, body)
    except Exception as error:  # the others go on; a defect is logged
        problem = job_problem_shape(as_problem(request, error))
    answer_id = answer.id if answer else None
    result = AnsweredShape(position=position, question=body.question, answer_id=answer_id, answer=None, problem=problem)
    doing.advance(position + 1, [JobItem(position, problem is not None, result.model_dump_json(), answer_id, answer)])


@router.get(
    "/{answer_id:answer_id}",
    summary="Read a kept answer",
    response_model=AnswerShape,
    responses={304: {"description": "The answer is the one that If-None-Match names."}, **problems(404, 422, 503)},
)
def read_answer(
    answer_id: str,
    running: RunningDep,
    if_none_match: Annotated[str | None, Header(description="An ETag that the client has.")] = None,
) -> Response:
    """The answer as it was given, as long as answers are kept, with the citations that no longer stand in their articles. A quote
    is empty once its article is permanently deleted."""
    running.require_ready()
    body = _as_of_now(running.service.kept_answer(answer_id).body, running.service)
    headers = {
        "ETag": etag_of(text_digest(body)),
        "Cache-Control": "no-cache",
    }  # clients keep it, and ask whether it is still current
    if if_none_match is not None and is_named(headers["ETag"], if_none_match):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _as_of_now(body: str, service: Service) -> str:
    try:
        given = AnswerShape.model_validate_json(body)
    except ValidationError:  # an earlier qa's answer may lack what an answer has now
        return body
    (now,) = service.as_of_now([given])
    return now.model_dump_json() if now.changed_citations else body


@router.post("/{answer_id}/feedback", summary="Judge an answer", responses=problems(403, 404, 413, 415, 422, 429, 503))
def give_feedback(answer_id: str, body: FeedbackBody, running: RunningDep) -> FeedbackShape:
    """Feedback on an answer, or on a sentence that it shows, replaces the earlier feedback on it.

    It is kept longer than the answer. `qa export judgements` makes a set of judged questions from it.
    """
    running.require_ready()
    return feedback_shape(running.service.judge(answer_id, body.as_verdict, sentence=body.sentence))
