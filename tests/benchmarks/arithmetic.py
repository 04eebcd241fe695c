"""float32, bfloat16 and 8-bit integers in turn: what encoding and reading take, and how near the vectors are to float32.

    python tests/benchmarks/arithmetic.py articles.jsonl.gz --passages 64 --rounds 5

Processor time of one thread, so that other programs count little. Every passage is a piece of 900 characters of one article.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import get_args

import torch

from qa.answer.packaged_reader import PackagedReader
from qa.answer.reader_files import PACKAGED
from qa.base.protocols import TitledText
from qa.base.settings import Precision, load_settings
from qa.base.types import Article
from qa.corpus.article_reader import ArticleReader
from qa.index.encoder import TransformerEncoder
from qa.index.packaged_words import packaged_words

_CHARACTERS = 900
_QUESTION = "What was decided, by whom, and when does it begin?"
_READ = 8  # passages of a question


def pieces(path: Path) -> Iterator[TitledText]:
    with ArticleReader([str(path)], settings=load_settings()) as reader:
        for article in reader:
            if isinstance(article, Article):
                for start in range(0, len(article.text) - _CHARACTERS, _CHARACTERS):
                    yield TitledText(article.title, article.text[start : start + _CHARACTERS])


def seconds(run: Callable[[], object]) -> float:
    begun = time.process_time()
    run()
    return time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--passages", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    passages = list(itertools.islice(pieces(arguments.articles), arguments.passages))
    encoders = {name: TransformerEncoder(precision=name) for name in get_args(Precision)}
    readers = {name: PackagedReader(PACKAGED, packaged_words, precision=name) for name in get_args(Precision)}
    vectors = {name: encoder.embed_passages(passages) for name, encoder in encoders.items()}
    for reader in readers.values():
        reader.load()
    encoding: dict[str, list[float]] = {name: [] for name in encoders}
    reading: dict[str, list[float]] = {name: [] for name in readers}
    for turn in range(arguments.rounds):
        read = passages[turn * _READ % len(passages) :][:_READ]
        for name in encoders:
            encoding[name].append(seconds(partial(encoders[name].embed_passages, passages)))
            reading[name].append(seconds(partial(readers[name].read, _QUESTION, read, [[]] * len(read))))
    print(f"{len(passages)} passages encoded, {_READ} read, medians of {arguments.rounds} rounds in turn, one thread")
    for name in encoders:
        cosines = (vectors[name] * vectors["float32"]).sum(axis=1)
        print(
            f"{name:<9} encoding {statistics.median(encoding[name]):.3f} s, reading {statistics.median(reading[name]):.3f} s of "
            f"processor time; cosine with float32 at least {cosines.min():.5f}"
        )


if __name__ == "__main__":
    main()
