"""Filtered search compared with exact search, in recall and time, by the kind of vector index.

    python tests/quality/filtered.py [SET] [--limit 200] [--kinds Flat IVF328,SQ8]

It runs over the vectors of the index of `qa evaluate SET`. For each question, random articles are selected until their passages
are the given share of all. Recall@10 is relative to exact search over every selected vector. "plain" is faiss's own selector,
which for IVF visits no more lists than without one. Times are of one search, as a multiple of the unfiltered one's, medians in
turn.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import time
from pathlib import Path

import faiss
import numpy as np

from qa.base.protocols import Rows, Vectors
from qa.base.settings import load_settings
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.indexes import index_folder
from qa.evaluation.resampling import mean_interval
from qa.evaluation.runner import taken
from qa.index.store import Store
from qa.index.vectors import ExactVectors, FaissVectors
from qa.service.service import Service

SHARES = (0.001, 0.01, 0.1, 0.5)
DEPTH = 10


def selection(by_article: list[Rows], count: int, random: np.random.Generator) -> Rows:
    """(m,) rows of whole articles, ascending, at least so many."""
    chosen: list[Rows] = []
    for article in random.permutation(len(by_article)):
        chosen.append(by_article[article])
        if sum(map(len, chosen)) >= count:
            break
    return np.sort(np.concatenate(chosen))


def plain(index: FaissVectors, question: Vectors, rows: Rows) -> Rows:
    """What faiss finds with a selector alone."""
    selector = faiss.IDSelectorBatch(rows)
    inner = index._index
    lists = isinstance(inner, faiss.IndexIVF)
    parameters = faiss.SearchParametersIVF(sel=selector, nprobe=inner.nprobe) if lists else faiss.SearchParameters(sel=selector)
    found: Rows = inner.search(question[None], DEPTH, params=parameters)[1][0]
    return found


def measure(kind: str, rows: Rows, vectors: Vectors, by_article: list[Rows], questions: Vectors) -> None:
    index, exact = FaissVectors.build(rows, vectors, kind=kind), ExactVectors(rows, vectors)
    random = np.random.default_rng(7)
    for share in SHARES:
        recalls, plain_recalls, slower = [], [], []
        for question in questions:
            chosen = selection(by_article, int(share * len(rows)), random)
            started = time.perf_counter()
            index.search(question, k=DEPTH)
            unfiltered = time.perf_counter()
            found, _ = index.search(question, k=DEPTH, selected=chosen)
            slower.append((time.perf_counter() - unfiltered) / (unfiltered - started))
            wanted = set(exact.search(question, k=DEPTH, selected=chosen)[0][:DEPTH].tolist())
            recalls.append(len(wanted & set(found[:DEPTH].tolist())) / len(wanted))
            plain_recalls.append(len(wanted & set(plain(index, question, chosen).tolist())) / len(wanted))
        low, high = mean_interval(np.array(recalls))
        print(
            f"{kind:<12} {100 * share:>5.1f} % selected: recall@10 {np.mean(recalls):.3f} [{low:.3f}, {high:.3f}], "
            f"plain {np.mean(plain_recalls):.3f}, time x {statistics.median(slower):.2f}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data/dev/realtimeqa_2024"), metavar="SET")
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--kinds", nargs="+", default=["Flat", "IVF328,SQ8"])
    arguments = parser.parse_args()
    dataset = read_dataset(arguments.data)
    settings = load_settings()
    folder = index_folder(dataset, None, settings.index)
    with (
        Service(settings.model_copy(update={"index": folder})) as service,
        contextlib.closing(Store.open(folder)) as store,
        store.reading(),
    ):
        asked = [question.question for question in taken(dataset, arguments.limit)]
        questions = service.encoder.embed_questions(asked)
        rows, vectors = store.vectors_above(0, service.encoder.identity.dimension)
        article_of = {row: id_.partition("@")[0] for row, id_ in store.passage_ids(rows.tolist()).items()}
    grouped: dict[str, list[int]] = {}
    for row in rows.tolist():
        grouped.setdefault(article_of[row], []).append(row)
    by_article = [np.array(some, np.int64) for some in grouped.values()]
    print(f"{len(rows):,} vectors of {len(by_article):,} articles, {len(asked)} questions")
    for kind in arguments.kinds:
        measure(kind, rows, vectors, by_article, questions)


if __name__ == "__main__":
    main()
