"""`python -m qa.training` as it is typed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from qa.answer.span_model import SpanModel
from qa.base.protocols import TitledText
from qa.base.types import Span
from qa.training.__main__ import main

TEXT = "The mill closed early. Ada Thorn kept the keys of it. Nobody came back to Gallow Hill that winter."


def write_set(folder: Path, questions: list[dict[str, object]]) -> None:
    folder.mkdir(parents=True)
    article = {"id": "mill", "title": "The mill", "text": TEXT}
    for name, records in (("articles", [article]), ("questions", questions)):
        (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress("".join(f"{json.dumps(one)}\n" for one in records).encode()))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two sets of different formats; one has an id twice, and a question without a label."""
    judged = {"article_id": "mill", "start": 23, "end": 32, "text": "Ada Thorn"}
    write_set(tmp_path / "data" / "spans", [{"id": "q1", "question": "Who kept the keys?", "judgements": [judged]}])
    answered = {"id": "q1", "question": "Where did nobody come back to?", "answers": ["Gallow Hill"], "article_id": "mill"}
    unlabelled = {"id": "q2", "question": "Why?", "answers": [], "article_id": "mill"}
    write_set(tmp_path / "data" / "records", [answered, answered, unlabelled])
    return tmp_path / "data"


def test_every_set_of_a_folder_is_read_and_a_reader_comes_out(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reader", "--data", str(data), "--out", str(tmp_path / "reader"), "--epochs", "1"]) == 0
    out, err = capsys.readouterr()
    assert "records: 2 questions; 1 without a usable label are left out" in err
    assert "spans: 1 question\n" in err
    assert "Training: 1 of 1 steps, loss" in err
    assert f"The reader is in {tmp_path / 'reader'}." in out
    (found,) = SpanModel(tmp_path / "reader", precision="float32").read("Who?", [TitledText("", TEXT)], [[Span(0, len(TEXT))]])
    assert found.best is not None


def test_one_set_can_be_named_itself(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reader", "--data", str(data / "spans"), "--out", str(tmp_path / "reader"), "--epochs", "1"]) == 0
    assert "records" not in capsys.readouterr().err


def test_a_reader_is_trained_further_with_a_set_asked_more_often(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, further = str(tmp_path / "first"), str(tmp_path / "further")
    assert main(["reader", "--data", str(data), "--out", first, "--epochs", "1"]) == 0
    arguments = [
        "--data",
        str(data),
        "--from",
        first,
        "--repeat",
        "spans=30",
        "--learning-rate",
        "0",
        "--head-learning-rate",
        "0",
    ]
    assert main(["reader", *arguments, "--out", further, "--epochs", "1"]) == 0
    assert "Training: 2 of 2 steps" in capsys.readouterr().err  # 32 questions, 24 in a batch
    one, other = (load_file(Path(folder) / "model.safetensors") for folder in (first, further))
    assert all(torch.equal(one[name], other[name]) for name in one)  # it began from the first, and learned nothing


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["--repeat", "spans"], "--repeat spans: expected SET=N", 2),
        (["--repeat", "spans=0"], "--repeat spans=0: expected SET=N", 2),
        (["--repeat", "spains=2"], "there is no set of this name, only records, spans", 2),
        (["--from", "no-such-reader"], "No reader 'no-such-reader'", 1),
        (["--from", "qa-reader"], "The reader 'qa-reader' shares its words with the encoder: it cannot be trained further", 1),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_read(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str, code: int
) -> None:
    assert main(["reader", "--data", str(data), "--out", str(tmp_path / "reader"), *arguments]) == code
    err = capsys.readouterr().err
    assert said in err
    assert "1 question" not in err
    assert not (tmp_path / "reader").exists()


@pytest.mark.parametrize("missing", ["nothing", "empty"])
def test_a_folder_without_sets_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], missing: str) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["reader", "--data", str(tmp_path / missing), "--out", str(tmp_path / "reader")]) == 1
    assert str(tmp_path / missing) in capsys.readouterr().err
    assert not (tmp_path / "reader").exists()


def test_sets_without_an_answer_teach_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_set(tmp_path / "set", [{"id": "q1", "question": "Who?", "judgements": [], "answerable": False}])
    assert main(["reader", "--data", str(tmp_path / "set"), "--out", str(tmp_path / "reader")]) == 1
    assert "has an answer whose place is known" in capsys.readouterr().err


def test_readers_are_averaged_weight_by_weight(data: Path, tmp_path: Path) -> None:
    first, second, out = (str(tmp_path / name) for name in ("first", "second", "average"))
    options = ["--epochs", "4", "--frozen-layers", "0", "--listwise-weight", "0.5"]
    train = ["reader", "--data", str(data / "spans"), *options]
    assert main([*train, "--out", first]) == main([*train, "--out", second, "--seed", "8"]) == 0
    assert main(["average", first, second, "--out", out]) == 0
    one, other, mean = (load_file(Path(folder) / "model.safetensors") for folder in (first, second, out))
    assert set(mean) == set(one)
    for name, weights in mean.items():
        assert torch.equal(weights, ((one[name].float() + other[name].float()) / 2).half())
    assert any(not torch.equal(one[name], other[name]) for name in one)
    assert not torch.equal(one["bert.embeddings.word_embeddings.weight"], other["bert.embeddings.word_embeddings.weight"])
    SpanModel(Path(out), precision="float32").load()


def test_one_reader_has_no_average(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["average", "qa-reader", "--out", str(tmp_path / "out")]) == 2
    assert "Name at least two readers, got 1." in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
