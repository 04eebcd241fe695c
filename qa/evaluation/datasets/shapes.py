"""A JSON value → a checked record, or a DatasetError that names the field, what it holds and what was expected."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError

from qa.base.errors import DatasetError
from qa.corpus.dates import parse_published
from qa.corpus.decode import clean

_LONGEST_SHOWN = 80  # characters of a value in a message


class Shape(BaseModel):
    """A record as a set has it: types are strict, unknown fields are ignored."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", populate_by_name=True)


def _id(value: object) -> object:
    """As `make_article` keeps an id, so that a judgement's equals its article's; a number is as good as its digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return clean(value).strip() if isinstance(value, str) else value


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("it is blank, expected some words")
    return value


def _day(value: str) -> str:
    return parse_published(_filled(value)) or value


Words = Annotated[str, AfterValidator(_filled)]
Id = Annotated[str, BeforeValidator(_id), AfterValidator(_filled)]
Day = Annotated[str, AfterValidator(_day)]

AnyShape = TypeVar("AnyShape", bound=Shape)


def parsed(shape: type[AnyShape], value: object, place: str) -> AnyShape:
    """The value as such a record; `place` names its place in messages.

    Raises:
        DatasetError: a field is missing or of the wrong type or value.
    """
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        first, *others = error.errors()
        more = f" (and {len(others)} more in the same place)" if others else ""
        raise DatasetError(f"{place}: {_explain(first['loc'], first['type'], first['msg'], first['input'])}{more}.") from error


def _explain(location: tuple[int | str, ...], kind: str, message: str, value: object) -> str:
    name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).removeprefix(".")
    if kind == "missing":
        return f"there is no {name!r}; write it, or take the record out"
    reason = message.removeprefix("Value error, ").replace("Input should be", "expected")
    shown = repr(value) if len(repr(value)) <= _LONGEST_SHOWN else repr(value)[:_LONGEST_SHOWN] + "…"
    return f"{name + ' is ' if name else ''}{shown}: {reason}; mend it, or take the record out"
