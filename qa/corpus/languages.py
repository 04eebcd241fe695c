"""A text and its declared language → the language used for splitting and indexing it (home of py3langid)."""

from __future__ import annotations

import re

from qa.base.languages import ENGLISH, declared_code

_ENOUGH = 200  # characters; a guess from fewer is unreliable
_SAMPLE = 2_000  # characters
_LETTERS = re.compile(r"[^\W\d_]")
_SCRIPTS = {  # languages that their script identifies; kana before Chinese characters, since Japanese has both
    "ja": re.compile("[\u3040-\u30ff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "zh": re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"),
}
_SHARE = 0.2  # of the letters


def language_of(text: str, declared: str | None) -> str:
    """ISO 639-1 in lower case: the declared language, else by script or words, else English."""
    code = declared_code(declared)
    if code:
        return code
    beginning = text[:_SAMPLE]
    letters = len(_LETTERS.findall(beginning))
    for language, script in _SCRIPTS.items():
        if len(script.findall(beginning)) > _SHARE * letters:
            return language
    return _by_words(beginning) if len(beginning) >= _ENOUGH else ENGLISH


def _by_words(text: str) -> str:
    import py3langid  # numpy comes with it

    language, _ = py3langid.classify(text)
    return str(language)
