"""What requests may hold: strict types, no unknown fields, strings cleaned as at every door."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, model_validator

from qa.answer.citations import NOT_FOUND_TEXT, NUMBERS
from qa.base.feedback import Verdict
from qa.base.types import NO_FILTERS, Filters
from qa.conversation import Turn
from qa.corpus.dates import first_day, last_day, parse_days
from qa.corpus.decode import clean
from qa.corpus.fetch import is_address
from qa.corpus.formats.article_draft import Draft
from qa.service.state.conversations import LONGEST_TITLE
from web.api.examples.answer import ASK_BODY, BATCH_BODY, FEEDBACK_BODY, SEARCH_BODY
from web.api.examples.article import ADD_BODY, FETCH_BODY, PUT_BODY
from web.api.examples.conversation import BEGIN_BODY, RENAME_BODY

_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})")
_LONGEST_FIELD = 2_000  # characters; what corpus.articles keeps
_LONGEST_MESSAGE, _MOST_MESSAGES = 20_000, 200


def _cleaned(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _moment(value: object) -> datetime:
    """A time as RFC 3339 spells it; numbers are refused, since nobody can tell seconds from milliseconds."""
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise ValueError("expected a time as in 2024-03-08T05:00:00Z")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"no such time: {error}") from error


def _whole(value: object) -> object:
    """4.0 is an integer to JSON Schema, and some languages write it so."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Clean = BeforeValidator(_cleaned)
Text = Annotated[str, Field(min_length=1, pattern=r"\S"), Clean]
Whole = BeforeValidator(_whole)
Line = Annotated[str, Field(max_length=_LONGEST_FIELD), Clean]


def _with_example(example: dict[str, JsonValue]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _days(value: str) -> str:
    parse_days(value)
    return value


_DAYS = r"^[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?)?$"  # some that are taken, for whoever makes requests from it
_Days = Annotated[str, Field(max_length=10, json_schema_extra={"pattern": _DAYS}), AfterValidator(_days)]


class FiltersBody(Body):
    """Which articles may answer: those that pass every field. One without a date passes neither day."""

    sources: Annotated[list[Line], Field(max_length=100, description="Names in any case; cnn stands for cnn.com too.")] = []
    article_ids: Annotated[list[Line], Field(max_length=1_000, description="Ids as the index has them, or as given.")] = []
    published_from: Annotated[_Days | None, Field(description="A day, month or year: 2024-03-08, 2024-03, 2024.")] = None
    published_to: Annotated[_Days | None, Field(description="The same; its last day is counted.")] = None
    language: Annotated[Line | None, Field(description="As in en, which stands for en-GB too.")] = None

    @model_validator(mode="after")
    def _can_be_used(self) -> FiltersBody:
        self.filters()  # ValueError for days in the wrong order
        return self

    def filters(self) -> Filters:
        return Filters(
            sources=tuple(self.sources),
            article_ids=tuple(self.article_ids),
            published_from=first_day(self.published_from),
            published_to=last_day(self.published_to),
            language=self.language,
        )


_Question = Annotated[Text, Field(description="A question, or a few words to search for.")]


class SearchOptionsBody(Body):
    """What may be said with a question, whether passages or an answer are wanted."""

    filters: Annotated[FiltersBody | None, Field(description="Which articles may answer; default: all.")] = None
    asked_at: Annotated[AwareDatetime | None, BeforeValidator(lambda value: None if value is None else _moment(value))] = Field(
        default=None, description='The clock that "last week" is meant by, and recent articles are recent by; default: now.'
    )

    def chosen(self) -> Filters:
        return self.filters.filters() if self.filters else NO_FILTERS


class AnswerOptionsBody(SearchOptionsBody):
    """What may be said with a question that is to be answered."""

    threshold: float | None = Field(
        default=None, ge=0, le=1, description="Probability below which nothing is answered; default: the setting."
    )
    max_citations: Annotated[int, Field(ge=1, le=10), Whole] | None = Field(
        default=None, description="Sentences the answer cites at most; default: the setting."
    )


class MessageBody(Body):
    """One message of an earlier turn: a question of the user, or what it was answered."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=_LONGEST_MESSAGE), Clean]


def turns_of(messages: Iterable[tuple[str, str]]) -> list[Turn]:
    """A turn for each question, with the messages of the assistant behind it; a message is its role and its text."""
    turns: list[Turn] = []
    for role, text in messages:
        if role == "user":
            turns.append(Turn(text))
        elif turns:
            said = NUMBERS.sub("", text).strip()
            turns[-1] = replace(turns[-1], answer="" if said == NOT_FOUND_TEXT else f"{turns[-1].answer} {said}".strip())
    return turns


class TurnBody(AnswerOptionsBody):
    """A question to be answered, with the earlier turns that it may lean on."""

    question: _Question
    messages: Annotated[list[MessageBody], Field(max_length=_MOST_MESSAGES)] | None = Field(
        None, description="The earlier turns, in their order: what the question may lean on, as in “When was he born?”."
    )
    standalone_question: Text | None = Field(
        None, description="Words to search for in the question's place; default: the question, made to stand alone."
    )

    def earlier(self) -> list[Turn]:
        return turns_of((message.role, message.content) for message in self.messages or [])


class AskBody(TurnBody):
    model_config = _with_example(ASK_BODY)

    conversation_id: Annotated[
        Line | None, Field(description="Of whose turns the question becomes the next, instead of `messages`.")
    ] = None
    stream: Annotated[bool, Field(description="Server-sent events while it is made; so does Accept: text/event-stream.")] = False

    @model_validator(mode="after")
    def _has_one_past(self) -> AskBody:
        if self.conversation_id is not None and self.messages is not None:
            raise ValueError("expected conversation_id or messages, not both")
        return self


class BatchBody(Body):
    model_config = _with_example(BATCH_BODY)

    questions: Annotated[list[TurnBody], Field(min_length=1, max_length=100)]


_Number = Annotated[int, Field(ge=1, le=100), Whole]
_OF_AN_ANSWER: list[JsonValue] = ["helpful", "not_helpful", None]
_OF_A_SENTENCE: list[JsonValue] = ["right", "wrong", None]


def _which_verdict_of_what(schema: dict[str, JsonValue]) -> None:
    """What `FeedbackBody` checks, in the words of JSON Schema."""
    absent: JsonValue = {"type": "null"}
    number: JsonValue = {"type": "integer"}
    whole: JsonValue = {"enum": _OF_AN_ANSWER}
    sentence: JsonValue = {"enum": _OF_A_SENTENCE}
    schema["anyOf"] = [
        {"properties": {"verdict": whole, "citation": absent, "nearest": absent}},
        {"properties": {"verdict": sentence, "citation": number, "nearest": absent}, "required": ["citation"]},
        {"properties": {"verdict": sentence, "citation": absent, "nearest": number}, "required": ["nearest"]},
    ]
    schema["examples"] = [FEEDBACK_BODY]


class FeedbackBody(Body):
    """What is said of an answer as a whole or, with a number, of one sentence that it shows."""

    model_config = ConfigDict(json_schema_extra=_which_verdict_of_what)

    verdict: Literal["helpful", "not_helpful", "right", "wrong"] | None = Field(
        description="Of the answer helpful or not_helpful, of a sentence right or wrong; null takes back what was said."
    )
    citation: _Number | None = Field(None, description="The number of the citation that is judged.")
    nearest: _Number | None = Field(None, description="The number of the nearest sentence that is judged.")

    @model_validator(mode="after")
    def _fits(self) -> FeedbackBody:
        if self.citation is not None and self.nearest is not None:
            raise ValueError("expected citation or nearest, not both")
        what, fitting = ("an answer", _OF_AN_ANSWER) if self.sentence is None else ("a sentence", _OF_A_SENTENCE)
        if self.verdict not in fitting:
            raise ValueError(f"{self.verdict!r} cannot be said of {what}; expected {fitting[0]} or {fitting[1]}")
        return self

    @property
    def said(self) -> Verdict | None:
        return Verdict(self.verdict) if self.verdict else None

    @property
    def sentence(self) -> tuple[str, int] | None:
        """Where the judged sentence is shown, and its number there; None: the whole answer is judged."""
        if self.citation is not None:
            return "citations", self.citation
        return ("nearest", self.nearest) if self.nearest is not None else None


class SearchBody(SearchOptionsBody):
    model_config = _with_example(SEARCH_BODY)

    question: _Question
    k: Annotated[int, Field(ge=1, le=100), Whole] = Field(10, description="How many passages.")


class ReadBody(Body):
    """Which article is read, and in which version."""

    article_id: Annotated[Line, Field(min_length=1, description="As a citation or a passage names it, or as it was given.")]
    version: Annotated[
        Line | None, Field(description="The `article_digest` of the text that was cited; default: the text as it is now.")
    ] = None


def _on_one_line(value: object) -> object:
    return " ".join(clean(value).split()) if isinstance(value, str) else value


_Title = Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE, pattern=r"\S"), BeforeValidator(_on_one_line)]


class BeginBody(Body):
    model_config = _with_example(BEGIN_BODY)

    title: Annotated[_Title | None, Field(description="Default: the first question.")] = None


class RenameBody(Body):
    model_config = _with_example(RENAME_BODY)

    title: _Title


class _ArticleFields(Body):
    """What an article is made of, but for its id."""

    text: Text
    title: Line | None = None
    url: Line | None = None
    source: Line | None = None
    author: Line | None = None
    published_at: Annotated[Line | None, Field(description="A date or time in any common spelling.")] = None
    language: Annotated[Line | None, Field(description="As in en, or en-GB.")] = None

    def draft(self, given_id: str | None) -> Draft:
        """What is made an article, under this id where one is given."""
        return Draft(
            self.text,
            title=self.title,
            given_id=given_id,
            url=self.url,
            source=self.source,
            author=self.author,
            published_at=self.published_at,
            language=self.language,
        )


class ArticleBody(_ArticleFields):
    """An article to add. It is known by `id`, else by `url`, else by its text."""

    id: Line | None = None


class PutBody(_ArticleFields):
    """An article as it is to be, all of it: a field that is left out is empty then."""

    model_config = _with_example(PUT_BODY)


def _address(value: str) -> str:
    if not is_address(value.strip()):
        raise ValueError("expected an address that begins with http:// or https://")
    return value.strip()


_Address = Annotated[
    str,
    Field(max_length=_LONGEST_FIELD, json_schema_extra={"pattern": r"^https?://."}),
    Clean,
    AfterValidator(_address),
]


class FetchBody(Body):
    model_config = _with_example(FETCH_BODY)

    urls: Annotated[list[_Address], Field(min_length=1, max_length=10, description="Addresses of pages, PDFs or text.")]


class AddBody(Body):
    model_config = _with_example(ADD_BODY)

    articles: Annotated[list[ArticleBody], Field(min_length=1, max_length=100)]
