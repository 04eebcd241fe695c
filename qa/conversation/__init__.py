"""FOLLOW-UPS: a question and the turns before it → a question that stands alone.

- parts_of_speech.py  a text → its words, each with its part of speech
- mentions.py         a text → the people, places and things it mentions
- memory.py           earlier turns → what a pronoun may refer to
- pronouns.py         the pronouns of a question → the mentions that replace them
- ellipsis.py         an incomplete question → the last question, changed by it
- question_edits.py   edits of a question → the edited question, with their positions
- wordings.py         a question, stand-alone too, and the turns → the wordings to search with
- resolve.py          all of these together
"""

from qa.conversation.memory import Turn
from qa.conversation.resolve import Resolved, as_given, resolve

__all__ = ["Resolved", "Turn", "as_given", "resolve"]
