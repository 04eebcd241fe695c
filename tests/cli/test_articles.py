"""`qa list`, `show` and `remove` as they are typed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
Run = Callable[..., tuple[int, str, str]]
Small = Callable[[dict[str, str]], None]


def test_list_has_a_line_for_each_article_and_json_an_object(ask: Run, read_only_index: str) -> None:
    code, out, error = ask("list")
    assert code == 0
    assert error == f"44 articles in {read_only_index}\n"
    lines = out.splitlines()
    assert len(lines) == 44
    assert lines[0].split("\t")[1:3] == ["2024-02-12", "The Harbour Post"]
    records = [json.loads(line) for line in ask("list", "--json")[1].splitlines()]
    assert [record["article_id"] for record in records] == [line.split("\t")[0] for line in lines]
    assert records[0]["given_id"] == "ferry-terminal-opens"


def test_list_can_be_filtered(ask: Run) -> None:
    _, out, err = ask("list", "--source", "Skerriner Bote")
    assert len(out.splitlines()) == 1
    assert err.startswith("1 article in")
    assert ask("list", "--from", "2025-03", "--to", "2025-04")[1] == ask("list", "--since", "2025-03", "--until", "2025-04")[1]


def test_show_marks_the_cited_sentence(ask: Run) -> None:
    citation = json.loads(ask("ask", "--json", QUESTION)[1])["citations"][0]
    code, out, _ = ask("show", citation["article_id"], "--sentence", str(citation["sentence_index"]))
    assert code == 0
    assert f">>> {citation['cited_text']} <<<" in out


def test_show_takes_the_given_id_and_prints_the_whole_text(ask: Run) -> None:
    out = ask("show", "ferry-terminal-opens")[1]
    assert "The terminal cost 23.5 million euros and took 14 months to build." in out
    assert out.rstrip().endswith("Islanders with a resident card go on paying 2.50 euros.")


def test_show_names_the_copies_of_an_article(ask: Run) -> None:
    out = ask("show", "port-record-ledger")[1]
    *_, heading, line = out.splitlines()
    assert heading == "Similar: 1 other article"
    assert line.split("\t")[2] == "Varrow Courier"
    assert "Similar" not in ask("show", "ferry-terminal-opens")[1]


def test_show_refuses_a_sentence_that_is_not_there_and_an_id_nobody_has(ask: Run) -> None:
    assert ask("show", "ferry-terminal-opens", "--sentence", "999")[0] == 2
    code, _, error = ask("show", "nobody\udcff")
    assert code == 1
    assert error == "qa: No article 'nobody\\udcff' in this index. `qa list` shows their ids.\n"


def test_a_removed_article_is_gone_until_it_is_brought_back(small: Small, run: Run) -> None:
    small({"id": "a", "text": "The pier has 12 piles."})
    code, out, _ = run("remove", "a")
    assert code == 0
    back = re.search(r"qa (remove --undo art_\w+)", out)
    assert back
    assert run("show", "a")[0] == 1
    assert run(*back[1].split())[0] == 0
    assert run("show", "a")[0] == 0
    assert run("remove", "--undo", "a")[0] == 1


def test_an_article_goes_by_its_title_too(small: Small, run: Run) -> None:
    small({"id": "a", "title": "Piles of the pier", "text": "The pier has 12 piles."})
    assert "The pier has 12 piles." in run("show", "piles of the pier")[1]
    assert run("remove", "Piles of the pier")[0] == 0
    assert "Near it" not in run("show", "Piles of the pier")[2]
    assert run("remove", "--undo", "Piles of the pier")[1] == "1 article restored.\n"
    code, _, error = run("show", "Piles of a pier")
    assert (code, "Near it: art_" in error, "(Piles of the pier)" in error) == (1, True, True)


def test_a_removed_article_can_be_deleted_at_once_afterwards(small: Small, run: Run) -> None:
    small({"id": "a", "text": "The pier has 12 piles."})
    assert [run("remove", "a")[0], run("remove", "a", "--now")[0], run("remove", "--undo", "a")[0]] == [0, 0, 1]


def test_removing_all_asks_and_without_a_terminal_wants_yes(small: Small, run: Run, given_stdin: Callable[[bytes], None]) -> None:
    small({"id": "a", "text": "The pier has 12 piles."})
    given_stdin(b"y\n")
    code, _, error = run("remove", "--all")
    assert code == 2
    assert "--yes" in error
    assert run("show", "a")[0] == 0
    assert run("remove", "--all", "--yes")[0] == 0
    assert run("show", "a")[0] == 1
    assert run("remove", "--undo", "--all")[0] == 0
    assert run("show", "a")[0] == 0
    assert run("remove", "a")[0] == 0
    assert run("remove", "--undo")[0] == 0  # all that can be restored
    assert run("show", "a")[0] == 0
