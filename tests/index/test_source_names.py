"""The names by which a source is found."""

from __future__ import annotations

import pytest

from qa.index.source_names import asked_keys, held_keys, names_source


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("Harbour Post", "The Harbour Post"),
        ("the harbour post", "Harbour Post"),
        ("The Harbour  Post", "The Harbour-Post"),
        ("HARBOUR POST!", "The Harbour Post"),
        ("zeit", "Die Zeit"),
        ("spiegel", "DER SPIEGEL"),
        ("das bild", "Bild"),
        ("Nacion", "La Nación"),
        ("monde", "Le Monde"),
        ("échos", "Les Echos"),
        ("equipe", "L’Équipe"),
        ("L'Equipe", "L’Équipe"),
        ("pais", "El País"),
        ("Angeles Times", "Los Angeles Times"),
        ("parool", "Het Parool"),
        ("telegraaf", "De Telegraaf"),
        ("globo", "O Globo"),
        ("Jazeera", "Al-Jazeera"),
        ("US News", "U.S. News"),
        ("readers digest", "Reader’s Digest"),
        ("straße", "STRASSE"),
        ("cnn", "cnn.com"),
        ("cnn", "www.CNN.com"),
        ("www.cnn.com", "cnn.com"),
        ("theweek", "theweek.co.uk"),
        ("theweek.co", "theweek.co.uk"),
        ("The Week", "theweek.co.uk"),
        ("The", "The"),
        ("Правда", "ПРАВДА"),
        ("—", "—"),
    ],
)
def test_case_punctuation_accents_and_an_article_do_not_matter(name: str, source: str) -> None:
    assert names_source(name, source)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("The Times", "LA Times"),
        ("Le Post", "The Post"),
        ("Post", "The Harbour Post"),
        ("Harbour", "The Harbour Post"),
        ("usatoday", "college.usatoday.com"),
        ("cn", "cnn.com"),
        ("com", "as.com"),
        ("cnn.com", "CNN"),
        ("Dr", "Dr. No’s News"),
        ("", ".hidden"),
        (" ", ""),
        ("!", "?"),
    ],
)
def test_another_name_is_another_source(name: str, source: str) -> None:
    assert not names_source(name, source)


def test_an_article_is_ignored_where_one_of_the_two_has_none() -> None:
    assert held_keys("The Times") == {"thetimes", "* times"}
    assert asked_keys("Times") == {"times", "* times"}  # also finds "LA Times"
    assert asked_keys("The Times") == {"thetimes", "times"}


def test_a_long_name_takes_time_in_its_length() -> None:
    assert len(held_keys("The " + "la " * 100_000)) == 2
