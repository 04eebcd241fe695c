"""A chat in the terminal: questions in, cited answers out, citations numbered through all turns."""

from __future__ import annotations

import contextlib
import sys

from qa.errors import ArticleNotFound, QuestionError
from qa.service import Service
from qa.terminal import Screen, numbered
from qa.types import Citation, Filters, Sentence, Span

_AROUND = 3  # sentences on either side of a citation
_HELP = """\
Type a question, or a few words to search for. Each question stands alone: name what you mean, since
"he" or "there" cannot look back at earlier turns yet. Numbers in brackets go on through the chat.
  /show N   the surroundings of citation N
  /help     this
  /quit     leave (or Ctrl-D)"""


class Chat:
    """One conversation; the screen keeps its turns, this keeps the citations so that /show finds them."""

    def __init__(self, service: Service, screen: Screen, filters: Filters) -> None:
        self._service = service
        self._screen = screen
        self._filters = filters
        self._cited: list[Citation] = []
        self._interactive = sys.stdin.isatty()

    def run(self) -> None:
        """Until /quit or the end of the input."""
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401  # input() then edits lines and remembers them
        self._screen.line(f"{numbered(self._service.counts().articles, 'article')} in {self._service.folder}")
        if self._filters:
            self._screen.line(f"Only these articles answer: {self._filters}.")
        self._screen.line("Each question stands alone: follow-ups are not understood yet. /help says more, /quit leaves.")
        while (line := self._read()) is not None:
            if line.startswith("/"):
                if line.split()[0] in ("/quit", "/exit", "/q"):
                    return
                self._command(line)
            elif line:
                self._ask(line)

    def _read(self) -> str | None:
        """The next line; None at the end of the input."""
        self._screen.line()
        try:
            line = input("> " if self._interactive else "").strip()
        except EOFError:
            if self._interactive:
                self._screen.line()
            return None
        except KeyboardInterrupt:
            if not self._interactive:
                raise
            self._screen.line()
            self._screen.line("Ctrl-D or /quit leaves.")
            return ""
        if not self._interactive:
            self._screen.line(f"> {line}")
        return line

    def _ask(self, question: str) -> None:
        try:
            answer = self._service.ask(question, filters=self._filters)
            self._service.keep(answer)
        except QuestionError as error:
            self._screen.line(str(error))
            return
        except KeyboardInterrupt:
            if not self._interactive:
                raise
            self._screen.line("Stopped.")
            return
        self._screen.answer(answer, numbered_from=len(self._cited) + 1)
        self._cited.extend(answer.citations)

    def _command(self, line: str) -> None:
        name, _, rest = line.partition(" ")
        if name == "/help":
            self._screen.line(_HELP)
        elif name == "/show" and rest.strip().lstrip("[").rstrip("]").isdecimal():
            self._show(int(rest.strip().strip("[]")))
        elif name == "/show":
            self._screen.line("/show needs the number of a citation, such as /show 1.")
        else:
            self._screen.line(f"There is no {name}. /help lists what there is.")

    def _show(self, number: int) -> None:
        if not 1 <= number <= len(self._cited):
            known = f"1 to {len(self._cited)}" if self._cited else "none yet"
            self._screen.line(f"There is no citation {number}; there are {known}.")
            return
        cited = self._cited[number - 1]
        try:
            row, sentences = self._service.article(cited.article_id)
        except ArticleNotFound:
            self._screen.line("This article has been removed.")
            return
        if row.article.digest != cited.article_digest:
            self._screen.line("This article has changed since; ask again.")
            return
        self._screen.article_heading(row.article)
        self._screen.line()
        self._screen.passage(row.article, _around(sentences, cited.sentence_index), marked=cited.span)


def _around(sentences: list[Sentence], index: int) -> Span:
    first, last = max(0, index - _AROUND), min(len(sentences) - 1, index + _AROUND)
    return Span(sentences[first].span.start, sentences[last].span.end)
