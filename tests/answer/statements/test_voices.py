"""Sentences that were read → what each article says, and what it stands by."""

from __future__ import annotations

from datetime import date

import pytest
from brief_reports import Report, found_in, report

from qa.answer.statements.voices import Voice, meant, voices
from qa.base.types import Relation
from qa.search.date_ranges import date_ranges

HURT = "How many people were hurt?"
WRONG, EARLIER = Relation.CORRECTED_BY, Relation.EARLIER


def read(question: str, *reports: Report) -> list[list[Voice]]:
    return voices(question, *found_in(reports), date_ranges)


def answers(said: list[list[Voice]]) -> list[list[str]]:
    return [[voice.value.words for voice in of_article] for of_article in said]


def test_each_article_says_its_own_and_the_surest_is_first() -> None:
    echo = report("[Nine] people were hurt.", "Later [eight] were in hospital.", source="Echo", probability=0.9)
    mercury = report("[Twelve] people were hurt.", probability=0.6)
    assert answers(read(HURT, mercury, echo)) == [["Nine", "eight"], ["Twelve"]]


def test_a_sentence_without_a_short_answer_says_nothing() -> None:
    assert read(HURT, report("Nobody knows yet.")) == []


def test_of_one_article_the_best_three_are_kept() -> None:
    four = report("[One] was hurt.", "[Two] were hurt.", "[Three] were hurt.", "[Four] were hurt.")
    assert answers(read(HURT, four)) == [["One", "Two", "Three"]]


def test_the_unit_is_read_behind_the_answer_and_in_the_language_of_the_article() -> None:
    ((said,),) = read("What did it cost?", report("Es kostete [siebenundzwanzig] Millionen Euro.", language="de"))
    assert said.value.quantity is not None
    assert (said.value.quantity.amount, said.value.quantity.unit) == (27e6, "EUR")


def test_an_article_has_the_day_source_and_language_that_it_declares() -> None:
    ((dated,),) = read(HURT, report("[Neun] Verletzte.", day="2025-05-07T08:00:00Z", source="Bote", language="de"))
    ((undated,),) = read(HURT, report("[Nine] were hurt.", day=None))
    assert (dated.read.day, dated.read.source, dated.read.language) == (date(2025, 5, 7), "Bote", "de")
    assert (undated.read.day, undated.read.language) == (None, "en")


@pytest.mark.parametrize(
    ("sources", "speaking"),
    [
        (["Echo", "Echo"], ["Echo", "Echo"]),
        (["Echo", "Echo", "Argus"], ["Echo", "Echo", "Argus"]),
        (["echo.example", "echo.example", "echo.example"], [None, None, None]),
    ],
    ids=["two of one paper", "of two papers", "all from one place"],
)
def test_a_source_that_many_articles_and_no_others_name_does_not_tell_who_speaks(
    sources: list[str], speaking: list[str | None]
) -> None:
    days = ("2025-05-07", "2025-05-08", "2025-05-09")
    reports = [report("[Nine] were hurt.", source=source, day=day) for source, day in zip(sources, days, strict=False)]
    assert [voice.read.source for (voice,) in read(HURT, *reports)] == speaking


@pytest.mark.parametrize(
    ("question", "sentence", "amount"),
    [
        (HURT, "The number of people hurt grew from [61 to 72] on Thursday.", 72),
        (HURT, "The number of people hurt was [61 to 72], by the hour.", 61),
        ("In how many states are people ill?", "[Seventy-five people across 13] states are ill.", 13),
    ],
    ids=["from one to another", "one to another", "people and states"],
)
def test_of_several_amounts_an_article_says_the_one_that_is_asked_for(question: str, sentence: str, amount: int) -> None:
    ((said,),) = read(question, report(sentence))
    assert said.value.quantity is not None and said.value.quantity.amount == amount


@pytest.mark.parametrize(
    ("question", "wrong", "right", "language"),
    [
        (HURT, "The first count of [twelve] was wrong.", "In truth [nine] people were hurt.", "en"),
        (HURT, "We wrongly reported that [twelve] people were hurt.", "It was [nine].", "en"),
        (HURT, "Wir hatten irrtümlich [zwölf] gemeldet.", "Es waren [neun].", "de"),
        (HURT, "Le chiffre de [douze] était une erreur.", "Ils étaient [neuf].", "fr"),
        (HURT, "La cifra de [doce] era un error.", "Fueron [nueve].", "es"),
        ("Who is mayor?", "Ada Thorn succeeded [Ben Carr] as mayor.", "[Ada Thorn] took the oath.", "en"),
        ("What did it cost?", "It was originally to cost [5 million euros].", "It cost [7 million euros].", "en"),
    ],
)
def test_an_article_is_taken_by_its_next_answer_where_it_calls_the_first_wrong_or_past(
    question: str, wrong: str, right: str, language: str
) -> None:
    (said,) = read(question, report(wrong, right, language=language))
    assert meant(said, date_ranges) is said[1]


def test_an_answer_much_less_sure_is_not_taken_instead() -> None:
    (said,) = read(HURT, report("The count of [twelve] was wrong.", "There are [three] hospitals.", "There are [two] roads."))
    assert meant([said[0], said[2]], date_ranges) is said[0]


def test_an_answer_that_its_sentence_does_not_take_back_stands() -> None:
    (said,) = read(HURT, report("[Nine] people were hurt, not twelve.", "The town has [two] hospitals."))
    assert meant(said, date_ranges) is said[0]


@pytest.mark.parametrize(
    ("question", "said_first", "sentence", "told"),
    [
        (HURT, "[Twelve] people were hurt.", "The figure of 12 was wrong.", WRONG),
        (HURT, "[Twelve] people were hurt.", "The figure of 13 was wrong.", None),
        (HURT, "[Twelve] people were hurt.", "The number fell from 12 to nine.", EARLIER),
        ("Who is mayor?", "[Ben Carr] is mayor.", "Ada Thorn succeeded Ben Carr.", EARLIER),
        ("Where is the ferry?", "It is in [Tarn].", "It goes from Tarn to Varrow.", None),
        ("When is it?", "It is on [9 May].", "It was originally planned for Friday.", EARLIER),
    ],
)
def test_an_article_tells_that_what_another_says_was_wrong_or_so_before(
    question: str, said_first: str, sentence: str, told: Relation | None
) -> None:
    ((first,), (other,)) = read(question, report(said_first), report(sentence, "It was [x].", source="Echo", probability=0.1))
    assert other.read.tells_before(first.value, date_ranges) is told


def test_a_number_is_read_in_the_language_that_is_declared_with_its_region() -> None:
    ((said,),) = read("Wie viele wurden verletzt?", report("[Zwölf] Menschen wurden verletzt.", language="de-AT"))
    assert said.value.quantity is not None and said.value.quantity.amount == 12
