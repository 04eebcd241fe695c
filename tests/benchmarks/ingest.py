"""Whole ingest compared with encoding alone and with a plain `SentenceTransformer.encode` loop over the same passages, in turn.

    python tests/benchmarks/ingest.py articles.jsonl.gz [--passages 2000] [--rounds 3]

Ours is everything that `qa add` does: sentences, passages, vectors, store, FAISS and postings, up to an index that answers. The
plain loop only embeds the same texts, by the library's own method and defaults. Encoding alone is our encoder's, in its own
arithmetic. Prints the passages a second of all three in each round, and the medians of the ratios: by the clock, and by the
processor's time, which other programs change less.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch

from qa.base.protocols import TitledText
from qa.base.settings import load_settings
from qa.base.types import Article, PassageRule
from qa.corpus.article_reader import ArticleReader
from qa.corpus.passages import cut_passages
from qa.corpus.sentences import split_sentences
from qa.index.encoder import TransformerEncoder
from qa.index.quantised_model import quantised_model
from qa.index.sentence_transformer import as_sentence_transformer
from qa.service.service import Service


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds by the clock and of the processor."""

    wall: float
    processor: float


def taken(work: Callable[[], object]) -> Taken:
    started, used = time.perf_counter(), time.process_time()
    work()
    return Taken(time.perf_counter() - started, time.process_time() - used)


def sample(path: str, encoder: TransformerEncoder, passages: int) -> tuple[list[Article], list[TitledText]]:
    """The first articles of the file that have this many passages together, and what is embedded of them."""
    settings = load_settings()
    rule = PassageRule(settings.passage_characters, settings.passage_overlap_sentences, settings.title_tokens)
    articles: list[Article] = []
    texts: list[TitledText] = []
    with ArticleReader([path], settings=settings) as reader:
        for article in (item for item in reader if isinstance(item, Article)):
            title = encoder.shorten_title(article.title)
            cut = cut_passages(article, split_sentences(article.text, language=article.language), encoder, rule)
            articles.append(article)
            texts.extend(TitledText(title, passage.span.of(article.text)) for passage in cut)
            if len(texts) >= passages:
                break
    return articles, texts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles")
    parser.add_argument("--passages", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    encoder = TransformerEncoder()
    articles, texts = sample(arguments.articles, encoder, arguments.passages)
    plain = as_sentence_transformer(quantised_model(encoder.path, arithmetic=torch.float32, device="cpu"))
    encoder.embed_question("load")
    plain.encode("load")
    rounds: list[tuple[Taken, Taken, Taken]] = []
    for number in range(1, arguments.rounds + 1):
        with tempfile.TemporaryDirectory() as folder, Service(load_settings(index=Path(folder)), encoder=encoder) as index:
            ours = taken(partial(index.add_articles, articles))
        alone = taken(lambda: encoder.embed_passages(texts))
        theirs = taken(lambda: plain.encode([f"{text.title}\n{text.text}" for text in texts]))
        rounds.append((ours, alone, theirs))
        print(
            f"round {number}: {len(texts)} passages of {len(articles)} articles; ingest {len(texts) / ours.wall:.1f}/s, "
            f"encoding alone ({encoder.precision}) {len(texts) / alone.wall:.1f}/s, "
            f"plain encode (float32) {len(texts) / theirs.wall:.1f}/s"
        )
    for name, which in (("encoding alone", 1), ("plain encode", 2)):
        wall = statistics.median(one[which].wall / one[0].wall for one in rounds)
        processor = statistics.median(one[which].processor / one[0].processor for one in rounds)
        print(f"ingest to {name}: median ratio {wall:.3f}, of processor time {processor:.3f} (n = {len(rounds)} rounds)")


if __name__ == "__main__":
    main()
