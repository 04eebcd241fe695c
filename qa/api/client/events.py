"""A line of an event stream → an event of an answer in progress."""

from __future__ import annotations

from dataclasses import dataclass

from qa.api.answer import AnswerShape, answer_of
from qa.api.citation import CitationShape, citation_of
from qa.api.client.exchange import Call, failure, read, refused
from qa.api.problem import ProblemShape
from qa.api.shape import Shape
from qa.base.types import Answer, Citation


@dataclass(frozen=True, slots=True)
class StageDone:
    stage: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation. It comes before the text that quotes it."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Completed:
    """The whole answer: the last event."""

    answer: Answer


AnswerEvent = StageDone | Cited | Delta | Completed


class _Data(Shape):
    type: str


class _StageData(_Data):
    stage: str
    milliseconds: float


class _CitationData(_Data):
    citation: CitationShape


class _DeltaData(_Data):
    delta: str


class _CompletedData(_Data):
    answer: AnswerShape


class _ErrorData(_Data):
    problem: ProblemShape


def event_of(line: str, call: Call) -> AnswerEvent | None:
    """The event of a line; None for a line without one, or with an event of a later version of qa.

    The API writes the data of an event as one line, which includes the event's type.

    Raises:
        QaError: the problem of the event `error`, as the call translates it.
    """
    field, _, data = line.partition(":")
    if field != "data":
        return None
    match read(_Data, data).type:
        case "answer.stage":
            done = read(_StageData, data)
            return StageDone(done.stage, done.milliseconds)
        case "answer.citation":
            return Cited(citation_of(read(_CitationData, data).citation))
        case "answer.delta":
            return Delta(read(_DeltaData, data).delta)
        case "answer.completed":
            return Completed(answer_of(read(_CompletedData, data).answer))
        case "error":
            raise failure(call, refused(read(_ErrorData, data).problem))
    return None
