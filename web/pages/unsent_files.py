"""What a browser tells of files that it did not send → the refusals that the results list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from qa.base.settings import Settings
from qa.base.types import Refusal
from qa.corpus.decode import clean
from web.pages.adding_view import megabytes
from web.problems import invalid

_MOST = 10_000  # files of one request


class _Unsent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(max_length=2_000)
    why: Literal["too-large", "unreadable", "folder"]
    size: int = Field(0, ge=0)


_FORM_BYTES = 8 * 2**10  # of a request around the one file that it may hold
_LIST = TypeAdapter(list[_Unsent])


def most_bytes_of_a_file(settings: Settings) -> int:
    """The largest file that a browser can send."""
    return min(max(settings.max_upload_bytes - _FORM_BYTES, settings.max_upload_bytes // 2), settings.max_file_bytes)


def unsent_files(written: str, *, most_bytes: int) -> Sequence[Refusal]:
    """The refusals of a JSON list of files; empty text is none. Raises a Problem for what is no such list."""
    if not written:
        return ()
    try:
        return [Refusal(clean(one.name), _why(one, most_bytes)) for one in _LIST.validate_json(written)[:_MOST]]
    except ValidationError as error:
        raise invalid([{**found, "loc": ("body", "unsent", *found["loc"])} for found in error.errors()]) from error


def _why(file: _Unsent, most_bytes: int) -> str:
    if file.why == "too-large":
        return (
            f"it has {megabytes(file.size)}, and at most {megabytes(most_bytes)} are taken here; "
            "split it, or add it in a terminal: qa add PATH"
        )
    if file.why == "folder":
        return "this browser does not open folders; drop the files in it, or add it in a terminal: qa add PATH"
    return "the browser cannot read it: it is a folder, or gone, or not yours to read; add it in a terminal: qa add PATH"
