"""How well each search stage ranks the passages that hold the answer to real news questions.

    python tests/quality/retrieval.py --index DIR --questions questions.jsonl.gz

Prints success@k and MRR@10 with n and a 95 % bootstrap interval, for dense, lexical and merged, and the
paired difference of merged to each alone. "judged": the passage must stand in an article judged to hold
the answer; "any": in any article.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from judging import bootstrap_interval, read_questions

import qa

CUTS = (1, 5, 10, 50)
STAGES = ("dense", "lexical", "merged")


def measures(right: list[bool]) -> dict[str, float]:
    """success@k and MRR@10 of one ranking, given which of its passages are right."""
    first = next((rank for rank, is_right in enumerate(right, start=1) if is_right), None)
    found = {f"success@{k}": float(first is not None and first <= k) for k in CUTS}
    return {**found, "MRR@10": 1 / first if first is not None and first <= 10 else 0.0}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", required=True)
    parser.add_argument("--questions", required=True, type=Path)
    arguments = parser.parse_args()
    questions = [question for question in read_questions(arguments.questions) if question.answerable]
    figures: dict[tuple[str, bool], list[dict[str, float]]] = {(stage, scope): [] for stage in STAGES for scope in (False, True)}
    with qa.open(arguments.index) as index:
        for question in questions:
            rankings, candidates = index.rank(question.question)
            for ranking in rankings:
                for any_article in (False, True):
                    right = [question.is_right(candidates[hit.passage_id], any_article=any_article) for hit in ranking.hits[:50]]
                    figures[ranking.scorer, any_article].append(measures(right))
    print(f"{len(questions)} questions whose answer stands in an article")
    for (stage, any_article), rows in figures.items():
        cells = []
        for name in rows[0]:
            values = [row[name] for row in rows]
            low, high = bootstrap_interval(values)
            cells.append(f"{name} {np.mean(values):.3f} [{low:.3f}, {high:.3f}]")
        print(f"{stage:8} {'any   ' if any_article else 'judged'}  " + "  ".join(cells))
    for other in ("dense", "lexical"):
        pairs = zip(figures["merged", False], figures[other, False], strict=True)
        differences = [merged["MRR@10"] - alone["MRR@10"] for merged, alone in pairs]
        low, high = bootstrap_interval(differences)
        print(f"merged - {other}: MRR@10 {np.mean(differences):+.3f} [{low:+.3f}, {high:+.3f}], judged")


if __name__ == "__main__":
    main()
