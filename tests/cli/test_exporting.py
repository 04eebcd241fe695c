"""`qa export judgements` as it is typed."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import qa
from qa.api.answer import AnswerShape
from qa.base.feedback import Verdict

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
ANSWER = "Wilhelmina Sorrowby, who sewed sails on Candle Lane for sixty-eight years, died on 17 February at the age of 94."
Run = Callable[..., tuple[int, str, str]]
Small = Callable[[dict[str, str]], None]


def feedback(answer: AnswerShape, verdict: str, citation: int | None = None) -> None:
    """Say something of an answer from the default index, as a button of the chat does."""
    with qa.open() as service:
        service.judge(answer.id, Verdict(verdict), sentence=None if citation is None else ("citations", citation))


def test_what_users_said_is_exported_as_a_set_that_is_evaluated(read_only_index: str, run: Run, tmp_path: Path) -> None:
    shutil.copytree(read_only_index, "indexes/default")
    asked = {}
    for question in (QUESTION, "How long will the sea wall be?", "What is the boiling point of tungsten?"):
        asked[question] = AnswerShape.model_validate_json(run("ask", "--json", question)[1])
    right, wrong, nothing = asked.values()
    feedback(right, "helpful")
    feedback(wrong, "wrong", 1)
    feedback(nothing, "helpful")
    code, out, error = run("export", "judgements")
    assert (code, error) == (0, "")
    assert out == "3 questions with 2 judgements in judgements.jsonl\n  qa evaluate judgements.jsonl\n"
    first, second, third = map(json.loads, (tmp_path / "judgements.jsonl").read_text("utf-8").splitlines())
    assert (first["question"], first["judgements"][0]["text"], first["judgements"][0]["grade"]) == (QUESTION, ANSWER, 1)
    assert (second["judgements"][0]["text"], second["judgements"][0]["grade"]) == (wrong.citations[0].cited_text, 0)
    assert (third["answerable"], third["judgements"]) == (False, [])
    code, out, _ = run("evaluate", "judgements.jsonl", "--json")
    assert code == 0
    figures = {(figure["stage"], figure["measure"]): figure for figure in json.loads(out)["figures"]}
    found = figures["distinct", "success@5"]
    assert (found["value"], found["n"]) == (1.0, 1)  # of the question whose right place is known
    decided = figures["answer", "decision accuracy"]
    assert (decided["value"], decided["n"]) == (1.0, 2)  # of it, and of the one that nothing answers


def test_a_set_in_a_folder_brings_its_articles_and_can_be_asked_over_another_index(
    read_only_index: str, run: Run, tmp_path: Path
) -> None:
    shutil.copytree(read_only_index, "indexes/default")
    feedback(AnswerShape.model_validate_json(run("ask", "--json", QUESTION)[1]), "right", 1)
    assert run("export", "judgements", "--out", "a set")[1] == ("1 question with 1 judgement in a set\n  qa evaluate 'a set'\n")
    assert sorted(path.name for path in (tmp_path / "a set").iterdir()) == ["articles.jsonl", "questions.jsonl"]
    code, out, _ = run("evaluate", "a set", "--index", "indexes/default", "--stage", "merged")
    assert (code, "judged by spans" in out) == (0, True)
    assert re.search(r"success@1 +1\.000", out)


def test_feedback_on_what_was_removed_is_counted_and_nothing_to_export_is_not_found(
    small: Small, run: Run, tmp_path: Path
) -> None:
    small({"id": "keeper", "text": "The lighthouse keeper is called Barnaby Quill. He has counted 312 ships."})
    code, _, error = run("export", "judgements")
    assert (code, error) == (
        3,
        f"No answer from {tmp_path}/indexes/default has feedback. The chat of `qa serve` has the buttons for it.\n",
    )
    feedback(AnswerShape.model_validate_json(run("ask", "--json", "Who is the lighthouse keeper?")[1]), "right", 1)
    assert re.search(r"feedback +on 1 answer; `qa export judgements` writes it as a set", run("doctor")[1])
    run("remove", "keeper", "--now")
    code, out, error = run("export", "judgements")
    assert (code, out) == (3, "")
    assert error.startswith("Left out: Judged sentences of articles that are not in the index any more: 1 (art_")
    assert "No feedback can be judged" in error
    assert not (tmp_path / "judgements.jsonl").exists()
