"""The body of feedback on an answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue, model_validator

from qa.base.feedback import Verdict
from web.api.bodies.fields import Body, Whole
from web.api.examples.answer import FEEDBACK_BODY

_Number = Annotated[int, Field(ge=1, le=100), Whole]
_ON_ANSWERS: list[JsonValue] = ["helpful", "not_helpful", None]
_ON_SENTENCES: list[JsonValue] = ["right", "wrong", None]


def _add_combinations(schema: dict[str, JsonValue]) -> None:
    """Which verdicts go with what, as `FeedbackBody` checks it, in JSON Schema."""
    absent: JsonValue = {"type": "null"}
    number: JsonValue = {"type": "integer"}
    whole: JsonValue = {"enum": _ON_ANSWERS}
    sentence: JsonValue = {"enum": _ON_SENTENCES}
    schema["anyOf"] = [
        {"properties": {"verdict": whole, "citation": absent, "nearest": absent}},
        {"properties": {"verdict": sentence, "citation": number, "nearest": absent}, "required": ["citation"]},
        {"properties": {"verdict": sentence, "citation": absent, "nearest": number}, "required": ["nearest"]},
    ]
    schema["examples"] = [FEEDBACK_BODY]


class FeedbackBody(Body):
    """Feedback on an answer as a whole or, with a number, on one sentence that it shows."""

    model_config = ConfigDict(json_schema_extra=_add_combinations)

    verdict: Literal["helpful", "not_helpful", "right", "wrong"] | None = Field(
        description="On an answer: helpful or not_helpful. On a sentence: right or wrong. null withdraws the feedback."
    )
    citation: _Number | None = Field(None, description="The number of the judged citation.")
    nearest: _Number | None = Field(None, description="The number of the judged nearest sentence.")

    @model_validator(mode="after")
    def _fits(self) -> FeedbackBody:
        if self.citation is not None and self.nearest is not None:
            raise ValueError("expected citation or nearest, not both")
        judged, fitting = ("an answer", _ON_ANSWERS) if self.sentence is None else ("a sentence", _ON_SENTENCES)
        if self.verdict not in fitting:
            raise ValueError(f"{self.verdict!r} is no verdict on {judged}; expected {fitting[0]} or {fitting[1]}")
        return self

    @property
    def as_verdict(self) -> Verdict | None:
        return Verdict(self.verdict) if self.verdict else None

    @property
    def sentence(self) -> tuple[str, int] | None:
        """The list that shows the judged sentence, and its number there; None: the whole answer is judged."""
        if self.citation is not None:
            return "citations", self.citation
        return ("nearest", self.nearest) if self.nearest is not None else None
