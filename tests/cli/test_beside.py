"""`qa rebuild --beside` and `qa switch` as they are typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import qa
from qa.base.settings import ENGLISH_ENCODER

Run = Callable[..., tuple[int, str, str]]
Small = Callable[[dict[str, str]], None]
QUESTION = "Who keeps the lighthouse?"


def test_another_encoder_is_tried_beside_the_index_and_switched_to_while_a_service_answers(small: Small, run: Run) -> None:
    small({"id": "keeper", "title": "Lights", "text": "Barnaby Quill keeps the lighthouse.", "published_at": "2024-03-08"})
    assert run("switch")[0] == 1
    code, out, _ = run("rebuild", "--encoder", ENGLISH_ENCODER, "--beside")
    beside = Path("indexes/default/beside").absolute()
    assert code == 0 and f"qa evaluate SET --out then.jsonl --index {beside}" in out and out.endswith("  qa switch\n")
    assert run("ask", QUESTION, "--index", str(beside))[1].startswith("Barnaby Quill")
    with qa.open("indexes/default") as served:
        assert served.ask(QUESTION).text.startswith("Barnaby Quill")
        code, out, _ = run("switch")
        assert (code, out.splitlines()[0]) == (0, f"1 article with {ENGLISH_ENCODER} in {beside.parent}.")
        assert served.ask(QUESTION).text.startswith("Barnaby Quill")
        assert served.described().encoder.name == ENGLISH_ENCODER
        assert run("switch", "--back")[0] == 0
        assert served.ask(QUESTION).text.startswith("Barnaby Quill")
        assert served.described().encoder.name == "multilingual-e5-small"
    assert [json.loads(line)["name"] for line in run("list", "--indexes", "--json")[1].splitlines()] == ["default"]
