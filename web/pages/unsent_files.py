"""What a browser tells of files that it did not send → the refusals and notices that the results list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from qa.base.in_words import counted
from qa.base.settings import Settings
from qa.base.types import Refusal
from qa.corpus.decode import clean
from web.pages.adding_view import megabytes
from web.problems import invalid

_MOST = 10_000  # files of one request
_LEFT_OUT = {  # of folders: what they are, and why
    "hidden": ("hidden file", "left out, as hidden files always are"),
    "picture": ("picture", "left out: only text can be added"),
    "recording": ("recording", "left out: only text can be added"),
    "other": ("other file", "left out: not a known format; a file of text can be added by itself"),
}


class _Unsent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(max_length=2_000)
    why: Literal["too-large", "unreadable", "folder", "empty"]
    size: int = Field(0, ge=0)


class _LeftOut(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    why: Literal["hidden", "picture", "recording", "other"]
    count: int = Field(ge=1)
    names: list[Annotated[str, Field(max_length=2_000)]] = Field(max_length=100)  # the first ones


_Told = TypeVar("_Told")
_FORM_BYTES = 8 * 2**10  # of a request around the one file that it may hold
_LIST = TypeAdapter(list[_Unsent])
_LEFT_OUT_LIST = TypeAdapter(Annotated[list[_LeftOut], Field(max_length=len(_LEFT_OUT))])


def most_bytes_of_a_file(settings: Settings) -> int:
    """The largest file that a browser can send."""
    return min(max(settings.max_upload_bytes - _FORM_BYTES, settings.max_upload_bytes // 2), settings.max_file_bytes)


def unsent_files(written: str, *, most_bytes: int) -> Sequence[Refusal]:
    """The refusals of a JSON list of files; empty text is none. Raises a Problem for what is no such list."""
    if not written:
        return ()
    return [Refusal(clean(one.name), _why(one, most_bytes)) for one in _read(_LIST, written, "unsent")[:_MOST]]


def left_out_files(written: str) -> Sequence[Refusal]:
    """What to say of the files of folders that nobody asked for, from a JSON list of them by reason; empty text is none.
    Raises a Problem for what is no such list."""
    if not written:
        return ()
    return [_left_out(one) for one in _read(_LEFT_OUT_LIST, written, "left_out")]


def _read(kind: TypeAdapter[list[_Told]], written: str, field: str) -> list[_Told]:
    try:
        return kind.validate_json(written)
    except ValidationError as error:
        raise invalid([{**found, "loc": ("body", field, *found["loc"])} for found in error.errors()]) from error


def _left_out(files: _LeftOut) -> Refusal:
    what, why = _LEFT_OUT[files.why]
    more = files.count - len(files.names)
    named = ", ".join(clean(name) for name in files.names) + (f" and {more:,} more" if more > 0 else "")
    return Refusal(counted(files.count, what), f"{why} · {named}")


def _why(file: _Unsent, most_bytes: int) -> str:
    if file.why == "too-large":
        return (
            f"it is larger than the {megabytes(most_bytes)} that a file may have here ({megabytes(file.size)}); "
            "split it, or add it in a terminal: qa add PATH"
        )
    if file.why == "empty":
        return "there is no file in this folder"
    if file.why == "folder":
        return "this browser does not open folders; drop the files in it, or add it in a terminal: qa add PATH"
    return "the browser cannot read it: it is a folder, or gone, or not yours to read; add it in a terminal: qa add PATH"
