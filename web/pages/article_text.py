"""An article and its sentences → blocks for a page, as people read them.

The pieces of all blocks join to the text again, but for what is shown otherwise than it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.base.types import Article, Sentence, SentenceKind, Span
from qa.corpus.display.displayed import Displayed

_LINE_END = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Piece:
    """What is shown of consecutive characters: the sentence of this index, or, where it is None, what lies between two."""

    text: str
    sentence_index: int | None


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences of one kind that stand together. `after_blank_line`: a paragraph of its own, not just a new line."""

    kind: SentenceKind
    after_blank_line: bool
    pieces: tuple[Piece, ...]


def blocks_of(article: Article, sentences: Sequence[Sentence]) -> list[Block]:
    """The text in blocks: a new one wherever a line ends between two sentences, or the kind changes.

    What lies between two blocks ends the first; what lies before the first sentence begins it. A block of marks alone is left
    out. `sentences` are all those of the text, in order.
    """
    text, displayed = article.text, Displayed(article)
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
        blocks.append(Block(group[0].kind, after_blank_line, tuple(_pieces(displayed, whole, group))))
        after_blank_line = _line_ends(text[group[-1].span.end : whole.end]) > 1
    return [block for block in blocks if any(piece.text.strip() for piece in block.pieces)]


def _groups(text: str, sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    group = [sentences[0]]
    for before, sentence in pairwise(sentences):
        if before.kind is not sentence.kind or _line_ends(text[before.span.end : sentence.span.start]):
            yield group
            group = []
        group.append(sentence)
    yield group


def _pieces(displayed: Displayed, whole: Span, group: Sequence[Sentence]) -> Iterator[Piece]:
    at = whole.start
    for sentence in group:
        if at < sentence.span.start:
            yield Piece(displayed.in_text(Span(at, sentence.span.start)), None)
        if displayed.has_bullet(sentence.span):
            yield Piece("• ", None)
        yield Piece(displayed.in_text(sentence.span), sentence.index)
        at = sentence.span.end
    if at < whole.end:
        yield Piece(displayed.in_text(Span(at, whole.end)), None)


def _line_ends(gap: str) -> int:
    return len(_LINE_END.findall(gap))
