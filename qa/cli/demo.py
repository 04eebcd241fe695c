"""`qa demo`: the sample articles in an index, and a cited answer to a question about them."""

from __future__ import annotations

import importlib.resources
from pathlib import Path

from qa.base.errors import IndexNotFound
from qa.base.in_words import counted
from qa.base.types import Status
from qa.cli.adding import add_paths
from qa.cli.output.answers import show_answer
from qa.cli.output.screen import Screen
from qa.service.service import Service

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
_NEXT = ('ask "How many houses were flooded?"', "chat", "list")


def run_demo(service: Service, screen: Screen) -> bool:
    """Index the samples if they are not there, ask a question, and suggest next commands; whether there was an answer."""
    with importlib.resources.as_file(importlib.resources.files("qa.evaluation.samples")) as samples:
        articles = samples / "articles.jsonl"
        if not _holds(service, articles):
            screen.note(f"Indexing the sample articles of qa in {service.folder}")
            add_paths(service, [str(articles)], screen, quietly=True)
    answer = service.ask(QUESTION)
    count = service.counts().articles
    screen.line(f"{counted(count, 'article')} about the invented harbour town of Varrowmouth: {service.folder}")
    screen.line()
    screen.line(f"Question: {QUESTION}")
    screen.line()
    show_answer(answer, screen)
    screen.line()
    screen.line("Next:")
    for command in _NEXT:
        screen.suggest(command)
    screen.line("Add your own articles to another index: qa add PATH…")
    return answer.status is not Status.NOT_FOUND


def _holds(service: Service, articles: Path) -> bool:
    """Whether the index has as many articles as the samples."""
    try:
        return service.counts().articles >= len(articles.read_bytes().splitlines())
    except IndexNotFound:
        return False
