"""Where the spans of a reading may stand."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.reading import PassageReading
from qa.base.types import Span


def check_places(text: str, sentences: Sequence[Span], reading: PassageReading) -> None:
    """Each span overlaps its sentence; one that runs over its end is that of the neighbour too, and goes no further."""
    found = reading.sentences
    for place, (sentence, best) in enumerate(zip(sentences, found, strict=True)):
        if best is None:
            continue
        assert best.span.overlaps(sentence) and best.span.of(text)
        if not sentence.contains(best.span):
            (neighbour,) = (other for other in (place - 1, place + 1) if 0 <= other < len(found) and found[other] == best)
            first, last = sorted((sentence, sentences[neighbour]), key=lambda span: span.start)
            assert Span(first.start, last.end).contains(best.span)
    assert reading.best in (found or [None])
