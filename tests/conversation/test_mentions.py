"""What a text mentions, in the order in which it is rather about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.conversation.mentions import Kind, mentions, names


def found(text: str) -> list[str]:
    return [one.text for one in mentions(text)]


@pytest.mark.parametrize(
    "text, first",
    [
        ("What is throat cancer?", "throat cancer"),
        ("What are the different types of sharks?", "sharks"),
        ("When was the Weighhouse Bridge closed?", "Weighhouse Bridge"),
        ("Tell me about the Neverending Story film.", "Neverending Story film"),
        ("What is the wreck off Tarn Bank?", "Tarn Bank"),
        ("Can throat cancer spread in winter?", "throat cancer"),
        ("Did the boxer George Foreman retire?", "George Foreman"),
    ],
)
def test_what_a_question_is_about_comes_first(text: str, first: str) -> None:
    assert next(one.text for one in mentions(text) if one.is_topic) in (first, f"wreck off {first}")


def test_a_phrase_that_of_goes_on_is_mentioned_as_a_whole_too() -> None:
    assert found("What is the role of serotonin?") == ["serotonin", "role of serotonin"]


def test_two_that_and_joins_are_also_one() -> None:
    joint = mentions("When did Zappa and the Mothers of Invention disband?")[0]
    assert (joint.text, joint.kind, joint.is_plural) == ("Zappa and the Mothers of Invention", Kind.NAME, True)


@pytest.mark.parametrize(
    "text, kind",
    [
        ("Did Annika Rosmund say so?", Kind.PERSON),
        ("Is Dr. Solveig Anterby correct?", Kind.PERSON),
        ("Does the minister agree?", Kind.PERSON),
        ("Is the Harbour Post correct?", Kind.NAME),
        ("Does NATO agree?", Kind.NAME),
        ("Is the ferry late?", Kind.THING),
        ("Was it in March 2024?", Kind.DATE),
    ],
)
def test_a_mention_is_of_a_kind(text: str, kind: Kind) -> None:
    assert mentions(text)[0].kind is kind


def test_what_is_asked_for_names_nothing_yet() -> None:
    assert [one.is_asked_for for one in mentions("Which bridge has any cracks?")] == [True, True]


def test_where_and_when_are_not_what_a_question_is_about() -> None:
    assert {one.text: one.is_central for one in mentions("Where do Mako sharks live in Norway?")} == {
        "Mako sharks": True,
        "Norway": False,
    }


def test_an_article_goes_with_its_noun() -> None:
    assert [one.with_article for one in mentions("Is a heat pump cheaper than the furnace?")] == ["a heat pump", "the furnace"]


def test_dates_quantities_and_generic_nouns_are_no_topics() -> None:
    assert [one for text in ("in May", "12 metres", "What is the reason?") for one in mentions(text) if one.is_topic] == []


def test_names_alone_are_found_in_their_order() -> None:
    text = "The district court sent Gareth Molvane to prison, and Judge Philippa Rawndell spoke in Varrowmouth."
    assert [one.text for one in names(text)] == ["Gareth Molvane", "Judge Philippa Rawndell", "Varrowmouth"]


@given(st.text(max_size=200))
def test_every_mention_stands_at_its_span(text: str) -> None:
    for one in mentions(text):
        assert one.span.of(text) == one.text
