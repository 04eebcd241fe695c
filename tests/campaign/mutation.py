"""Right inputs → wrong ones: bytes, texts and JSON values, changed a little or much."""

from __future__ import annotations

import random
from collections.abc import Sequence

from pydantic import JsonValue

Chance = random.Random
_ODD_BYTES = (
    *(b"\x00", b"\xff", b"\xfe\xff", b"\r\n", b"<", b">", b"&#0;", b"]]>", b'"'),
    *(b"\\u0000", b"\xed\xa0\x80", b"%00", b"PK"),
)
_ODD_TEXTS = (
    *("", " ", "\x00", "\ud800", "\u202e", "\u0301" * 50, "👩\u200d👩\u200d👧", "../../etc/passwd", "' OR 1=1 --", "<script>"),
    *("{{7*7}}", "[" * 300, "a" * 2_000, "-1", "1e999", "NaN", "9" * 40, "2024-02-30", "0000-00-00T00:00:00Z", "+99999-01-01"),
    *("https://[::1", "javascript:alert(1)", "\\", "%", "null", "true", "*", "?" * 200, "\n" * 200, "who " * 400),
)
_ODD_VALUES: tuple[JsonValue, ...] = (
    *(None, True, 0, -1, 2**63, 2**200, 1e308, -0.0, 1.5, [], {}, [[]], [None], {"": ""}, {"a": {"a": {"a": {}}}}),
    *_ODD_TEXTS,
)


def mutated_bytes(data: bytes, chance: Chance, others: Sequence[bytes] = ()) -> bytes:
    """The data with one to six changes; `others` are what pieces may come from."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        at = chance.randrange(len(changed) + 1)
        to = min(len(changed), at + chance.choice((1, 2, 8, 100, 1_000)))
        match chance.randrange(9):
            case 0 if at < len(changed):
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                changed[at:at] = chance.choice(_ODD_BYTES) * chance.choice((1, 1, 10, 1_000))
            case 2:
                del changed[at:to]
            case 3:
                changed[at:at] = changed[at:to] * chance.choice((1, 2, 50))
            case 4:
                del changed[at:]
            case 5:
                changed[at:to] = bytes(to - at)
            case 6:
                changed[at:to] = chance.randbytes(to - at)
            case 7 if others:
                piece = chance.choice(others)
                begin = chance.randrange(len(piece) + 1)
                changed[at:to] = piece[begin : begin + chance.choice((10, 200, 2_000))]
            case _:
                changed[at:to] = bytes(reversed(changed[at:to]))
    return bytes(changed)


def odd_text(chance: Chance) -> str:
    """A text that somebody may type, or send to do harm."""
    pieces = [chance.choice(_ODD_TEXTS) for _ in range(chance.choice((1, 1, 2, 4)))]
    if chance.random() < 0.5:
        pieces.append("".join(chr(chance.randrange(0x110000)) for _ in range(chance.choice((1, 5, 60)))))
    return chance.choice(("", " ", "\n")).join(pieces)


def mutated_json(value: JsonValue, chance: Chance) -> JsonValue:
    """The value with one place replaced, left out, repeated, or named otherwise."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        name = chance.choice(list(value))
        changed = dict(value)
        match chance.randrange(6):
            case 0:
                del changed[name]
            case 1:
                changed[odd_text(chance)] = changed.pop(name)
            case 2:
                changed[odd_text(chance)] = chance.choice(_ODD_VALUES)
            case _:
                changed[name] = mutated_json(changed[name], chance)
        return changed
    if isinstance(value, list) and value and chance.random() < 0.8:
        items = list(value)
        at = chance.randrange(len(items))
        if chance.random() < 0.3:
            return items * chance.choice((2, 30))
        items[at] = mutated_json(items[at], chance)
        return items
    if isinstance(value, str) and chance.random() < 0.3:
        at = chance.randrange(len(value) + 1)
        return value[:at] + odd_text(chance) + value[at:]
    return chance.choice(_ODD_VALUES)
