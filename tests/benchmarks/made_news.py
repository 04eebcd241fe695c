"""Real news articles → as many others as are wanted, and an encoder that gives their passages vectors fast.

A made article has half of the sentences of each of two real ones, with other names, numbers and dates. So its words are as
frequent as in news, and it is no near-duplicate of another. It costs too much to encode a million passages, at some 60 a
second: a passage's vector is that of a real passage, moved by noise that follows from its text, of length 1 again.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count, zip_longest
from pathlib import Path

import numpy as np

from qa.base.protocols import TitledText, Vectors
from qa.base.types import Article
from qa.corpus.articles import make_article
from qa.index.encoder import TransformerEncoder

_SENTENCE_END = re.compile(r"(?<=[.!?”\"])\s+(?=[A-Z“\"])")
_NAME_OR_NUMBER = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b|\d+")
_WORD = re.compile(r"\S+")
_DAYS = 1_500  # before the newest, over which made articles are spread
_NEWEST = date(2024, 12, 31)
_NOISE = 0.6  # its length beside a vector of length 1: a cosine of .86 with that vector


def read_articles(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def made_articles(real: Sequence[dict[str, str]], *, start: int = 0) -> Iterator[Article]:
    """Endless made articles from number `start` on; one of a number is always the same."""
    sentences = [_SENTENCE_END.split(article["text"]) for article in real]
    names = sorted({name for article in real[:500] for name in _NAME_OR_NUMBER.findall(article["text"]) if name.isalpha()})
    for number in count(start):
        chance = random.Random(number)
        first, second = (number % len(real), chance.randrange(len(real)))
        halves = (chance.sample(range(len(sentences[one])), (len(sentences[one]) + 1) // 2) for one in (first, second))
        kept = [[sentences[one][place] for place in sorted(half)] for one, half in zip((first, second), halves, strict=True)]
        mixed = [sentence for pair in zip_longest(*kept) for sentence in pair if sentence]
        text = " ".join(_renamed(sentence, names, chance) for sentence in mixed)
        yield make_article(
            text,
            given_id=f"made-{number:07}",
            title=_renamed(real[first]["title"], names, chance),
            source=real[first].get("source"),
            language="en",
            published_at=str(_NEWEST - timedelta(days=chance.randrange(_DAYS))),
        )


def _renamed(text: str, names: Sequence[str], chance: random.Random) -> str:
    def other(match: re.Match[str]) -> str:
        return str(chance.randrange(10 ** len(match[0]))) if match[0].isdigit() else chance.choice(names)

    return _NAME_OR_NUMBER.sub(other, text)


class MovedVectors(TransformerEncoder):
    """The packaged encoder, which encodes questions; passages of made articles get vectors of others, moved.

    Its tokens are words, which is fast: 900 characters end a passage long before the token budget does.
    """

    def __init__(self, pool: Vectors) -> None:
        super().__init__()
        self._pool = pool

    def token_ends(self, texts: Sequence[str]) -> list[list[int]]:
        return [[match.end() for match in _WORD.finditer(text)] for text in texts]

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed_passages(self, passages: Sequence[TitledText]) -> Vectors:
        vectors = np.zeros((len(passages), self._pool.shape[1]), np.float32)
        for row, passage in enumerate(passages):
            seed = int.from_bytes(hashlib.blake2b(f"{passage.title}\n{passage.text}".encode(), digest_size=8).digest())
            chance = np.random.Generator(np.random.SFC64(seed))
            noise = chance.standard_normal(self._pool.shape[1], np.float32)
            vectors[row] = self._pool[chance.integers(len(self._pool))] + _NOISE * noise / np.linalg.norm(noise)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float32).tiny)
        return vectors


def pool_of_vectors(real: Sequence[dict[str, str]], *, most: int) -> Vectors:
    """(most, d) the encoder's own vectors of passages of real articles: the first 900 characters of so many."""
    encoder = TransformerEncoder()
    texts = [TitledText(article["title"][:80], article["text"][:900]) for article in real[:most]]
    return encoder.embed_passages(texts)
