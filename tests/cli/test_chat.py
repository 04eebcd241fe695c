"""`qa chat` as it is typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from qa.answer.question_kind import WHAT_QA_DOES
from qa.index.layout import STATE_FILE

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
ANSWER = "Wilhelmina Sorrowby, who sewed sails on Candle Lane for sixty-eight years, died on 17 February at the age of 94."
Run = Callable[..., tuple[int, str, str]]
Small = Callable[[dict[str, str]], None]


def test_chat_makes_follow_ups_stand_alone_and_says_how(ask: Run, given_stdin: Callable[[bytes], None]) -> None:
    turns = ("/literal", QUESTION, "When was she born?", "/literal", "/for When was Annika Rosmund a pilot?", "/for", "/new")
    given_stdin("\n".join((*turns, "When was she born?\n")).encode())
    code, out, error = ask("chat")
    assert (code, error) == (0, "")
    _, first, follow_up, literal, replaced, empty, _, anew = re.split("^> ", out, flags=re.MULTILINE)[1:]
    assert "Searched for" not in first
    assert "Searched for: When was Wilhelmina Sorrowby born?" in follow_up and "3 June 1930" in follow_up
    assert "Searched for" not in literal
    assert "Searched for: When was Annika Rosmund a pilot?" in replaced
    assert "/for needs the words" in empty
    assert "Searched for" not in anew
    assert "There is no question yet to ask again." in out


def test_chat_numbers_its_citations_through_all_turns_and_shows_their_surroundings(
    ask: Run, given_stdin: Callable[[bytes], None]
) -> None:
    turns = (
        f"{QUESTION}\n\nHow long will the sea wall be?\n/show 2\n/show 99\n/nonsense\n/help\n{'x' * 5000}\n/quit\nnever asked\n"
    )
    given_stdin(turns.encode())
    code, out, error = ask("chat")
    assert (code, error) == (0, "")
    assert "A question may refer to those before it" in out
    assert f"> {QUESTION}\n94 [1]\nLikely\n\n[1] {ANSWER}\n" in out
    assert "art_" not in out.partition("> /show 2")[0]
    assert "> How long will the sea wall be?\n" in out
    assert re.search(r"^\[2\] ", out, re.MULTILINE)
    assert ">>> " in out.partition("> /show 2")[2]
    assert "There is no citation 99" in out
    assert "There is no /nonsense" in out
    assert "at most 1,000 are read" in out
    assert "never asked" not in out


def test_chat_is_kept_as_a_conversation(small: Small, run: Run, given_stdin: Callable[[bytes], None]) -> None:
    small({"id": "a", "text": "The pier has 12 piles."})
    typed = ["How many piles has the pier?", "How many?", "/for How many piles are there?", "/new", "How many piles has it?"]
    given_stdin("\n".join(typed).encode())
    *_, told, command = run("chat")[1].splitlines()
    assert told == "This shows the conversation again:"
    _, listed, note = run("conversations")
    assert [line.split("\t")[2:] for line in listed.splitlines()] == [["1", typed[4]], ["2", typed[0]]]
    assert "2 conversations in" in note
    last, first = (line.split("\t")[0] for line in listed.splitlines())
    assert command == f"  qa conversations show {last}"
    shown = run("conversations", "show", first)[1]
    assert re.findall("^Question: (.*)$", shown, re.MULTILINE) == typed[:2]
    assert "Searched for: How many piles are there?" in shown


def test_chat_that_cannot_be_kept_is_not_said_to_be(small: Small, run: Run, given_stdin: Callable[[bytes], None]) -> None:
    small({"id": "a", "text": "The pier has 12 piles."})
    Path("indexes/default", STATE_FILE).write_bytes(b"damaged " * 1_000)
    given_stdin(b"How many piles has the pier?\nHow many?\n")
    code, out, _ = run("chat")
    assert (code, [number in out for number in ("[1] The pier", "[2] The pier")]) == (0, [True, True])
    assert "This shows the conversation again" not in out


def test_chat_may_be_held_in_the_past(ask: Run, given_stdin: Callable[[bytes], None]) -> None:
    given_stdin(f"{QUESTION}\n".encode())
    _, out, _ = ask("chat", "--asked-at", "2025-01-31")
    assert ANSWER not in out and "Articles from after 31 January 2025 do not answer" in out
    given_stdin(f"{QUESTION}\n".encode())
    assert ANSWER in ask("chat", "--asked-at", "2025-01-31", "--as-of", "any")[1]


def test_chat_ends_with_its_input(ask: Run, given_stdin: Callable[[bytes], None]) -> None:
    given_stdin(b"hello")
    code, out, _ = ask("chat")
    assert code == 0
    assert WHAT_QA_DOES in out
