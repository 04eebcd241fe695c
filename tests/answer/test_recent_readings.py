"""A reader that remembers reads no passage twice for the same question."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.reading import PassageReading
from qa.answer.recent_readings import RecentReadings
from qa.base.protocols import TitledText
from qa.base.types import Span

HARBOUR, LIGHT = TitledText("Harbour", "The bridge opened. It is green."), TitledText("Light", "The lamp burns.")
SENTENCES = {HARBOUR: [Span(0, 18), Span(19, 31)], LIGHT: [Span(0, 15)]}


class Counting:
    """A model that finds nothing; `read_texts` are the passages that it read."""

    def __init__(self) -> None:
        self.read_texts: list[tuple[str, str]] = []

    def load(self) -> None:
        self.read_texts.append(("", "loaded"))

    def read(self, question: str, passages: Sequence[TitledText], sentences: Sequence[Sequence[Span]]) -> list[PassageReading]:
        self.read_texts += [(question, passage.title) for passage in passages]
        return [PassageReading((None,) * len(spans), None, float(len(spans))) for spans in sentences]


def read(model: RecentReadings, question: str, *passages: TitledText) -> list[PassageReading]:
    return model.read(question, passages, [SENTENCES[passage] for passage in passages])


def test_only_what_is_new_is_read() -> None:
    inner = Counting()
    model = RecentReadings(inner)
    (first,) = read(model, "Is it open?", HARBOUR)
    light, again = read(model, "Is it open?", LIGHT, HARBOUR)
    assert again is first and (again.no_answer, light.no_answer) == (2.0, 1.0)
    read(model, "Is it green?", HARBOUR)
    assert inner.read_texts == [("Is it open?", "Harbour"), ("Is it open?", "Light"), ("Is it green?", "Harbour")]


def test_the_same_text_cut_into_other_sentences_is_read_again() -> None:
    inner = Counting()
    model = RecentReadings(inner)
    read(model, "Is it open?", HARBOUR)
    (whole,) = model.read("Is it open?", [HARBOUR], [[Span(0, 31)]])
    assert whole.no_answer == 1.0 and len(inner.read_texts) == 2


def test_loading_loads_the_model() -> None:
    inner = Counting()
    RecentReadings(inner).load()
    assert inner.read_texts == [("", "loaded")]
