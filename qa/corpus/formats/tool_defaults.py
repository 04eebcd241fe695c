"""A document's title and author, without those that a program wrote because nobody named them."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TITLE = re.compile(  # as a whole, in the languages of widespread programs
    r"untitled(?: document)?|(?:word )?document ?\d*|new document|no title|title|powerpoint presentation|slide ?\d*"
    r"|unbenannt(?:es dokument)?|ohne titel|dokument ?\d*|sans titre|document sans (?:nom|titre)|naamloos(?: document)?"
    r"|sin título|documento(?: sin título)? ?\d*|microsoft word - .*|.*\.(?:docx?|odt|rtf|pdf|indd|qxp|tex|dvi)",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    r"anonymous|unknown(?: author)?|author|user ?\d*|owner|default|admin(?:istrator)?|guest|(?:microsoft|ms) office ?user"
    r"|windows user|python-docx|reportlab|unbekannt|benutzer|inconnu|utilisateur|onbekend|gebruiker|desconocido|usuario",
    re.IGNORECASE,
)


def believable(facts: Mapping[str, str | None]) -> dict[str, str | None]:
    """The facts with None in place of a title or an author that is a program's default."""
    made = dict(facts)
    for name, default in (("title", _TITLE), ("author", _AUTHOR)):
        if default.fullmatch((made.get(name) or "").strip()):
            made[name] = None
    return made
