"""A question and the words that were found for it → whether an amount of theirs can be the one that is asked for, by its unit.

"How heavy …?" is not answered with metres, "what percentage …?" not with votes. Only amounts of a known other unit are
refused, and for a share words that name none. Questions are known in English, and some in German, French and Spanish.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from qa.answer.statements.quantities import quantities

AmountTest = Callable[[str, str], bool]  # of the words found with what follows them, and the language

_LONGEST_UNIT = 20  # characters behind a number
_QUESTIONS_KEPT = 64
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


def _is_share(text: str, _language: str) -> bool:
    return _SHARE.search(text) is not None


def _may_be_money(text: str, language: str) -> bool:
    """No measure alone; a share of a price, or a bare number, may be meant."""
    amounts = quantities(text, language)
    return not amounts or any(amount.is_money or amount.unit in (None, "%") for amount in amounts)


def _may_be_of(*units: str) -> AmountTest:
    """No amount of other units alone; a bare number may be meant."""

    def fits(text: str, language: str) -> bool:
        amounts = quantities(text, language)
        return not amounts or any(amount.unit is None or amount.unit in units for amount in amounts)

    return fits


_TESTS: tuple[tuple[re.Pattern[str], AmountTest], ...] = (
    (_asks(_PERCENTAGE), _is_share),
    (_asks(_WORTH), _may_be_money),
    (_asks(_WEIGHT), _may_be_of("kg", "GBP")),  # pounds are either
    (_asks(_LENGTH), _may_be_of("m")),
    (_asks(_AREA), _may_be_of("m²")),
)


@lru_cache(maxsize=_QUESTIONS_KEPT)  # every sentence that is read for a question asks
def _test_of(question: str) -> AmountTest | None:
    return next((fits for asked, fits in _TESTS if asked.match(question)), None)


def asks_for_amount(question: str) -> bool:
    """Whether the question asks for an amount whose units are known here."""
    return _test_of(question) is not None


def can_be_asked_amount(question: str, found: str, behind: str, language: str) -> bool:
    """Whether the words found can be the amount that is asked for, in a text of this language.

    `behind` is what follows them, where a unit often stands.
    """
    fits = _test_of(question)
    return fits is None or fits(found + behind[:_LONGEST_UNIT], language)
