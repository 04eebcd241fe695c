"""Two names → whether one person, place or thing may be called both: short and long forms, with and without a title."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_LEFT_OUT = frozenset(
    "the a an of de la le les el los las der die das den van von du des and und et y at in on for to mr mrs ms miss dr "
    "sir dame doctor profesor profesora lord lady prof professor president minister prime mayor captain judge herr frau "
    "bürgermeister bürgermeisterin m mme maire señor señora alcalde alcaldesa chief senator coach s".split()
)


def same_name(one: str, other: str) -> bool:
    """Whether the telling words of one, or their initials, are all among those of the other, or one is the other's initials."""
    telling, others = _telling(one), _telling(other)
    if not telling or not others:
        return False
    shorter, longer = sorted((telling, others), key=len)
    if all(any(_is_one_word(word, another) for another in longer) for word in shorter):
        return True
    return len(shorter) == 1 and len(longer) > 1 and shorter[0] == "".join(word[0] for word in longer)


def holds_name(text: str, name: str) -> bool:
    """Whether all telling words of the name stand in the text."""
    return set(_telling(name)) <= set(_telling(text))


def _is_one_word(one: str, other: str) -> bool:
    """Whether both are equal, or one is the other's first letter."""
    return one == other or (1 in (len(one), len(other)) and one[0] == other[0] and (one + other).isalpha())


def _telling(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).replace("’", "'")
    words = [word.casefold().removesuffix("'s") for word in _WORD.findall("".join(filter(_is_kept, plain)))]
    return [word for word in words if word not in _LEFT_OUT] or words


def _is_kept(character: str) -> bool:
    return not unicodedata.combining(character)
