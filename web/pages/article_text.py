"""An article's text and sentences → blocks for a page; the pieces of all blocks re-join to the text exactly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.base.types import Sentence, SentenceKind, Span

_LINE_END = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive characters: the sentence of this index, or, where it is None, what lies between two."""

    text: str
    sentence_index: int | None


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences of one kind that stand together. `after_blank_line`: a paragraph of its own, not just a new line."""

    kind: SentenceKind
    after_blank_line: bool
    pieces: tuple[Piece, ...]


def blocks_of(text: str, sentences: Sequence[Sentence]) -> list[Block]:
    """The text in blocks: a new one wherever a line ends between two sentences, or the kind changes.

    What lies between two blocks ends the first; what lies before the first sentence begins it.
    `sentences` are all those of the text, in order.
    """
    if not sentences:
        return [Block(SentenceKind.PROSE, False, (Piece(text, None),))] if text else []
    blocks: list[Block] = []
    after_blank_line = False
    for group in _groups(text, sentences):
        end = group[-1].index + 1
        whole = Span(
            group[0].span.start if blocks else 0,
            sentences[end].span.start if end < len(sentences) else len(text),
        )
        blocks.append(Block(group[0].kind, after_blank_line, tuple(_pieces(text, whole, group))))
        after_blank_line = _line_ends(text[group[-1].span.end : whole.end]) > 1
    return blocks


def _groups(text: str, sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    group = [sentences[0]]
    for before, sentence in pairwise(sentences):
        if before.kind is not sentence.kind or _line_ends(text[before.span.end : sentence.span.start]):
            yield group
            group = []
        group.append(sentence)
    yield group


def _pieces(text: str, whole: Span, group: Sequence[Sentence]) -> Iterator[Piece]:
    at = whole.start
    for sentence in group:
        if at < sentence.span.start:
            yield Piece(text[at : sentence.span.start], None)
        yield Piece(sentence.span.of(text), sentence.index)
        at = sentence.span.end
    if at < whole.end:
        yield Piece(text[at : whole.end], None)


def _line_ends(gap: str) -> int:
    return len(_LINE_END.findall(gap))
