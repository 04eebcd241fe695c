"""A question and the turns before it → a question that stands alone.

Rules, without a model, replace pronouns, "the film", "what about …?" and omitted words by mentions of earlier turns. A
question that stands alone is unchanged. English only.
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
from qa.conversation.pronouns import TIME_NOUNS, pronoun_edits, stands_alone
from qa.conversation.question_edits import Edit, edited
from qa.conversation.wordings import wordings

# A question without names depends on earlier turns if it has at most so many content words; the first limit holds if it
# repeats a noun of theirs. Chosen on dev/cast and dev/canard; the stand-alone questions of other sets must not change.
_MOST_REPEATING, _MOST_NEW = 4, 2
_LONGEST_QUESTION, _LONGEST_ANSWER, _MOST_TITLES = 300, 2_000, 4  # characters, and titles, of an earlier turn that count
_DEFINES = re.compile(
    r"wh(?:at|o)(?:['’]s|\s+(?:is|are|was|were))\s+(?:an?\s+)?(?!the\b|some\b|common\b|main\b|other\b)\S++(?:\s\S++)?+\W*+",
    re.IGNORECASE,
)
_THE_TEXT_ITSELF = frozenset(("article", "text", "page"))  # "this article" is what the reader sees, not a topic
_OF_SOMETHING = frozenset(
    "repair repairs renovation restoration reconstruction construction demolition completion closure opening reopening damage"
    " cost price bill budget delay cause purpose result outcome owner winner author director designer architect captain crew"
    " size height length width weight age speed design population treatment origin inventor founder".split()
)  # "the repair" is that of the topic


@dataclass(frozen=True, slots=True)
class Resolved:
    """`standalone_question` needs no earlier turn. `inherited` are the words in it that come from earlier turns.

    `searched_for` are the wordings to search with. The first is the stand-alone question, or the question as typed where it
    is not sure what it refers to. A question that may need earlier turns has a second one: the title of what was cited last,
    the last questions, and the stand-alone question.
    """

    question: str
    standalone_question: str
    inherited: tuple[Span, ...]
    searched_for: tuple[str, ...]


def as_given(question: str, standalone_question: str) -> Resolved:
    """The question with a stand-alone question that the caller chose. Mentions that only the latter has are inherited."""
    added = _added(question, standalone_question)
    whole = [one.span for one in added if not any(other.span != one.span and other.span.contains(one.span) for other in added)]
    return Resolved(question, standalone_question, tuple(sorted(set(whole))), (standalone_question,))


def _added(question: str, standalone_question: str) -> list[Mention]:
    if standalone_question == question:
        return []
    asked = {one.key for one in mentions(question)}
    return [one for one in mentions(standalone_question) if one.key not in asked]


def resolve(question: str, earlier: Sequence[Turn]) -> Resolved:
    """The question made to stand alone. `earlier` are the turns before it, in order."""
    memory = Memory()
    turns = [_cut(turn) for turn in earlier]
    for turn in turns:
        if turn.standalone_question is None:
            edits, standalone, _ = _filled_in(turn.question, memory)
            memory.note(turn, standalone, [edit.mention for edit in edits])
        else:
            memory.note(turn, turn.standalone_question, _added(turn.question, turn.standalone_question))
    edits, standalone, spans = _filled_in(question, memory)
    return Resolved(question, standalone, spans, wordings(question, standalone, edits, turns))


def _cut(turn: Turn) -> Turn:
    """The beginning of a turn's texts, so that long turns do not delay an answer."""
    return Turn(
        turn.question[:_LONGEST_QUESTION],
        turn.standalone_question[:_LONGEST_QUESTION] if turn.standalone_question is not None else None,
        turn.answer[:_LONGEST_ANSWER],
        turn.short_answer[:_LONGEST_QUESTION] if turn.short_answer is not None else None,
        tuple(title[:_LONGEST_QUESTION] for title in turn.titles[:_MOST_TITLES]),
    )


def _filled_in(question: str, memory: Memory) -> tuple[list[Edit], str, tuple[Span, ...]]:
    """(the edits, the edited question, the spans of the inserted words)."""
    if memory.last is None:
        return [], question, ()
    completion = completed(question, memory)
    if completion is not None:
        last, edits = completion
        return (edits, *edited(last, edits))
    asked = parsed(question)
    edits = list(pronoun_edits(asked, memory))
    for edit in (*_definite_phrases(asked, memory), *_of_the_topic(asked, memory), *_short_names(asked, memory)):
        if not any(edit.overlaps(other) for other in edits):
            edits.append(edit)
    if not edits:
        edits.extend(_omitted_topic(asked, memory))
    return (edits, *edited(question, edits))


def _definite_phrases(asked: Parsed, memory: Memory) -> Iterator[Edit]:
    """Edits that replace "the film" and "this tradition" by the mention they refer to."""
    words = asked.words
    for at, word in enumerate(words):
        is_demonstrative = _modifies_noun(words, at)
        if (not is_demonstrative and word.lower != "the") or asked.is_in_a_remark(word):
            continue
        end = at + 1
        while end < len(words) and words[end].part in NOUNISH and gap(asked.text, words[end - 1], words[end]) == " ":
            end += 1
        noun = words[end - 1]
        has_complement = end < len(words) and words[end].lower == "of"
        if end == at + 1 or noun.names or has_complement or any(one.lower in TIME_NOUNS for one in words[at + 1 : end]):
            continue
        head = singular(noun.lower)
        earlier = memory.with_head(head) if end == at + 2 else None
        if earlier is not None:
            yield Edit(word.span.start, noun.span.end, f"{earlier.article or 'the'} {earlier.text}", earlier)
        elif is_demonstrative and head not in _THE_TEXT_ITSELF and memory.topics and memory.topics[0].head != head:
            topic = memory.topics[0]
            yield Edit(noun.span.end, noun.span.end, f" of {topic.with_article}", topic)


def _of_the_topic(asked: Parsed, memory: Memory) -> Iterator[Edit]:
    """An edit that says what the repair in "How much did the repair cost?" is of, if the question names nothing else."""
    named = [one for one in asked.mentions if one.is_topic]
    topic = next((one for one in memory.topics if one.is_central and one.kind is not Kind.PERSON), None)
    if len(named) != 1 or topic is None or named[0].article != "the" or named[0].key not in _OF_SOMETHING:
        return
    end = named[0].span.end
    behind = next((word for word in asked.words if word.span.start >= end), None)
    is_known = topic.head == named[0].head or memory.with_head(named[0].head) is not None
    if not is_known and (behind is None or behind.part is not Part.PREPOSITION):
        yield Edit(end, end, f" of {topic.with_article}", topic)


def _modifies_noun(words: Sequence[Word], at: int) -> bool:
    """Whether a demonstrative belongs to the noun after it; "that" after a noun or verb does not."""
    if words[at].lower not in DEMONSTRATIVES or stands_alone(words, at):
        return False
    before = words[at - 1].part if at else None
    may_follow_verb = words[at].lower in ("this", "these") and before is Part.VERB
    return before not in (Part.NOUN, Part.NAME, Part.VERB) or may_follow_verb


def _short_names(asked: Parsed, memory: Memory) -> Iterator[Edit]:
    """Edits that replace names of one word by the full name."""
    for one in asked.mentions:
        full = memory.in_full(one.text) if one.is_name and " " not in one.text else None
        if full is not None:
            yield Edit.of(one.span, full.text, full)


def _omitted_topic(asked: Parsed, memory: Memory) -> Iterator[Edit]:
    """An edit that appends the topic to a question without one, or the last question to one without any noun."""
    topic = next((one for one in memory.topics if one.is_central), None)
    if topic is None or not _depends_on_topic(asked, memory, topic):
        return
    assert memory.last is not None  # or there were no topics
    names_nothing = all(one.kind is Kind.DATE for one in asked.mentions)
    last = _bare(memory.last) if names_nothing else ""
    end = len(asked.text.rstrip(" ?!."))
    yield Edit(end, end, f" ({last if words_of(last) else topic.text})", topic)


def _bare(question: str) -> str:
    """A question without its end marks, and without what was appended to it."""
    return re.sub(r"\s*\([^()]*\)$", "", question.strip(" ?!."))


def _depends_on_topic(asked: Parsed, memory: Memory, topic: Mention) -> bool:
    """Whether a question without a pronoun still needs the topic: it has no name and few words."""
    words = asked.words
    if any(word.names for word in words) or topic.key in asked.text.lower() or _DEFINES.fullmatch(asked.text.strip()):
        return False
    if any(one.head == topic.head for one in asked.mentions):  # another of its kind
        return False
    if any(one.article == "the" and _is_described(one) for one in asked.mentions):
        return False
    if any(word.lower == "of" and singular(before.lower) not in GENERIC for before, word in pairwise(words)):
        return False
    nouns = [word.lower for word in words if word.part is Part.NOUN]
    if not all(lexicon(noun) for noun in nouns):  # a name in lower case, or a rare word
        return False
    if sum(one.head not in GENERIC for one in asked.mentions) > 1:
        return False
    content = sum((word.part in NOUNISH or word.part is Part.VERB) and not asked.is_in_a_remark(word) for word in words)
    is_sentence = any(word.part in (Part.AUXILIARY, Part.VERB, Part.QUESTION) for word in words)
    repeats_noun = any(singular(noun) in memory.nouns for noun in nouns)
    if not repeats_noun and (any(one.article == "the" for one in asked.mentions) or (content > 1 and not is_sentence)):
        return False  # "How tall is the lighthouse?", or search terms
    return content <= (_MOST_REPEATING if repeats_noun else _MOST_NEW)


def _is_described(one: Mention) -> bool:
    """Whether a noun before its head says which it is: "the chowder contest"."""
    return sum(word.part is Part.NOUN for word in words_of(one.text)) > 1
