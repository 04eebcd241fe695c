"""A chat in the terminal: questions in, cited answers out, citations numbered through all turns."""

from __future__ import annotations

import contextlib
import sys

from qa.api.answer import AnswerShape, answer_shape, earlier_turn
from qa.base.errors import ArticleNotFound, QuestionError
from qa.base.types import Citation, Filters, Sentence, Span
from qa.cli.output.answers import show_answer
from qa.cli.output.articles import show_article_heading, show_text
from qa.cli.output.screen import Screen
from qa.cli.output.text import numbered
from qa.service.service import Service

_AROUND = 3  # sentences on either side of a citation
_HELP = """\
Type a question, or a few words to search for. One that leans on what was said before, such as "When was
he born?", "Why?" or "What about the bridge?", is searched for in words that stand alone; these are shown.
Numbers in brackets go on through the chat.
  /literal  search for the last question as it was typed; with words: for these, as they are
  /for …    search for these words in its place
  /new      begin a new conversation: what was said before no longer counts
  /show N   the surroundings of citation N
  /help     this
  /quit     leave (or Ctrl-D)"""


class Chat:
    """One conversation; the screen keeps its text, this the turns that later ones lean on, and the citations for /show."""

    def __init__(self, service: Service, screen: Screen, filters: Filters) -> None:
        self._service = service
        self._screen = screen
        self._filters = filters
        self._cited: list[Citation] = []
        self._answers: list[AnswerShape] = []
        self._interactive = sys.stdin.isatty()

    def run(self) -> None:
        """Until /quit or the end of the input."""
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401  # input() then edits lines and remembers them
        self._screen.line(f"{numbered(self._service.counts().articles, 'article')} in {self._service.folder}")
        if self._filters:
            self._screen.line(f"Only these articles answer: {self._filters}.")
        self._screen.line("A question may lean on those before it. /help says more, /quit leaves.")
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

    def _ask(self, question: str, *, standalone: str | None = None) -> None:
        try:
            answer = self._service.ask(
                question,
                filters=self._filters,
                earlier=[earlier_turn(answer) for answer in self._answers],
                standalone_question=standalone,
            )
            self._service.keep(answer)
        except QuestionError as error:
            self._screen.line(str(error))
            return
        except KeyboardInterrupt:
            if not self._interactive:
                raise
            self._screen.line("Stopped.")
            return
        show_answer(answer, self._screen, numbered_from=len(self._cited) + 1)
        self._cited.extend(answer.citations)
        self._answers.append(answer_shape(answer))

    def _ask_again(self, standalone: str | None) -> None:
        """The last question in other words; None: in its own."""
        if not self._answers:
            self._screen.line("There is no question yet to ask again.")
            return
        last = self._answers.pop()
        self._ask(last.question, standalone=last.question if standalone is None else standalone)

    def _command(self, line: str) -> None:
        name, _, rest = line.partition(" ")
        if name == "/help":
            self._screen.line(_HELP)
        elif name == "/literal" and rest.strip():
            self._ask(rest.strip(), standalone=rest.strip())
        elif name == "/literal":
            self._ask_again(None)
        elif name == "/for" and rest.strip():
            self._ask_again(rest)
        elif name == "/for":
            self._screen.line("/for needs the words to search for, such as /for When was Annika Rosmund born?")
        elif name == "/new":
            self._answers.clear()
            self._screen.line("A new conversation.")
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
        show_article_heading(row.article, self._screen)
        self._screen.line()
        show_text(row.article, _around(sentences, cited.sentence_index), self._screen, marked=cited.span)


def _around(sentences: list[Sentence], index: int) -> Span:
    first, last = max(0, index - _AROUND), min(len(sentences) - 1, index + _AROUND)
    return Span(sentences[first].span.start, sentences[last].span.end)
