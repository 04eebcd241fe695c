"""A conversation → a page that needs nothing else, to be saved as a file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment

from qa.api.conversation import Conversation
from qa.api.pieces import shown_quote, shown_short_answer
from qa.api.statement import OTHERS_SAY, relation_in_words, shown_value
from qa.base.in_words import day_of
from qa.base.templates import environment
from web.pages.language_names import is_language_tag
from web.pages.wording import changed_of, sureness, verdict


def export_page(conversation: Conversation, titles: Mapping[str, str], address: str | None) -> str:
    """`titles` name articles in the filters by their ids; `address` is where the conversation is read."""
    return _environment().get_template("export.html").render(conversation=conversation, titles=titles, address=address)


@cache
def _environment() -> Environment:
    made = environment(Path(__file__).parent / "templates")
    made.filters["day"] = day_of
    made.tests["language_tag"] = is_language_tag
    made.globals.update(
        changed_of=changed_of,
        shown_quote=shown_quote,
        shown_short_answer=shown_short_answer,
        shown_value=shown_value,
        relation_in_words=relation_in_words,
        others_say=OTHERS_SAY,
        sureness=sureness,
        verdict=verdict,
    )
    return made
