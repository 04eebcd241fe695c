"""A question and the words that were found for it → whether words of that sort can answer it at all.

Only what cannot be right is refused, such as an amount of money for an age, or a number for a person. The rules know English
questions and English words; of any others nothing is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from qa.answer.asked_amounts import asks_for_amount, can_be_asked_amount
from qa.base.languages import ENGLISH
from qa.base.types import Span

_NUMBER_WORDS = (
    "no|none|nobody|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    "|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\\w+)?|hundreds?|thousands?|millions?|billions?|dozens?|half|a|an|both|all|few"
    "|several|many|multiple|most|couple|once|twice|single|pair|handful|scores|every|each|first|second|third|quarter|\\w+th"
)
_COUNT = re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE)
_MONEY_OR_SHARE = re.compile(
    r"[$€£¥₽%]|\b(?:euros?|dollars?|pounds?|pence|cents?|yen|roubles?|rupees?|francs?|per cent|percent)\b", re.IGNORECASE
)
_MEASURE = re.compile(
    r"\d\s?(?:km|m|cm|kg|g|mph|bn|m|k)\b|\b(?:(?:kilo|centi|milli)?met(?:re|er)s?|miles?|kilos?|tonnes?|litres?|knots|hectares?|votes?"
    r"|people|degrees)\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    rf"(?:\W|\d+(?:st|nd|rd|th|s)?\b|\b(?:{_NUMBER_WORDS}|the|of|in|on|at|to|by|and|or|about|around|over|under|more|less|than|last|next"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|euros?|dollars?|pounds?|per cent|percent|years?|months?|weeks?|days?|hours?"
    r"|minutes?|seconds?|million|billion|bn|m|am|pm|a\.m|p\.m|it|this|that)\b)*",
    re.IGNORECASE,
)
_HOLDER = re.compile(r"\W*who(?:\s?['’]?s|\sis|\swas|\sare|\swere)\s(?:(?:the|a|an)\s)?(\w+)", re.IGNORECASE)
_HELD = re.compile(r"\b(\w+)\s(?:of|for|in)\s(?:the\s)?\Z", re.IGNORECASE)  # before the name of what somebody holds
_HOUR = re.compile(
    rf"\d|\b(?:{_NUMBER_WORDS}|noon|midday|midnight|morning|afternoon|evening|night|dawn|dusk|sun(?:rise|set)|hours?|lunch\w*|now"
    r"|after|before|until|during|when)\b",
    re.IGNORECASE,
)
_DURATION = re.compile(rf"\W*(?:about |around |some )?(?:[\d.,]+|{_NUMBER_WORDS})\s(?:second|minute|hour)s?\W*", re.IGNORECASE)
_UNTIL_THEN = re.compile(r"\b(?:in|after|within|for|every|next|last|past)\s(?:the\s)?\Z", re.IGNORECASE)
_RANKS = re.compile(r"\b(?:rank(?:s|ed)?|place|finish|come|stand)\b", re.IGNORECASE)

_QUESTIONS_KEPT = 64

Test = Callable[[str, str, str], bool]  # of the question, the words and what stands before them in their sentence


def is_asked(question: str) -> bool:
    """Whether the question asks for something of a sort that is known here."""
    return asks_for_amount(question) or bool(_tests_of(question))


def can_answer(question: str, sentence: str, words: Span, language: str = ENGLISH) -> bool:
    """Whether the words, a span of a sentence of this language, are of a sort that can answer the question."""
    found = words.of(sentence)
    if not can_be_asked_amount(question, found, sentence[words.end :], language):
        return False
    if language != ENGLISH:
        return True
    return all(fits(question, found, sentence[: words.start]) for fits in _tests_of(question))


@lru_cache(maxsize=_QUESTIONS_KEPT)  # every sentence that is read for a question asks
def _tests_of(question: str) -> tuple[Test, ...]:
    return tuple(fits for asked, fits in _TESTS if asked.match(question))


def _is_age(_question: str, found: str, _before: str) -> bool:
    return _COUNT.search(found) is not None and not (_MONEY_OR_SHARE.search(found) or _MEASURE.search(found))


def _is_count(_question: str, found: str, _before: str) -> bool:
    return _COUNT.search(found) is not None


def _is_somebody(question: str, found: str, before: str) -> bool:
    """Not only numbers, days and units; nor, of "the mayor of Varrowmouth", the place for the one who holds it."""
    held = _HELD.search(before)
    asked_for = _HOLDER.match(question)
    is_held = held is not None and asked_for is not None and held[1].lower() == asked_for[1].lower()
    return not (is_held or _NO_NAME.fullmatch(found))


def _is_time(_question: str, found: str, before: str) -> bool:
    """Not an amount of money; nor how long something takes, unless it is "in 34 minutes" or the like."""
    is_duration = _DURATION.fullmatch(found) is not None and _UNTIL_THEN.search(before) is None
    return not (is_duration or _MONEY_OR_SHARE.search(found))


def _is_hour(_question: str, found: str, _before: str) -> bool:
    return _HOUR.search(found) is not None


def _is_year(_question: str, found: str, _before: str) -> bool:
    return re.search(r"\d|\byears?\b", found, re.IGNORECASE) is not None


def _is_somewhere(question: str, found: str, _before: str) -> bool:
    return not _NO_NAME.fullmatch(found) or _RANKS.search(question) is not None


def _asks(words: str) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{words})\b", re.IGNORECASE)


_TESTS: tuple[tuple[re.Pattern[str], Test], ...] = (
    (_asks(r"(?:and |so )?how old|(?:at )?what age(?!\sgroup)"), _is_age),
    (_asks(r"(?:and |so )?how many|.*\bhow many\Z|.*\bhow many (?:dead|injured|people)\Z|attendance|number of"), _is_count),
    (_asks(r"(?:and |so )?who(?:['’]s|m|se)?"), _is_somebody),
    (_asks(r"(?:and |so )?when(?:['’]s)?|(?:\w+ )?date of"), _is_time),
    (_asks(r"(?:at )?(?:what|which) time(?!\s(?:of year|period|frame|zone))"), _is_hour),
    (_asks(r"(?:in )?(?:what|which) year"), _is_year),
    (_asks(r"(?:and |so )?where(?:['’]s)?"), _is_somewhere),
)
