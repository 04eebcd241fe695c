"""Text → ids of pieces of words, each with its code points. The pieces of a word are the likeliest that make it up.

The tokenizers library does the same, and its trie takes 200 MB for a quarter of a million pieces. A dictionary takes a
quarter of that, and is made in a third of the time. Normalising, with the places that text came from, is the library's.

Source: the segmentation of Kudo's "unigram language model", arXiv:1804.10959, by Viterbi's algorithm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple
from functools import lru_cache

from tokenizers import PreTokenizedString, Regex, Token, normalizers, pre_tokenizers

from qa.index.quantised_file import Vocabulary

Offsets = tuple[int, int]
_Piece = tuple[int, int, int]  # id, start and end in a word

# Compatibility forms and blanks become one; SentencePiece's `nmt_nfkc` is made of the same two.
_NORMAL = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
_BLANK = "▁"  # stands for one
_WORDS = pre_tokenizers.Metaspace(prepend_scheme="always")
_UNKNOWN_PENALTY = 10.0  # of a character without a piece, below the least likely piece: SentencePiece's value
_FIRST = 3  # characters by which the longest piece is known
_MASK = "<mask>"  # a piece that training alone used
_REMEMBERED_WORDS = 32_768
_LONGEST_REMEMBERED = 32  # characters


class UnigramTokenizer:
    """The special pieces are never found in a text: `</s>` in an article is four characters."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._special = special = vocabulary.special
        self._scores = vocabulary.scores
        self._ids = {piece: id_ for id_, piece in enumerate(vocabulary.pieces)}
        for marker in (*(vocabulary.pieces[id_] for id_ in astuple(special)), _MASK):
            self._ids.pop(marker, None)
        self._longest = _longest_by_first(self._ids)  # so that words without blanks take linear time
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
        around = ([self._special.begin], [self._special.end], [(0, 0)]) if special else ([], [], [])
        found = [self._tokenized(text) for text in texts]
        return (
            [[*around[0], *ids, *around[1]] for ids, _ in found],
            [[*around[2], *offsets, *around[2]] for _, offsets in found],
        )

    def _tokenized(self, text: str) -> tuple[list[int], list[Offsets]]:
        if text and _NORMAL.normalize_str(text) == (blanks_alike := text.replace("\n", " ")):
            return self._of_normal(blanks_alike.replace(" ", _BLANK))
        words = PreTokenizedString(text)
        words.normalize(_NORMAL.normalize)
        _WORDS.pre_tokenize(words)
        words.tokenize(self._tokens)
        encoded = words.to_encoding()
        return encoded.ids, encoded.offsets

    def _of_normal(self, text: str) -> tuple[list[int], list[Offsets]]:
        """Of a text in which each character is its own normal form: the library need not say where each came from."""
        ids, offsets = [], []
        is_bare = text[0] != _BLANK  # then the first word has a blank before it that is not in the text
        at = -is_bare
        for word in (text if is_bare else text[1:]).split(_BLANK):
            for id_, start, end in self._pieces(_BLANK + word):
                ids.append(id_)
                offsets.append((at + start, at + end))
            at += len(word) + 1
        if is_bare:
            offsets[0] = (0, max(1, offsets[0][1]))  # the library counts that blank as the first character
        return ids, offsets

    def _tokens(self, word: str) -> list[Token]:
        """The pieces of a word as the library takes them, with the bytes that it counts in."""
        tokens, at = [], 0
        for id_, start, end in self._pieces(word):
            behind = at + len(word[start:end].encode())
            tokens.append(Token(id_, word[start:end], (at, behind)))
            at = behind
        return tokens

    def _pieces(self, word: str) -> list[_Piece]:
        return self._remembered(word) if len(word) <= _LONGEST_REMEMBERED else self._segmented(word)

    def _segmented(self, word: str) -> list[_Piece]:
        """The pieces of a normalised word. Neighbouring unknown ones are one."""
        found: list[_Piece] = []  # the last one first
        best = self._best_ends(word)
        end = len(word)
        while end:
            start, id_ = best[end]
            if found and id_ == found[-1][0] == self._special.unknown:
                found[-1] = (id_, start, found[-1][2])
            else:
                found.append((id_, start, end))
            end = start
        return found[::-1]

    def _best_ends(self, word: str) -> list[tuple[int, int]]:
        """(start, id) of the last piece of the likeliest way to each place in the word; the first is of no use."""
        ids, scores, longest = self._ids, self._scores, self._longest
        best: list[tuple[int, int]] = [(-1, -1)] * (len(word) + 1)
        score = [0.0] * (len(word) + 1)
        for start in range(len(word)):
            is_known = False
            most = longest.get(word[start : start + _FIRST], _FIRST - 1)
            for end in range(start + 1, min(len(word), start + most) + 1):
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


def _longest_by_first(pieces: Iterable[str]) -> dict[str, int]:
    """First characters → the length of the longest piece that begins with them."""
    longest: dict[str, int] = {}
    for piece in pieces:
        first = piece[:_FIRST]
        if len(piece) > longest.get(first, _FIRST - 1):
            longest[first] = len(piece)
    return longest
