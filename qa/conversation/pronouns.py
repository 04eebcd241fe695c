"""The pronouns of a question that refer to an earlier turn → the mentions that replace them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.base.types import Span
from qa.conversation.memory import Memory
from qa.conversation.mentions import Kind, Mention, Parsed
from qa.conversation.parts_of_speech import BE, DEMONSTRATIVES, NOUNISH, PERSONAL, Part, Word, lexicon
from qa.conversation.question_edits import Edit

_REFERS_TO_NOTHING = re.compile(
    r"\bit\s+(?:(?:is|was)\s+)?(?:true|possible|important|necessary|likely|said|known)\s+(?:that|to|or)\b"
    r"|\bit\s+(?:mean|take)s?\s+(?:\S+\s+)?(?:to|for)\b|\b(?:do|does|did)\s+it\s+take\b|\bworth\s+it\b"
    r"|\bit\s+(?:called\s+when|discovered|announced|reported|decided|quits|that)\b",
    re.IGNORECASE,
)
TIME_NOUNS = frozenset(
    "morning evening night day weekend week month season spring summer autumn fall winter year decade time".split()
)
_NOT_BEHIND_A_PRONOUN = frozenset(("of", "who", "with", "in", "that", *TIME_NOUNS))
_BEGIN_CLAUSES = frozenset("that to before after since until".split())
_OF_PEOPLE = ("er", "or", "ist", "ian", "ant", "man", "justice")  # endings of nouns that "he" may refer to
_FAMILY = {
    **dict.fromkeys(("he", "him", "his"), "he"),
    **dict.fromkeys(("she", "her", "hers"), "she"),
    **dict.fromkeys(("it", "its"), "it"),
    **dict.fromkeys(("they", "them", "their", "theirs"), "they"),
}


def pronoun_edits(asked: Parsed, memory: Memory) -> Iterator[Edit]:
    """One edit for each pronoun that refers to nothing in the question itself. A pronoun has one meaning throughout."""
    words, inside = asked.words, asked.mentions
    nothing = [Span(*match.span()) for match in _REFERS_TO_NOTHING.finditer(asked.text)]
    chosen: dict[str, Mention] = {}
    for at, word in enumerate(words):
        in_a_title = word.text[0].isupper() and not word.opens
        if in_a_title or asked.is_in_a_remark(word) or any(span.contains(word.span) for span in nothing):
            continue
        if _is_noun_left_out(words, at):
            if (one := next((one for one in memory.topics if _has_a_noun(one)), None)) is not None:
                yield Edit.of(word.span, one.text.split()[-1], one)
        elif word.lower == "there" and _is_place(words, at) and not any(one.is_name for one in inside):
            if (one := next((one for one in memory.topics if one.kind is Kind.NAME), None)) is not None:
                yield Edit.of(word.span, f"in {one.with_article}", one)
        elif _refers_to_an_earlier_turn(asked, at):
            family = _FAMILY.get(word.lower, word.lower)
            taken = {one.key for name, one in chosen.items() if name != family}
            fitting = (one for one in memory.meant_by(word.lower) if one.key not in taken and not _is_named(one, inside))
            if (meant := chosen.get(family) or next(fitting, None)) is not None:
                chosen[family] = meant
                yield Edit.of(word.span, _in_place_of(asked, at, meant), meant)


def _refers_to_an_earlier_turn(asked: Parsed, at: int) -> bool:
    lower = asked.words[at].lower
    if lower in PERSONAL:
        return not _is_explained(asked, at)
    return lower in DEMONSTRATIVES and stands_alone(asked.words, at)


def _is_explained(asked: Parsed, at: int) -> bool:
    """Whether the pronoun refers to something in the question itself."""
    words, pronoun = asked.words, asked.words[at].span
    agreeing = [one for one in asked.mentions if _agrees(words[at].lower, one)]
    names_first = any(word.part is Part.QUESTION for word in words[:at])
    if not names_first and any(one.is_name and "," in asked.text[pronoun.end : one.span.start] for one in agreeing):
        return True  # "In his first year, what did Bastian Quill do?"
    before = [one.span.end for one in agreeing if one.span.end <= pronoun.start]
    if not before:
        return False
    between = [word for word in words[: at + 1] if word.span.start >= min(before)]
    new_clause = any(
        word.part in (Part.CONJUNCTION, Part.QUESTION) or word.opens or word.lower in _BEGIN_CLAUSES for word in between
    )
    return new_clause or _is_subject(words, at) or _is_possessive(asked, at)


def _agrees(pronoun: str, one: Mention) -> bool:
    if one.is_name:
        return True  # the kind of a name is only a guess
    if not (one.is_topic or one.is_asked_for):
        return False
    if pronoun in ("it", "its"):
        return one.kind is Kind.THING and not one.is_plural
    if pronoun in ("they", "them", "their", "theirs"):
        return one.is_plural or one.is_asked_for
    return one.kind is Kind.PERSON or one.is_asked_for or one.head.endswith(_OF_PEOPLE)


def _is_subject(words: Sequence[Word], at: int) -> bool:
    """Whether it is the subject of a later clause, but not of a relative clause such as "the person he met"."""
    if not 0 < at < len(words) - 1:
        return False
    before, behind = words[at - 1].part, words[at + 1].part
    return behind in (Part.VERB, Part.AUXILIARY) and before not in (Part.AUXILIARY, Part.NOUN, Part.NAME)


def _is_possessive(asked: Parsed, at: int) -> bool:
    words, word = asked.words, asked.words[at]
    if word.lower == "it":  # "it's" is often a misspelt "its"
        contracted = asked.text[word.span.end : word.span.end + 2] in ("'s", "’s")
        return contracted and at > 0 and words[at - 1].part not in (Part.QUESTION, Part.CONJUNCTION)
    before_a_noun = at + 1 < len(words) and words[at + 1].part in NOUNISH
    return word.lower in ("his", "its", "their") or (word.lower == "her" and before_a_noun)


def _is_named(one: Mention, inside: Sequence[Mention]) -> bool:
    return any(one.key == other.key or (other.is_name and f" {other.key} " in f" {one.key} ") for other in inside)


def _in_place_of(asked: Parsed, at: int, one: Mention) -> str:
    written, word = one.with_article, asked.words[at]
    if _is_possessive(asked, at) or word.lower in ("hers", "theirs"):
        written += "'" if written.endswith("s") and one.is_plural else "'s"
    return written[0].upper() + written[1:] if word.opens and word.text[0].isupper() else written


def stands_alone(words: Sequence[Word], at: int) -> bool:
    """Whether a demonstrative is a pronoun: not before a noun, and not "that" in the sense of "which"."""
    before = words[at - 1].part if at else None
    behind = words[at + 1] if at + 1 < len(words) else None
    if behind is not None and (behind.part in NOUNISH or behind.lower in _NOT_BEHIND_A_PRONOUN):
        return False
    if words[at].lower == "those":
        return behind is None
    return words[at].lower != "that" or behind is None or before in (Part.AUXILIARY, Part.PREPOSITION)


def _is_noun_left_out(words: Sequence[Word], at: int) -> bool:
    """Whether the word replaces a noun, such as "one" in "the largest one"."""
    if words[at].lower not in ("one", "ones") or not at:
        return False
    behind = words[at + 1] if at + 1 < len(words) else None
    before_a_noun = behind is not None and (behind.part in NOUNISH or behind.lower == "of")
    return not before_a_noun and words[at - 1].part in (*NOUNISH, Part.DETERMINER, Part.QUESTION)


def _has_a_noun(one: Mention) -> bool:
    return one.kind is Kind.THING and not one.is_name and "NOUN" in lexicon(one.head)


def _is_place(words: Sequence[Word], at: int) -> bool:
    return at > 0 and words[at - 1].lower not in BE and words[at - 1].part in (Part.VERB, Part.NOUN, Part.AUXILIARY)
