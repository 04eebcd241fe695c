"""A text → its sentences with exact offsets and kinds. Sentences and the gaps between them join to the text again.

The text is split into lines, then each line into sentences (sentencex). Lines of a paragraph that was wrapped at a fixed
width (PDF, e-mail, Markdown) are joined before splitting. Each line end becomes one blank, so no offset moves. A table's row
is one sentence, of the kind of a list item.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from sentencex import get_sentence_boundaries

from qa.base.types import Sentence, SentenceKind, Span
from qa.corpus.boilerplate import is_boilerplate, is_link_line, opens_link_list
from qa.corpus.list_statements import MARKER, stating_items
from qa.corpus.sentence_endings import ends_like_a_sentence
from qa.corpus.tables import TablePart, cells_of, parts_of_tables

log = logging.getLogger(__name__)

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
# sentencex 1.0.32 panics on some white space outside ASCII. A blank in its place gives the same split.
_ODD_WHITE_SPACE = re.compile(r"[^\S ]")
_MARKDOWN_HEADING = re.compile(r"\s{0,3}#{1,6}\s+\S|\s*(?:=+|-{3,}|\*{3,}|_{3,})\s*$")
# "1." or a lone quotation mark belongs to the next sentence
_NO_SENTENCE = re.compile(r"\W*+(?P<label>\d{1,3}|[a-zA-Z])?+\W*+")
_MARKS = re.compile(r"\W*+(?P<label>(?!))?+")
# In these languages a dot makes an ordinal, "im 18. Jahrhundert". sentencex handles this only in dates.
_WITH_ORDINALS = frozenset("cs da de et fi hr hu is lv nb nn no pl sk sl sr tr".split())
_ENDS_IN_ORDINAL = re.compile(r"(?:^|\D)\d{1,2}\.\s*$")
# Where sentencex cuts initials that stand close together, "Rep. Stefanik, R-N.Y., said" or "R-S.D.".
_AMONG_INITIALS = re.compile(r"(?<![^\W\d_])[A-Z]\.[A-Z]\.")
_LONGEST_HEADING = 100  # characters
_LONGEST_ROW = 400  # characters of a table's row that is quoted whole; the cells of a longer one hold paragraphs
_WINDOW = 10_000  # characters of a line that are split at once
_SEEN_WHOLE = 7_500  # of these, those behind which enough follows to tell where sentences begin
_WRAP_WIDTHS = range(40, 121)  # characters; widths at which files are wrapped


@dataclass(frozen=True, slots=True)
class _Line:
    """One line, or several that were one paragraph. `gap_before`: a blank line precedes it."""

    span: Span
    text: str
    gap_before: bool
    table_part: TablePart | None = None

    @property
    def is_list_item(self) -> bool:
        return MARKER.match(self.text) is not None

    @property
    def is_row_of_facts(self) -> bool:
        """Whether it is a table's row with at least two cells that say something, short enough to be quoted whole."""
        return (
            self.table_part is TablePart.ROW
            and len(self.text) <= _LONGEST_ROW
            and sum(cell is not None for cell in cells_of(self.text)) > 1
        )

    @property
    def ends_like_a_sentence(self) -> bool:
        return ends_like_a_sentence(self.text)


def split_sentences(text: str, *, language: str | None = None, heartbeat: Callable[[], None] = lambda: None) -> list[Sentence]:
    """The sentences of `text` in order; none is blank, none overlap, and only white space is between them.

    `language` is an ISO 639-1 code for sentencex; English if unknown. Joining sentences and gaps gives exactly `text`.
    `heartbeat` is called often; an error that it raises ends the work.
    """
    lines = list(_paragraphs(text))
    kinds = _kinds(lines)
    sentences: list[Sentence] = []
    for line, kind in zip(lines, kinds, strict=True):
        for span in _spans_within(line, language or "en", heartbeat):
            boilerplate = kind is not SentenceKind.HEADING and is_boilerplate(span.of(text))
            sentences.append(Sentence(len(sentences), span, SentenceKind.BOILERPLATE if boilerplate else kind))
    return sentences


def _paragraphs(text: str) -> Iterator[_Line]:
    """Non-blank lines; lines of a wrapped paragraph count as one."""
    block: list[_Line] = []
    previous_end = 0
    for match in _LINE.finditer(text):
        if not match[0].strip():
            continue
        between = text[previous_end : match.start()]
        gap = previous_end == 0 or between.count("\n") + between.count("\r") > 1 + between.count("\r\n")
        if gap and block:
            yield from _unwrap(text, block)
            block = []
        block.append(_Line(Span(match.start(), match.end()), match[0], gap))
        previous_end = match.end()
    yield from _unwrap(text, block)


def _unwrap(text: str, block: list[_Line]) -> Iterator[_Line]:
    """The block's lines, joined if a sentence continues on the next line."""
    parts = parts_of_tables([line.text for line in block])
    block = [replace(line, table_part=part) if part else line for line, part in zip(block, parts, strict=True)]
    wrapped = _is_wrapped(block)
    joined: list[_Line] = []
    for line in block:
        if joined and not _goes_on(joined[-1], line, wrapped=wrapped):
            yield _joined(text, joined)
            joined = []
        joined.append(line)
    if joined:
        yield _joined(text, joined)


def _joined(text: str, lines: list[_Line]) -> _Line:
    if len(lines) == 1:
        return lines[0]
    span = Span(lines[0].span.start, lines[-1].span.end)
    return _Line(span, span.of(text), lines[0].gap_before)


def _is_wrapped(block: list[_Line]) -> bool:
    """Whether it has at least three lines of nearly equal width, at least half of which end inside a sentence."""
    if len(block) < 3:
        return False
    full = [len(line.text.rstrip()) for line in block[:-1]]
    widest = max(full)
    return (
        widest in _WRAP_WIDTHS
        and sum(width >= 0.7 * widest for width in full) >= 0.8 * len(full)
        and sum(not line.ends_like_a_sentence for line in block[:-1]) >= 0.5 * len(full)
    )


def _goes_on(line: _Line, following: _Line, *, wrapped: bool) -> bool:
    if line.table_part or following.table_part:
        return False
    if following.is_list_item or _MARKDOWN_HEADING.match(following.text) or _MARKDOWN_HEADING.match(line.text):
        return False
    if opens_link_list(line.text) or opens_link_list(following.text):
        return False
    if wrapped:
        return True
    return not line.ends_like_a_sentence and following.text.lstrip()[:1].islower() and not line.text.rstrip().endswith(":")


def _kinds(lines: list[_Line]) -> list[SentenceKind]:
    """The kind of each line, which its sentences inherit."""
    punctuated = any(line.ends_like_a_sentence for line in lines)
    headings = [False, *(_is_heading(line, punctuated=punctuated) for line in lines[:-1])]
    stating = stating_items([line.text for line in lines], headings)
    kinds: list[SentenceKind] = []
    in_link_list = introduced = False
    for line, states in zip(lines, stating, strict=True):
        statement = line.ends_like_a_sentence or not punctuated or states
        if opens_link_list(line.text):
            in_link_list = True
        elif not line.is_list_item:
            story = _states_something(line) or (line.gap_before and len(line.text) > _LONGEST_HEADING)
            in_link_list = in_link_list and not story
        kinds.append(_kind(line, statement=statement, in_link_list=in_link_list, introduced=introduced))
        # After "Three things changed:", unpunctuated list items are statements
        introduced = line.text.rstrip().endswith(":") or (introduced and line.is_list_item)
    return kinds


def _states_something(line: _Line) -> bool:
    """Whether it ends as a sentence does, and is no headline that asks: "Will the harbour close?"."""
    asks = line.text.rstrip().endswith("?") and len(line.text) <= _LONGEST_HEADING
    return line.ends_like_a_sentence and not asks


def _is_heading(line: _Line, *, punctuated: bool) -> bool:
    if _MARKDOWN_HEADING.match(line.text):
        return True
    return punctuated and not line.ends_like_a_sentence and not line.is_list_item and len(line.text.strip()) <= _LONGEST_HEADING


def _kind(line: _Line, *, statement: bool, in_link_list: bool, introduced: bool) -> SentenceKind:
    if in_link_list or is_link_line(line.text):
        return SentenceKind.BOILERPLATE
    if _MARKDOWN_HEADING.match(line.text) or line.table_part in (TablePart.HEAD, TablePart.RULE):
        return SentenceKind.HEADING
    if line.is_row_of_facts:
        return SentenceKind.LIST_ITEM
    if line.is_list_item:
        return SentenceKind.LIST_ITEM if statement or introduced else SentenceKind.HEADING
    short = len(line.text.strip()) <= _LONGEST_HEADING
    return SentenceKind.HEADING if short and not statement else SentenceKind.PROSE


def _spans_within(line: _Line, language: str, heartbeat: Callable[[], None]) -> Iterator[Span]:
    """Spans of the line's sentences in the whole text, non-blank and without white space at the ends."""
    is_whole = line.table_part in (TablePart.HEAD, TablePart.RULE) or line.is_row_of_facts
    pieces = [(0, len(line.text))] if is_whole else _boundaries(_ODD_WHITE_SPACE.sub(" ", line.text), language, heartbeat)
    for start, end in pieces:
        piece = line.text[start:end]
        lead = len(piece) - len(piece.lstrip())
        body = piece.strip()
        if body:
            first = line.span.start + start + lead
            yield Span(first, first + len(body))


def _boundaries(text: str, language: str, heartbeat: Callable[[], None]) -> list[tuple[int, int]]:
    """The pieces of sentencex, adjusted to cover the text without gap or overlap."""
    pieces: list[tuple[int, int]] = []
    last = _Piece()
    for start, end in pairwise([*_starts(text, language, heartbeat), len(text)]):
        if last.goes_on:
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
            last = _Piece()
        last.take(text, start, end, language)
    return pieces


@dataclass(slots=True)
class _Piece:
    """What is known of a piece that is joined of parts: each part is looked at once."""

    goes_on: bool = False  # it does not end at the end of a sentence
    is_no_sentence: bool = True
    has_label: bool = False  # a number or letter

    def take(self, text: str, start: int, end: int, language: str) -> None:
        """Take the next part of the piece."""
        part = (_MARKS if self.has_label else _NO_SENTENCE).fullmatch(text, start, end) if self.is_no_sentence else None
        self.is_no_sentence = part is not None
        self.has_label = self.has_label or (part is not None and part["label"] is not None)
        has_ordinal = language in _WITH_ORDINALS and _ENDS_IN_ORDINAL.search(text[start:end]) is not None
        among_initials = end > 1 and _AMONG_INITIALS.match(text, end - len("N.")) is not None
        self.goes_on = self.is_no_sentence or has_ordinal or among_initials


def _starts(text: str, language: str, heartbeat: Callable[[], None]) -> Iterator[int]:
    """Where the pieces of sentencex begin, ascending from 0.

    Its time is quadratic in the length, so a long line is split window by window. Each window begins with a sentence, and what
    is found near its end counts only in the next one, which sees what follows. One that is longer than that is seen in parts.
    """
    yield 0
    at = 0
    while len(text) - at > _WINDOW:
        found = [start for start in _starts_within(text[at : at + _WINDOW], language) if start <= _SEEN_WHOLE]
        yield from (at + start for start in found)
        heartbeat()
        is_long = not found or found[-1] < _WINDOW - _SEEN_WHOLE
        at += _SEEN_WHOLE if is_long else found[-1]
    yield from (at + start for start in _starts_within(text[at:], language))
    heartbeat()


def _starts_within(text: str, language: str) -> list[int]:
    """Where the second piece and the later ones begin."""
    try:
        starts = {piece["start_index"] for piece in get_sentence_boundaries(language, text)}
    except BaseException as error:  # a Rust panic is not an Exception; everything else is raised again
        if type(error).__name__ != "PanicException":
            raise
        log.warning("sentencex panicked on %d characters; they stay one sentence", len(text))
        return []
    return sorted(start for start in starts if 0 < start < len(text))
