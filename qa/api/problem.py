"""The JSON of a problem: why a request was refused, or a job failed."""

from __future__ import annotations

from qa.api.shape import Shape


class WrongPlaceShape(Shape):
    """`pointer` is `#/field` in the body, `?name` in the query of the address, `{name}` in its path."""

    pointer: str
    code: str
    detail: str


class ProblemShape(Shape):
    """RFC 9457. `type` is the address of a page about this kind of problem."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: list[WrongPlaceShape]


class JobProblemShape(Shape):
    """Why a job, or a part of it, failed. `type` is the address of a page about this kind of problem."""

    type: str
    title: str
    status: int
    detail: str
