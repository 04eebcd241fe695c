"""The samples and every development set in a folder → runs in tests/quality/runs, of which results.py makes the tables.

    python tests/quality/run_sets.py [--data ../shared/data/dev] [NAME …]

Each set is asked whole, over an index of its own under indexes/. The first run of a set makes that index of its articles.
CANARD has no articles and is asked over the index of the samples. The everyday questions are joined with their articles first.
Runs hold ids, offsets, scores and figures, no text.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from everyday import join

from qa.base.settings import load_settings
from qa.base.stages import SEARCH_STAGES
from qa.cli.app import main as qa
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.indexes import index_folder

ROOT = Path(__file__).resolve().parents[2]
RUNS = ROOT / "tests" / "quality" / "runs"
SAMPLES = "qa/evaluation/samples"


@dataclass(frozen=True, slots=True)
class Set:
    """A set by the name of its run: its folder under the data, None for the samples, and how it is asked.

    `has_articles` is False for one of which only the wording of the questions is measured: any index will do. `everyday` names
    the everyday questions that are asked over the folder's articles in place of its own.
    """

    name: str
    folder: str | None
    options: Sequence[str] = ()
    has_articles: bool = True
    everyday: str | None = None


SEARCH = tuple(word for stage in SEARCH_STAGES for word in ("--stage", stage))
SETS = (
    Set("samples", None, ("--keep", "3")),
    Set("everyday_samples", None, everyday="samples"),
    Set("everyday_bbc", "news_bbc", everyday="bbc"),
    Set("realtimeqa_2024", "realtimeqa_2024"),
    Set("realtimeqa_2024_autumn", "realtimeqa_2024_autumn"),
    Set("squad11_dev", "squad11_dev"),
    Set("squad20_dev", "squad20_dev"),
    Set("selqa", "selqa"),
    Set("xquad_de", "xquad_de"),
    Set("xquad_es", "xquad_es"),
    Set("xquad_ru", "xquad_ru"),
    Set("ir_time", "ir_time", SEARCH),
    Set("ir_cisi", "ir_cisi", SEARCH),
    Set("cast", "cast", SEARCH),
    Set("cast_standalone", "cast", (*SEARCH, "--standalone")),
    Set("canard", "canard", SEARCH, has_articles=False),
)


def evaluate(one: Set, data: Path) -> int:
    """The exit code of the one command that makes this run."""
    folder = SAMPLES if one.folder is None else str(data / one.folder)
    if one.everyday is not None:
        folder = str(join(one.everyday, Path(folder), load_settings().index.parent / "everyday"))
    keep = () if "--keep" in one.options else ("--keep", "0")
    index = () if one.has_articles else ("--index", str(index_folder(read_dataset(Path(SAMPLES)), None, load_settings().index)))
    return qa(["evaluate", folder, *one.options, *keep, *index, "--out", str(RUNS / f"{one.name}.jsonl.gz")])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these: " + ", ".join(one.name for one in SETS))
    parser.add_argument("--data", type=Path, default=Path("../shared/data/dev"), help="the folder of the development sets")
    arguments = parser.parse_args()
    wanted = [one for one in SETS if not arguments.names or one.name in arguments.names]
    there = [one for one in wanted if one.folder is None or (arguments.data / one.folder).is_dir()]
    for one in wanted:
        if one not in there:
            print(f"{one.name}: there is no {arguments.data / (one.folder or '')}", file=sys.stderr)
    return max((evaluate(one, arguments.data) for one in there), default=1)


if __name__ == "__main__":
    sys.exit(main())
