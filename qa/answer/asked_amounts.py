"""A question and the words that were found for it → whether an amount of theirs can be the one that is asked for, by its unit.

"How heavy …?" is not answered with metres, "what percentage …?" not with votes. Only amounts of a known other unit are
refused, and for a share words that name none. Questions are known in English, and some in German, French and Spanish.
"""

from __future__ import annotations

import re

from qa.answer.statements.quantities import Quantity, quantities

_LONGEST_UNIT = 20  # characters behind a number
_SHARE = re.compile(
    r"[%]|\b(?:per ?cent|percent\w*|prozent|pour cent|por ciento|half|third|quarter|tenth|fifths?|thirds|quarters|in (?:ten|\d+)"
    r"|in every|majority|all|most|none|hälfte|moitié|mitad)\b",
    re.IGNORECASE,
)
_HOW = r"(?:and |so )?how "
_WEIGHT = rf"{_HOW}heavy|{_HOW}much (?:does|did|do) .*\bweigh\b|.*\bweight of\b|wie schwer|combien pèse|cuánto pesa"
_LENGTH = rf"{_HOW}(?:tall|wide|thick|broad)|(?:what (?:is|was) )?the (?:height|width|depth) of|wie breit"
_AREA = rf"{_HOW}much (?:land|space|floor)|{_HOW}many (?:hectares|acres|square \w+)|.*\bsquare (?:met\w+|miles|kilomet\w+|feet)"
_WORTH = (
    rf"{_HOW}much (?:does|did|do|will|would|is|was|were|are|has|have) .*"
    r"\b(?:costs?|pays?|paid|worth|owe|spen[dt]|invest\w*|sold for)\b"
    r"|what (?:is|was|will be|did|does) (?:.*\b)?(?:the (?:price|cost|fare|fee)|cost)\b"
    r"|.*\b(?:costs?|price|fare|prize money|first prize)\Z"
    r"|was (?:kostete?n?|kosten)\b|combien (?:coûte|a coûté)|cuánto (?:cuesta|costó)"
)
_PERCENTAGE = (
    r"(?:(?:by|for|at) )?(?:what|which) (?:percentage|per ?cent|proportion)|(?:what was )?(?:the )?turnout\b|.*\bturnout\Z"
    r"|wie viel prozent|wie hoch .*\bbeteiligung"
)


def _asks(words: str) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{words})", re.IGNORECASE)


_UNITS = (
    (_asks(_WEIGHT), frozenset({"kg", "GBP"})),  # pounds are either
    (_asks(_LENGTH), frozenset({"m"})),
    (_asks(_AREA), frozenset({"m²"})),
)
_ASKS_WORTH, _ASKS_SHARE = _asks(_WORTH), _asks(_PERCENTAGE)


def asks_for_amount(question: str) -> bool:
    """Whether the question asks for an amount whose units are known here."""
    return bool(_ASKS_WORTH.match(question) or _ASKS_SHARE.match(question) or any(asked.match(question) for asked, _ in _UNITS))


def can_be_asked_amount(question: str, found: str, behind: str, language: str) -> bool:
    """Whether the words found can be the amount that is asked for, in a text of this language.

    `behind` is what follows them, where a unit often stands.
    """
    if _ASKS_SHARE.match(question):
        return _SHARE.search(found + behind[:_LONGEST_UNIT]) is not None
    amounts = quantities(found + behind[:_LONGEST_UNIT], language)
    if not amounts:
        return True
    if _ASKS_WORTH.match(question):
        return any(_can_be_money(amount) for amount in amounts)
    units = next((units for asked, units in _UNITS if asked.match(question)), None)
    return units is None or any(amount.unit is None or amount.unit in units for amount in amounts)


def _can_be_money(amount: Quantity) -> bool:
    """Not a measure; a share of a price, or a bare number, may be meant."""
    return amount.is_money or amount.unit in (None, "%")
