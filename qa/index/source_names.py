"""The name of a source → the keys under which it is found, so that "Harbour Post" finds "The Harbour Post".

A key has the name's letters and digits in lower case, without accents: punctuation and blanks are ignored. So is an article
before the name, where one of the two names has none. "LA Times" is no "The Times", and both are "Times".
"""

from __future__ import annotations

import re
import unicodedata

# The, and what stands for it in German, French, Spanish, Italian, Dutch and Portuguese, and before Arabic names.
_ARTICLE = re.compile(r"(?:(?:the|der|die|das|le|la|les|el|los|las|il|lo|gli|het|de|o|os|as)\s+|al[\s-]+|l['’]\s*)(?=.*\w)")
_ANY_ARTICLE = "* "  # before what stands behind an article
_NO_KEY = re.compile(r"[\W_]+")
_LONGEST_HOST = 253  # characters; RFC 1035
_WWW = re.compile(r"www\.(?=.)")


def held_keys(source: str) -> frozenset[str]:
    """The keys of a source: of the whole name, of the name without its article, and of a host's parts before a dot.

    "cnn.com" is found as "cnn.com" and "cnn".
    """
    name = _folded(source)
    bare = _ARTICLE.match(name)
    keys = {_key(name)}
    if bare:
        keys.add(_ANY_ARTICLE + _key(name[bare.end() :]))
    if len(name) <= _LONGEST_HOST and not re.search(r"\s", name):
        labels = name.split(".")
        keys.update(key for count in range(1, len(labels)) if (key := _key(".".join(labels[:count]))))
    return frozenset(keys)


def asked_keys(name: str) -> frozenset[str]:
    """The keys to look for; a source with one of them is named. Empty for a blank name."""
    folded = _folded(name)
    if not folded:
        return frozenset()
    bare, whole = _ARTICLE.match(folded), _key(folded)
    return frozenset({whole, _key(folded[bare.end() :]) if bare else _ANY_ARTICLE + whole})


def names_source(name: str, source: str) -> bool:
    """Whether `name` is one of the source's names."""
    return not asked_keys(name).isdisjoint(held_keys(source))


def _folded(name: str) -> str:
    """In lower case and without accents, `www.` and blanks around it."""
    letters = unicodedata.normalize("NFKD", name.strip().casefold())
    return _WWW.sub("", "".join(letter for letter in letters if not unicodedata.combining(letter)), count=1).casefold()


def _key(folded: str) -> str:
    """Its letters and digits; the name itself where it has none."""
    return _NO_KEY.sub("", folded) or folded
