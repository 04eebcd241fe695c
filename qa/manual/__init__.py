"""A topic → its page of the manual, as Markdown.

The pages are read in three places: on the repository's page, with `qa help TOPIC` in the terminal, and at /help/TOPIC in
the browser. They link one another as `[Serving](serving.md)`; the terminal and the browser rewrite these links.

Importing this needs the standard library alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files

TOPICS = {
    "adding": "which files become articles, and how articles change",
    "asking": "answers, filters, dates, follow-ups, and the web chat",
    "commands": "every command with its options",
    "http": "the HTTP API, its clients, and tools for language models",
    "python": "qa inside a Python program",
    "serving": "running a server: tokens, metrics, logs, workers",
    "growing": "Milvus, and what to do when one machine is too small",
    "settings": "every setting with its default",
    "measuring": "how good the answers are on your questions",
    "data": "where data is kept, and what deleting does",
    "reliability": "what crashes, full disks and hostile input do, and how that is tested",
    "contributing": "working on qa itself",
    "changelog": "what changed for users",
}
LINK = re.compile(r"(?:(?P<topic>[a-z]+)\.md)?(?P<anchor>#[\w-]+)?")
_LINK_IN_TEXT = re.compile(rf"\[(?P<words>[^\]]+)\]\({LINK.pattern}\)")


def page(topic: str) -> str:
    """The page of one of TOPICS.

    Raises:
        KeyError: there is no such topic.
    """
    if topic not in TOPICS:
        raise KeyError(topic)
    return (files(__name__) / f"{topic}.md").read_text("utf-8")


def replace_links(markdown: str, replacement: Callable[[str, str], str]) -> str:
    """The page with each link to another page replaced, given its words and its topic. One within the page becomes its words."""
    return _LINK_IN_TEXT.sub(lambda link: replacement(link["words"], link["topic"]) if link["topic"] else link["words"], markdown)
