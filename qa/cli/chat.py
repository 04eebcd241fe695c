"""A chat in the terminal: questions in, cited answers out, citations numbered through all turns."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from qa.api.answer import AnswerShape, answer_shape, earlier_turn
from qa.api.conversation import Conversation
from qa.base.errors import ArticleNotFound, QuestionError
from qa.base.in_words import counted
from qa.base.types import Citation, Filters, Sentence, Span
from qa.cli.output.answers import show_answer
from qa.cli.output.articles import show_article_heading, show_text
from qa.cli.output.filters import show_filter_advice
from qa.cli.output.screen import Screen
from qa.cli.output.text import on_one_line
from qa.service.conversations import Conversations
from qa.service.question import AnswerRequest
from qa.service.service import Service

_AROUND = 3  # sentences on either side of a citation
_QUIT = ("/quit", "/exit", "/q")


class Chat:
    """One conversation, kept as those of the web are: the answers that later questions may refer to, and the citations for
    /show."""

    def __init__(
        self, service: Service, screen: Screen, filters: Filters, *, asked_at: datetime | None = None, verbose: bool = False
    ) -> None:
        self._service = service
        self._screen = screen
        self._filters = filters
        self._asked_at = asked_at
        self._verbose = verbose
        self._conversations = Conversations(service)
        self._kept: Conversation | None = None
        self._cited: list[Citation] = []
        self._answers: list[AnswerShape] = []
        self._interactive = sys.stdin.isatty()

    def run(self) -> None:
        """Until /quit or the end of the input."""
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401  # input() then edits lines and remembers them
        self._screen.line(f"{counted(self._service.counts().articles, 'article')} in {self._service.folder}")
        if self._filters:
            self._screen.line(f"Only these articles answer: {on_one_line(str(self._filters))}.")
            show_filter_advice(self._service.filter_advice(self._filters), self._screen)
        self._screen.line("A question may refer to those before it. /help says more, /quit leaves.")
        while (line := self._read()) is not None and not (line.startswith("/") and line.split()[0] in _QUIT):
            if line.startswith("/"):
                self._command(line)
            elif line:
                self._ask(line)
        if self._kept is not None and self._conversations.is_kept(self._kept.id):
            self._screen.line("This shows the conversation again:")
            self._screen.suggest(f"conversations show {self._kept.id}")

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
            request = AnswerRequest(
                question,
                asked_at=self._asked_at,
                filters=self._filters,
                earlier=[earlier_turn(answer) for answer in self._answers],
                standalone_question=standalone,
            )
            answer = self._service.answer(request)
        except QuestionError as error:
            self._screen.line(str(error))
            return
        except KeyboardInterrupt:
            if not self._interactive:
                raise
            self._screen.line("Stopped.")
            return
        show_answer(answer, self._screen, numbered_from=len(self._cited) + 1, verbose=self._verbose)
        self._cited += answer.all_citations
        self._answers.append(answer_shape(answer))
        self._kept = self._conversations.append(
            self._kept.id if self._kept else "", self._answers[-1], in_place_of=len(self._answers)
        )

    def _ask_again(self, standalone: str | None) -> None:
        """The last question in other words; None: in its own."""
        if not self._answers:
            self._screen.line("There is no question yet to ask again.")
            return
        last = self._answers.pop()
        self._ask(last.question, standalone=last.question if standalone is None else standalone)

    def _command(self, line: str) -> None:
        name, _, rest = line.partition(" ")
        if name in _COMMANDS:
            _COMMANDS[name].run(self, rest.strip())
        else:
            self._screen.line(f"There is no {name}. /help lists the commands.")

    def help(self, _: str) -> None:
        self._screen.line(_HELP)
        self._screen.table(_LISTED)

    def literal(self, words: str) -> None:
        if words:
            self._ask(words, standalone=words)
        else:
            self._ask_again(None)

    def search_for(self, words: str) -> None:
        if words:
            self._ask_again(words)
        else:
            self._screen.line("/for needs the words to search for, such as /for When was Annika Rosmund born?")

    def start_over(self, _: str) -> None:
        self._answers.clear()
        self._kept = None
        self._screen.line("A new conversation.")

    def show(self, number: str) -> None:
        digits = number.strip("[]")
        if digits.isdecimal():
            self._show(int(digits))
        else:
            self._screen.line("/show needs the number of a citation, such as /show 1.")

    def _show(self, number: int) -> None:
        if not 1 <= number <= len(self._cited):
            known = f"there are 1 to {len(self._cited)}" if self._cited else "there are none yet"
            self._screen.line(f"There is no citation {number}; {known}.")
            return
        cited = self._cited[number - 1]
        try:
            row, sentences = self._service.article(cited.article_id)
        except ArticleNotFound:
            self._screen.line("This article has been removed.")
            return
        if row.article.digest != cited.article_digest:
            self._screen.line("This article has changed since the answer; ask again.")
            return
        show_article_heading(row.article, self._screen)
        self._screen.line()
        show_text(row.article, _around(sentences, cited.sentence_index), self._screen, marked=cited.span)


def _around(sentences: list[Sentence], index: int) -> Span:
    first, last = max(0, index - _AROUND), min(len(sentences) - 1, index + _AROUND)
    return Span(sentences[first].span.start, sentences[last].span.end)


@dataclass(frozen=True, slots=True)
class _Command:
    """What is typed behind the name, what it does in words, and what runs it."""

    argument: str
    description: str
    run: Callable[[Chat, str], None]


_COMMANDS = {
    "/literal": _Command("[WORDS]", "search for these words as they are; alone: for the last question as typed", Chat.literal),
    "/for": _Command("WORDS", "search for these words instead of the last question", Chat.search_for),
    "/new": _Command("", "begin a new conversation, without the earlier questions", Chat.start_over),
    "/show": _Command("N", "show the sentences around citation N", Chat.show),
    "/help": _Command("", "show this help", Chat.help),
}
_LISTED = [
    *((f"{name} {command.argument}", command.description) for name, command in _COMMANDS.items()),
    (_QUIT[0], "leave, as Ctrl-D does"),
]
_HELP = (
    'Type a question, or a few words to search for. A question may refer to earlier ones, such as "When was he born?", "Why?" or '
    '"What about the bridge?". It is then searched for in words that stand alone, and these are shown. The numbers in brackets '
    "go on through the whole chat."
)
