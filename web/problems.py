"""Why a request can be refused: RFC 9457 problems, each with its status and its advice; and an error of qa → its problem."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException

from qa.api.problem import JobProblemShape
from qa.base.errors import (
    AnswerNotFound,
    ArticleError,
    ArticleNotFound,
    ConversationNotFound,
    CopyUnusable,
    EngineUnreachable,
    ExtraMissing,
    IndexBusy,
    JobNotFound,
    QaError,
    QuestionError,
    SentenceNotFound,
    SnapshotNameError,
    SnapshotNotFound,
    StoreError,
    VersionNotFound,
    WrongPlace,
)


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of problem; its page is at `/problems/<name>`."""

    name: str
    status: int
    title: str
    advice: str

    @property
    def address(self) -> str:
        """Of its page."""
        return f"/problems/{self.name}"


_TYPES = (
    ProblemType(
        "invalid-request",
        422,
        "The request cannot be used",
        "A field is missing, unknown, of another type or out of its range, or the body is not JSON. `errors` names each place. "
        "/docs lists the accepted fields; others are refused.",
    ),
    ProblemType(
        "not-found",
        404,
        "There is nothing here",
        "The address or the id is wrong, or the article was removed, or the answer is no longer kept. The library and "
        "GET /v1/articles list the articles.",
    ),
    ProblemType(
        "gone",
        410,
        "This version of the article is no longer kept",
        "The article has changed since, and no kept answer shows this version. Without ?version= its address gives the current "
        "text. Ask again to cite that.",
    ),
    ProblemType(
        "result-deleted",
        410,
        "What this request made was deleted",
        "The request was done when it was first sent with this Idempotency-Key. The article or snapshot that it made was deleted "
        "since. To make it once more, send the request with a new key.",
    ),
    ProblemType(
        "method-not-allowed",
        405,
        "This address does not take that method",
        "The Allow header of the response names its methods.",
    ),
    ProblemType(
        "head-too-large",
        431,
        "The head of the request is too large",
        "Send fewer or shorter headers, or a shorter address: 16 KiB in all.",
    ),
    ProblemType(
        "request-timeout",
        408,
        "The body stopped coming",
        "Send the whole body without long pauses. The setting receive_timeout_seconds is how long the server waits.",
    ),
    ProblemType(
        "precondition-failed",
        412,
        "The article has changed",
        "If-Match named another text than the current one, or If-None-Match named the current one. Read the article again, then "
        "decide.",
    ),
    ProblemType(
        "too-large",
        413,
        "The request is too large",
        "Send fewer or shorter articles at a time. `qa add` reads any number of files. The settings max_upload_bytes and "
        "max_file_bytes raise the limits.",
    ),
    ProblemType(
        "unsupported-media-type",
        415,
        "The body is of a kind that is not read here",
        "Send JSON, with the header Content-Type: application/json; where files are uploaded, a form in UTF-8.",
    ),
    ProblemType(
        "idempotency-key-reused",
        422,
        "The Idempotency-Key stands for another request",
        "A key belongs to one request, which may be sent again unchanged. Use a new key for another request.",
    ),
    ProblemType(
        "still-being-done",
        409,
        "The same request is still being done",
        "It was sent before with this Idempotency-Key. Send it again later to get the response of the first.",
    ),
    ProblemType(
        "name-taken",
        409,
        "There is one of this name already",
        "Choose another name, or remove what has it first.",
    ),
    ProblemType(
        "copy-unusable",
        409,
        "The snapshot cannot be used",
        "It is damaged, or another version of qa made it. The index is as it was. GET /v1/index/snapshots lists the others.",
    ),
    ProblemType(
        "unauthorized",
        401,
        "A token is needed",
        "Send a valid token as `Authorization: Bearer …`; a browser logs in with it at /login. `qa token create` makes one. "
        "A wrong token and a revoked one get the same answer.",
    ),
    ProblemType(
        "wrong-host",
        421,
        "This server does not go by that name",
        "It accepts only its own names and addresses, so that no page of another site can reach it under another name. "
        "`qa serve --allow-host NAME` adds a name.",
    ),
    ProblemType(
        "foreign-origin",
        403,
        "This request comes from another site",
        "A page of another origin may not ask, add or remove here. Programs are not affected: they send no Origin header.",
    ),
    ProblemType(
        "insufficient-scope",
        403,
        "The token does not reach that far",
        "A token with the scope read can ask and search. With write it can also add, change and remove articles, with admin "
        "everything. `qa token create --scope write` makes another token.",
    ),
    ProblemType(
        "fetching-is-off",
        403,
        "Addresses are not fetched",
        "Whoever runs the server can allow it: `qa serve --allow-fetch`, or the setting allow_fetch.",
    ),
    ProblemType(
        "too-many-requests",
        429,
        "Too many requests",
        "Wait as long as the Retry-After header says. The setting requests_per_minute changes the limit; 0 removes it.",
    ),
    ProblemType(
        "too-many-jobs",
        429,
        "Too many jobs wait",
        "Wait as long as the Retry-After header says, until one of them has ended, or cancel one: DELETE /v1/jobs/{id}.",
    ),
    ProblemType(
        "not-installed",
        501,
        "Something that this needs is not installed",
        "The detail names the package. Whoever runs the server can install it, then restart the server.",
    ),
    ProblemType(
        "not-ready", 503, "Not ready yet", "The model and the index are being loaded. GET /readyz succeeds once they are loaded."
    ),
    ProblemType("overloaded", 503, "Too many questions at once", "Wait as long as the Retry-After header says, and ask again."),
    ProblemType(
        "index-unavailable",
        503,
        "The index cannot be used",
        "The detail says what is wrong with it. `qa doctor` and `qa verify` examine it; `qa rebuild` rebuilds it from its "
        "articles.",
    ),
    ProblemType(
        "internal",
        500,
        "Something went wrong in qa",
        "This is a defect. The server's log has the details, under the request's id.",
    ),
)
PROBLEM_TYPES: Mapping[str, ProblemType] = {kind.name: kind for kind in _TYPES}
BY_STATUS: Mapping[int, ProblemType] = {kind.status: kind for kind in reversed(_TYPES)}

_FOLDERS = re.compile(r"(?<![\w/:.])/(?:[^\s/:'\"]+/)+")  # of an absolute path; not in an address

_PLAINER = {  # pydantic's codes whose own messages are unclear
    "string_pattern_mismatch": "It is blank; expected some words.",
    "string_too_short": "It is blank; expected some words.",
    "extra_forbidden": "There is no such field; /docs lists the accepted ones.",
    "model_attributes_type": "Expected a JSON object.",
    "missing": "It is missing.",
}


def as_sentence(reason: str) -> str:
    """The reason with a capital and a full stop."""
    return f"{reason[:1].upper()}{reason[1:].removesuffix('.')}."


MOST_PLACES = 20  # wrong places of a request that are named


class Problem(HTTPException):
    """A request is refused. It is an HTTPException, so that FastAPI passes it on wherever it is raised."""

    headers: dict[str, str]

    def __init__(
        self,
        name: str,
        detail: str,
        *,
        errors: tuple[WrongPlace, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.type = PROBLEM_TYPES[name]
        self.errors = errors[:MOST_PLACES]
        super().__init__(self.type.status, detail, dict(headers or {}))


class NotReady(Problem):
    """The model is still being loaded, or could not be."""

    def __init__(self, detail: str) -> None:
        super().__init__("not-ready", detail, headers={"Retry-After": "2"})


class Overloaded(Problem):
    """Too many requests wait for the model."""

    def __init__(self, detail: str) -> None:
        super().__init__("overloaded", detail, headers={"Retry-After": "2"})


def invalid(errors: Sequence[object]) -> Problem:
    """The problem of pydantic's errors, whose locations begin with the part of the request."""
    places = tuple(_place(error) for error in errors[:MOST_PLACES] if isinstance(error, dict))
    first = places[0]
    others = len(errors) - 1
    named = " in `errors`" if others < MOST_PLACES else f", {MOST_PLACES - 1} of them in `errors`"
    more = f" ({others:,} more{named})" if others else ""
    return Problem("invalid-request", f"{first.pointer}: {first.detail}{more}", errors=places)


def _place(error: dict[str, object]) -> WrongPlace:
    """One place of pydantic's errors, without its value, which may be of any size."""
    location = error.get("loc")
    where, *names = location if isinstance(location, tuple) else ("body",)
    path = "/".join(str(name).replace("~", "~0").replace("/", "~1")[:100] for name in names)
    kind = str(error.get("type"))
    pointers = {"query": f"?{path}", "path": f"{{{path}}}", "header": path}
    pointer = "#" if kind == "json_invalid" else pointers.get(str(where), f"#/{path}" if path else "#")
    return WrongPlace(pointer, kind, _PLAINER.get(kind) or as_sentence(str(error.get("msg")).removeprefix("Value error, ")))


def problem_of(error: QaError | Problem) -> Problem:
    """The problem that stands for an error of qa."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, QuestionError):
        return Problem("invalid-request", str(error), errors=(WrongPlace("#/question", "question", str(error)),))
    if isinstance(error, ArticleNotFound):
        return Problem("not-found", f"There is no article {error.article_id!r} in this index, or it was removed.")
    if isinstance(error, VersionNotFound):
        return Problem("gone", str(error))
    if isinstance(error, ConversationNotFound):
        return Problem("not-found", f"There is no conversation {error.conversation_id!r}, or it is no longer kept.")
    if isinstance(error, AnswerNotFound):
        return Problem("not-found", f"There is no answer {error.answer_id!r}, or it is no longer kept.")
    if isinstance(error, JobNotFound):
        return Problem("not-found", f"There is no job {error.job_id!r}, or it is no longer kept.")
    if isinstance(error, SnapshotNotFound):
        return Problem("not-found", f"There is no snapshot {error.name!r}.")
    if isinstance(error, SnapshotNameError):
        return Problem("name-taken", str(error))
    if isinstance(error, CopyUnusable):
        return Problem("copy-unusable", without_folders(error))
    if isinstance(error, SentenceNotFound):
        field = "citation" if error.shown == "citations" else "nearest"
        return Problem("invalid-request", str(error), errors=(WrongPlace(f"#/{field}", "no_such_number", str(error)),))
    if isinstance(error, ExtraMissing):
        return Problem("not-installed", str(error))
    if isinstance(error, ArticleError):
        return Problem("invalid-request", str(error))
    retry_after = {"Retry-After": "5"} if isinstance(error, IndexBusy | EngineUnreachable) else None
    return Problem("index-unavailable", without_folders(error), headers=retry_after)


def without_folders(error: QaError) -> str:
    """What the error says, with the names of files but not of the folders that hold them: these are the server's own affair."""
    said = str(error)
    if isinstance(error, StoreError):
        said = said.replace(f"{error.path}/", "").replace(str(error.path), error.path.name)
    return _FOLDERS.sub("", said)


def job_problem_shape(problem: Problem) -> JobProblemShape:
    kind = problem.type
    return JobProblemShape(type=kind.address, title=kind.title, status=kind.status, detail=problem.detail)
