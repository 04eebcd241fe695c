"""Any text → text that is safe on a terminal, and counts and sizes in words.

Articles are hostile text. Whatever comes from one goes through `visible` or `on_one_line` before it is printed.
"""

from __future__ import annotations

import codecs
import io
import re
import sys

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_BLANKS = re.compile("[ \t\n]+")
_PLAIN = {"–": "-", "—": "-", "…": "...", "·": "|", "‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "}


def visible(text: str) -> str:
    r"""The text with control characters, direction overrides and lone surrogates as escapes such as \x1b.

    Line feeds and tabs stay; CRLF becomes a line feed.
    """
    return _UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text.replace("\r\n", "\n"))


def with_single_blanks(text: str) -> str:
    """`visible`, with each run of blanks, tabs and line feeds as one blank."""
    return _BLANKS.sub(" ", visible(text))


def on_one_line(text: str) -> str:
    """`with_single_blanks`, without blanks at its ends."""
    return with_single_blanks(text).strip(" ")


def size_in_words(count: int) -> str:
    """`812 bytes`, `1.2 MB`."""
    size, unit = float(count), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"


def prepare_streams() -> None:
    """Make stdout and stderr take any character, whatever their encoding, and stdin give any bytes as text."""
    codecs.register_error("qa", _replacement)
    for stream, errors in ((sys.stdout, "qa"), (sys.stderr, "qa"), (sys.stdin, "replace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def _replacement(error: UnicodeError) -> tuple[str | bytes, int]:
    """Look-alikes of typographic marks, else escapes, for an encoding that lacks them."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(_PLAIN.get(mark) or mark.encode("unicode_escape").decode("ascii") for mark in lost), error.end
