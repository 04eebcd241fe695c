from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from qa.base.errors import RunError
from qa.base.types import Span, Status
from qa.evaluation.judgements import JudgedBy
from qa.evaluation.runs import (
    ANSWER,
    AnswerOutcome,
    DatasetFacts,
    Found,
    IndexFacts,
    QuestionOutcome,
    RankedSpan,
    Run,
    RunFacts,
    StageOutcome,
    named,
    read_run,
    write_run,
)

RUN = Run(
    RunFacts(
        name="harbour",
        created_at="2026-01-01T00:00:00+00:00",
        version="1",
        dataset=DatasetFacts("harbour", "sets/harbour", "spans", "d1", 1, ("2 of something",)),
        index=IndexFacts("indexes/default", 3, 44, 94, "all-MiniLM-L6-v2", "53aa", "float32"),
        settings={"threshold": "0.2"},
        stages=("merged", ANSWER),
        read_passages=5,
        wording="question",
        source="qa",
        limit=None,
        seconds=1.5,
        processors=2,
        notes=(),
    ),
    (
        QuestionOutcome(
            id="q1",
            judged_by=JudgedBy.SPANS,
            answerable=True,
            items=2,
            stages={"merged": StageOutcome((RankedSpan("art_1", Span(3, 9), 0.5),), 100, (Found(4, 2),), (1,), 3)},
            answer=AnswerOutcome(Status.WEAK, 0.3, False, 1, 0, 1, None, None),
            timings_ms={"total": 12.5},
            wording_f1=None,
            question_word="who",
            words=4,
            answer_type="name",
            age_days=3,
            kind="fact",
        ),
    ),
)


@pytest.mark.parametrize("name", ["run.jsonl", "deeper/run.jsonl.gz"])
def test_a_run_comes_back_as_it_was_written(tmp_path: Path, name: str) -> None:
    write_run(RUN, tmp_path / name)
    assert read_run(tmp_path / name) == RUN


def test_the_same_run_makes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz"):
        write_run(RUN, tmp_path / name)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


def test_a_run_is_named_for_its_file() -> None:
    assert named(RUN, Path("runs/before.jsonl.gz")).facts.name == "before"


@pytest.fixture
def lines(tmp_path: Path) -> list[dict[str, object]]:
    """The run's two lines as JSON objects."""
    write_run(RUN, tmp_path / "whole.jsonl")
    return [json.loads(line) for line in (tmp_path / "whole.jsonl").read_text("utf-8").splitlines()]


def written(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


def test_a_question_that_is_there_twice_or_missing_is_told_with_its_count(tmp_path: Path, lines: list[dict[str, object]]) -> None:
    facts, outcome = lines
    with pytest.raises(RunError, match="holds 1 questions twice"):
        read_run(written(tmp_path / "twice.jsonl", facts, outcome, outcome))
    with pytest.raises(RunError, match=r"says 1 questions and holds 0: cut short\?"):
        read_run(written(tmp_path / "short.jsonl", facts))


def test_a_run_of_another_format_is_refused(tmp_path: Path, lines: list[dict[str, object]]) -> None:
    facts, outcome = lines
    with pytest.raises(RunError, match="is a run of format 99, this version reads 1"):
        read_run(written(tmp_path / "other.jsonl", facts | {"format": 99}, outcome))


def test_a_damaged_line_is_named_with_its_field(tmp_path: Path, lines: list[dict[str, object]]) -> None:
    facts, outcome = lines
    with pytest.raises(RunError, match=r"broken\.jsonl, line 2: items: "):
        read_run(written(tmp_path / "broken.jsonl", facts, outcome | {"items": "many"}))
    with pytest.raises(RunError, match=r"line 1: name: "):
        read_run(written(tmp_path / "set.jsonl", {"id": "q1", "question": "Who?"}))


def test_what_is_no_run_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"x" * 999)[:-10])
    for name, complaint in (
        ("empty", "is empty"),
        ("cut.gz", "cannot be read"),
        ("nothing", "cannot be read"),
        (".", "cannot be read"),
    ):
        with pytest.raises(RunError, match=complaint):
            read_run(tmp_path / name)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RunError, match="Choose another file with --out"):
        write_run(RUN, tmp_path / "file" / "run.jsonl")
