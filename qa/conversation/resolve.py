"""A question and the turns before it → the question in words that need no earlier turn.

Rules, and no model: pronouns, "the film", "what about …?" and what a question leaves out are filled in with what the
earlier turns mention. A question that needs nothing stays as it is. English alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.base.types import Span
from qa.conversation.ellipsis import completed
from qa.conversation.memory import Memory, Turn
from qa.conversation.mentions import GENERIC, Kind, Mention, Parsed, mentions, parsed
from qa.conversation.parts_of_speech import DEMONSTRATIVES, NOUNISH, Part, Word, gap, lexicon, singular, words_of
from qa.conversation.pronouns import PERIODS, pronoun_edits, stands_alone
from qa.conversation.question_edits import Edit, edited

# Content words of a question that names nothing, up to which it leans on the turns before: the first where it says a noun again
# that was said there. Chosen on dev/cast and dev/canard against the stand-alone questions of other sets, which are to stay.
_MOST_SAID_AGAIN, _MOST_NEW = 4, 2
_LONGEST_QUESTION, _LONGEST_ANSWER, _MOST_TITLES = 300, 2_000, 4  # characters, and titles, of an earlier turn that are looked at
_DEFINES = re.compile(
    r"wh(?:at|o)(?:['’]s|\s+(?:is|are|was|were))\s+(?:an?\s+)?(?!the\b|some\b|common\b|main\b|other\b)\S+(?:\s\S+)?\W*",
    re.IGNORECASE,
)
_THE_TEXT_ITSELF = frozenset(("article", "text", "page"))  # "this article" is what is read, and no topic


@dataclass(frozen=True, slots=True)
class Resolved:
    """`standalone_question` needs no earlier turn; `inherited` are the words in it that an earlier one gave."""

    question: str
    standalone_question: str
    inherited: tuple[Span, ...] = ()


def as_given(question: str, standalone_question: str) -> Resolved:
    """The question with stand-alone words that were chosen for it; what they mention beside it is taken for inherited."""
    added = _added(question, standalone_question)
    whole = [one.span for one in added if not any(other.span != one.span and other.span.contains(one.span) for other in added)]
    return Resolved(question, standalone_question, tuple(sorted(set(whole))))


def _added(question: str, standalone_question: str) -> list[Mention]:
    if standalone_question == question:
        return []
    asked = {one.key for one in mentions(question)}
    return [one for one in mentions(standalone_question) if one.key not in asked]


def resolve(question: str, earlier: Sequence[Turn]) -> Resolved:
    """The question with what it takes from the earlier turns, which are in their order."""
    memory = Memory()
    for turn in map(_cut, earlier):
        if turn.standalone_question is None:
            edits, standalone, _ = _filled_in(turn.question, memory)
            memory.note(turn, standalone, [edit.mention for edit in edits])
        else:
            memory.note(turn, turn.standalone_question, _added(turn.question, turn.standalone_question))
    _, standalone, spans = _filled_in(question, memory)
    return Resolved(question, standalone, spans)


def _cut(turn: Turn) -> Turn:
    """As much of a turn as is looked at: no end of words shall keep a question from being answered soon."""
    return Turn(
        turn.question[:_LONGEST_QUESTION],
        turn.standalone_question[:_LONGEST_QUESTION] if turn.standalone_question is not None else None,
        turn.answer[:_LONGEST_ANSWER],
        turn.short_answer[:_LONGEST_QUESTION] if turn.short_answer is not None else None,
        tuple(title[:_LONGEST_QUESTION] for title in turn.titles[:_MOST_TITLES]),
    )


def _filled_in(question: str, memory: Memory) -> tuple[list[Edit], str, tuple[Span, ...]]:
    """What is put in, the question with it, and where that stands."""
    if memory.last is None:
        return [], question, ()
    half = completed(question, memory)
    if half is not None:
        last, edits = half
        return (edits, *edited(last, edits))
    asked = parsed(question)
    edits = list(pronoun_edits(asked, memory))
    for edit in (*_again(asked, memory), *_shortened(asked, memory)):
        if not any(edit.overlaps(other) for other in edits):
            edits.append(edit)
    if not edits:
        edits.extend(_left_out(asked, memory))
    return (edits, *edited(question, edits))


def _again(asked: Parsed, memory: Memory) -> Iterator[Edit]:
    """ "The film" and "this tradition", in the words in which they were first said."""
    words = asked.words
    for at, word in enumerate(words):
        is_demonstrative = _demonstrates(words, at)
        if (not is_demonstrative and word.lower != "the") or asked.is_in_a_remark(word):
            continue
        end = at + 1
        while end < len(words) and words[end].part in NOUNISH and gap(asked.text, words[end - 1], words[end]) == " ":
            end += 1
        noun = words[end - 1]
        has_complement = end < len(words) and words[end].lower == "of"
        if end == at + 1 or noun.names or has_complement or any(one.lower in PERIODS for one in words[at + 1 : end]):
            continue
        head = singular(noun.lower)
        said_before = memory.with_head(head) if end == at + 2 else None
        if said_before is not None:
            yield Edit(word.span.start, noun.span.end, f"{said_before.article or 'the'} {said_before.text}", said_before)
        elif is_demonstrative and head not in _THE_TEXT_ITSELF and memory.topics and memory.topics[0].head != head:
            topic = memory.topics[0]
            yield Edit(noun.span.end, noun.span.end, f" of {topic.with_article}", topic)


def _demonstrates(words: Sequence[Word], at: int) -> bool:
    """Whether a demonstrative points at the noun behind it; "that" behind a noun or verb does not."""
    if words[at].lower not in DEMONSTRATIVES or stands_alone(words, at):
        return False
    before = words[at - 1].part if at else None
    points_behind_verbs = words[at].lower in ("this", "these") and before is Part.VERB
    return before not in (Part.NOUN, Part.NAME, Part.VERB) or points_behind_verbs


def _shortened(asked: Parsed, memory: Memory) -> Iterator[Edit]:
    """Names of one word, in full."""
    for one in asked.mentions:
        full = memory.in_full(one.text) if one.is_name and " " not in one.text else None
        if full is not None:
            yield Edit.of(one.span, full.text, full)


def _left_out(asked: Parsed, memory: Memory) -> Iterator[Edit]:
    """The topic behind a question that leaves it out, or the last question behind one that says no noun at all."""
    topic = next((one for one in memory.topics if one.is_central), None)
    if topic is None or not _leans(asked, memory, topic):
        return
    assert memory.last is not None  # or there were no topics
    names_nothing = all(one.kind is Kind.DATE for one in asked.mentions)
    last = _bare(memory.last) if names_nothing else ""
    end = len(asked.text.rstrip(" ?!."))
    yield Edit(end, end, f" ({last if words_of(last) else topic.text})", topic)


def _bare(question: str) -> str:
    """A question without its marks, and without what was put behind it itself."""
    return re.sub(r"\s*\([^()]*\)$", "", question.strip(" ?!."))


def _leans(asked: Parsed, memory: Memory, topic: Mention) -> bool:
    """Whether a question without a pronoun needs the topic all the same: it names nothing and says little."""
    words = asked.words
    if any(word.names for word in words) or topic.key in asked.text.lower() or _DEFINES.fullmatch(asked.text.strip()):
        return False
    if any(one.head == topic.head for one in asked.mentions):  # another of its kind
        return False
    if any(word.lower == "of" and singular(before.lower) not in GENERIC for before, word in pairwise(words)):
        return False
    nouns = [word.lower for word in words if word.part is Part.NOUN]
    if not all(lexicon(noun) for noun in nouns):  # a name in small letters, or a rare word
        return False
    if sum(one.head not in GENERIC for one in asked.mentions) > 1:
        return False
    content = sum((word.part in NOUNISH or word.part is Part.VERB) and not asked.is_in_a_remark(word) for word in words)
    is_sentence = any(word.part in (Part.AUXILIARY, Part.VERB, Part.QUESTION) for word in words)
    is_said_again = any(singular(noun) in memory.nouns for noun in nouns)
    if not is_said_again and (any(one.article == "the" for one in asked.mentions) or (content > 1 and not is_sentence)):
        return False  # "How tall is the lighthouse?", or words to search for
    return content <= (_MOST_SAID_AGAIN if is_said_again else _MOST_NEW)
