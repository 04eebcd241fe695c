"""A notice ⇄ its JSON."""

from __future__ import annotations

from qa.api.shape import Shape
from qa.base.types import Notice, NoticeCode


class NoticeShape(Shape):
    """A remark on how a question was taken: a code for programs, and whole sentences."""

    code: NoticeCode
    text: str


def notice_shape(notice: Notice) -> NoticeShape:
    return NoticeShape(code=notice.code, text=notice.text)


def notice_of(shape: NoticeShape) -> Notice:
    return Notice(shape.code, shape.text)
