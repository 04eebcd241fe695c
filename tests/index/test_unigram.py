"""Text → pieces, against the tokenizers library with the same vocabulary."""

from __future__ import annotations

import time
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from qa.index.packaged_encoders import MULTILINGUAL
from qa.index.quantised_file import QuantisedFile, SpecialPieces, Vocabulary
from qa.index.unigram import UnigramTokenizer

TEXTS = [
    "Mayor Ingrid Tallow cut a length of tarred rope instead of a ribbon.",
    "Der Fluß ﬁel  schnell;\tdie Bürgermeisterin\nsah zu. ½ km²",
    "Москва — столица. Кошка спит на окне…",
    "東京に行きました。中文测试没有空格，一句话。",
    "👩‍👩‍👧 ein naïver Café-Besucher 🇳🇴 zahlte 5 €",
    "สวัสดีชาวโลก مرحبا بالعالم नमस्ते दुनिया",
    "  two blanks before and after  ",
    "",
    "\u3000\xa0\u200b zero\u200dwidth ￥１２３ Å",
    "ξξξξ 𓀀𓀁 unknown 𐍈𐍉 signs",
    'He said: "No!" — then (1,200 of them) left; it\'s "rock-\'n\'-roll", 𓀀, e.g. U.S.-made ones [2] and x²!',
]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return QuantisedFile(MULTILINGUAL.path()).vocabulary


@pytest.fixture(scope="module")
def ours(vocabulary: Vocabulary) -> UnigramTokenizer:
    return UnigramTokenizer(vocabulary)


@pytest.fixture(scope="module")
def theirs(vocabulary: Vocabulary) -> Tokenizer:
    pairs = list(zip(vocabulary.pieces, vocabulary.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(pairs, unk_id=vocabulary.special.unknown))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    return tokenizer


@pytest.mark.parametrize("text", TEXTS)
def test_ids_and_places_are_those_of_the_library(text: str, ours: UnigramTokenizer, theirs: Tokenizer) -> None:
    (ids,), (offsets,) = ours.tokenize([text], special=False)
    expected = theirs.encode(text)
    assert (ids, offsets) == (expected.ids, expected.offsets)
    assert ours.ids([text, text], special=True) == [[0, *ids, 2]] * 2


@given(text=st.text(st.characters(codec="utf-8"), max_size=60))
def test_ids_are_those_of_the_library_for_any_text(text: str, ours: UnigramTokenizer, theirs: Tokenizer) -> None:
    (ids,), (offsets,) = ours.tokenize([text], special=False)
    assert (ids, offsets) == (theirs.encode(text).ids, theirs.encode(text).offsets)


def test_special_pieces_stand_around_a_text_and_are_not_found_in_it(ours: UnigramTokenizer) -> None:
    (ids,), (offsets,) = ours.tokenize(["a"], special=True)
    assert ids == [0, 10, 2] and offsets == [(0, 0), (0, 1), (0, 0)]
    (ids,), _ = ours.tokenize(["<s> </s> <pad> <unk> <mask>"], special=False)
    assert {0, 1, 2, 250_001} & set(ids) == set()


def test_the_likeliest_pieces_win_and_what_has_none_is_one_unknown() -> None:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁ab", "a", "b", "c", "bc"]
    scores = array("f", [0, 0, 0, 0, -1, -2, -1, -1, -3, -5])
    tokenizer = UnigramTokenizer(Vocabulary(pieces, scores, SpecialPieces(0, 2, 1, 3)))
    # "▁ab" + "c" = -5 beats "▁" + "a" + "b" + "c" = -6 and "▁" + "a" + "bc" = -7
    assert tokenizer.tokenize(["abc"], special=False)[0] == [[5, 8]]
    # the two that no piece has are one token
    assert tokenizer.tokenize(["axyb"], special=False) == ([[4, 6, 3, 7]], [[(0, 1), (0, 1), (1, 3), (3, 4)]])


@pytest.mark.parametrize("text", ["中文测试没有空格", "ab3x", "a", " ", "é́", "𓀀"])
def test_a_long_text_without_blanks_takes_linear_time(text: str, ours: UnigramTokenizer) -> None:
    def seconds(length: int) -> float:
        whole = (text * length)[:length]
        started = time.process_time()
        ours.tokenize([whole], special=False)
        return time.process_time() - started

    seconds(1_000)
    assert seconds(80_000) < 20 * seconds(10_000) + 0.5  # eight times as long
