"""Whole ingest compared with a plain `SentenceTransformer.encode` loop over the same passages, in turn.

    python tests/benchmarks/ingest.py articles.jsonl.gz [--passages 2000] [--rounds 3]

Ours is everything that `qa add` does: sentences, passages, vectors, store, FAISS and postings, up to an index that answers. The
plain loop only embeds the same texts, by the library's own method and defaults. Prints the passages a second of both in each
round, and the median of the ratio.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import torch

from qa.base.settings import load_settings
from qa.base.types import Article, PassageRule
from qa.corpus.article_reader import ArticleReader
from qa.corpus.passages import cut_passages
from qa.corpus.sentences import split_sentences
from qa.index.encoder import TransformerEncoder
from qa.index.quantised_model import quantised_model
from qa.index.sentence_transformer import as_sentence_transformer
from qa.service.service import Service


def sample(path: str, encoder: TransformerEncoder, passages: int) -> tuple[list[Article], list[str]]:
    """The first articles of the file that have this many passages together, and what is embedded of them."""
    settings = load_settings()
    rule = PassageRule(settings.passage_characters, settings.passage_overlap_sentences, settings.title_tokens)
    articles: list[Article] = []
    texts: list[str] = []
    with ArticleReader([path], settings=settings) as reader:
        for article in (item for item in reader if isinstance(item, Article)):
            title = encoder.shorten_title(article.title)
            cut = cut_passages(article, split_sentences(article.text, language=article.language), encoder, rule)
            articles.append(article)
            texts.extend(f"{title}\n{passage.span.of(article.text)}" for passage in cut)
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
    ratios = []
    for number in range(1, arguments.rounds + 1):
        with tempfile.TemporaryDirectory() as folder, Service(load_settings(index=Path(folder)), encoder=encoder) as index:
            started = time.perf_counter()
            report = index.add_articles(articles)
            ours = time.perf_counter() - started
        started = time.perf_counter()
        plain.encode(texts)
        theirs = time.perf_counter() - started
        ratios.append(theirs / ours)
        print(
            f"round {number}: {report.passages} passages of {len(articles)} articles; ingest ({encoder.precision}) "
            f"{report.passages / ours:.1f}/s, plain encode (float32) {len(texts) / theirs:.1f}/s, ratio {ratios[-1]:.2f}"
        )
    print(f"median ratio {statistics.median(ratios):.2f} (n = {len(ratios)} rounds)")


if __name__ == "__main__":
    main()
