"""A question, its stand-alone form and the turns before it → the wordings to search with.

A name that was filled in is nearly always the right one. A noun often is not: then the words as typed find more, beside a
second search for what the conversation is about. Recall@5 on dev/cast (n 239): .690 as typed, .732 stand-alone, .766 this way.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.conversation.memory import Turn
from qa.conversation.mentions import mentions
from qa.conversation.parts_of_speech import Part, words_of
from qa.conversation.question_edits import Edit

_SAY_SOMETHING = frozenset((Part.NAME, Part.NOUN, Part.ADJECTIVE))
_LAST_TURNS = 3
_LONGEST = 600  # characters


def wordings(question: str, standalone: str, edits: Sequence[Edit], earlier: Sequence[Turn]) -> tuple[str, ...]:
    """One wording for a question that stands alone: a first one, and one that is as it was and has a name. Else two."""
    is_as_typed = question == standalone
    if not earlier or (is_as_typed and any(one.is_name for one in mentions(question))):
        return (standalone,)
    is_sure = bool(edits) and all(edit.mention.is_name for edit in edits)
    says_nothing = not any(word.part in _SAY_SOMETHING for word in words_of(question))  # "Why?", "Where was it found?"
    first = standalone if is_sure or says_nothing else question
    return first, _of_the_conversation(standalone, earlier[-_LAST_TURNS:])


def _of_the_conversation(standalone: str, turns: Sequence[Turn]) -> str:
    """The title cited last, the questions as typed, and the stand-alone one."""
    titles = turns[-1].titles[:1]
    return " ".join([*titles, *(turn.question for turn in turns), standalone])[-_LONGEST:].strip()
