"""A short answer → what it says: an amount, days, a name, or only words; and whether two answers say the same.

Answers that are amounts, days or names of one kind exclude each other where they are not the same. Words alone never do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from qa.answer.same_answer import Likeness, likenesses, normalised
from qa.answer.statements.names import holds_name, same_name
from qa.answer.statements.quantities import Quantity, is_about, quantities
from qa.answer.statements.units import MEASURES, SCALES
from qa.answer.word_weights import FUNCTION_WORDS
from qa.base.types import DateRange, ValueKind

DaysIn = Callable[[str, date], Sequence[DateRange]]  # of a text that was written on a day

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_WEEKDAY = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
    r"|(?:maan|dins|woens|donder|vrij|zater|zon)dag"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b",
    re.IGNORECASE,
)
_DOTTED_DAY = re.compile(r"(?<=\d)\.(?= [^\W\d_])")  # in German, of which a month alone reads as English
_CLOCK = re.compile(
    r"\b(?P<hour>[01]?\d|2[0-4])(?:[.:](?P<minute>[0-5]\d))?\s?(?P<half>a\.?m|p\.?m|uhr|h\b)|\b(?P<plain>(?:[01]?\d|2[0-3]):[0-5]\d)\b"
    r"|\b(?P<word>noon|midday|midnight|mittags?|mitternacht|midi|minuit|mediodía|medianoche)\b",
    re.IGNORECASE,
)
_OLD_YEAR = re.compile(r"\b1[0-8]\d\d\b(?![.,]\d)")
_FIRST_WORDS = 2  # of an answer that is an amount, though no amount was asked for
_LONGEST_UNIT = 20
_ENDS_WITH_NUMBER = re.compile(r"[\w.]\Z")
_CLAUSE_END = re.compile(r"[,.;:!?()–—\"”]")
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_WORDS_BEHIND = 3
_MIDNIGHTS = frozenset(("midnight", "mitternacht", "minuit", "medianoche"))
_HOW = "many|old|long|far|high|tall|deep|big|large|wide|heavy|fast|often|much"
_ASKED = (
    (ValueKind.NUMBER, rf"how (?:{_HOW})|what (?:percentage|share|number)"),
    (
        ValueKind.NUMBER,
        r"wie ?(?:viele?|alt|lange?|hoch|tief|gro(?:ß|ss)|teuer|weit)|combien|cuánt[oa]s?|hoeveel|quel (?:âge|nombre)",
    ),
    (
        ValueKind.NUMBER,
        r"(?:what|how) (?:is|was|are|were|did|does|do) .*\b(?:cost|price|fare|budget|toll|number|count|total|age)",
    ),
    (
        ValueKind.NUMBER,
        r"(?:turnout|attendance|population|number of|height|weight)|.*\b(?:how many|turnout|square \w+)",
    ),  # keywords
    (ValueKind.DATE, r"(?:what )?(?:\w+ )?date (?:of|for|did)"),
    (ValueKind.DATE, r"(?:since )?when|(?:at |on |in )?(?:what|which) (?:day|date|time|year|month)"),
    (ValueKind.DATE, r"(?:seit |ab )?wann|(?:depuis )?quand|(?:desde )?cuándo|wanneer|à quelle heure"),
    (ValueKind.NAME, r"who(?:m|se)?|where|wer|wen|wem|wo|qui|où|quién(?:es)?|dónde|wie is|waar|what(?:'s| is| was) the name"),
    (ValueKind.NAME, r"(?:which|what) (?:company|firm|team|club|country|town|city|port|ship|street|party|bank|school|architect)"),
)
_CHOICE = re.compile(
    r"\W*(?:(?:in |of |by |with )?(?:what|which) (?:kind|sort|type|colou?r|chemical|material|language|breed|make|model|brand)\b"
    r"|welche[rsnm]?\b|was für|(?:de )?(?:quel(?:le)?|qué|cuál)\b)",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\b(?:how old|(?:what|which) (?:is |was )?(?:[\w’']+ )?age|age of|wie alt|hoe oud|quel âge|qué edad|cuántos años)\b",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(
    r"\b(?:how many|wie ?viele|combien d[e']|cuánt[oa]s|hoeveel)\s?(?P<counted>[^\W\d_]+(?:[ -][^\W\d_]+){0,2})", re.IGNORECASE
)
_KINDS = tuple(
    (kind, re.compile(rf"\W*(?:(?:and|so|und|et|y)\s)?(?:{words})(?:\b|(?=['’]))", re.IGNORECASE)) for kind, words in _ASKED
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for; TEXT where its words do not tell.

    `is_choice`: for one of a sort, such as a colour. `counted` are the first words after "how many". `unit` is the word for
    what a number that stands alone counts: years for an age, yards where "how many rushing yards" is asked.
    """

    kind: ValueKind
    is_choice: bool
    counted: tuple[str, ...]
    unit: str | None

    @classmethod
    def by(cls, question: str) -> Asked:
        kind = next((kind for kind, pattern in _KINDS if pattern.match(question)), ValueKind.TEXT)
        found = _HOW_MANY.search(question)
        words = _LETTERS.findall(found["counted"].lower()) if found else ()
        counted = tuple(takewhile(lambda word: word not in FUNCTION_WORDS, words))
        unit = "years" if _AGE.search(question) else next((word for word in counted if word in MEASURES), None)
        return cls(kind, _CHOICE.match(question) is not None, counted, unit)


@dataclass(frozen=True, slots=True)
class Value:
    """What a short answer says. `quantity` is that of an amount, `days` and `clock`, in minutes, those of a time.

    `counted` are the words beside an amount. `is_choice`: the question asks for one of a sort, such as a colour, of which a
    thing has one. `has_year`: its days are in a year that is named, or meant by "Monday" and the like.
    """

    kind: ValueKind
    words: str
    quantity: Quantity | None = None
    days: tuple[DateRange, ...] = ()
    clock: frozenset[int] = frozenset()
    has_year: bool = False
    is_choice: bool = False
    counted: tuple[str, ...] = ()

    @property
    def excludes_others(self) -> bool:
        """Whether another value of its kind contradicts it."""
        return self.kind is not ValueKind.TEXT or self.is_choice

    def compares_with(self, other: Value) -> bool:
        """Whether both say something of one sort, so that they can differ."""
        if self.quantity is not None and other.quantity is not None:
            one_is_money = self.quantity.is_money is not other.quantity.is_money
            counts_else = one_is_money and (self._counts_things or other._counts_things)
            return self.quantity.measures_as(other.quantity) and not counts_else
        return self.kind is other.kind

    @property
    def _counts_things(self) -> bool:
        """Whether its words name what a bare number counts: "40 million bottles", of which none is money."""
        words = (word for word in _LETTERS.findall(self.words) if word.lower() not in SCALES and not quantities(word))
        return self.quantity is not None and self.quantity.unit is None and not all(map(is_about, words))

    def same(self, other: Value) -> bool:
        """Whether both say the same, each as exactly as it says it."""
        if normalised(self.words) == normalised(other.words) != "":
            return self.kind is not ValueKind.DATE or not _WEEKDAY.search(self.words) or self._same_time(other)
        if self.quantity is not None and other.quantity is not None:
            return self.quantity.same(other.quantity)
        if ValueKind.DATE is self.kind is other.kind:
            return self._same_time(other)
        if ValueKind.NAME in (self.kind, other.kind):
            return same_name(self.words, other.words)
        return bool(likenesses([self.words], [other.words])[0, 0] > Likeness.OTHER)

    def _same_time(self, other: Value) -> bool:
        if self.clock and other.clock and not self.clock & other.clock:
            return False
        if self.days and other.days:
            return any(_meet(self, one, other, another) for one in self.days for another in other.days)
        return bool(self.clock & other.clock)


def value_of(asked: Asked, answer: str, behind: str, language: str, written: date | None, days_in: DaysIn) -> Value:
    """What the answer to such a question says, in an article of this day and language.

    `behind` is what follows the answer in its sentence: a number's unit often stands there.
    """
    words = Value(ValueKind.TEXT, answer, is_choice=asked.is_choice)
    if asked.kind is ValueKind.DATE:
        year = _OLD_YEAR.search(answer)
        if year is not None:
            return Value(ValueKind.DATE, answer, Quantity(float(year[0]), None, 1.0))
        return _time(answer, written, days_in) or words
    if asked.kind is ValueKind.NAME:
        return Value(ValueKind.NAME, answer) if answer != answer.lower() else words
    time = _time(answer, written, days_in) if asked.kind is ValueKind.TEXT else None
    if time is not None and time.days:
        return time
    amounts = quantities(answer, language)
    if len(amounts) == 1 and amounts[0].unit is None and _ENDS_WITH_NUMBER.search(answer):
        amounts = quantities(answer + behind[:_LONGEST_UNIT], language)
    if amounts and (asked.kind is ValueKind.NUMBER or quantities(" ".join(answer.split()[:_FIRST_WORDS]), language)):
        amount = _asked_for(asked, answer + behind[:_LONGEST_UNIT], len(answer), language) or amounts[0]
        amount = amount.counting(asked.unit) if asked.unit and amount.unit is None else amount
        kind = ValueKind.MONEY if amount.is_money else ValueKind.NUMBER
        return Value(kind, answer, amount, counted=_counted(answer, behind))
    return words


def _asked_for(asked: Asked, words: str, end: int, language: str) -> Quantity | None:
    """Of several amounts before the place, the one right before what is counted: "75 people in 13 states" for states."""
    if not asked.counted:
        return None
    named = re.compile(rf"\b(?:{'|'.join(map(re.escape, asked.counted))})\b", re.IGNORECASE)
    before = (quantities(words[: found.start()], language) for found in named.finditer(words) if found.start() <= end + 1)
    return next((amounts[-1] for amounts in before if amounts), None)


def _counted(answer: str, behind: str) -> tuple[str, ...]:
    """The words of an amount and the first ones behind it, among them the noun that it counts, such as "jobs"."""
    clause = _CLAUSE_END.split(behind, maxsplit=1)[0]
    return (*_LETTERS.findall(answer), *_LETTERS.findall(clause)[:_WORDS_BEHIND])


def is_said_in(value: Value, text: str, language: str, written: date | None, days_in: DaysIn) -> bool:
    """Whether a longer text, of an article of this day and language, names the value."""
    if value.quantity is not None:
        return any(value.quantity.same(amount) for amount in quantities(text, language))
    if value.kind is ValueKind.DATE:
        time = _time(text, written, days_in)
        return time is not None and value.same(time)
    if value.kind is ValueKind.NAME:
        return holds_name(text, value.words)
    return f" {normalised(value.words)} " in f" {normalised(text)} "


def _time(answer: str, written: date | None, days_in: DaysIn) -> Value | None:
    days = tuple(days_in(_DOTTED_DAY.sub("", answer), written or date.max)) if written or _YEAR.search(answer) else ()
    if days and _WEEKDAY.search(answer) and not re.search(r"\d", answer):
        days += tuple(DateRange(one.span, one.first + timedelta(7), one.last + timedelta(7)) for one in days)  # the coming one
    clock = frozenset(_minutes(found) for found in _CLOCK.finditer(answer))
    if not days and not clock:
        return None
    names_no_year = re.search(r"\d", answer) is not None and _YEAR.search(answer) is None
    return Value(ValueKind.DATE, answer, days=days, clock=clock, has_year=not names_no_year)


def _minutes(found: re.Match[str]) -> int:
    if found["word"]:
        return 0 if found["word"].lower() in _MIDNIGHTS else 12 * 60
    if found["plain"]:
        hour, minute = map(int, found["plain"].split(":"))
        return hour * 60 + minute
    hour, half = int(found["hour"]), found["half"].lower().replace(".", "")
    if half in {"am", "pm"}:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour * 60 + int(found["minute"] or 0)


def _meet(value: Value, one: DateRange, other_value: Value, other: DateRange) -> bool:
    """Whether two ranges share a day; in any year, where one of them names none."""
    if value.has_year and other_value.has_year:
        return one.first <= other.last and other.first <= one.last
    years = (other.first.year - one.first.year) if not value.has_year else 0
    back = (one.first.year - other.first.year) if not other_value.has_year else 0
    try:
        first, last = _moved(one, years)
        other_first, other_last = _moved(other, back if years == 0 else 0)
    except ValueError:  # 29 February
        return False
    return first <= other_last and other_first <= last


def _moved(days: DateRange, years: int) -> tuple[date, date]:
    return days.first.replace(year=days.first.year + years), days.last.replace(year=days.last.year + years)
