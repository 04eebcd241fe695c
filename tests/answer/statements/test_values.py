"""Questions and short answers → what is asked for, what is said, and whether two answers say the same."""

from __future__ import annotations

from datetime import date

import pytest

from qa.answer.statements.values import Asked, Value, is_said_in, value_of
from qa.base.types import ValueKind
from qa.search.date_ranges import date_ranges

NUMBER, MONEY, DATE, NAME, TEXT = ValueKind.NUMBER, ValueKind.MONEY, ValueKind.DATE, ValueKind.NAME, ValueKind.TEXT
WHEN, WHO, HOW_MANY, COST, WHY = "When was it?", "Who won?", "How many were hurt?", "What did it cost?", "Why did it close?"
COLOUR = "What colour is it?"
THURSDAY = "2024-09-12"


def value(question: str, answer: str, day: str | None = THURSDAY, *, behind: str = "", language: str = "en") -> Value:
    written = date.fromisoformat(day) if day else None
    return value_of(Asked.by(question), answer, behind, language, written, date_ranges)


def are_same(one: Value, other: Value) -> bool:
    assert one.same(other) is other.same(one)
    return one.same(other)


@pytest.mark.parametrize(
    ("kind", "questions"),
    [
        (NUMBER, ["How many people came?", "how old is she", "Wie viele kamen?", "Combien ?", "¿Cuántos son?", "Hoeveel?"]),
        (NUMBER, ["What percentage voted?", "What was the cost?", "Wie alt ist sie?", "Quel âge a-t-elle ?"]),
        (
            DATE,
            [
                "When did it open?",
                "On what day was it?",
                "Wann ist es?",
                "Seit wann?",
                "À quelle heure ?",
                "¿Cuándo?",
                "Wanneer?",
            ],
        ),
        (NAME, ["Who won?", "And who won?", "Who's the mayor?", "Where is it?", "Wer gewann?", "Où ?", "¿Quién es?", "Waar?"]),
        (NAME, ["Which company bought it?", "What was the name of the ship?", "Und wer gewann?", "¿Y quién ganó?"]),
        (TEXT, ["Why did it close?", "What happened?", "Was geschah?", "", "brewery fire damage"]),
    ],
)
def test_the_first_words_of_a_question_tell_what_it_asks_for(kind: ValueKind, questions: list[str]) -> None:
    assert {question: Asked.by(question).kind for question in questions} == dict.fromkeys(questions, kind)


@pytest.mark.parametrize(
    ("question", "is_choice"),
    [
        ("What colour is it?", True),
        ("In which language is it?", True),
        ("Welche Farbe hat es?", True),
        ("De quelle couleur est-il ?", True),
        ("¿De qué color es?", True),
        ("What happened?", False),
        ("Why did it close?", False),
    ],
)
def test_a_question_may_ask_for_one_of_a_sort(question: str, is_choice: bool) -> None:
    assert Asked.by(question).is_choice is is_choice
    assert value(question, "blue").excludes_others is is_choice


@pytest.mark.parametrize(
    ("question", "answer", "kind"),
    [
        (HOW_MANY, "four workers", NUMBER),
        (COST, "27 million euros", MONEY),
        (COST, "a fortune", TEXT),
        (WHEN, "9 September", DATE),
        (WHEN, "1720", DATE),
        (WHEN, "once the vote was over", TEXT),
        (WHO, "Ada Thorn", NAME),
        (WHO, "the mayor", TEXT),
        (WHY, "a strike", TEXT),
        ("What happened?", "Four people were hurt", NUMBER),
    ],
)
def test_an_answer_is_of_the_kind_that_it_says_and_that_was_asked_for(question: str, answer: str, kind: ValueKind) -> None:
    assert value(question, answer).kind is kind


def test_the_unit_behind_a_number_counts_and_so_does_its_noun() -> None:
    assert value("How much was it?", "27", behind=" million euros in all.").kind is MONEY
    assert value(HOW_MANY, "four", behind=" workers, and a dog").counted == ("four", "workers")


@pytest.mark.parametrize(
    ("question", "answer", "behind", "amount"),
    [
        ("In how many states did people fall ill?", "Seventy-five people across 13", " states", 13),
        ("How many people fell ill?", "Seventy-five people across 13", " states", 75),
        ("How many people were caught?", "Of the five in the group three", " were dug out", 5),
        ("In wie vielen Orten brannte es?", "zwölf Menschen in 3 Orten", "", 3),
        ("Wie viele Orte brannten?", "zwölf Häuser, 3 Orte", "", 3),
        ("¿Cuántos pueblos arden?", "12 casas de 3 pueblos", "", 3),
        ("What happened?", "Seventy-five people across 13", " states", 75),
    ],
)
def test_of_several_amounts_the_one_counts_that_stands_before_what_is_asked_for(
    question: str, answer: str, behind: str, amount: int
) -> None:
    language = "de" if "wie" in question.lower() else "es" if "¿" in question else "en"
    found = value(question, answer, behind=behind, language=language).quantity
    assert found is not None and found.amount == amount


def test_a_number_alone_is_of_the_measure_that_is_asked_for() -> None:
    question = "How many rushing yards has he?"
    assert value(question, "1,392", behind=" rushing yards this year").same(value(question, "1,392 yards"))
    assert value(question, "1,392", behind=" rushing yards this year").compares_with(value(question, "1,688 yards"))
    assert not value(question, "37 per cent").compares_with(value(question, "1,688 yards"))


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (HOW_MANY, "four", "4 people"),
        (HOW_MANY, "nine", "nine and not twelve"),
        (COST, "27 million euros", "€26.8m"),
        (COST, "27 million euros", "27 million"),
        ("How long is it?", "3 km", "3,000 metres"),
        ("What share came?", "61 per cent", "61%"),
        (WHO, "Ada Thorn", "Mayor Thorn"),
        (WHO, "the mayor", "The mayor,"),
        (WHY, "a strike", "the strike of the drivers"),
        (COLOUR, "red", "dark red"),
        (WHEN, "9 September", "9 September 2024"),
        (WHEN, "9 September", "September 9, 2023"),
        (WHEN, "9. September", "9 September 2024"),
        (WHEN, "le 9 septembre", "9 September 2024"),
        (WHEN, "el 9 de septiembre", "9 September 2024"),
        (WHEN, "2019", "in May 2019"),
        (WHEN, "at 8 a.m.", "08:00"),
        (WHEN, "8.30pm", "20:30"),
        (WHEN, "um 8 Uhr", "8 a.m."),
        (WHEN, "20h", "8 p.m."),
        (WHEN, "noon", "12:00"),
        (WHEN, "9 September at 8 a.m.", "9 September"),
        (WHEN, "in March 1720", "1720"),
    ],
)
def test_answers_that_say_the_same(question: str, one: str, other: str) -> None:
    assert are_same(value(question, one), value(question, other))


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (HOW_MANY, "twelve", "thirteen"),
        (COST, "27 million euros", "29 million"),
        (WHO, "Ada Thorn", "Ben Thorn"),
        (WHY, "a strike", "a fire"),
        (COLOUR, "red", "blue"),
        (WHEN, "9 September", "10 September 2024"),
        (WHEN, "9. September 2024", "10. September 2024"),
        (WHEN, "9 September 2023", "9 September 2024"),
        (WHEN, "29 February", "28 February 2023"),
        (WHEN, "Monday", "Tuesday"),
        (WHEN, "noon", "midnight"),
        (WHEN, "9 September at 8 a.m.", "9 September at 9 a.m."),
        (WHEN, "1720", "1721"),
        (WHEN, "1720", "2024"),
    ],
)
def test_answers_that_do_not(question: str, one: str, other: str) -> None:
    assert not are_same(value(question, one), value(question, other))


@pytest.mark.parametrize("monday", ["Monday", "on Monday", "am Montag", "lundi", "el lunes", "maandag"])
def test_monday_is_that_before_or_after_the_day_of_the_article(monday: str) -> None:
    said = value(WHEN, monday, "2024-09-10")
    assert are_same(said, value(WHEN, "9 September 2024"))
    assert are_same(said, value(WHEN, "16 September 2024"))
    assert not are_same(said, value(WHEN, "2 September 2024"))
    assert not are_same(said, value(WHEN, monday, "2024-10-10"))


def test_yesterday_is_counted_from_the_day_of_the_article() -> None:
    assert are_same(value(WHEN, "yesterday", "2024-09-10"), value(WHEN, "9 September", "2024-09-12"))


def test_a_day_in_an_article_without_one_has_no_time_unless_it_names_its_year() -> None:
    assert value(WHEN, "yesterday", None).kind is TEXT
    assert are_same(value(WHEN, "9 September 2024", None), value(WHEN, "yesterday", "2024-09-10"))


@pytest.mark.parametrize(
    ("question", "one", "other", "compares"),
    [
        (HOW_MANY, "twelve", "nine people", True),
        (HOW_MANY, "twelve", "a lot", False),
        ("How long is it?", "3 km", "two hours", False),
        (COST, "27 million euros", "29 million", True),
        (COST, "27 million euros", "$29 million", False),
        (COST, "27 million euros", "nearly thirty million", True),
        (COST, "27 million euros", "40 million bottles", False),
        ("How old is he?", "31", "29 years", True),
        ("How old is he?", "31", "29 kilometres", False),
        ("How long did it last?", "31", "29 years", False),
        (WHO, "Ada Thorn", "Ben Thorn", True),
        (WHO, "Ada Thorn", "the mayor", False),
        (WHEN, "1720", "9 September", True),
    ],
)
def test_only_answers_of_one_sort_are_compared(question: str, one: str, other: str, compares: bool) -> None:
    assert value(question, one).compares_with(value(question, other)) is compares


@pytest.mark.parametrize(
    ("question", "answer", "text", "is_said"),
    [
        (HOW_MANY, "twelve", "The figure of 12 was wrong.", True),
        (HOW_MANY, "twelve", "The figure of 13 was wrong.", False),
        ("How old is he?", "31", "He is 29 and not 31.", False),
        ("How old is he?", "29", "He is 29 and not 31.", True),
        (WHEN, "9 September", "It had been planned for Monday.", True),
        (WHEN, "9 September", "It had been planned for Tuesday.", False),
        (WHO, "Ben Carr", "Mayor Ben Carr had held it.", True),
        (WHO, "Ben Carr", "Ada Carr had held it.", False),
        (COLOUR, "red", "It was red until then.", True),
        (COLOUR, "red", "It was covered until then.", False),
    ],
)
def test_a_text_names_a_value(question: str, answer: str, text: str, is_said: bool) -> None:
    assert is_said_in(value(question, answer), text, "en", date.fromisoformat(THURSDAY), date_ranges) is is_said
