"""The bodies of a search, and the filters and the clock of any question."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, model_validator

from qa.base.types import NO_FILTERS, Filters
from qa.corpus.dates import parse_days
from qa.service.typed_filters import typed_filters
from web.api.bodies.fields import Body, Line, Name, Question, Whole, moment, with_example
from web.api.examples.answer import SEARCH_BODY

_DAYS = r"^[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?)?$"  # some accepted ones, for generators of requests

SOURCE_NAMES = "Case, punctuation and a first The, Der or La are ignored; cnn also matches cnn.com."
LANGUAGE_TAG = "For example en, which also matches en-GB and articles that were guessed to be English."


def _days(value: str) -> str:
    parse_days(value)
    return value


_Days = Annotated[str, Field(max_length=10, json_schema_extra={"pattern": _DAYS}), AfterValidator(_days)]


def _days_or_any(value: str) -> str:
    return value if value == "any" else _days(value)


_AsOf = Annotated[str, Field(max_length=10, json_schema_extra={"pattern": f"^any$|{_DAYS}"}), AfterValidator(_days_or_any)]


class FiltersBody(Body):
    """Which articles may answer: those that pass every field. An article without a date passes neither day but `as_of`."""

    sources: list[Name] = Field(default=[], max_length=100, description=SOURCE_NAMES)
    article_ids: list[Name] = Field(default=[], max_length=1_000, description="Ids of the index, or given ids.")
    published_from: Annotated[_Days | None, Field(description="A day, month or year: 2024-03-08, 2024-03, 2024.")] = None
    published_to: Annotated[_Days | None, Field(description="A day, month or year; its last day is included.")] = None
    language: Annotated[Line | None, Field(description=LANGUAGE_TAG)] = None
    as_of: Annotated[
        _AsOf | None,
        Field(
            description="A day, month or year: articles from after its last day do not answer, those without a date do. Default: "
            "the day of `asked_at`, if that is given. `any` lets later articles answer."
        ),
    ] = None

    @model_validator(mode="after")
    def _can_be_used(self) -> FiltersBody:
        self.filters()  # ValueError for days in the wrong order
        return self

    def filters(self) -> Filters:
        return typed_filters(
            sources=self.sources,
            article_ids=self.article_ids,
            published_from=self.published_from,
            published_to=self.published_to,
            language=self.language,
            as_of=self.as_of,
        )


class SearchOptionsBody(Body):
    """The options of a question, for passages as for an answer."""

    filters: Annotated[FiltersBody | None, Field(description="Which articles may answer; default: all.")] = None
    asked_at: Annotated[AwareDatetime | None, BeforeValidator(lambda value: None if value is None else moment(value))] = Field(
        default=None,
        description='The clock of the question, with its zone: "last week" and the age of articles are relative to it. '
        "Articles from after its day in UTC do not answer, unless `filters.as_of` says otherwise. Default: now.",
    )

    def chosen_filters(self) -> Filters:
        return self.filters.filters() if self.filters else NO_FILTERS


class SearchBody(SearchOptionsBody):
    model_config = with_example(SEARCH_BODY)

    question: Question
    k: Annotated[int, Field(ge=1, le=100), Whole] = Field(10, description="How many passages.")
    read: Annotated[int, Field(ge=0, le=100), Whole] | None = Field(
        None,
        description="How many of the first passages are read, to order them better; 0: none, which is faster. Default: the "
        "setting `read_passages`.",
    )
