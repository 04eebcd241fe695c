"""Text → ids of pieces of words, each with its code points. The pieces of a word are the likeliest that make it up.

The tokenizers library does the same, and its trie takes 200 MB for a quarter of a million pieces. A dictionary takes a
quarter of that, and is made in a third of the time. Normalising, with the places that text came from, is the library's.

Source: the segmentation of Kudo's "unigram language model", arXiv:1804.10959, by Viterbi's algorithm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from functools import lru_cache

from tokenizers import PreTokenizedString, Regex, Token, normalizers, pre_tokenizers

from qa.index.quantised_file import Vocabulary

Offsets = tuple[int, int]

# Compatibility forms and blanks become one; SentencePiece's `nmt_nfkc` is made of the same two.
_NORMAL = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
_WORDS = pre_tokenizers.Metaspace(prepend_scheme="always")
_UNKNOWN_PENALTY = 10.0  # of a character without a piece, below the least likely piece: SentencePiece's value
_MASK = "<mask>"  # a piece that training alone used
_REMEMBERED_WORDS = 16_384
_LONGEST_REMEMBERED = 32  # characters


class UnigramTokenizer:
    """The special pieces are never found in a text: `</s>` in an article is four characters."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._special = special = vocabulary.special
        self._scores = vocabulary.scores
        self._ids = {piece: id_ for id_, piece in enumerate(vocabulary.pieces)}
        for marker in (*(vocabulary.pieces[id_] for id_ in astuple(special)), _MASK):
            self._ids.pop(marker, None)
        # by first character, so that words without blanks take linear time; the last one named is the longest
        self._longest = {piece[:1]: len(piece) for piece in sorted(self._ids, key=len)}
        self._unknown_score = min(vocabulary.scores) - _UNKNOWN_PENALTY
        self._remembered = lru_cache(_REMEMBERED_WORDS)(self._segmented)

    @property
    def padding(self) -> int:
        return self._special.padding

    @property
    def special_tokens(self) -> int:
        return 2

    def tokenize(self, texts: Sequence[str], *, special: bool) -> tuple[list[list[int]], list[list[Offsets]]]:
        """(ids, code points) of each text; nothing is cut. Special pieces stand at (0, 0)."""
        ids, offsets = [], []
        for text in texts:
            words = PreTokenizedString(text)
            words.normalize(_NORMAL.normalize)
            _WORDS.pre_tokenize(words)
            words.tokenize(self._tokens)
            encoded = words.to_encoding()
            around = ([self._special.begin], [self._special.end]) if special else ([], [])
            ids.append([*around[0], *encoded.ids, *around[1]])
            offsets.append([*((0, 0) for _ in around[0]), *encoded.offsets, *((0, 0) for _ in around[1])])
        return ids, offsets

    def _tokens(self, word: str) -> list[Token]:
        return self._remembered(word) if len(word) <= _LONGEST_REMEMBERED else self._segmented(word)

    def _segmented(self, word: str) -> list[Token]:
        """The pieces of a normalised word, with the bytes that the library counts in. Neighbouring unknown ones are one."""
        found: list[tuple[int, int, int]] = []  # (id, start, end), the last one first
        best = self._best_ends(word)
        end = len(word)
        while end:
            start, id_ = best[end]
            if found and id_ == found[-1][0] == self._special.unknown:
                found[-1] = (id_, start, found[-1][2])
            else:
                found.append((id_, start, end))
            end = start
        tokens, at = [], 0
        for id_, start, end in reversed(found):
            behind = at + len(word[start:end].encode())
            tokens.append(Token(id_, word[start:end], (at, behind)))
            at = behind
        return tokens

    def _best_ends(self, word: str) -> list[tuple[int, int]]:
        """(start, id) of the last piece of the likeliest way to each place in the word; the first is of no use."""
        ids, scores = self._ids, self._scores
        best: list[tuple[int, int]] = [(-1, -1)] * (len(word) + 1)
        score = [0.0] * (len(word) + 1)
        for start, first in enumerate(word):
            is_known = False
            for end in range(start + 1, min(len(word), start + self._longest.get(first, 0)) + 1):
                id_ = ids.get(word[start:end])
                if id_ is not None:
                    is_known = is_known or end == start + 1
                    if best[end][0] < 0 or score[start] + scores[id_] > score[end]:
                        best[end], score[end] = (start, id_), score[start] + scores[id_]
            if not is_known:
                through = score[start] + self._unknown_score
                if best[start + 1][0] < 0 or through > score[start + 1]:
                    best[start + 1], score[start + 1] = (start, self._special.unknown), through
        return best
