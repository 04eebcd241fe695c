from __future__ import annotations

import pytest

from qa.answer.typed_names import with_names

TEXT = "Annika Rosmund is 63. The pilot boat Gannet sailed with Rosmund. The mayor, Ingrid Tallow, saw it. Every mayor does."


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("how old is rosmund", "How old is Rosmund"),
        ("how old is annika rosmund?", "How old is Annika Rosmund?"),  # "Annika" stands at the start of a sentence alone
        ("rosmund's boat", "Rosmund's boat"),
        ("was the mayor in the gannet", "Was the mayor in the Gannet"),
        ("every pilot", "Every pilot"),
    ],
)
def test_names_typed_in_lower_case_are_written_as_in_the_passages(question: str, named: str) -> None:
    assert with_names(question, [TEXT]) == named


def test_the_commoner_spelling_within_sentences_counts() -> None:
    assert with_names("the market", ["On the Fish Market it rained.", "At the market, a market hall."]) == "The market"
    assert with_names("the market", ["On the Fish Market it rained.", "The market closed."]) == "The Market"


@pytest.mark.parametrize("question", ["How old is rosmund?", "how old is Rosmund", "Every pilot", "", "63?", "ёлка rosmund И"])
def test_a_question_with_a_capital_of_its_own_or_without_words_stays_as_it_is(question: str) -> None:
    assert with_names(question, [TEXT]) == question


@pytest.mark.parametrize("question", ["ßtraße von ﬁn", "ǆ rosmund", "istanbul ı"])
def test_its_length_stays_whatever_its_letters(question: str) -> None:
    named = with_names(question, ["Das ist ISTANBUL und FIN und ﬁN.", "Am SSTRASSE ẞTRASSE liegt ǅ."])
    assert len(named) == len(question)
