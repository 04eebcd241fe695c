"""A stretch of Markdown's words → edits that take its inline marks away.

Source: CommonMark 0.31.2, chapter 6. Beyond it: ~~struck out~~ words, footnotes, and raw HTML is taken away.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass, field
from html.entities import html5

from qa.base.types import Span
from qa.corpus.display.edits import Edit
from qa.corpus.display.emphasis import MarkRun, emphasis_edits, mark_run

_SPECIAL = re.compile(r"[\\`*_~\[\]<&]|!\[")
_RUN = re.compile(r"\*+|_+|~+")
_ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~\n]")
_BACKTICKS = re.compile(r"`+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ADDRESS = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*+|[\w.!#$%&'*+/=?^`{|}~-]++@[A-Za-z0-9.-]++)>")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*+(?:\s[^<>]*+|/)?+>|<[?!][A-Za-z][^<>]*+>")
_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_DESTINATION = r"(?:<(?:[^<>\n\\]|\\.)*+>|(?!<)(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*+\))*+\))*+)"
_TITLE = r"""(?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\))"""
_LINKED = re.compile(rf"\(\s*+{_DESTINATION}(?:\s++{_TITLE})?+\s*+\)", re.DOTALL)
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999}+)\]", re.DOTALL)
LONGEST_LABEL = 999  # characters


def label_key(label: str) -> str:
    """The form in which labels of links and footnotes are compared."""
    return " ".join(label.split()).casefold()


@dataclass(frozen=True, slots=True)
class InlineMarks:
    """The edits in order, and the pictures, whose words a page does not have."""

    edits: tuple[Edit, ...]
    pictures: tuple[Span, ...]


def inline_marks(text: str, labels: Collection[str]) -> InlineMarks:
    """`labels` are the keys of those that links and footnotes of the article define."""
    scan = _Scan(text, labels)
    at = 0
    while (found := _SPECIAL.search(text, at)) is not None:
        at = scan.passed(found.start())
    scan.emphasise(0)
    return InlineMarks(tuple(sorted(scan.edits)), tuple(sorted(scan.pictures)))


@dataclass(frozen=True, slots=True)
class _Bracket:
    """One that may begin a link or a picture; `runs` is how many runs of marks stand before it."""

    start: int
    is_picture: bool
    runs: int

    @property
    def inside(self) -> int:
        return self.start + 1 + self.is_picture


@dataclass(slots=True)
class _Scan:
    text: str
    labels: Collection[str]
    edits: list[Edit] = field(default_factory=list)
    pictures: list[Span] = field(default_factory=list)
    runs: list[MarkRun] = field(default_factory=list)
    brackets: list[_Bracket] = field(default_factory=list)
    without_links: int = 0  # so many of the brackets can begin no link, since they would hold one
    last_bracket: int = -1  # behind the last one that was passed
    backticks: dict[int, list[int]] | None = None  # where runs of each length begin
    has_comment_ends: bool = True

    def passed(self, at: int) -> int:
        """Take the mark at this place; where to go on."""
        mark = self.text[at]
        if mark == "\\":
            return self._escape(at)
        if mark == "`":
            return self._code(at)
        if mark in "*_~":
            end = _RUN.match(self.text, at).end()  # type: ignore[union-attr]  # it begins with such a mark
            self.runs.append(mark_run(self.text, at, end))
            return end
        if mark in "[!":
            self.brackets.append(_Bracket(at, mark == "!", len(self.runs)))
            self.last_bracket = self.brackets[-1].inside
            return self.last_bracket
        if mark == "]":
            end = self._closed(at)
            self.last_bracket = at + 1
            return end
        return self._tag(at) if mark == "<" else self._entity(at)

    def emphasise(self, first: int) -> None:
        """Resolve the runs of marks from this one on."""
        self.edits.extend(emphasis_edits(self.runs[first:]))
        del self.runs[first:]

    def _escape(self, at: int) -> int:
        if not _ESCAPED.match(self.text, at):
            return at + 1
        self.edits.append(Edit(at, at + 1))
        return at + 2

    def _code(self, at: int) -> int:
        opening = _BACKTICKS.match(self.text, at).end()  # type: ignore[union-attr]  # it begins with one
        closing = self._closing_backticks(opening - at, opening)
        if closing is None:
            return opening
        code = self.text[opening:closing]
        padded = len(code) > 1 and code[0] in " \n" and code[-1] in " \n" and not code.isspace()
        end = closing + opening - at
        self.edits += [Edit(at, opening + padded), Edit(closing - padded, end)]
        return end

    def _closing_backticks(self, length: int, behind: int) -> int | None:
        if self.backticks is None:
            self.backticks = {}
            for run in _BACKTICKS.finditer(self.text):
                self.backticks.setdefault(len(run[0]), []).append(run.start())
        places = self.backticks.get(length, [])
        at = bisect_left(places, behind)
        return places[at] if at < len(places) else None

    def _entity(self, at: int) -> int:
        entity = _ENTITY.match(self.text, at)
        if entity is None:
            return at + 1
        meant = html.unescape(entity[0]) if entity[0][1] == "#" else html5.get(entity[0][1:])
        if meant is None:
            return at + 1
        self.edits.append(Edit(at, entity.end(), meant))
        return entity.end()

    def _tag(self, at: int) -> int:
        if self.text.startswith("<!--", at):
            return self._comment(at)
        address = _ADDRESS.match(self.text, at)
        if address:
            self.edits += [Edit(at, at + 1), Edit(address.end() - 1, address.end())]
            return address.end()
        tag = _TAG.match(self.text, at)
        if tag is None:
            return at + 1
        self.edits.append(Edit(at, tag.end(), " " if _BREAK.match(tag[0]) else ""))
        return tag.end()

    def _comment(self, at: int) -> int:
        end = self.text.find("-->", at + 2) if self.has_comment_ends else -1
        if end < 0:
            self.has_comment_ends = False
            return at + 1
        self.edits.append(Edit(at, end + 3))
        return end + 3

    def _closed(self, at: int) -> int:
        """Behind the link or picture that the bracket at this place closes, if it closes one."""
        if not self.brackets:
            return at + 1
        opening = self.brackets.pop()
        may_link = opening.is_picture or len(self.brackets) >= self.without_links
        self.without_links = min(self.without_links, len(self.brackets))
        words = self.text[opening.inside : at] if self._holds_no_bracket(opening, at) else ""
        if words.startswith("^") and label_key(words) in self.labels:
            self.edits.append(Edit(opening.start, at + 1))
            return at + 1
        end = self._link_end(at, words) if may_link else None
        if end is None:
            return at + 1
        self.edits += [Edit(opening.start, opening.inside), Edit(at, end)]
        self.emphasise(opening.runs)
        if opening.is_picture:
            self.pictures.append(Span(opening.start, end))
        else:
            self.without_links = len(self.brackets)
        return end

    def _holds_no_bracket(self, opening: _Bracket, at: int) -> bool:
        return self.last_bracket == opening.inside and at - opening.inside <= LONGEST_LABEL

    def _link_end(self, at: int, words: str) -> int | None:
        """Behind the link whose words, which are its label where they hold no bracket, end at this place."""
        linked = _LINKED.match(self.text, at + 1) if self.text.startswith("(", at + 1) else None
        if linked:
            return linked.end()
        label = _LABEL.match(self.text, at + 1) if self.text.startswith("[", at + 1) else None
        if label and label[1].strip():
            return label.end() if label_key(label[1]) in self.labels else None
        if words and label_key(words) in self.labels:
            return label.end() if label else at + 1
        return None
