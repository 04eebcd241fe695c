"""Which texts are copies: values worked out by hand, and a loop over all pairs."""

from __future__ import annotations

import itertools

import pytest
from datasketch import MinHash

from qa.base.types import Article
from qa.corpus import near_duplicates
from qa.corpus.near_duplicates import SIMILAR, bands, shingles, similarity, words, words_key

BANDS = [
    -4601683664461601749,
    1835007845415373682,
]  # of "One ship left the harbour."; with others no stored copies would be found


def test_words_are_folded_and_without_marks() -> None:
    assert words("“It’s 5 p.m.,” said Élodie_2 — STRASSE/Straße.") == [
        *("it", "s", "5", "p", "m", "said", "élodie", "2", "strasse", "strasse")
    ]


def test_where_no_blanks_are_written_each_character_is_a_word() -> None:
    assert words("渡轮沉没 Halcyon号") == ["渡", "轮", "沉", "没", "halcyon", "号"]
    assert words("เรือจม") == list("เรือจม")


@pytest.mark.parametrize("again", ["The crane fell.", "the  crane\nfell", "“The crane” fell!"])
def test_the_same_words_have_the_same_key(again: str) -> None:
    assert words_key(again) == words_key("The crane fell.")


@pytest.mark.parametrize("other", ["The cranes fell.", "The crane fell twice.", "Fell the crane.", "Thecrane fell."])
def test_other_words_have_another_key(other: str) -> None:
    assert words_key(other) != words_key("The crane fell.")


@pytest.mark.parametrize("blank", ["", " \n", "— …"])
def test_a_text_without_words_has_no_key_and_is_like_nothing(blank: str) -> None:
    assert words_key(blank) is None
    assert (shingles(blank), bands(shingles(blank))) == (frozenset(), [])
    assert similarity(shingles(blank), shingles(blank)) == 0


def test_shingles_are_three_words_in_a_row_or_all_there_are() -> None:
    assert shingles("One ship left, one ship came.") == {"one ship left", "ship left one", "left one ship", "one ship came"}
    assert shingles("One ship") == {"one ship"}


def test_similarity_is_the_share_of_what_both_have() -> None:
    one, other = shingles("a b c d e"), shingles("b c d e f g")
    assert similarity(one, other) == similarity(other, one) == pytest.approx(2 / 5)  # bcd, cde of abc, bcd, cde, def, efg
    assert similarity(one, one) == 1
    assert similarity(one, shingles("x y z")) == 0


def test_bands_are_the_same_in_every_process() -> None:
    assert bands(shingles("One ship left the harbour."))[:2] == BANDS


def test_signatures_are_those_of_the_library_that_made_the_stored_ones(sample_articles: list[Article]) -> None:
    for article in sample_articles:
        theirs = MinHash(128, seed=1, scheme="affine32")
        theirs.update_batch([one.encode() for one in shingles(article.text)])
        assert near_duplicates._signature(shingles(article.text)).tolist() == theirs.hashvalues.tolist()


def test_bands_bring_together_what_is_similar_and_little_else(sample_articles: list[Article]) -> None:
    texts = [article.text for article in sample_articles]
    copies = [text.replace("said", "told us").replace("the city", "our town") for text in texts]
    known = [(shingles(text), set(bands(shingles(text)))) for text in (*texts, *copies)]
    together = {
        (first, second) for first, second in itertools.combinations(range(len(known)), 2) if known[first][1] & known[second][1]
    }
    similar = {
        (first, second)
        for first, second in itertools.combinations(range(len(known)), 2)
        if similarity(known[first][0], known[second][0]) >= SIMILAR
    }
    assert similar >= {(number, number + len(texts)) for number in range(len(texts))}
    assert similar <= together
    assert len(together - similar) <= len(similar)
