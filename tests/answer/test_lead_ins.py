from __future__ import annotations

import re

import pytest

from qa.answer.lead_ins import lead_in
from qa.base.types import Span


def _lead_in(text: str) -> str | None:
    """That of the last sentence; the texts of this file end their sentences with a full stop."""
    spans = [Span(one.start(), one.end()) for one in re.finditer(r"\S[^.]*\.”?", text)]
    return lead_in(spans[-1].of(text), text, spans[:-1])


@pytest.mark.parametrize(
    "quote",
    ["She cut a ribbon.", "“It took a year,” she said.", "THEIR work is done.", "“We are glad,” he said."],
)
def test_a_quote_that_goes_on_from_the_sentence_before_it_has_that_as_its_lead_in(quote: str) -> None:
    assert _lead_in(f"The mayor opened the bridge. {quote}") == "The mayor opened the bridge."


@pytest.mark.parametrize("quote", ["Helen cut a ribbon.", "Thesis work is done.", "“We are glad,” said Helen."])
def test_any_other_quote_has_none(quote: str) -> None:
    assert _lead_in(f"The mayor opened the bridge. {quote}") is None


def test_a_quote_that_names_nobody_for_its_she_has_one_too() -> None:
    assert _lead_in("The Eider carries 296 passengers. At full speed she makes 14 knots.") == "The Eider carries 296 passengers."
    assert _lead_in("Annika Rosmund is 63. On Sunday she came ashore.") == "Annika Rosmund is 63."
    assert _lead_in("Rain fell. When she left, Annika Rosmund was 63.") is None


def test_a_quote_behind_sentences_that_go_on_themselves_is_led_in_by_all_of_them() -> None:
    text = "Rain fell. Annika Rosmund came ashore.\n\nShe wanted no cake. “They gave me one,” she says. She is 63."
    assert _lead_in(text) == text[11 : -len(" She is 63.")]


def test_where_nothing_before_it_stands_alone_the_last_sentence_leads_in() -> None:
    assert _lead_in("It rained. They left. She is 63.") == "They left."


def test_the_first_sentence_of_an_article_has_none() -> None:
    assert _lead_in("It is done.") is None


def test_a_long_one_is_cut_at_its_beginning() -> None:
    text = f"Annika Rosmund {'and so on ' * 200}came ashore. She is 63."
    assert _lead_in(text) == text[: -len(" She is 63.")][-1_000:]
