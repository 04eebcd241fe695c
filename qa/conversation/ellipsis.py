"""An incomplete question, "What about the sea wall?" or "Why?" → the last question, changed by it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.base.types import Span
from qa.conversation.memory import Memory
from qa.conversation.mentions import Kind, Mention, mentions
from qa.conversation.parts_of_speech import Part, Word, words_of
from qa.conversation.question_edits import Edit

_ANOTHER = re.compile(
    r"(?:(?:no|yes|ok|okay|really|sorry)\W++)*+(?:(?:and|but|so|or)\s++)?(?:(?:what|how)\s++about|i\s++mean(?:t)?|and|or)\b"
    r"[\s,:—–-]*+(?P<rest>.*[^\s?.!])[\s?.!]*+",
    re.IGNORECASE | re.DOTALL,
)
_ALONE = re.compile(
    r"(?:(?:and|but|so)\s+)?(?P<word>why|how|when|where|who)"
    r"(?:\s+(?:so|not|then|exactly|come|is that|was that|is it|was it))?[\s?.!]*",
    re.IGNORECASE,
)
_MAKE_A_SENTENCE = frozenset((Part.AUXILIARY, Part.QUESTION, Part.VERB, Part.PRONOUN))
_MOST_WORDS = 6
_END = " ?!."


def completed(question: str, memory: Memory) -> tuple[str, list[Edit]] | None:
    """(the question to edit, its edits); None for a complete question. Without edits, the returned question is final."""
    if memory.last is None:
        return None
    if (alone := _ALONE.fullmatch(question.strip())) is not None:
        word = "why" if "come" in question.lower() else alone.group("word").lower()
        return _asked_for(word.capitalize(), memory.last, memory.short_answer), []
    if (another := _ANOTHER.fullmatch(question.strip())) is not None:
        words = words_of(another.group("rest"))
        if words and len(words) <= _MOST_WORDS and not any(word.part in _MAKE_A_SENTENCE for word in words):
            return memory.last, [_replacement(another.group("rest"), words, memory.last, memory)]
    return None


def _replacement(rest: str, words: list[Word], last: str, memory: Memory) -> Edit:
    """The edit that puts `rest` in the place of its counterpart in the last question, else at its end."""
    mentioned = mentions(rest)
    new = mentioned[0] if mentioned else Mention(rest, Span(0, len(rest)), Kind.THING, False, rest.lower())
    into, end = words_of(last), len(last.rstrip(_END))
    if words[0].part is Part.PREPOSITION:
        same = [word.span.start for word in into if word.lower == words[0].lower]
        return Edit(same[-1], end, rest, new) if same else Edit(end, end, f" {rest}", new)
    if words[0].part is Part.NUMBER:
        alike = [word.span for word in into if word.part is Part.NUMBER and len(word.text) == len(words[0].text)]
        return Edit.of(alike[-1], rest, new) if alike else Edit(end, end, f" in {rest}", new)
    slot = _slot(last, new, memory) if mentioned else None
    if slot is None:
        return Edit(end, end, f" ({rest})", new)
    article = len(slot.article) + 1 if slot.article and words[0].part is Part.DETERMINER else 0
    return Edit(slot.span.start - article, slot.span.end, rest, new)


def _slot(last: str, new: Mention, memory: Memory) -> Mention | None:
    """The mention that `new` replaces in the last question: one with the same noun, else its topic."""
    central = [one for one in mentions(last) if one.is_central]
    keys = {one.key for one in central}
    topic = next((one.key for one in memory.topics if one.key in keys), None)
    same_noun = next((one for one in central if one.head == new.head), None)
    return same_noun or next((one for one in central if one.key == topic), None)


def _asked_for(word: str, last: str, short_answer: str | None) -> str:
    """The last question with another question word. If it asked for a thing, the short answer stands for that thing."""
    words = words_of(last)
    auxiliary = next((one for one in words if one.part is Part.AUXILIARY), None)
    first = words[0] if words else None
    if first is None:
        return last
    if auxiliary is None or first.part not in (Part.AUXILIARY, Part.QUESTION):
        asked_who = first.lower == "who" and short_answer
        return f"{word} {short_answer}{last[first.span.end :]}" if asked_who else f"{word}: {last}"
    if (counted := _counted_subject(words, auxiliary, last)) is not None:
        return f"{word} {last[auxiliary.span.start : auxiliary.span.end]} {counted}{last[auxiliary.span.end :].rstrip(_END)}?"
    body = last[auxiliary.span.start :].rstrip(_END)
    asks_how_it_is = first.lower == "how" and len(words) > 1 and words[1].lower not in ("much", "many")
    asks_for_a_thing = (
        first.part is Part.QUESTION and first.lower not in ("when", "where", "why") and not asks_how_it_is and short_answer
    )
    answered = f" {short_answer}" if asks_for_a_thing else ""
    return f"{word} {body[0].lower()}{body[1:]}{answered}?"


def _counted_subject(words: Sequence[Word], auxiliary: Word, last: str) -> str | None:
    """What "How many people were injured?" counts, which are then injured; None where somebody else does something with it."""
    at = words.index(auxiliary)
    behind = words[at + 1] if at + 1 < len(words) else None
    counts = at > len(("how", "many")) and words[0].lower == "how" and words[1].lower in ("many", "much")
    if not counts or behind is None or behind.part not in (Part.VERB, Part.ADJECTIVE):
        return None
    return last[words[2].span.start : auxiliary.span.start].strip()
