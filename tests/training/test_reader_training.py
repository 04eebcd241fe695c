"""`python -m qa.training reader`: from judged questions to a reader's folder."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from qa.answer.packaged_reader import PackagedReader
from qa.base.protocols import TitledText
from qa.base.types import Span
from qa.evaluation import samples
from qa.index.packaged_words import packaged_words
from qa.training.__main__ import main

SAMPLES = Path(samples.__file__).parent
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


def arguments(tmp_path: Path, data: Path, *more: str) -> list[str]:
    folders = ["--data", str(data), "--indexes", str(tmp_path / "indexes"), "--out", str(tmp_path / "reader")]
    return ["reader", *folders, *more]


def card(tmp_path: Path) -> str:
    return (tmp_path / "reader" / "MODEL_CARD.md").read_text("utf-8")


def test_the_sample_questions_make_a_reader_that_reads(
    added_samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(added_samples, tmp_path / "indexes" / "samples")
    options = ["--from", "qa-reader", "--layers", "0,1,3", "--take", "samples=8", "--epochs", "0.08", "--questions", "2"]
    assert main(arguments(tmp_path, SAMPLES, *options)) == 0
    out, err = capsys.readouterr()
    assert "Training: 2 of 2 steps, loss" in err
    assert f"The reader is in {tmp_path / 'reader'}." in out
    assert {path.name for path in (tmp_path / "reader").iterdir()} == {
        *("MODEL_CARD.md", "examples", "log.jsonl", "reader.safetensors", "reader.sha256"),
    }
    digest = hashlib.sha256((tmp_path / "reader" / "reader.safetensors").read_bytes()).hexdigest()
    assert (tmp_path / "reader" / "reader.sha256").read_text("utf-8").strip() == digest
    assert f"`{digest}`" in card(tmp_path)
    assert "python -m qa.training reader --data DIR --indexes DIR --out DIR --from READER --layers 0,1,3" in card(tmp_path)
    assert "- 2 steps read " in card(tmp_path) and str(tmp_path) not in card(tmp_path)
    reader = PackagedReader(tmp_path / "reader", packaged_words, precision="float32")
    (reading,) = reader.read("Who kept the keys?", [TitledText("The mill", TEXT)], [[Span(0, len(TEXT))]])
    assert reading.best is not None and reading.relevance is not None


def test_the_encoders_layers_learn_from_a_teacher_and_are_measured(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--teacher", "qa-reader", "--layers", "0", "--questions", "4", "--repeat", "spans=3", "--dev", str(data / "spans")]
    assert main(arguments(tmp_path, data, *options)) == 0
    err = capsys.readouterr().err
    assert "records: 2 questions; 1 without a usable label are left out" in err
    assert "spans: 1 question\n" in err
    assert "Training: 1 of 1 steps" in err  # five questions, four in a step
    assert "the packaged encoder's layers, with new heads. Its teacher was the reader with SHA-256" in card(tmp_path)
    assert "--repeat spans=3" in card(tmp_path)
    assert "| spans | 1 | 1 |" in card(tmp_path) and "| records | 2 | 1 |" in card(tmp_path)
    assert "| spans | this one | 1 |" in card(tmp_path)
    with safe_open(tmp_path / "reader" / "reader.safetensors", framework="pt") as file:
        names = [*file.keys()]
        assert {file.get_tensor(name).dtype for name in names} == {torch.float16}
    assert "encoder.layer.0.output.dense.weight" in names
    assert not [name for name in names if "word_embeddings" in name or "layer.1." in name]


@pytest.mark.parametrize(
    ("more", "said", "code"),
    [
        (["--repeat", "spans"], "--repeat spans: expected SET=N", 2),
        (["--repeat", "spans=0"], "--repeat spans=0: expected SET=N", 2),
        (["--take", "spains=2"], "there is no set of this name, only records, spans", 2),
        (["--layers", "0,one"], "--layers 0,one: expected whole numbers from 0", 2),
        (["--layers", "0,12"], "--layers 0,12: expected different layers from 0 to 11", 2),
        (["--layers", "1,1"], "--layers 1,1: expected different layers", 2),
        (["--from", "no-such-reader"], "No reader 'no-such-reader'", 1),
        (["--from", str(SAMPLES)], f"The reader in {SAMPLES} is of another kind", 1),
        (["--teacher", "no-such-reader"], "No reader 'no-such-reader'", 1),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_read(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], said: str, code: int
) -> None:
    assert main(arguments(tmp_path, data, *more)) == code
    err = capsys.readouterr().err
    assert said in err
    assert "1 question" not in err
    assert not (tmp_path / "reader").exists() and not (tmp_path / "indexes").exists()


@pytest.mark.parametrize("missing", ["nothing", "empty"])
def test_a_folder_without_sets_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], missing: str) -> None:
    (tmp_path / "empty").mkdir()
    assert main(arguments(tmp_path, tmp_path / missing)) == 1
    assert str(tmp_path / missing) in capsys.readouterr().err
    assert not (tmp_path / "reader").exists()


def test_sets_without_an_answer_teach_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_set(tmp_path / "set", [{"id": "q1", "question": "Who?", "judgements": [], "answerable": False}])
    assert main(arguments(tmp_path, tmp_path / "set", "--layers", "0")) == 1
    assert "has an answer whose place is known" in capsys.readouterr().err
