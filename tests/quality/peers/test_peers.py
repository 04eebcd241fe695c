from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from programs import program

from qa.evaluation.figures import figures
from qa.evaluation.runs import read_run

SAMPLES = Path(__file__).parents[3] / "qa" / "evaluation" / "samples"


@pytest.fixture(scope="module")
def peers() -> ModuleType:
    return program(Path(__file__).parent / "compare_peers.py")


def test_one_run_compares_qa_with_its_peers_on_the_same_judgements(
    peers: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert peers.compare(SAMPLES, tmp_path / "peers") == 0
    told = capsys.readouterr().out
    for tag in ("bm25s", "sentence-transformers+faiss"):
        run = read_run(tmp_path / "peers" / f"{tag}.jsonl.gz")
        assert run.facts.notes == ()
        found = {figure.measure: figure.value for figure in figures(run) if figure.stage == tag}
        assert found["success@10"] > 0.8
        assert f"qa compared with the baseline {tag}:" in told
        assert f"{tag} / merged: MRR@10" in told
