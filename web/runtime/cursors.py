"""Opaque cursors of the API's lists: where the next page goes on, and back; one of another list is none."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import TypeVar

from qa.base.errors import WrongPlace
from web.problems import Problem

Place = TypeVar("Place")


def cursor_of(kind: str, place: object) -> str:
    """The cursor that stands for a place in a list of this kind."""
    return base64.urlsafe_b64encode(f"{kind}:{place}".encode()).decode()


def place_of(kind: str, cursor: str | None, read: Callable[[str], Place]) -> Place | None:
    """The place that a cursor stands for, as `read` makes it of its spelling; None for none.

    Raises:
        Problem: it is no cursor of this kind, or `read` has a ValueError for it.
    """
    if cursor is None:
        return None
    try:
        given, _, spelled = base64.urlsafe_b64decode(cursor.encode()).decode("ascii").partition(":")
        if given != kind:
            raise ValueError(given)
        return read(spelled)
    except (binascii.Error, ValueError) as error:
        detail = "This is no cursor; expected `next_cursor` of the page before."
        raise Problem("invalid-request", detail, errors=(WrongPlace("?cursor", "value_error", detail),)) from error
