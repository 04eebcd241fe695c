"""Lines of an event stream → what they tell of an answer in the making."""

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
    """A citation, before the text that quotes it."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Completed:
    """The whole answer; nothing comes behind it."""

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
    """What a line tells; None for one that tells nothing new, or what a later qa may tell.

    The API writes the data of an event as one line, which says its type itself.

    Raises:
        QaError: what the event `error` tells, as the call means it.
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
