"""Sentences → what they say was wrong, or was so before."""

from __future__ import annotations

import pytest

from qa.answer.statements.corrections import changes, corrects, said_before
from qa.base.types import Relation

WRONG, EARLIER = Relation.CORRECTED_BY, Relation.EARLIER


@pytest.mark.parametrize(
    ("sentence", "words", "relation"),
    [
        ("Nine people were hurt, not twelve as first reported.", "twelve", WRONG),
        ("The damage was 27 million euros and not 29 million.", "29 million", WRONG),
        ("An earlier version of this article gave the figure as 1.5 million.", "1.5 million", WRONG),
        ("The council corrected the figure from 12 to nine.", "12", WRONG),
        ("The figure of twelve was wrong.", "twelve", WRONG),
        ("The company denied that 200 jobs would go.", "200 jobs", WRONG),
        ("Reports of twelve dead are untrue.", "twelve dead", WRONG),
        ("The cost was originally put at 5 million euros.", "5 million euros", EARLIER),
        ("The cost rose from 5.2 million to 7 million euros.", "5.2 million", EARLIER),
        ("It cost 9 million, up from 7 million.", "7 million", EARLIER),
        ("There are 57, fifteen more than the 42 of Tuesday.", "42", EARLIER),
        ("The match will be on Tuesday instead of Monday.", "Monday", EARLIER),
        ("Ada Thorn succeeded Ben Carr as mayor.", "Ben Carr", EARLIER),
        ("There will be 1,350 jobs in place of the 1,800 announced a year ago.", "1,800", EARLIER),
        ("The house was first meant to open on 12 September.", "12 September", EARLIER),
        ("Neun Menschen wurden verletzt, nicht zwölf.", "zwölf", WRONG),
        ("Wir hatten irrtümlich zwölf gemeldet.", "zwölf", WRONG),
        ("Die Polizei korrigierte die Zahl von zwölf auf neun.", "zwölf", WRONG),
        ("Die Angabe von zwölf war falsch.", "zwölf", WRONG),
        ("Die Kosten waren zunächst mit 5 Millionen Euro angegeben.", "5 Millionen Euro", EARLIER),
        ("Das Fest ist am Dienstag statt am Montag.", "am Montag", EARLIER),
        ("Ada Thorn ist Nachfolgerin von Ben Carr.", "Ben Carr", EARLIER),
        ("Neuf personnes ont été blessées, et non douze.", "douze", WRONG),
        ("Nous avons écrit par erreur douze.", "douze", WRONG),
        ("La police a corrigé le chiffre de douze à neuf.", "douze", WRONG),
        ("Le chiffre de douze était une erreur.", "douze", WRONG),
        ("Le coût était initialement estimé à 5 millions.", "5 millions", EARLIER),
        ("Le match aura lieu mardi au lieu de lundi.", "lundi", EARLIER),
        ("Nueve personas resultaron heridas, y no doce.", "doce", WRONG),
        ("La cifra se publicó por error como doce.", "doce", WRONG),
        ("La policía corrigió la cifra de doce a nueve.", "doce", WRONG),
        ("La cifra de doce era un error.", "doce", WRONG),
        ("El coste era inicialmente de 5 millones.", "5 millones", EARLIER),
        ("Será el martes en lugar del lunes.", "lunes", EARLIER),
    ],
)
def test_a_sentence_tells_what_was_wrong_or_so_before(sentence: str, words: str, relation: Relation) -> None:
    first = said_before(sentence)[0]
    assert words in first.words
    assert first.relation is relation


@pytest.mark.parametrize(
    ("sentence", "stated"),
    [
        ("The council corrected the figure from 12 to nine.", "nine"),
        ("The cost rose from 5 million to 7 million euros.", "7 million"),
        ("Nine people were hurt, not twelve as first reported.", "Nine"),
        ("Neun Menschen wurden verletzt, nicht zwölf.", "Neun"),
        ("La police a corrigé le chiffre de douze à neuf.", "neuf"),
        ("La policía corrigió la cifra de doce a nueve.", "nueve"),
        ("The works will not start before September 2027.", "September 2027"),
        ("Visits are not allowed until Sunday, 22 February.", "22 February"),
        ("It killed nine people and injured more than 1,000.", "1,000"),
    ],
)
def test_what_a_sentence_states_itself_is_no_part_of_that(sentence: str, stated: str) -> None:
    assert not any(stated in one.words for one in said_before(sentence))


@pytest.mark.parametrize(
    "sentence", ["Three people were hurt in the fire.", "Es gibt neun Verletzte.", "Il y a neuf blessés.", ""]
)
def test_a_plain_sentence_tells_nothing_of_before(sentence: str) -> None:
    assert said_before(sentence) == ()


def test_a_port_that_is_left_is_not_a_name_of_before() -> None:
    assert [one.is_of_names for one in said_before("The ferry goes from Tarn to Varrow.")] == [False]
    assert [one.is_of_names for one in said_before("Ada Thorn succeeded Ben Carr.")] == [True]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Correction: brewery fire", True),
        ("Police revised the number", True),
        ("Berichtigung", True),
        ("La policía corrigió la cifra", True),
        ("Fire at the brewery", False),
        ("Es wurde korrekt gezählt", False),
    ],
)
def test_a_title_or_sentence_says_that_it_corrects(text: str, is_one: bool) -> None:
    assert corrects(text) is is_one


@pytest.mark.parametrize(
    ("sentence", "does"),
    [
        ("The number of houses destroyed has been revised to twelve.", True),
        ("No one is missing any more.", True),
        ("The toll has risen to nine.", True),
        ("Inzwischen werden neun Tote gezählt.", True),
        ("Twelve houses were destroyed.", False),
        ("Nobody knows when it began.", False),
    ],
)
def test_a_sentence_tells_that_something_is_other_than_was_known(sentence: str, *, does: bool) -> None:
    assert changes(sentence) is does
