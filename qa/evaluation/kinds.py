"""A question → its kind for slices: the word it asks with and the form of its answer, both by rough rules."""

from __future__ import annotations

import re

_ASKING = ("who", "whom", "whose", "what", "when", "where", "which", "why", "how many", "how much", "how")
_WORDS = re.compile(r"\w+")
_ASKED = re.compile(rf"\b({'|'.join(_ASKING)})\b", re.IGNORECASE)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)"
)
_DATE = re.compile(
    rf"\b(?:{_MONTH}\.? \d{{1,4}}|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}\b)|^(?:in |about |around )?(?:1[0-9]|20)\d\ds?$"
    rf"|^(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day$|^(?:in )?{_MONTH}$",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|million)\b", re.IGNORECASE
)
_LONG_ANSWER = 5  # words
OTHER = "other"


def question_word(question: str) -> str:
    """The first English word that asks (`whom` and `whose` as `who`); `other` for none."""
    asking = _ASKED.search(question)
    if asking is None:
        return OTHER
    return {"whom": "who", "whose": "who"}.get(word := asking[1].lower(), word)


def word_count(question: str) -> int:
    return len(_WORDS.findall(question))


def answer_type(answer: str) -> str:
    """`date`, `number`, `name` (its longer words begin with capitals), `phrase` or, over five words, `clause`."""
    words = [word for word in _WORDS.findall(answer) if len(word) > 3 or word[0].isupper()]
    if _DATE.search(answer.strip()):
        return "date"
    if _NUMBER.search(answer) and word_count(answer) <= _LONG_ANSWER:
        return "number"
    if words and all(word[0].isupper() for word in words) and word_count(answer) <= _LONG_ANSWER:
        return "name"
    return "phrase" if word_count(answer) <= _LONG_ANSWER else "clause"
