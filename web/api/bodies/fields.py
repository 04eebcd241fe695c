"""The base of every request body, and the types of its fields."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from qa.corpus.decode import clean

LONGEST_FIELD = 2_000  # characters; what corpus.articles keeps
_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})")


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def with_example(example: dict[str, JsonValue]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


def moment(value: object) -> datetime:
    """A time in the spelling of RFC 3339. Numbers are refused: they may be seconds or milliseconds."""
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise ValueError("expected a time with its zone, as in 2024-03-08T05:00:00Z")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"no such time: {error}") from error


def _cleaned(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _whole(value: object) -> object:
    """4.0 is an integer to JSON Schema, and some languages write it so."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Clean = BeforeValidator(_cleaned)
Whole = BeforeValidator(_whole)
Text = Annotated[str, Field(min_length=1, pattern=r"\S"), Clean]
Line = Annotated[str, Field(max_length=LONGEST_FIELD), Clean]
Name = Annotated[Text, Field(max_length=LONGEST_FIELD)]
Question = Annotated[Text, Field(description="A question, or a few words to search for.")]
