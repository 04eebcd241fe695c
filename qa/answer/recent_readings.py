"""A reader that remembers: a passage that was read for the same question lately is not read again.

So an explanation of an answer, the same question over fewer articles, or a page that is opened again cost no second reading.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.reading import PassageReading, ReadingModel
from qa.base.protocols import TitledText
from qa.base.recent import Recent
from qa.base.types import Span

_MOST = 1_000  # readings: of 125 questions by default, some 4 MB

_Read = tuple[str, TitledText, tuple[Span, ...]]  # the question, and the passage with its sentences


class RecentReadings:
    """What `model` reads."""

    def __init__(self, model: ReadingModel) -> None:
        self._model = model
        self._recent: Recent[_Read, PassageReading] = Recent(_MOST)

    def load(self) -> None:
        self._model.load()

    def read(self, question: str, passages: Sequence[TitledText], sentences: Sequence[Sequence[Span]]) -> list[PassageReading]:
        def read(missing: Sequence[_Read]) -> list[PassageReading]:
            return self._model.read(question, [passage for _, passage, _ in missing], [spans for _, _, spans in missing])

        asked = [(question, passage, tuple(spans)) for passage, spans in zip(passages, sentences, strict=True)]
        return self._recent.of(asked, read)
