"""FOLLOW-UPS: a question and the turns before it → the question made to stand alone.

words.py      a text → its words and the part each plays
mentions.py   a text → the people, places and things it mentions
memory.py     earlier turns → what a pronoun can stand for now
pronouns.py   the pronouns of a question → what is put in their place
ellipsis.py   half a question → the last one with its words in it
edits.py      words put into a question → the question, and where they stand
resolve.py    all of it
"""

from qa.conversation.memory import Turn
from qa.conversation.resolve import Resolved, as_given, resolve

__all__ = ["Resolved", "Turn", "as_given", "resolve"]
