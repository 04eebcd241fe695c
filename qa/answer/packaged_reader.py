"""Question and passages → what the packaged reader finds there. It shares its words with the packaged encoder."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from qa.answer.reader_weights import ReaderNetwork, read_weights
from qa.answer.reader_windows import TokenWindow, check_length, token_windows
from qa.answer.reading import PassageReading
from qa.answer.span_decoding import ReadWindow, reading_of
from qa.answer.token_cache import TokenCache, Tokens
from qa.base.arithmetic import fastest_floats, type_of
from qa.base.batches import batches
from qa.base.input_ranges import has_ranges
from qa.base.models_thread import in_models_thread
from qa.base.protocols import Rows, TitledText, Vectors, WordVectors
from qa.base.settings import Precision
from qa.base.types import Span

log = logging.getLogger(__name__)

_BATCH_TOKENS = 1_024  # in one forward pass
_KEPT_TOKENS = 1_000_000  # of passages that were read lately: 12 MB, and their texts


class PackagedReader:
    """A reader in a folder, run on the CPU. `words` are opened when it loads.

    8-bit integers need the file of its input ranges. A reader without it computes in bfloat16 or float32.
    """

    def __init__(self, folder: Path, words: Callable[[], WordVectors], *, precision: Precision) -> None:
        self.folder = folder
        self.precision = precision if precision != "int8" or has_ranges(folder) else fastest_floats()
        self._open_words = words

    @cached_property
    def _words(self) -> WordVectors:
        return self._open_words()

    @cached_property
    def _cache(self) -> TokenCache:
        return TokenCache(self._words, most_tokens=_KEPT_TOKENS)

    @cached_property
    @in_models_thread
    def _network(self) -> ReaderNetwork:
        network = read_weights(
            self.folder,
            words_digest=self._words.digest,
            arithmetic=type_of(self.precision),
            in_int8=self.precision == "int8",
        )
        log.info("reader %s loaded, %s", self.folder, self.precision)
        return network

    def load(self) -> None:
        assert self._network is not None

    def read(self, question: str, passages: Sequence[TitledText], sentences: Sequence[Sequence[Span]]) -> list[PassageReading]:
        ((asked,), _) = self._words.tokenize([question])
        check_length(asked, positions=self._network.positions)
        titles = self._cache.tokens([passage.title for passage in passages])
        texts = self._cache.tokens([passage.text for passage in passages])
        windows = [
            (which, window)
            for which, (title, text) in enumerate(zip(titles, texts, strict=True))
            for window in token_windows(asked, title, text, begin=self._words.begin, end=self._words.end)
        ]
        read: list[list[ReadWindow]] = [[] for _ in passages]
        for row, logits in self._logits([window for _, window in windows]):
            which, window = windows[row]
            read[which].append(_read_window(texts[which], window, logits))
        return [reading_of(of_passage, found) for of_passage, found in zip(sentences, read, strict=True)]

    def _logits(self, windows: Sequence[TokenWindow]) -> Iterator[tuple[int, _Logits]]:
        """(row, logits) of every window, in batches of one length."""
        lengths = [len(window.ids) for window in windows]
        for batch in batches(lengths, most_tokens=_BATCH_TOKENS, longest=self._network.positions):
            spans, relevance = self._forward([windows[row].ids for row in batch.rows], batch.length)
            for place, row in enumerate(batch.rows):
                yield row, _Logits(spans[place, : lengths[row]], float(relevance[place]))

    @in_models_thread
    def _forward(self, rows: Sequence[Rows], length: int) -> tuple[Vectors, Vectors]:
        """(w, length, 2) begin and end logits, and (w,) relevance of w windows, which are filled up to this length."""
        ids = np.zeros((len(rows), length), np.int64)
        is_token = np.zeros((len(rows), length), np.int64)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row
            is_token[place, : len(row)] = 1
        with torch.inference_mode():
            found = self._network(torch.from_numpy(self._words.vectors(ids)), torch.from_numpy(is_token))
        return found.spans.numpy(), found.relevance.numpy()


@dataclass(frozen=True, slots=True, eq=False)
class _Logits:
    """What the model says of one window of t tokens: (t, 2) `spans` by begin and end, and whether the passage answers."""

    spans: Vectors
    relevance: float


def _read_window(tokens: Tokens, window: TokenWindow, logits: _Logits) -> ReadWindow:
    starts, ends = tokens.starts[window.tokens].astype(np.int64), tokens.ends[window.tokens].astype(np.int64)
    is_text = ends > starts  # a mere blank is no part of an answer
    begins, ends_of_spans = logits.spans[window.first : window.first + len(starts)][is_text].T
    return ReadWindow(
        starts=starts[is_text],
        ends=ends[is_text],
        begin_logits=begins,
        end_logits=ends_of_spans,
        no_answer=float(logits.spans[0].sum()),
        relevance=logits.relevance,
    )
