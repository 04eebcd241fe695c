"""`qa evaluate`, `qa compare` and `qa report` as they are typed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.cli.app import main
from qa.evaluation.runs import named, read_run, write_run

SEARCH = ("--stage", "dense", "--stage", "lexical", "--stage", "merged")
Run = Callable[..., tuple[int, str, str]]


# Evaluating


def test_a_set_with_articles_gets_an_index_of_its_own_once(run: Run, sample_set: str, tmp_path: Path) -> None:
    code, out, err = run("evaluate", sample_set, *SEARCH, "--limit", "20")
    assert code == 0
    (folder,) = (tmp_path / "indexes").iterdir()
    assert folder.name.startswith("evaluation-samples-")
    assert f"Indexing the articles of {sample_set}" in err
    assert f"indexes/{folder.name}: 44 articles" in out
    before = (folder / "store.sqlite").read_bytes()
    again, _, err = run("evaluate", sample_set, *SEARCH, "--limit", "20")
    assert again == 0 and "Indexing" not in err
    assert (folder / "store.sqlite").read_bytes() == before


def test_every_figure_stands_beside_its_interval_and_n(run: Run, sample_set: str, read_only_index: str) -> None:
    code, out, _ = run("evaluate", sample_set, "--index", read_only_index, "--limit", "10")
    assert code == 0
    lines = out.splitlines()
    assert next(line for line in lines if line.startswith("value")).split()[-8:] == [
        "dense",
        "lexical",
        "merged",
        "ranked",
        "distinct",
        "after_reading",
        "read",
        "n",
    ]
    row = next(line for line in lines if line.startswith("MRR@10"))
    assert row.count("[") == 7 and row.split()[-1] == "9"
    assert next(line for line in lines if line.startswith("exact citations")).split()[2:4] == ["1.000", "[1.000,"]
    assert any(line.startswith("after_reading orders the passages that were read") for line in lines)
    assert "Where the answers of 9 questions were lost:" in lines
    assert any(line.startswith("time: total p95, ms") for line in lines)


def test_json_holds_the_facts_the_figures_and_the_losses(run: Run, sample_set: str, read_only_index: str) -> None:
    code, out, _ = run("evaluate", sample_set, "--index", read_only_index, *SEARCH, "--limit", "10", "--json")
    shape = json.loads(out)
    assert code == 0 and shape["object"] == "evaluation"
    assert shape["facts"]["limit"] == 10
    figure = next(one for one in shape["figures"] if (one["stage"], one["measure"]) == ("merged", "success@10"))
    assert 0 <= figure["low"] <= figure["value"] <= figure["high"] <= 1 and figure["n"] == 9
    throughput = next(one for one in shape["figures"] if one["measure"] == "questions a second")
    assert throughput["value"] > 0 and throughput["low"] is None
    assert sum(len(loss["question_ids"]) for loss in shape["losses"]) == 9


def test_a_run_that_could_not_be_written_is_told_before_anything_is_asked(
    run: Run, sample_set: str, read_only_index: str, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    code, out, err = run("evaluate", sample_set, "--index", read_only_index, *SEARCH, "--limit", "9", "--out", "folder")
    assert (code, out) == (1, "")
    assert "The run cannot be written to folder: " in err and "Choose another file with --out." in err
    assert run("evaluate", "nothing", "--out", "new.jsonl")[0] == 1
    assert not Path("new.jsonl").exists()


def test_question_ids_that_a_trec_run_cannot_hold_are_told_before_anything_is_asked(run: Run, read_only_index: str) -> None:
    record = {"id": "q 1", "question": "Who?", "judgements": [{"article_id": "ferry-terminal-opens", "start": 0, "end": 5}]}
    Path("set.jsonl").write_text(json.dumps(record), "utf-8")
    code, out, err = run("evaluate", "set.jsonl", "--index", read_only_index, *SEARCH, "--trec-out", "trec")
    assert (code, out) == (1, "")
    assert "1 of the question ids hold white space, which a TREC run cannot, first 'q 1'" in err
    assert not Path("trec").exists()


def test_a_stage_leaves_the_others_out(run: Run, sample_set: str, read_only_index: str) -> None:
    code, out, _ = run(
        "evaluate", sample_set, "--index", read_only_index, "--stage", "lexical", "--limit", "9", "--out", "l.jsonl"
    )
    assert code == 0 and read_run(Path("l.jsonl")).facts.stages == ("lexical",)
    assert "dense" not in out and "best sentence" not in out


def _without_times(out: str) -> list[list[str]]:
    """The words of each line before the times, whose digits set the width of their table."""
    return [line.split() for line in out.split("time:")[0].splitlines()]


def test_known_items_need_no_set(run: Run, read_only_index: str) -> None:
    code, out, _ = run("evaluate", "--known-item", "--index", read_only_index, *SEARCH, "--limit", "30")
    assert code == 0
    assert "30 with something to find" in out
    assert "the questions are synthetic, made of the index's own headlines and sentences with seed 7" in out
    again = run("evaluate", "--known-item", "--index", read_only_index, *SEARCH, "--limit", "30")[1]
    assert _without_times(again) == _without_times(out)


def test_questions_alone_are_asked_of_the_index_in_force(
    run: Run, sample_set: str, read_only_index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(f"{sample_set}/questions.jsonl", "mine.jsonl")
    code, _, err = run("evaluate", "mine.jsonl", *SEARCH)
    assert code == 1 and "brings no articles. Name one with --index." in err
    monkeypatch.setenv("QA_INDEX", read_only_index)
    code, out, _ = run("evaluate", "mine.jsonl", *SEARCH)
    assert code == 0 and "106 with something to find" in out


def test_a_beir_set_is_judged_by_articles(run: Run, tmp_path: Path) -> None:
    texts = {"d1": "The kiln was fired in 1871.", "d2": "The quay was mended.", "d3": "A gull took the bread."}
    (tmp_path / "kiln" / "qrels").mkdir(parents=True)
    corpus = "".join(json.dumps({"_id": id_, "title": "", "text": text}) + "\n" for id_, text in texts.items())
    (tmp_path / "kiln" / "corpus.jsonl").write_text(corpus)
    (tmp_path / "kiln" / "queries.jsonl").write_text(json.dumps({"_id": "q1", "text": "When was the kiln fired?"}) + "\n")
    (tmp_path / "kiln" / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td9\t1\n")
    code, out, _ = run("evaluate", "kiln", *SEARCH)
    assert code == 0
    assert "judged by articles" in out
    assert "judged articles that are not in the index (such as d9); they count as missed" in out
    row = next(line for line in out.splitlines() if line.startswith("recall@10"))
    assert row.split()[1] == "0.500"


def test_a_trec_run_goes_out_and_comes_back_with_the_same_figures(run: Run, sample_set: str, read_only_index: str) -> None:
    code, ours, _ = run("evaluate", sample_set, "--index", read_only_index, *SEARCH, "--trec-out", "trec", "--json")
    assert code == 0 and sorted(path.name for path in Path("trec").iterdir()) == [
        "dense.trec",
        "distinct.trec",
        "lexical.trec",
        "merged.trec",
        "ranked.trec",
    ]
    code, theirs, _ = run("evaluate", sample_set, "--trec", "trec/lexical.trec", "--out", "theirs.jsonl.gz", "--json")
    assert code == 0 and read_run(Path("theirs.jsonl.gz")).facts.source == "trec/lexical.trec"

    def lexical(shape: str) -> dict[str, float]:
        return {one["measure"]: one["value"] for one in json.loads(shape)["figures"] if one["stage"] == "lexical"}

    assert lexical(theirs) == lexical(ours) and lexical(ours)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "Name a set of judged questions, or give --known-item instead of one."),
        (("set", "--known-item"), "Name a set of judged questions, or give --known-item instead of one."),
        (
            ("set", "--stage", "rerank"),
            "There is no stage 'rerank'; there are dense, lexical, merged, ranked, distinct, after_reading, read,",
        ),
        (("set", "--limit", "0"), "--limit"),
        (("set", "--trec", "file", "--limit", "3"), "--trec is judged as it is"),
    ],
)
def test_wrong_usage_is_told(run: Run, arguments: tuple[str, ...], complaint: str) -> None:
    code, _, err = run("evaluate", *arguments)
    assert code == 2 and complaint in err


def test_a_set_that_is_not_there_or_damaged_is_told(run: Run, sample_set: str) -> None:
    code, _, err = run("evaluate", "nowhere")
    assert code == 1 and "nowhere" in err
    shutil.copytree(sample_set, "damaged")
    with Path("damaged/questions.jsonl").open("a", encoding="utf-8") as stream:
        stream.write('{"id": "q001", "question": "Who?", "judgements": []}\n')
    code, _, err = run("evaluate", "damaged")
    assert code == 1 and "q001" in err
    assert not Path("indexes").exists()


# Comparing


@pytest.fixture(scope="module")
def runs(
    tmp_path_factory: pytest.TempPathFactory, sample_set: str, read_only_index: str, evaluated_samples: Path
) -> tuple[str, str]:
    """The samples by the settings' own defaults, and by a merge that trusts the words alone and reads one passage."""
    folder = tmp_path_factory.mktemp("runs")
    before, after = str(folder / "before.jsonl.gz"), str(folder / "after.jsonl.gz")
    write_run(named(read_run(evaluated_samples), Path(before)), Path(before))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QA_READ_PASSAGES", "1")
        patch.setenv("QA_LEXICAL_WEIGHT", "1")
        assert main(["evaluate", sample_set, "--index", read_only_index, "--out", after]) == 0
    return before, after


def test_a_comparison_shows_what_differs_and_both_answers_of_questions_won_and_lost(run: Run, runs: tuple[str, str]) -> None:
    code, out, _ = run("compare", *runs)
    assert code == 0
    assert out.startswith("after compared with the baseline before:")
    row = next(line for line in out.splitlines() if line.startswith("merged: MRR@10"))
    assert "[" in row and row.split()[-1] == "106"
    assert "Equal on every question: " in out and "dense: MRR@10" in out.split("Equal on every question: ")[1]
    lost = out.split("Lost: ")[1].splitlines()
    assert lost[0].endswith("?")
    assert lost[1].strip().startswith("before") and lost[2].strip().startswith("after")


def test_only_a_significant_loss_fails(run: Run, runs: tuple[str, str]) -> None:
    before, after = runs
    code, out, _ = run("compare", before, after, "--fail-on-regression", "--json")
    (comparison,) = json.loads(out)
    assert comparison["regressions"] and code == 1
    assert all(one["p_holm"] < 0.05 for one in comparison["regressions"])
    assert {one["measure"] for one in comparison["regressions"]} <= {"MRR@10", "success@5", "accuracy@1", "exact match"}
    gained = ["--measure", "accuracy@1", "--measure", "merged: MRR@10"]  # of one passage, probabilities are calibrated better
    code, out, _ = run("compare", after, before, *gained, "--fail-on-regression", "--json")
    assert code == 0 and [one["p_holm"] < 0.05 for one in json.loads(out)[0]["differences"]] == [True, True]
    assert run("compare", before, before, "--fail-on-regression")[0] == 0
    for option in ("--measure", "--judge-by"):
        assert run("compare", before, after, option, "dense: MRR@10", "--fail-on-regression")[0] == 0
    assert run("compare", before, after, "--judge-by", "dense: MRR")[0] == 1


def test_a_comparison_that_nothing_judges_cannot_pass(run: Run, sample_set: str, read_only_index: str) -> None:
    run("evaluate", sample_set, "--index", read_only_index, "--stage", "read", "--limit", "2", "--out", "read.jsonl")
    assert run("compare", "read.jsonl", "read.jsonl")[0] == 0
    code, _, err = run("compare", "read.jsonl", "read.jsonl", "--fail-on-regression")
    assert code == 2 and "Name another with --judge-by" in err


def test_runs_that_cannot_be_compared_are_told(run: Run, runs: tuple[str, str], sample_set: str, read_only_index: str) -> None:
    assert run("compare", runs[0])[0] == 2
    code, _, err = run("compare", runs[0], f"{sample_set}/questions.jsonl")
    assert code == 1 and "questions.jsonl, line 1: " in err
    run("evaluate", sample_set, "--index", read_only_index, *SEARCH, "--limit", "5", "--out", "five.jsonl")
    code, _, err = run("compare", runs[0], "five.jsonl")
    assert code == 1 and "121 are only in the first, 0 only in the second, 5 in both" in err


# Reporting


def test_a_report_is_one_file_of_one_or_more_runs(run: Run, runs: tuple[str, str]) -> None:
    code, out, err = run("report", *runs, "--html", "report.html")
    assert (code, err) == (0, "")
    assert out == "2 runs in report.html\n"
    page = Path("report.html").read_text("utf-8")
    assert "How old was Wilhelmina Sorrowby when she died?" in page
    assert "<script" not in page and 'src="http' not in page


def test_a_report_without_the_set_shows_ids_and_says_so(run: Run, sample_set: str, read_only_index: str) -> None:
    shutil.copytree(sample_set, "moved")
    assert run("evaluate", "moved", "--index", read_only_index, "--limit", "9", "--out", "run.jsonl")[0] == 0
    shutil.rmtree("moved")
    code, _, err = run("report", "run.jsonl", "--html", "report.html")
    assert code == 0 and "Questions are shown by their ids alone." in err
    assert "q001" in Path("report.html").read_text("utf-8")
    code, _, err = run("report", "run.jsonl", "--html", "report.html", "--set", sample_set)
    assert (code, err) == (0, "")
