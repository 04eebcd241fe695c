"""Text → ids of pieces of words, each with its code points. The pieces of a word are the likeliest that make it up.

The tokenizers library does the same, and its trie takes 200 MB for a quarter of a million pieces. A dictionary takes a
quarter of that, and is made in a third of the time. Normalising, with the places that text came from, is the library's.

Source: the segmentation of Kudo's "unigram language model", arXiv:1804.10959, by Viterbi's algorithm.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from functools import lru_cache
from itertools import chain, pairwise

from tokenizers import PreTokenizedString, Regex, Token, normalizers, pre_tokenizers

from qa.index.quantised_file import Vocabulary

Offsets = tuple[int, int]
_Pieces = tuple[tuple[int, ...], tuple[int, ...]]  # ids, and where each ends in a part of a word

# Compatibility forms and blanks become one; SentencePiece's `nmt_nfkc` is made of the same two.
_NORMAL = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
_BLANK = "▁"  # stands for one
_WORDS = pre_tokenizers.Metaspace(prepend_scheme="always")
_UNKNOWN_PENALTY = 10.0  # of a character without a piece, below the least likely piece: SentencePiece's value
_MASK = "<mask>"  # a piece that training alone used
_REMEMBERED_WORDS = 32_768
_LONGEST_REMEMBERED = 32  # characters

# A word can be cut where no piece goes across: "said," has the pieces of "said" and of ",". So fewer parts need remembering.
_LETTER, _MARKS = r"[^\W\d_]", """.,;:!?"”“’‘'()[]–—-"""
_MARK = f"[{re.escape(_MARKS)}]"
_ACROSS = re.compile(rf"(?<={_LETTER}){_MARK}|{_MARK}{_LETTER}")
_RUN, _OTHERS = rf"(?:{_LETTER}+|{_MARK}+)", rf"(?:(?!{_LETTER}|{_MARK})[^{_BLANK}])+"
_PARTS = re.compile(rf"(?:{_BLANK}{_RUN}?|{_RUN})(?:{_OTHERS}{_RUN}?)*")
_WHOLE_WORDS = re.compile(rf"{_BLANK}[^{_BLANK}]*")


class UnigramTokenizer:
    """The special pieces are never found in a text: `</s>` in an article is four characters."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._special = special = vocabulary.special
        self._scores = vocabulary.scores
        self._ids = {piece: id_ for id_, piece in enumerate(vocabulary.pieces)}
        for marker in (*(vocabulary.pieces[id_] for id_ in astuple(special)), _MASK):
            self._ids.pop(marker, None)
        self._longest = max(map(len, self._ids))  # so that words without blanks take linear time
        can_cut = all(mark in self._ids for mark in _MARKS) and not _ACROSS.search("\n".join(self._ids))
        self._parts = _PARTS if can_cut else _WHOLE_WORDS
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
        around = [(0, 0)] if special else []
        found = [self._tokenized(text) for text in texts]
        return self._rows((ids for ids, _ in found), special), [[*around, *offsets, *around] for _, offsets in found]

    def ids(self, texts: Sequence[str], *, special: bool) -> list[list[int]]:
        return self._rows(map(self._ids_of, texts), special)

    def _rows(self, rows: Iterable[list[int]], special: bool) -> list[list[int]]:
        return [[self._special.begin, *ids, self._special.end] for ids in rows] if special else [*rows]

    def _ids_of(self, text: str) -> list[int]:
        parts = self._parts_of_normal(text)
        return self._by_library(text)[0] if parts is None else [*chain.from_iterable(self._pieces(part)[0] for part in parts)]

    def _tokenized(self, text: str) -> tuple[list[int], list[Offsets]]:
        parts = self._parts_of_normal(text)
        return self._by_library(text) if parts is None else self._of_normal(parts, is_bare=text[0] not in (" ", "\n", _BLANK))

    def _by_library(self, text: str) -> tuple[list[int], list[Offsets]]:
        words = PreTokenizedString(text)
        words.normalize(_NORMAL.normalize)
        _WORDS.pre_tokenize(words)
        words.tokenize(self._tokens)
        encoded = words.to_encoding()
        return encoded.ids, encoded.offsets

    def _parts_of_normal(self, text: str) -> list[str] | None:
        """A text's words with their blanks, cut into parts; None unless each of its characters is its own normal form.

        The library need not say then where each came from. The first word has a blank before it, also one that is not there.
        """
        if not text or _NORMAL.normalize_str(text) != (alike := text.replace("\n", " ")):
            return None
        words = alike.replace(" ", _BLANK)
        return self._parts.findall(words if words[0] == _BLANK else _BLANK + words)

    def _of_normal(self, parts: Sequence[str], *, is_bare: bool) -> tuple[list[int], list[Offsets]]:
        """Ids and code points; `is_bare` where the first blank is not in the text."""
        ids: list[int] = []
        ends: list[int] = []
        at = -is_bare
        for part in parts:
            its_ids, its_ends = self._pieces(part)
            ids += its_ids
            ends += [at + end for end in its_ends]
            at += len(part)
        offsets = [*pairwise([0, *ends])]
        if is_bare:
            offsets[0] = (0, max(1, ends[0]))  # the library counts that blank as the first character
        return ids, offsets

    def _tokens(self, word: str) -> list[Token]:
        """The pieces of a word as the library takes them, with the bytes that it counts in."""
        tokens, at = [], 0
        ids, ends = self._pieces(word)
        for id_, (start, end) in zip(ids, pairwise([0, *ends]), strict=True):
            behind = at + len(word[start:end].encode())
            tokens.append(Token(id_, word[start:end], (at, behind)))
            at = behind
        return tokens

    def _pieces(self, part: str) -> _Pieces:
        return self._remembered(part) if len(part) <= _LONGEST_REMEMBERED else self._segmented(part)

    def _segmented(self, part: str) -> _Pieces:
        """The pieces of a normalised word or part of one. Neighbouring unknown ones are one."""
        ids: list[int] = []  # the last one first
        ends: list[int] = []
        best, end = self._best_starts(part), len(part)
        while end:
            id_ = self._ids.get(part[best[end] : end], self._special.unknown)
            if not ids or id_ != self._special.unknown or ids[-1] != id_:
                ids.append(id_)
                ends.append(end)
            end = best[end]
        return tuple(ids[::-1]), tuple(ends[::-1])

    def _best_starts(self, part: str) -> list[int]:
        """Where the last piece of the likeliest way to each place starts; the first number is of no use."""
        ids, scores, longest = self._ids, self._scores, self._longest
        best = [-1] * (len(part) + 1)
        likeliest = [0.0, *[-math.inf] * len(part)]
        for start, first in enumerate(part):
            so_far = likeliest[start]
            for end in range(start + 1, min(len(part), start + longest) + 1):
                id_ = ids.get(part[start:end])
                if id_ is not None and so_far + scores[id_] > likeliest[end]:
                    best[end], likeliest[end] = start, so_far + scores[id_]
            if first not in ids and so_far + self._unknown_score > likeliest[start + 1]:
                best[start + 1], likeliest[start + 1] = start, so_far + self._unknown_score
        return best
