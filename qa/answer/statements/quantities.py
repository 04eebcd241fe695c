"""Words → the numbers in them, as amounts of a unit: "27m", "twenty-seven million" and "€27,000,000" are one amount.

Numbers in words are read in eight languages by text_to_num. Amounts of one unit family have one unit: 3 km are 3,000 m.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from text_to_num import alpha2digit  # type: ignore[import-untyped,unused-ignore]

from qa.answer.statements.units import CONVERTED, CURRENCIES, HUNDREDTHS, MEASURES, POWERS, SCALES

_LANGUAGES = frozenset(("en", "de", "fr", "es", "nl", "pt", "it", "da"))  # in which text_to_num reads numbers
_LONGEST = 300  # characters that are read; a short answer is shorter
# Whole words that stand for numbers, which text_to_num leaves as they are.
_WORDS = {"one": "1", "a": "1", "an": "1", "dozen": "12", "dozens": "", "half": "0.5", "no": "0", "none": "0", "zero": "0"}
_WORDS |= {"couple": "2", "pair": "2", "both": "2", "nobody": "0", "ein": "1", "eine": "1", "un": "1", "une": "1", "una": "1"}
_WORDS |= dict.fromkeys(("two", "zwei", "deux", "dos", "twee"), "2")
_ARTICLES = frozenset(("a", "an", "ein", "eine", "un", "une", "una"))
_OF = frozenset(("of", "de", "d", "di"))  # before a unit, as in "27 millions d'euros"
_FRACTION = re.compile(r"\b(\w+) and a half\b", re.IGNORECASE)
_HALF_OF = re.compile(r"\bhalf an? (?=\w)|\b(?:eine halbe|medio|un demi)[ -](?=mil)", re.IGNORECASE)
_TOKEN = re.compile(
    r"\d{1,3}(?:[,.'’\u00a0\u202f ]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)?"  # a number, with its groups of digits
    r"|us\$|[€$£¥₽₹%]|[^\W\d_]+"
)
_SCALES_IN_DIGITS = frozenset(("100", "1000", "1000000", "1000000000", "1000000000000"))
_ABOUT = frozenset(
    "about around nearly almost roughly some approximately close circa over under more less than at least up to as many most "
    "etwa rund fast mehr über unter knapp environ près plus presque unos unas cerca casi alrededor ongeveer bijna".split()
)
_CLOCKED = re.compile(r"\b(\d{1,2}):([0-5]\d):([0-5]\d)\b")
_DENIED = re.compile(
    r"\b(?:not|rather than|instead of|nicht|statt|et non|non pas|y no|en lugar de)\s.*?(?=\b(?:but|sondern|mais|sino)\b|\n|\Z)",
    re.IGNORECASE,
)
_AND = frozenset(("and", "und", "et", "y", "en", "e"))
_SUMMED = frozenset(("s", "m"))  # "two hours, 41 minutes", "six feet eleven inches"
_LITRES = 1_000  # in a cubic metre
_ROUND_FROM = 1_000.0  # a smaller number without "about" is meant to the last digit
_ROUNDED_BY = 0.015
_ABOUT_BY = 0.05
_CONVERTED_BY = 0.03


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of a unit, None for a bare number. `step` is what its last digit counts: 1e5 in "26.8 million".

    `is_about`: words such as "nearly" stand before it. `written_in` is how many of the unit the
    written one is: 0.9144 for yards in metres.
    """

    amount: float
    unit: str | None
    step: float
    is_about: bool = False
    written_in: float = 1.0

    @property
    def is_money(self) -> bool:
        return self.unit in CURRENCIES.values()

    def counting(self, word: str) -> Quantity:
        """A bare number as so many of the measure that a word names, such as years."""
        unit, factor = MEASURES[word]
        return replace(self, amount=self.amount * factor, unit=unit, step=self.step * factor, written_in=factor)

    def measures_as(self, other: Quantity) -> bool:
        """Whether both can be amounts of one thing: of one unit, or bare numbers beside amounts of money."""
        return self.unit == other.unit or (None in (self.unit, other.unit) and (self.is_money or other.is_money))

    def same(self, other: Quantity) -> bool:
        """Whether both can be one amount, each as exact as it is written."""
        if self.unit != other.unit:
            return None in (self.unit, other.unit) and self._bare.same(other._bare)
        leeway = max(self._leeway, other._leeway, self._leeway_of_conversion(other))
        return abs(self.amount - other.amount) <= leeway + 1e-9 * abs(self.amount)

    @property
    def _bare(self) -> Quantity:
        """The number as it is written, without its unit."""
        return replace(self, amount=self.amount / self.written_in, unit=None, step=self.step / self.written_in, written_in=1.0)

    def _leeway_of_conversion(self, other: Quantity) -> float:
        """Who tells in metres what was measured in yards rounds it; two amounts in yards are as exact as they are written."""
        is_converted = self.written_in != other.written_in and not CONVERTED.isdisjoint((self.written_in, other.written_in))
        return _CONVERTED_BY * max(abs(self.amount), abs(other.amount)) if is_converted else 0.0

    @property
    def _leeway(self) -> float:
        size = abs(self.amount)
        if self.is_about:
            return _ABOUT_BY * size
        return min(self.step / 2, _ROUNDED_BY * size) if size >= _ROUND_FROM else 0.0


def is_about(word: str) -> bool:
    """Whether the word says how exact a number is, as "nearly" does."""
    return word.lower() in _ABOUT


def quantities(words: str, language: str = "en") -> list[Quantity]:
    """The amounts in a text of this language, in its order; what is only denied ("nine and not twelve") is left out."""
    return _summed(_read(_tokens(_CLOCKED.sub(_in_units, _DENIED.sub("", words[:_LONGEST])), language)))


def _in_units(clocked: re.Match[str]) -> str:
    """A time that was taken, such as 2:39:54, with its units."""
    return f"{int(clocked[1])} hours {int(clocked[2])} minutes {int(clocked[3])} seconds"


def _summed(amounts: Iterable[tuple[Quantity, bool]]) -> list[Quantity]:
    """The amounts, "two hours, 41 minutes and 9 seconds" as one. Each comes with whether it goes on from the one before."""
    summed: list[Quantity] = []
    for one, goes_on in amounts:
        last = summed[-1] if summed else None
        if last is not None and goes_on and last.unit == one.unit and last.unit in _SUMMED and one.step < last.step:
            summed[-1] = replace(last, amount=last.amount + one.amount, step=one.step)
        else:
            summed.append(one)
    return summed


def _tokens(words: str, language: str) -> list[str]:
    lowered = _HALF_OF.sub("0.5 ", _FRACTION.sub(r"\1 point five", words.lower()))
    digits = str(alpha2digit(lowered, language if language in _LANGUAGES else "en"))
    return [match[0] for match in _TOKEN.finditer(digits)]


def _read(tokens: Sequence[str]) -> Iterator[tuple[Quantity, bool]]:
    """Each amount, and whether nothing but "and" stands between it and the one before."""
    at, last_end = 0, -1
    while at < len(tokens):
        number = _number(tokens, at)
        if number is None:
            at += 1
            continue
        amount, step, behind = number
        step = step if amount >= _ROUND_FROM else min(step, 1.0)
        unit, factor, end = _unit(tokens, behind + (behind < len(tokens) and tokens[behind] in _OF))
        if unit is None and at and tokens[at - 1] in CURRENCIES:
            unit = CURRENCIES[tokens[at - 1]]
        is_about = any(word in _ABOUT for word in tokens[max(0, at - 3) : at])
        goes_on = last_end >= 0 and all(token in _AND for token in tokens[last_end:at])
        yield Quantity(amount * factor, unit, step * factor, is_about, factor), goes_on
        at = last_end = end


def _number(tokens: Sequence[str], at: int) -> tuple[float, float, int] | None:
    """The amount, what its last digit counts, and the place behind it; None where no number stands."""
    text = _WORDS.get(tokens[at], tokens[at]) if _counts(tokens, at) else tokens[at]
    if not text[:1].isdecimal():  # "²" is a digit too, and no number
        return None
    amount, step = _digits(text)
    at += 1
    while at < len(tokens):
        scale = SCALES.get(tokens[at]) or (12.0 if tokens[at] == "dozen" else None) or _scale_in_digits(tokens[at], amount)
        if scale is None or (tokens[at] in {"m", "k"} and amount > _ROUND_FROM):
            break
        amount, step, at = amount * scale, step * scale, at + 1
    return amount, step, at


def _counts(tokens: Sequence[str], at: int) -> bool:
    """Whether a small word is meant as a number: "a" only before a scale, "one" and "none" alone or before a noun."""
    if tokens[at] not in _ARTICLES:
        return True
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    return any(following in words for words in (SCALES, _SCALES_IN_DIGITS, MEASURES))


def _scale_in_digits(token: str, amount: float) -> float | None:
    """text_to_num makes 1000000 of the "million" behind a number in digits."""
    return float(token) if token in _SCALES_IN_DIGITS and amount < float(token) else None


def _digits(text: str) -> tuple[float, float]:
    """The number in "27,5", "27.5", "1,250" or "1.250.000", and what its last written digit counts."""
    parts = re.split(r"[^\d]", text)
    grouped = len(parts) > 1 and all(len(part) == len("000") for part in parts[1:])
    if len(parts) == 1 or grouped:
        whole = "".join(parts)
        zeros = len(whole) - len(whole.rstrip("0")) if whole.strip("0") else 0
        return float(whole), 10.0**zeros
    amount = float("".join(parts[:-1]) + "." + parts[-1])
    return amount, 10.0 ** -len(parts[-1])


def _unit(tokens: Sequence[str], at: int) -> tuple[str | None, float, int]:
    """The unit behind a number, how many of it that is written are, and the place behind it."""
    token = tokens[at] if at < len(tokens) else ""
    if token == "per" and at + 1 < len(tokens) and tokens[at + 1] == "cent":
        return "%", 1.0, at + 2
    length = MEASURES.get(tokens[at + 1]) if token in POWERS and at + 1 < len(tokens) else None
    if length is not None and length[0] == "m":
        factor = length[1] ** POWERS[token]
        return ("m²", factor, at + 2) if token == "square" else ("l", factor * _LITRES, at + 2)
    if token in CURRENCIES:
        return CURRENCIES[token], 1.0, at + 1
    if token in HUNDREDTHS:
        return HUNDREDTHS[token], 0.01, at + 1
    if token in MEASURES:
        unit, factor = MEASURES[token]
        return unit, factor, at + 1
    return None, 1.0, at
