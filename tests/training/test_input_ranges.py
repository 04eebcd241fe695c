"""The ranges that 8-bit integers need: found in a set, written, and read again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

from qa.answer.packaged_reader import PackagedReader
from qa.answer.reader_files import DIGEST_FILE, PACKAGED, WEIGHTS_FILE
from qa.base.errors import DatasetError
from qa.base.input_ranges import read_ranges
from qa.base.protocols import TitledText
from qa.base.types import Span
from qa.evaluation import samples
from qa.index.packaged_words import packaged_words
from qa.training.__main__ import main
from qa.training.input_ranges import asked_in

SAMPLES = Path(samples.__file__).parent


def test_each_question_stands_with_a_piece_that_answers_it_and_one_that_answers_another() -> None:
    asked = asked_in([SAMPLES], questions=3)
    assert len(asked) == 2 * len({one.question for one in asked}) - 1
    assert all(1 <= len(one.text) <= 900 for one in asked)


def test_a_set_that_judges_no_articles_of_its_own_is_refused(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text('{"id": "1", "question": "Who?", "answers": [], "answerable": false}\n')
    with pytest.raises(DatasetError, match="names an article of its set"):
        asked_in([tmp_path], questions=3)


def test_the_command_writes_what_the_models_read(tmp_path: Path) -> None:
    for name in (WEIGHTS_FILE, DIGEST_FILE):
        shutil.copy(PACKAGED / name, tmp_path)
    (encoder := tmp_path / "encoder").mkdir()
    arguments = ["--data", str(SAMPLES), "--questions", "1", "--reader", str(tmp_path), "--encoder", str(encoder)]
    assert main(["input-ranges", *arguments]) == 0
    for folder, in_the_middle in ((tmp_path, 1_536), (encoder, 1)):
        ranges = read_ranges(folder, noun="model", advice="")
        assert len(ranges) == 12 * 4
        assert ranges["11.output.dense"].high.shape == (in_the_middle,)
        assert all(torch.all(low <= high) for low, high in ranges.values())
    reader = PackagedReader(tmp_path, packaged_words, precision="int8")
    (read,) = reader.read("Who closed the mill?", [TitledText("", "Ada Thorn closed the mill.")], [[Span(0, 26)]])
    assert reader.precision == "int8" and read.best is not None and read.best.span == Span(0, 9)
