"""A question typed in lower case, and passages → the question with capitals where the passages have them.

Models that read learned from questions with names written as names. A question with a capital of its own stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+")
_ENDS_A_SENTENCE = frozenset(".!?:\n")
_OPENS = " \"“”‘'(["
_NAME_FOLLOWS = re.compile(r"(?:['’]s)?\s[^\W\d_]*[A-Z]")  # a capital at the start of a sentence says nothing by itself


def with_names(question: str, texts: Iterable[str]) -> str:
    """The question with each word as the texts mostly write it within sentences, its first letter in upper case.

    Its length stays, so offsets hold. Only its letters' case changes.
    """
    if question != question.lower():
        return question
    written = _written(question, texts)
    named = _WORD.sub(lambda word: written.get(word[0], word[0]), question)
    capital = named[:1].upper() + named[1:]
    return capital if len(capital) == len(question) else named


def _written(question: str, texts: Iterable[str]) -> dict[str, str]:
    """Word of the question → its commonest spelling in the texts, for those with a capital."""
    asked = set(_WORD.findall(question))
    counts: dict[str, Counter[str]] = {}
    for text in texts:
        for word in _WORD.finditer(text):
            key = word[0].lower()
            if key in asked and _tells(text, word):
                counts.setdefault(key, Counter())[word[0]] += 1
    commonest = {key: spellings.most_common(1)[0][0] for key, spellings in counts.items()}
    return {key: spelling for key, spelling in commonest.items() if spelling != key and len(spelling) == len(key)}


def _tells(text: str, word: re.Match[str]) -> bool:
    """Whether the word's first letter says if it is a name: within a sentence, or before another name at its start."""
    at = word.start()
    while at and text[at - 1] in _OPENS:
        at -= 1
    begins = at == 0 or text[at - 1] in _ENDS_A_SENTENCE
    return not begins or _NAME_FOLLOWS.match(text, word.end()) is not None
