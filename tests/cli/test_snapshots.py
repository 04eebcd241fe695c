"""`qa snapshot`, `snapshots` and `restore` as they are typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import qa

Run = Callable[..., tuple[int, str, str]]
Small = Callable[[dict[str, str]], None]
QUESTION = "Who keeps the lighthouse?"


def _article(keeper: str) -> dict[str, str]:
    return {"id": "keeper", "title": "Lights", "text": f"{keeper} keeps the lighthouse.", "published_at": "2024-03-08"}


def test_a_snapshot_is_kept_listed_restored_and_removed_while_a_service_answers(small: Small, run: Run) -> None:
    small(_article("Barnaby Quill"))
    code, out, _ = run("snapshot", "spring")
    assert (code, out) == (0, "The snapshot spring holds 1 article, 1 passage.\n  qa restore spring\n")
    with qa.open("indexes/default") as served:
        assert served.ask(QUESTION).text.startswith("Barnaby Quill")
        small(_article("Odette Quill"))
        assert served.ask(QUESTION).text.startswith("Odette Quill")
        code, out, _ = run("restore", "spring")
        assert (code, out.splitlines()[0]) == (0, "Restored spring: 1 article.")
        assert served.ask(QUESTION).text.startswith("Barnaby Quill")
        undo = out.splitlines()[-1].split()[-1]
        assert run("restore", undo)[0] == 0
        assert served.ask(QUESTION).text.startswith("Odette Quill")
    names = [line.split("\t")[0] for line in run("snapshots")[1].splitlines()]
    assert len(names) == 3 and {"spring", undo} < set(names)
    assert run("snapshots", "remove", "spring")[:2] == (0, "The snapshot spring is deleted.\n")
    listed = [json.loads(line) for line in run("snapshots", "--json")[1].splitlines()]
    assert {one["name"] for one in listed} == set(names) - {"spring"}
    assert all((one["articles"], one["encoder"], one["problem"]) == (1, "multilingual-e5-small", None) for one in listed)


def test_what_was_removed_since_is_said(small: Small, run: Run) -> None:
    small(_article("Barnaby Quill"))
    small({"id": "pier", "text": "The pier has 12 piles."})
    run("snapshot", "spring")
    run("remove", "pier")
    lines = run("restore", "spring")[1].splitlines()
    assert lines[:2] == ["Restored spring: 1 article.", "Removed after it, and not restored: 1 article."]


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (["snapshot", "../spring"], 2, "'../spring' cannot be the name of a snapshot"),
        (["restore", "../spring"], 1, "No snapshot '../spring' is kept here. `qa snapshots` lists those kept."),
        (["snapshots", "remove", "spring"], 1, "No snapshot 'spring' is kept here."),
        (["snapshots"], 0, "There is no snapshot of "),
    ],
)
def test_what_is_not_there_is_said(small: Small, run: Run, command: list[str], code: int, said: str) -> None:
    small(_article("Barnaby Quill"))
    assert run(*command)[0] == code
    assert said in run(*command)[2]


def test_a_snapshot_that_cannot_be_read_is_listed_with_what_is_wrong(small: Small, run: Run) -> None:
    small(_article("Barnaby Quill"))
    run("snapshot", "spring")
    Path("indexes/default/snapshots/spring/snapshot.json").unlink()
    code, out, _ = run("snapshots")
    assert code == 0 and out.startswith("spring\t") and "is damaged" in out


def test_an_index_moves_as_one_file(small: Small, run: Run) -> None:
    small(_article("Barnaby Quill"))
    code, out, _ = run("export", "index", "lights.qa")
    assert (code, out) == (0, "1 article, 1 passage in lights.qa\nOn the other machine: qa import lights.qa\n")
    code, out, _ = run("import", "lights.qa", "--index", "elsewhere")
    assert (code, out) == (0, f"1 article in {Path('elsewhere').absolute()}\n")
    assert run("ask", QUESTION, "--index", "elsewhere")[1].startswith("Barnaby Quill")
    code, _, error = run("import", "lights.qa")
    assert code == 1 and "give --replace: then the one there is kept as a snapshot" in error
    code, out, _ = run("import", "lights.qa", "--replace")
    assert code == 0 and "qa restore before-import-" in out
