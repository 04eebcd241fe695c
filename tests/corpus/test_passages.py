"""Passages of whole sentences: how they grow, overlap and end."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from qa.base.types import Article, Passage, PassageRule, Span, passage_id
from qa.corpus.passages import cut_passages
from qa.corpus.sentences import split_sentences
from qa.index.encoder import TransformerEncoder

Cut = Callable[..., list[str]]


@pytest.fixture
def passages(encoder: TransformerEncoder) -> Callable[..., list[Passage]]:
    def cut(text: str, *, characters: int = 600, overlap: int = 0, title: str = "") -> list[Passage]:
        article = Article("a", "a", title, text)
        return cut_passages(article, split_sentences(text), encoder, PassageRule(characters, overlap, 32))

    return cut


@pytest.fixture
def cut(passages: Callable[..., list[Passage]]) -> Cut:
    return lambda text, **rule: [passage.span.of(text) for passage in passages(text, **rule)]


FOUR = "First one left. Second one left. Third one left. Fourth one left."


def test_a_short_text_is_one_passage(cut: Cut) -> None:
    assert cut(FOUR) == [FOUR]


def test_no_text_gives_no_passage(cut: Cut) -> None:
    assert cut("") == cut(" \n ") == []


def test_a_passage_grows_to_the_target_length(cut: Cut) -> None:
    assert cut(FOUR, characters=32) == ["First one left. Second one left.", "Third one left. Fourth one left."]  # 15 + 1 + 16
    assert cut(FOUR, characters=31) == ["First one left.", "Second one left.", "Third one left.", "Fourth one left."]


def test_the_next_passage_begins_with_the_last_sentences_of_the_one_before(cut: Cut) -> None:
    assert cut(FOUR, characters=33, overlap=1) == [
        "First one left. Second one left.",
        "Second one left. Third one left.",
        "Third one left. Fourth one left.",
    ]


def test_the_overlap_is_dropped_where_it_does_not_fit(cut: Cut) -> None:
    text = "Short one. " + "A sentence of more than sixty characters stands here to be long. " + "Short two."
    assert cut(text, characters=80, overlap=1) == [
        "Short one. A sentence of more than sixty characters stands here to be long.",
        "A sentence of more than sixty characters stands here to be long. Short two.",
    ]
    assert cut(text, characters=66, overlap=1) == [
        "Short one.",
        "A sentence of more than sixty characters stands here to be long.",
        "Short two.",
    ]


def test_an_overlap_never_repeats_a_whole_passage(cut: Cut) -> None:
    assert cut("First one left. Second one left. Third one left.", characters=33, overlap=5) == [
        "First one left. Second one left.",
        "Second one left. Third one left.",
    ]


def test_boilerplate_ends_a_passage_and_is_in_none(cut: Cut) -> None:
    assert cut("The ferry left.\n\nShare this article on Facebook.\n\nIt came back.", overlap=1) == [
        "The ferry left.",
        "It came back.",
    ]


def test_headings_are_searched_with_the_text_they_stand_over(cut: Cut) -> None:
    assert cut("The council\n\nIt met on Monday.") == ["The council\n\nIt met on Monday."]


def test_a_sentence_longer_than_the_target_is_kept_whole(cut: Cut) -> None:
    long = "This sentence has more characters than the rule would like, but it is one sentence."
    assert cut(f"Short one. {long} Short two.", characters=30) == ["Short one.", long, "Short two."]


def test_passages_end_at_the_encoders_budget_too(cut: Cut, encoder: TransformerEncoder) -> None:
    text = " ".join(["The ferry came back to the quay."] * 150)  # 9 tokens each
    budget = encoder.passage_budget("")
    assert encoder.token_counts(cut(text, characters=10_000)) == [
        budget // 9 * 9,
        budget // 9 * 9,
        1_350 - 2 * (budget // 9 * 9),
    ]


def test_passages_far_within_the_budget_are_not_tokenised_again(
    encoder: TransformerEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    monkeypatch.setattr(encoder, "token_counts", lambda texts: counted.extend(texts) or [9] * len(texts))
    article = Article("a", "a", "", FOUR)
    made = cut_passages(article, split_sentences(FOUR), encoder, PassageRule(33, 0, 32))
    assert [passage.span.of(FOUR) for passage in made] == [FOUR[:32], FOUR[33:]]
    assert [text for text in counted if text.endswith("left.")] == FOUR.replace(". ", ".\n").split("\n")  # each sentence once


def test_a_sentence_over_the_budget_is_split_at_clause_marks(passages: Callable[..., list[Passage]]) -> None:
    text = "The dredger moves sand, " * 200 + "and clay."
    made = passages(text)
    assert len(made) > 2
    assert all(passage.span.of(text).endswith((",", "clay.")) for passage in made)
    assert {passage.sentences for passage in made} == {made[0].sentences}
    assert made[0].sentences[0].span == Span(0, len(text))
    assert " ".join(passage.span.of(text) for passage in made) == text


def test_a_sentence_over_the_budget_without_clause_marks_is_split_at_blanks(passages: Callable[..., list[Passage]]) -> None:
    text = "ferry " * 600 + "ends."
    made = passages(text)
    assert " ".join(passage.span.of(text) for passage in made) == text


def test_a_word_over_the_budget_is_split_anywhere(passages: Callable[..., list[Passage]]) -> None:
    text = "東" * 2_000 + "。"
    assert "".join(passage.span.of(text) for passage in passages(text)) == text


def test_long_runs_of_blanks_inside_an_over_long_sentence_are_no_passage(passages: Callable[..., list[Passage]]) -> None:
    text = "ferry " * 300 + " " * 40_000 + "harbour " * 300 + "\t" * 12_000 + "end."
    quotes = [passage.span.of(text) for passage in passages(text)]
    assert all(quote == quote.strip() != "" for quote in quotes)
    assert " ".join(" ".join(quotes).split()) == " ".join(text.split())


def test_a_long_title_leaves_less_room(passages: Callable[..., list[Passage]]) -> None:
    text = "ferry " * 240 + "ends."
    assert len(passages(text)) == 1
    assert len(passages(text, title="harbour " * 40)) == 2


def test_an_id_names_the_version_and_the_place(passages: Callable[..., list[Passage]]) -> None:
    article = Article("a", "a", "", FOUR)
    assert [passage.id for passage in passages(FOUR, characters=33)] == [
        passage_id(article, Span(0, 32)),
        passage_id(article, Span(33, 65)),
    ]


def test_a_very_long_sentence_takes_no_more_than_its_length_in_time(passages: Callable[..., list[Passage]]) -> None:
    text = "ferry, " * 70_000 + "ends."
    began = time.perf_counter()
    assert passages(text)[-1].span.end == len(text)
    assert time.perf_counter() - began < 30
