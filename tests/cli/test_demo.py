"""`qa demo` as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

ANSWER = "Wilhelmina Sorrowby, who sewed sails on Candle Lane for sixty-eight years, died on 17 February at the age of 94."
Run = Callable[..., tuple[int, str, str]]


def test_the_demo_indexes_the_samples_once_and_answers(tmp_path: Path, run: Run) -> None:
    code, out, _ = run("demo", "--no-serve")
    assert code == 0
    assert f"94 [1]\nLikely\n\n[1] {ANSWER}\n" in out
    assert str(tmp_path / "indexes" / "demo") in out
    assert "qa chat --index indexes/demo" in out
    code, out, error = run("demo", "--no-serve")
    assert code == 0
    assert error == ""
