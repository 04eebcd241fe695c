"""Conversations as lines: one of a list, and one with its questions and answers."""

from __future__ import annotations

from rich.text import Text

from qa.api.answer import AnswerShape, answer_of
from qa.api.conversation import Conversation, ConversationLine
from qa.base.in_words import counted, day_of
from qa.cli.output.answers import show_answer
from qa.cli.output.screen import Screen
from qa.cli.output.styles import BOLD, DIM, WARNING
from qa.cli.output.text import on_one_line


def show_conversation_line(line: ConversationLine, screen: Screen) -> None:
    """Id, day, number of questions and title: in columns on a terminal, with tabs for a pipe."""
    title = on_one_line(line.title) or "No question yet"
    fields = [line.id, line.updated_at[:10], f"{line.questions:,}", title]
    if not screen.out.is_terminal:
        screen.write(Text("\t".join(fields)))
        return
    shown = Text(f"{line.id:<26}  {line.updated_at[:10]}  {line.questions:>3}  {title}", overflow="ellipsis", no_wrap=True)
    shown.truncate(screen.out.width, overflow="ellipsis")
    screen.write(shown)


def show_conversation(conversation: Conversation, screen: Screen) -> None:
    screen.line(on_one_line(conversation.title) or "No question yet", style=BOLD)
    asked = counted(len(conversation.turns), "question")
    screen.line(f"{day_of(conversation.created_at)}, {asked}, {conversation.id}", style=DIM)
    for turn in conversation.turns:
        screen.line()
        screen.line(f"Question: {on_one_line(turn.answer.question)}", style=BOLD)
        screen.line()
        show_answer(answer_of(turn.answer), screen)
        _show_changes(turn.answer, screen)


def _show_changes(answer: AnswerShape, screen: Screen) -> None:
    """What became of the sentences that it cites."""
    for changed in answer.changed_citations:
        screen.line()
        screen.line(f"[{changed.number}] {changed.note}", style=WARNING)
        if changed.current_sentence:
            screen.paragraph(Text(f"As it is now: {on_one_line(changed.current_sentence.shown)}"), indent=4)
