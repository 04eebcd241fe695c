"""The bodies that begin and rename a conversation."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from qa.corpus.decode import clean
from qa.service.state.conversations import LONGEST_TITLE
from web.api.bodies.fields import Body, with_example
from web.api.examples.conversation import BEGIN_BODY, RENAME_BODY


def _on_one_line(value: object) -> object:
    return " ".join(clean(value).split()) if isinstance(value, str) else value


_Title = Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE, pattern=r"\S"), BeforeValidator(_on_one_line)]


class BeginBody(Body):
    model_config = with_example(BEGIN_BODY)

    title: Annotated[_Title | None, Field(description="Default: the first question.")] = None


class RenameBody(Body):
    model_config = with_example(RENAME_BODY)

    title: _Title
