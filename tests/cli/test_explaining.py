"""`qa explain` as it is typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

import qa
from qa.api.explanation import ExplanationShape, explanation_shape
from qa.service.question import AnswerRequest

Run = Callable[..., tuple[int, str, str]]
GRAIN = "How many tonnes of grain did the port handle?"
LEDGER, COURIER = "port-record-ledger", "port-record-courier"


def test_the_first_20_candidates_are_listed_with_their_ranks_and_all_if_asked_for(
    ask: Run, read_only_index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_THRESHOLD", "0.1")  # whatever the default is, the best sentence is cited
    with qa.open(read_only_index) as index:
        passages = index.explain(AnswerRequest(GRAIN)).passages
    code, out, error = ask("explain", GRAIN)
    assert (code, error) == (0, "")
    lines = out.splitlines()
    assert lines[1] == f"{len(passages)} candidates, with the rank that each stage gave:"
    head = next(line for line in lines if line.startswith("passage of")).split()
    assert head[2:4] == ["dense", "lexical"] and head[-2:] == ["after_reading", "article"]
    assert [line.split(".")[0] for line in lines[4:24]] == [str(number) for number in range(1, 21)]
    assert lines[24] == f"… and {len(passages) - 20} more: --all lists them."
    every = ask("explain", GRAIN, "--all")[1].splitlines()[4:]
    assert [line.split()[-1] for line in every] == [passage.article.id for passage in passages]
    assert " cited " in every[0] and " read " in every[1]


def test_the_fate_of_an_article_is_told_with_its_sentence_and_the_one_that_won(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_THRESHOLD", "0.1")
    code, out, error = ask("explain", *GRAIN.split(), "--article", COURIER)
    assert (code, error) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "“I would be content with a dull year”: record for the harbour".replace("“", '"').replace("”", '"')
    assert lines[1].startswith("It was read, and not chosen.")
    assert "Its best passage:" in lines and "Its best sentence:" in lines
    assert "The sentence that won, cited as [1]:" in lines
    assert "  in this passage  tonnes, grain, port, handle" in lines
    assert lines[-1].startswith("qa show ")


def test_an_article_that_a_filter_leaves_out_is_told_with_both_values(ask: Run) -> None:
    out = ask("explain", GRAIN, "--article", LEDGER, "--source", "cnn")[1]
    assert "source “cnn” was asked for, and its source is “The Eastland Ledger”." in out


def test_an_article_that_no_search_brought_is_told_with_its_ranks(ask: Run) -> None:
    out = ask("explain", GRAIN, "--article", "Parrot rides line 2 to the terminus")[1]
    assert "tonnes, grain, port, handle" in next(line for line in out.splitlines() if line.startswith("  missing"))


def test_json_is_the_object_of_the_api_and_nothing_else(ask: Run, read_only_index: str) -> None:
    code, out, error = ask("explain", "--json", GRAIN, "--article", COURIER, "--asked-at", "2025-06-01")
    assert (code, error) == (0, "")
    assert out == ExplanationShape.model_validate_json(out).model_dump_json(indent=2) + "\n"
    found = json.loads(out)
    assert found["article"]["fate"] == "not_chosen" and found["article"]["given_id"] == COURIER
    with qa.open(read_only_index) as index:
        request = AnswerRequest(GRAIN, asked_at=datetime(2025, 6, 1, tzinfo=UTC))
        expected = explanation_shape(index.explain(request, article=COURIER)).model_dump(mode="json")
    assert (found["article"], found["candidates"]) == (expected["article"], expected["candidates"])


def test_what_nothing_was_searched_for_has_no_candidates(ask: Run) -> None:
    code, out, _ = ask("explain", "Thanks!")
    assert code == 0 and out.endswith("Nothing was searched, or nothing was found.\n")


def test_an_article_that_is_not_there_is_an_error(ask: Run) -> None:
    code, out, error = ask("explain", GRAIN, "--article", "nobody")
    assert (code, out) == (1, "")
    assert "No article 'nobody' in this index." in error
