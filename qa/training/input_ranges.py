"""Sets of judged questions → the ranges that the layers of a reader or of the packaged encoder need for 8-bit integers.

A question is read with a passage that answers it, and with one that answers another: what a reader meets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from qa.answer.reader_weights import read_weights
from qa.answer.reader_windows import TEXT_TOKENS, TITLE_TOKENS, tokens_before
from qa.base.bert import Bert
from qa.base.errors import DatasetError
from qa.base.input_ranges import watched, write_ranges
from qa.base.int8_layers import Range
from qa.base.types import Article
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.indexes import set_articles
from qa.evaluation.runner import taken
from qa.index.packaged_encoders import MULTILINGUAL
from qa.index.packaged_words import packaged_words
from qa.index.quantised_model import PROMPTS, quantised_model

_CHARACTERS = 900  # of a passage


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and a piece of an article."""

    question: str
    title: str
    text: str


def asked_in(sets: Sequence[Path], *, questions: int) -> list[Asked]:
    """So many questions of each set, each with a piece that answers it and with that of the question before.

    Raises:
        DatasetError: a set cannot be read, or none of them judges articles of its own.
    """
    found: list[Asked] = []
    for path in sets:
        dataset = read_dataset(path)
        articles = {article.given_id or article.id: article for article in set_articles(dataset)}
        before: Asked | None = None
        for question in taken(dataset, questions):
            judged = [one for one in question.judgements if one.article_id in articles]
            if not judged:
                continue
            asked = _asked(question.question, articles[judged[0].article_id], judged[0].span.start if judged[0].span else 0)
            found += [asked] if before is None else [asked, Asked(asked.question, before.title, before.text)]
            before = asked
    if not found:
        raise DatasetError("No question of these sets names an article of its set. Name sets that bring their articles.")
    return found


def _asked(question: str, article: Article, place: int) -> Asked:
    start = max(0, place - _CHARACTERS // 2)
    return Asked(question, article.title or "", article.text[start : start + _CHARACTERS])


def write_reader_ranges(folder: Path, asked: Sequence[Asked]) -> None:
    """Write the ranges of the reader in this folder beside its weights: exact ones, as its scores are compared."""
    words = packaged_words()
    network = read_weights(folder, words_digest=words.digest, arithmetic=torch.float32)

    def windows() -> Iterator[list[int]]:
        for one in asked:
            (question, title, text), _ = words.tokenize([one.question, one.title, one.text])
            before = tokens_before(question, title[:TITLE_TOKENS], begin=words.begin, end=words.end)
            yield [*before, *text[:TEXT_TOKENS], words.end]

    def read(ids: Tensor) -> None:
        network(torch.from_numpy(words.vectors(ids.numpy())), torch.ones_like(ids))

    write_ranges(_seen(network.body, windows(), read, middle_by_channel=True), folder)


def write_encoder_ranges(folder: Path, asked: Sequence[Asked]) -> None:
    """Write the ranges of the packaged encoder into this folder: those of the fastest arithmetic."""
    model = quantised_model(MULTILINGUAL.path(), arithmetic=torch.float32, device="cpu")
    texts = [text for one in asked for text in (PROMPTS["query"] + one.question, f"{PROMPTS['document']}{one.title}\n{one.text}")]
    ids, _ = model.tokenizer.tokenize(texts, special=True)

    def embed(row: Tensor) -> None:
        model.vectors(row, torch.ones_like(row))

    rows = (row[: model.max_tokens] for row in ids)
    write_ranges(_seen(model.layers, rows, embed, middle_by_channel=False), folder)


def _seen(
    body: Bert, rows: Iterator[list[int]], compute: Callable[[Tensor], None], *, middle_by_channel: bool
) -> dict[str, Range]:
    with watched(body, middle_by_channel=middle_by_channel) as seen, torch.inference_mode():
        for row in rows:
            compute(torch.tensor([row]))
    return seen
