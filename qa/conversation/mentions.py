"""A text → the people, places and things that it mentions, central ones first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from qa.base.types import Span
from qa.conversation.parts_of_speech import NOUNISH, Part, Word, gap, is_plural, lexicon, singular, words_of


class Kind(StrEnum):
    """The kind of a mention, judged by its words. NAME: a place, an organisation, a thing, or perhaps a person."""

    PERSON = "person"
    NAME = "name"
    THING = "thing"
    DATE = "date"


_NO_PERSON = frozenset(
    "council university college school company corporation party club band orchestra museum library committee commission board"
    " court bank church hospital agency department ministry office society association union league team police army group"
    " institute foundation times post gazette herald journal news inc ltd city county street lane road river lake mount bay"
    " island bridge harbour harbor station airport park house hall tower festival award prize cup war battle act".split()
)
_HONORIFICS = frozenset("mr mrs ms miss dr sir lady lord prof professor president king queen prince princess pope saint".split())
_PEOPLE = frozenset(
    "man woman boy girl person mother father wife husband son daughter brother sister mayor minister president king queen"
    " doctor teacher actor actress singer author writer player coach captain judge chief director manager officer keeper"
    " founder leader owner head chairman chairwoman secretary spokesman spokeswoman uncle aunt friend".split()
)
_DATES = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday thursday"
    " friday saturday sunday".split()
)
GENERIC = frozenset(
    "kind type sort way example thing lot part number difference time people year day month week reason name cause effect aspect"
    " anything something everything nothing information article detail other fact point role science origin history sign work use"
    " side hand end start beginning place best worst great safe good bad positive negative benefit alternative call mention"
    " symptom treatment main most one question answer meaning definition purpose pro con".split()
)  # nouns that are hardly ever a topic; their complement is, as in "cause of"
_ASKED_FOR = frozenset("one any some no other another several many much more most which what else additional different".split())
_ARTICLES = frozenset(("the", "a", "an"))
_BEFORE_PLURALS = frozenset("are were many several few both these those".split())
_OF = frozenset("of about behind between".split())  # the topic follows these; other prepositions introduce place or time
_IN_A_NAME = frozenset("of the de la le du del della di da van von der den and & for".split())
_AND = re.compile(r"\s(?:and|&)\s(?:the\s|an?\s)?")
_SENTENCE = re.compile(r"[^.!?]*[.!?]+|[^.!?]+")
_LONGEST_NAME = 8  # words


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun phrase or name at `span` of a text. `head` is the singular of its main noun in lower case.

    `article` is "the", "a", "an" or empty. `is_central` is false for mentions of place, time or means ("in Norway").
    `is_asked_for` is true if the words ask for something without naming it ("any songs", "which book").
    """

    text: str
    span: Span
    kind: Kind
    is_plural: bool
    head: str
    is_central: bool = True
    article: str = ""
    is_asked_for: bool = False

    @property
    def key(self) -> str:
        """Equal for mentions with the same words, ignoring letter case."""
        return self.text.lower()

    @property
    def with_article(self) -> str:
        return f"{self.article} {self.text}" if self.article else self.text

    @property
    def is_name(self) -> bool:
        return self.kind is not Kind.DATE and any(letter.isupper() for letter in self.text)

    @property
    def is_topic(self) -> bool:
        """Whether a later question may refer to it."""
        if self.kind is Kind.DATE or self.is_asked_for or self.text[0].isdecimal():
            return False
        return self.is_name or self.head not in GENERIC


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text with its words and mentions. `remarks` are the sentences without a question mark beside one that has it."""

    text: str
    words: Sequence[Word]
    mentions: Sequence[Mention]
    remarks: Sequence[Span]

    def is_in_a_remark(self, word: Word) -> bool:
        return any(remark.contains(word.span) for remark in self.remarks)


def parsed(text: str) -> Parsed:
    """The text with its words, and its mentions in the order of `mentions`."""
    words = words_of(text)
    remarks = [Span(*match.span()) for match in _SENTENCE.finditer(text) if "?" not in match.group()] if "?" in text else []
    return Parsed(text, words, _mentions(text, words), remarks)


def mentions(text: str) -> list[Mention]:
    """All mentions: central ones first, then names before things, then in the text's order."""
    return _mentions(text, words_of(text))


def _mentions(text: str, words: Sequence[Word]) -> list[Mention]:
    phrases = list(_phrases(text, words))
    alone = [name for name in _names(text, words) if not any(_begins(phrase, name) for phrase in phrases)]
    in_order = sorted([*alone, *phrases], key=lambda one: one.span)
    ordered = sorted(in_order, key=lambda one: (not one.is_central, not one.is_name, one.head in GENERIC))
    return [*_joint(text, in_order), *ordered]


def names(text: str) -> list[Mention]:
    """The names only, in the text's order."""
    return list(_names(text, words_of(text)))


def _begins(phrase: Mention, name: Mention) -> bool:
    return phrase.span.start == name.span.start and phrase.span.end > name.span.end


def _joint(text: str, in_order: Sequence[Mention]) -> Iterator[Mention]:
    """Two mentions joined by "and", as one: "Zappa and the Mothers of Invention"."""
    for first, second in pairwise(in_order):
        if first.span.end < second.span.start and _AND.fullmatch(text, first.span.end, second.span.start):
            span = Span(first.span.start, second.span.end)
            kind = Kind.NAME if first.is_name and second.is_name else Kind.THING
            yield Mention(span.of(text), span, kind, True, second.head, first.is_central)


# Names


def _names(text: str, words: Sequence[Word]) -> Iterator[Mention]:
    at = 0
    while at < len(words):
        end = at + 1
        if words[at].names:
            while end < len(words) and end - at < _LONGEST_NAME and _continues(text, words, end):
                end += 1
            while not words[end - 1].names:
                end -= 1
            yield _mention(text, words, at, end, _kind_of_name(words[at:end]))
        at = end


def _continues(text: str, words: Sequence[Word], at: int) -> bool:
    """Whether a word continues the name before it, such as "of" in "Mothers of Invention"."""
    if gap(text, words[at - 1], words[at]).strip(" &"):
        return False
    if words[at].names:
        return True
    reach = 2 if words[at].lower == "of" else 1
    return words[at].lower in _IN_A_NAME and any(word.names and not word.opens for word in words[at + 1 : at + 1 + reach])


def _kind_of_name(name: Sequence[Word]) -> Kind:
    lower = [word.lower for word in name]
    if _DATES.intersection(lower):
        return Kind.DATE
    if lower[0] in _HONORIFICS:
        return Kind.PERSON
    plain = all(word.names and word.text[0].isalpha() and not word.text.isupper() for word in name)
    if 2 <= len(name) <= 4 and plain and not _NO_PERSON.intersection(lower) and not is_plural(lower[-1]):
        return Kind.PERSON
    return Kind.NAME


# Noun phrases


def _phrases(text: str, words: Sequence[Word]) -> Iterator[Mention]:
    """Noun phrases without their article. For one continued by "of", both the complement and the whole."""
    runs = list(_runs(text, words))
    for start, end in runs:
        stop = _end_of_complement(words, end, runs)
        if stop is None:
            yield _mention(text, words, start, end, Kind.THING)
        else:
            whole = _mention(text, words, start, stop, Kind.THING)
            is_plural = _is_many(words, start, end, Kind.THING)
            yield replace(whole, head=singular(words[end - 1].lower), is_plural=is_plural, is_central=False)


def _runs(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """(first word, end) of each phrase; a phrase that is only a name is left out."""
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and _goes_on(text, words, at, end):
            end += 1
        kept = end
        while kept > at and words[kept - 1].part not in (Part.NOUN, Part.NAME):
            kept -= 1
        if kept > at and not all(word.names for word in words[at:kept]):
            yield at, kept
        at = max(end, at + 1)


def _goes_on(text: str, words: Sequence[Word], start: int, at: int) -> bool:
    if words[at].part not in NOUNISH:
        return False
    if at == start:
        return True
    names_what_it_is = words[at].names and words[at - 1].part is Part.NOUN  # "the boxer George Foreman"
    return not names_what_it_is and gap(text, words[at - 1], words[at]) == " "


def _end_of_complement(words: Sequence[Word], end: int, runs: Sequence[tuple[int, int]]) -> int | None:
    """The end of the complement that "of" joins to a phrase, as in "the types of sharks"; None without one."""
    if end + 1 >= len(words) or words[end].lower not in ("of", "off"):
        return None
    begin = end + 1 + (words[end + 1].part is Part.DETERMINER)
    stop = begin
    while stop < len(words) and words[stop].names:
        stop += 1
    return dict(runs).get(begin) or (stop if stop > begin else None)


def _mention(text: str, words: Sequence[Word], start: int, end: int, kind: Kind) -> Mention:
    span = Span(words[start].span.start, words[end - 1].span.end)
    last = words[end - 1]
    if kind is Kind.THING and singular(last.lower) in _PEOPLE:
        kind = Kind.PERSON
    before = words[start - 1] if start else None
    article = before.lower if before is not None and before.lower in _ARTICLES else ""
    names_nothing = not any(word.names for word in words[start:end])
    is_asked_for = names_nothing and any(word.lower in _ASKED_FOR for word in words[max(0, start - 1) : end - 1])
    if before is not None and before.part is Part.DETERMINER:
        before = words[start - 2] if start > 1 else None
    return Mention(
        text=span.of(text),
        span=span,
        kind=kind,
        is_plural=_is_many(words, start, end, kind),
        head=singular(last.lower),
        is_central=before is None or before.part is not Part.PREPOSITION or before.lower in _OF,
        article=article,
        is_asked_for=is_asked_for,
    )


def _is_many(words: Sequence[Word], start: int, end: int, kind: Kind) -> bool:
    """Whether it is plural: by its words, or for a noun that the lexicon does not know, by the word before it."""
    last = words[end - 1]
    if any(word.lower in ("and", "&") for word in words[start:end]):
        return True
    if kind is Kind.PERSON and last.names:
        return False
    if is_plural(last.lower):
        return True
    before = [word for word in words[max(0, start - 2) : end - 1] if word.lower not in _ARTICLES]
    counted = any(word.part is Part.NUMBER or word.lower in _BEFORE_PLURALS for word in before)
    return counted and last.lower.endswith("s") and not lexicon(last.lower)  # "the okapis"
