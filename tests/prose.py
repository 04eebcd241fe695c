"""Files of Markdown → how long their sentences are.

    python tests/prose.py [FILE.md …]

Prints for each file the number of sentences, the median of their words, and the sentences over 35 words. Without files it
takes all documentation. A span of code is one word. The median leaves out headings, tables and blocks of code; a
cell of a table may not be longer than a sentence either.
"""

from __future__ import annotations

import re
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 35
_CODE_BLOCK = re.compile(r"^```(?:.|\n)*?^```$|^(?: {4}|\t).*$", re.MULTILINE)
_ROW = re.compile(r"^\|.*$", re.MULTILINE)
_NOT_PROSE = re.compile(r"^(?:#|<!--|\[//\]:).*$", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n\s*\n|\n\s*(?:[-*]|\d+\.) ")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SENTENCE_END = re.compile(r"(?<=[.!?:])[\"”)*]* (?=[A-Z\"“(*`])")


@dataclass(frozen=True, slots=True)
class Prose:
    """The sentences of one file, and the cells of its tables."""

    sentences: list[str]
    cells: list[str]

    @property
    def median(self) -> float:
        """Of the words of a sentence."""
        return statistics.median(map(words_in, self.sentences)) if self.sentences else 0

    @property
    def too_long(self) -> list[str]:
        """The sentences, also those in cells, of more than LONGEST words."""
        return [sentence for sentence in (*self.sentences, *self.cells) if words_in(sentence) > LONGEST]


def prose_of(markdown: str) -> Prose:
    """What a reader reads of a page of Markdown."""
    text = _CODE_BLOCK.sub("", markdown)
    rows = _ROW.findall(text)
    cells = [sentence for row in rows for cell in re.split(r"(?<!\\)\|", row) for sentence in _sentences(cell)]
    text = _NOT_PROSE.sub("\n", _ROW.sub("\n", text))
    return Prose([sentence for paragraph in _PARAGRAPH.split(text) for sentence in _sentences(paragraph)], cells)


def words_in(sentence: str) -> int:
    """The number of its words; a span of code counts as one."""
    return len(re.sub(r"`[^`]*`", "code", sentence).split())


def _sentences(paragraph: str) -> Iterator[str]:
    plain = " ".join(_LINK.sub(r"\1", paragraph).split())
    yield from (sentence for sentence in _SENTENCE_END.split(plain) if re.search(r"\w", sentence))


def pages() -> list[Path]:
    """README, the pages of the manual, the figures of quality, and the reader's card."""
    others = ("README.md", "tests/quality/README.md", "qa/answer/models/reader/MODEL_CARD.md", "indexes/README.md")
    return [*(ROOT / name for name in others), *sorted((ROOT / "qa" / "manual").glob("*.md"))]


def main(paths: list[Path]) -> None:
    for path in paths:
        prose = prose_of(path.read_text("utf-8"))
        print(f"{len(prose.sentences):4} sentences, median {prose.median:4.1f}, over {LONGEST}: {len(prose.too_long):2}  {path}")
        for sentence in prose.too_long:
            print(f"      {words_in(sentence)} words: {sentence}")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or pages())
