"""qa beside two retrievers that people build by hand, on the same passages, questions and judgements.

    python tests/quality/peers/compare_peers.py SET --out FOLDER

One is bm25s with its own tokeniser and English stop words. The other is the plain loop of the tutorials:
SentenceTransformer.encode with the same model, and a flat FAISS index. Both rank the passages of qa's index, and their
TREC runs are judged by `qa evaluate --trec`. `qa compare` then compares qa's own ranking with each. SET needs articles.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import bm25s
import faiss
import numpy as np
from sentence_transformers import SentenceTransformer

from qa.base.settings import load_settings
from qa.cli.app import main as qa
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.indexes import index_folder
from qa.index.packaged_encoders import ENGLISH
from qa.index.store import Store

K = 100
SEARCH = ("--stage", "dense", "--stage", "lexical", "--stage", "merged")
Ranked = Iterable[tuple[Sequence[int], Sequence[float]]]  # for each question, positions of passages and their scores


def passages(folder: Path) -> tuple[list[str], list[str]]:
    """(ids, texts with the title before them) of an index."""
    with contextlib.closing(Store.open(folder)) as store, store.reading():
        held = [candidate for stored in store.articles() for candidate in store.article_passages(stored)]
    texts = [f"{one.embedded_title}\n{one.text}" if one.embedded_title else one.text for one in held]
    return [one.passage.id for one in held], texts


def by_bm25s(texts: Sequence[str], questions: Sequence[str]) -> Ranked:
    retriever = bm25s.BM25()
    retriever.index(bm25s.tokenize(list(texts), stopwords="en", show_progress=False), show_progress=False)
    asked = bm25s.tokenize(list(questions), stopwords="en", show_progress=False)
    found, scores = retriever.retrieve(asked, k=min(K, len(texts)), show_progress=False)
    return zip(found.tolist(), scores.tolist(), strict=True)


def by_sentence_transformers_and_faiss(texts: Sequence[str], questions: Sequence[str]) -> Ranked:
    model = SentenceTransformer(str(ENGLISH.path()), device="cpu", local_files_only=True)
    vectors = model.encode(list(texts), normalize_embeddings=True, show_progress_bar=sys.stderr.isatty())
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(np.asarray(vectors, dtype=np.float32))
    for question in questions:
        asked = model.encode([question], normalize_embeddings=True, show_progress_bar=False)
        scores, found = flat.search(np.asarray(asked, dtype=np.float32), min(K, len(texts)))
        yield found[0].tolist(), scores[0].tolist()


PEERS = {"bm25s": by_bm25s, "sentence-transformers+faiss": by_sentence_transformers_and_faiss}


def write_trec(path: Path, tag: str, question_ids: Sequence[str], passage_ids: Sequence[str], ranked: Ranked) -> None:
    with path.open("w", encoding="utf-8") as stream:
        for question, (found, scores) in zip(question_ids, ranked, strict=True):
            for rank, (which, score) in enumerate(zip(found, scores, strict=True), start=1):
                stream.write(f"{question} Q0 {passage_ids[which]} {rank} {score:.6f} {tag}\n")


def compare(path: Path, out: Path) -> int:
    """The exit code of the first command that failed, else 0."""
    out.mkdir(parents=True, exist_ok=True)
    ours = out / "qa.jsonl.gz"
    code = qa(["evaluate", str(path), *SEARCH, "--out", str(ours)])
    if code:
        return code
    dataset = read_dataset(path)
    folder = index_folder(dataset, None, load_settings().index)
    ids, texts = passages(folder)
    asked = [question.question for question in dataset.questions]
    for tag, rank in PEERS.items():
        trec, run = out / f"{tag}.trec", out / f"{tag}.jsonl.gz"
        write_trec(trec, tag, [question.id for question in dataset.questions], ids, rank(texts, asked))
        print(f"\n{tag} on the same {len(ids):,} passages")
        judged = ["evaluate", str(path), "--index", str(folder), "--trec", str(trec), "--out", str(run)]
        code = qa(judged) or qa(["compare", str(run), str(ours)])
        if code:
            return code
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", type=Path)
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where runs and TREC files go")
    arguments = parser.parse_args()
    return compare(arguments.set, arguments.out)


if __name__ == "__main__":
    sys.exit(main())
