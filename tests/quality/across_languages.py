"""Questions in one language over articles in another → how well their passages are found and their answers read.

    python tests/quality/across_languages.py [--data ../shared/data/dev] [--limit 300] [--out indexes/across_languages]

XQuAD holds the same questions and paragraphs in several languages, so a question of one set is judged by the paragraph and the
answer of another. All six pairs of German, Spanish and Russian are asked. The first run makes an index of each language's
articles under --out. Prints success@5 of each stage of the search and of what was read, whether the first sentence is right, and
F1 of the short answer, each with its 95 % interval.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from qa.base.stages import AFTER_READING, ANSWER, SEARCH_STAGES
from qa.cli.app import main as qa
from qa.evaluation.figures import Figure, figures
from qa.evaluation.runs import Run, read_run

LANGUAGES = ("de", "es", "ru")
QUESTIONS = "questions.jsonl.gz"
MEASURES = (
    *((stage, "success@5") for stage in (*SEARCH_STAGES, AFTER_READING)),
    (ANSWER, "accuracy@1"),
    (ANSWER, "F1"),
)


def join(data: Path, asked: str, read: str, out: Path) -> Path:
    """A folder that `qa evaluate` reads: the articles and judgements of `read`, with the questions as `asked` words them."""
    worded = {record["id"]: record["question"] for record in records(data / f"xquad_{asked}" / QUESTIONS)}
    folder = out / f"{asked}_over_{read}"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("articles.jsonl.gz", "passages.jsonl.gz"):
        shutil.copyfile(data / f"xquad_{read}" / name, folder / name)
    with gzip.open(folder / QUESTIONS, "wt", encoding="utf-8") as file:
        for record in records(data / f"xquad_{read}" / QUESTIONS):
            file.write(json.dumps(record | {"question": worded[record["id"]]}, ensure_ascii=False) + "\n")
    return folder


def records(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def evaluate(folder: Path, index: Path, limit: int) -> Run:
    """The run of one pair, over the index of the articles' language."""
    run = folder / "run.jsonl.gz"
    if qa(["evaluate", str(folder), "--index", str(index), "--limit", str(limit), "--keep", "0", "--out", str(run)]):
        raise SystemExit(1)
    return read_run(run)


def line(pair: str, given: Sequence[Figure]) -> str:
    by_measure = {(figure.stage, figure.measure): figure for figure in given}
    wanted = [(stage, measure, by_measure[stage, measure]) for stage, measure in MEASURES if (stage, measure) in by_measure]
    return f"{pair}: " + ", ".join(
        f"{stage} {measure} {one.value:.3f} [{one.low:.3f}, {one.high:.3f}] (n {one.n})" for stage, measure, one in wanted
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/dev"), help="the folder of the development sets")
    parser.add_argument("--limit", type=int, default=300, help="questions of each pair")
    parser.add_argument("--out", type=Path, default=Path("indexes/across_languages"))
    arguments = parser.parse_args()
    lines = []
    for asked, read in itertools.permutations(LANGUAGES, 2):
        folder = join(arguments.data, asked, read, arguments.out)
        run = evaluate(folder, arguments.out / f"index_{read}", arguments.limit)
        lines.append(line(f"{asked} over {read}", figures(run)))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
