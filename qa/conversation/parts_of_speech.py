"""A text → its words, each with its part of speech in an English question.

Parts of speech come from the closed classes below and from lemminflect's lexicon. If a word may have several, the words
around it decide. This is a guess, good enough to find the topic of a question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from lemminflect import getAllLemmas  # type: ignore[import-untyped,unused-ignore]

from qa.base.types import Span

_WORD = re.compile(r"[^\W_]+(?:[-.&'’][^\W_]+)*")
_ENDING = re.compile(r"['’](?:s|ve|re|ll|d|m)?$", re.IGNORECASE)  # a possessive, or a contracted verb
_SENTENCE_END = re.compile(r"[.!?]['\"”’)]*\s")


class Part(StrEnum):
    """A part of speech. NAME: capitalised inside a sentence, or capitalised and unknown to the lexicon."""

    NAME = "name"
    NOUN = "noun"
    ADJECTIVE = "adjective"
    NUMBER = "number"
    VERB = "verb"
    AUXILIARY = "auxiliary"
    PRONOUN = "pronoun"
    DETERMINER = "determiner"
    PREPOSITION = "preposition"
    CONJUNCTION = "conjunction"
    QUESTION = "question"
    OTHER = "other"


NOUNISH = frozenset((Part.NAME, Part.NOUN, Part.ADJECTIVE, Part.NUMBER))
PERSONAL = frozenset("he him his she her hers it its they them their theirs".split())
DEMONSTRATIVES = frozenset("this that these those".split())
BE = frozenset("is are was were be been being am".split())
_OTHER_PRONOUNS = frozenset(
    "i me my mine we us our ours you your yours myself yourself ourselves himself herself itself themselves".split()
)
_SUBJECTS = frozenset("i you we he she it they this that there".split())
_DETERMINERS = frozenset("a an the any some no every each all both many much more most few several such another other".split())
_DO_OR_MODAL = frozenset("do does did can could will would shall should may might must".split())
_HAVE = frozenset("has have had".split())
_PREPOSITIONS = frozenset(
    "of off in on at to for from by with about behind into onto over under after before during since until between among"
    " against through without within near toward towards than as besides despite across around along like regarding".split()
)
_CONJUNCTIONS = frozenset("and or but if because so while whereas though although unless".split())
_QUESTION_WORDS = frozenset("what which who whom whose when where why how".split())
_ASK_FOR_OBJECTS = frozenset("what which who whom".split())
_LONGEST_OBJECT = 8  # words
_NUMBER_WORDS = frozenset(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
    " twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion".split()
)
_ORDINALS = frozenset("first second third fourth fifth next last former latter".split())
_OTHERS = frozenset(
    "not also else then there here now ever never just only really still yet even too very again already together instead back"
    " away out up down today tonight yesterday tomorrow let talk talking tell say know mean meant want think heard please ok okay"
    " yes yeah wow thanks cool hi hello".split()
)
_CLOSED = (
    (PERSONAL | DEMONSTRATIVES | _OTHER_PRONOUNS, Part.PRONOUN),
    (_DETERMINERS, Part.DETERMINER),
    (BE | _DO_OR_MODAL | _HAVE, Part.AUXILIARY),
    (_PREPOSITIONS, Part.PREPOSITION),
    (_CONJUNCTIONS, Part.CONJUNCTION),
    (_QUESTION_WORDS, Part.QUESTION),
    (_NUMBER_WORDS, Part.NUMBER),
    (_ORDINALS, Part.ADJECTIVE),
    (_OTHERS, Part.OTHER),
)
_NEGATED = {f"{one}n't": one for one in BE | _DO_OR_MODAL | _HAVE} | {"won't": "will", "can't": "can", "cannot": "can"}
_BEFORE_ADJECTIVES = frozenset("how very so too as more most less quite".split())


@dataclass(frozen=True, slots=True)
class Word:
    """A word at `span` of its text, without a possessive 's or contracted verb. `opens`: it begins its sentence."""

    text: str
    lower: str
    span: Span
    part: Part
    opens: bool

    @property
    def names(self) -> bool:
        return self.part is Part.NAME


@lru_cache(maxsize=10_000)
def lexicon(lower: str) -> frozenset[str]:
    """The parts of speech of a word in the lexicon: NOUN, VERB, ADJ, ADV, AUX; empty for an unknown word."""
    return frozenset(getAllLemmas(lower))


@lru_cache(maxsize=10_000)
def singular(lower: str) -> str:
    """The singular of a noun, "theories" → "theory"; the word itself if the lexicon does not know it."""
    return str(getAllLemmas(lower).get("NOUN", (lower,))[0])


def is_plural(lower: str) -> bool:
    """Whether a noun is in the plural. For a noun that the lexicon does not know, the last letters decide."""
    if "NOUN" in lexicon(lower):
        return singular(lower) != lower
    return lower.endswith("s") and not lower.endswith(("ss", "us", "is"))


def gap(text: str, before: Word, behind: Word) -> str:
    """The text between two words."""
    return text[before.span.end : behind.span.start]


def words_of(text: str) -> list[Word]:
    """Every word of the text, in order."""
    words = _cut(text)
    for at in range(len(words)):
        words[at] = replace(words[at], part=_part(words, at))
    for at, word in enumerate(words):
        if at and word.part is Part.NUMBER and words[at - 1].names and word.span.start == words[at - 1].span.end + 1:
            words[at] = replace(word, part=Part.NAME)  # "Apollo 11"
    return _with_verbs(words)


def _cut(text: str) -> list[Word]:
    begins = [0, *(match.end() for match in _SENTENCE_END.finditer(text))][::-1]  # in reverse, so that the next one is last
    words: list[Word] = []
    for match in _WORD.finditer(text):
        ending = _ENDING.search(match.group())
        span = Span(match.start(), match.end() - (len(ending.group()) if ending else 0))
        opens = False
        while begins and begins[-1] <= span.start:
            begins.pop()
            opens = True
        words.append(Word(span.of(text), span.of(text).lower(), span, Part.OTHER, opens))
    return words


def _part(words: Sequence[Word], at: int) -> Part:
    """The part of speech of a word, judged by itself and the words before it, whose parts are known."""
    word = words[at]
    before = words[at - 1] if at else None
    lower = _NEGATED.get(word.lower.replace("’", "'"), word.lower)
    closed = next((part for members, part in _CLOSED if lower in members), None)
    capital = word.text[0].isupper()
    in_a_title = closed is None or not word.text.istitle() or (before is not None and before.names)
    if capital and not word.opens and in_a_title:
        return Part.NAME
    if closed is not None:
        return closed
    if word.text[0].isdecimal():
        return Part.NUMBER
    known = lexicon(lower)
    behind = words[at + 1] if at + 1 < len(words) else None
    if capital and (not known or (behind is not None and behind.text[0].isupper() and not behind.opens)):
        return Part.NAME
    if "ADJ" in known and before is not None and before.lower in _BEFORE_ADJECTIVES:
        return Part.ADJECTIVE
    if not known or "NOUN" in known or (lower.endswith("ing") and known == {"VERB"}):
        return Part.NOUN
    if "ADJ" in known:
        return Part.ADJECTIVE
    return Part.VERB if "VERB" in known else Part.OTHER


# Words that may be nouns, but are verbs in their position


def _with_verbs(words: list[Word]) -> list[Word]:
    for at, word in enumerate(words):
        if at and word.part in (Part.NOUN, Part.ADJECTIVE) and "VERB" in lexicon(word.lower) and _is_verb(words, at):
            words[at] = replace(word, part=Part.VERB)
    for at, word in enumerate(words):
        if word.lower in _DO_OR_MODAL:
            _mark_main_verb(words, at + 1, object_is_before=_names_what_is_asked_for(words, at))
    return words


def _is_verb(words: Sequence[Word], at: int) -> bool:
    word, before = words[at], words[at - 1]
    behind = words[at + 1] if at + 1 < len(words) else None
    if before.part is Part.PRONOUN and before.lower in _SUBJECTS:
        points = before.lower in DEMONSTRATIVES  # "did this cause …", but "in this cause"
        return not points or (at > 1 and words[at - 2].lower in _DO_OR_MODAL)
    if before.lower == "to":
        return _is_base_form(word.lower)
    has_subject = at > 1 and words[at - 2].part in (Part.NOUN, Part.NAME, Part.PRONOUN)
    if before.lower in BE and has_subject and (behind is None or behind.part is Part.PREPOSITION):
        return not is_plural(word.lower) and not word.lower.endswith("ing")  # "were hurt in"
    if behind is None:
        return False
    if before.lower in ("who", "what"):
        return not _is_base_form(word.lower)
    takes_object = behind.part in (Part.PRONOUN, Part.DETERMINER) and not word.lower.endswith("ing")
    return takes_object and before.part in (Part.NOUN, Part.NAME)


def _names_what_is_asked_for(words: Sequence[Word], auxiliary: int) -> bool:
    """Whether the words before "did" are the object of its verb, as in "what", "which bridge" or "how much"."""
    for at in range(auxiliary - 1, max(0, auxiliary - _LONGEST_OBJECT) - 1, -1):
        if words[at].part is Part.QUESTION:
            return words[at].lower in _ASK_FOR_OBJECTS or (words[at].lower == "how" and at + 1 < auxiliary)
        if words[at].opens:
            return False
    return False


def _mark_main_verb(words: list[Word], start: int, *, object_is_before: bool) -> None:
    """Mark the verb after "does" and its subject: the first candidate that cannot be a noun, else the first candidate.

    Where the object stands before, nothing follows the verb: then it is the last word, as in "the ferry terminal cost".
    """
    end = start
    while end < len(words) and (words[end].part in NOUNISH or words[end].part is Part.DETERMINER or words[end].lower == "of"):
        end += 1
    if end < len(words) and words[end].part is Part.VERB:
        return
    could_be = [
        at
        for at in range(start + 1, end)
        if words[at].text.islower() and _is_base_form(words[at].lower) and words[at - 1].part is not Part.DETERMINER
    ]
    if could_be:
        likeliest = could_be[-1] if object_is_before and could_be[-1] == end - 1 else could_be[0]
        chosen = next((at for at in could_be if "NOUN" not in lexicon(words[at].lower)), likeliest)
        words[chosen] = replace(words[chosen], part=Part.VERB)


def _is_base_form(lower: str) -> bool:
    return lower in getAllLemmas(lower).get("VERB", ())
