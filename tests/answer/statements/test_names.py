"""Two names → whether one may be called both."""

from __future__ import annotations

import pytest

from qa.answer.statements.names import holds_name, same_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thorn", "Ada Thorn"),
        ("Mayor Ada Thorn", "Ada Thorn"),
        ("Dr. Ada Thorn", "Professor Thorn"),
        ("Bürgermeisterin Ada Thorn", "Mme Thorn"),
        ("el alcalde José García", "Jose Garcia"),
        ("Ada Thorn’s", "Ada Thorn"),
        ("Pat O'Brien", "O’Brien"),
        ("J. Thorn", "Jane Thorn"),
        ("J. R. Thorn", "Jane Ruth Thorn"),
        ("EU", "the European Union"),
        ("University of Leeds", "Leeds University"),
        ("the Mayor", "Mayor"),
    ],
)
def test_short_and_long_forms_are_one_name(one: str, other: str) -> None:
    assert same_name(one, other) and same_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Thorn", "Ben Thorn"),
        ("Ada Thorn", "Ada Thorne"),
        ("J. Thorn", "Ada Thorn"),
        ("the Mayor", "the President"),
        ("Mayor", "Ada Thorn"),
        ("Route 6", "Route 66"),
        ("EU", "the United Nations"),
        ("", "Ada Thorn"),
        ("–", "–"),
    ],
)
def test_other_names_are_not(one: str, other: str) -> None:
    assert not same_name(one, other) and not same_name(other, one)


def test_a_text_holds_a_name_with_all_its_telling_words() -> None:
    assert holds_name("Ada, the daughter of Mayor Thorn", "Dr. Ada Thorn")
    assert not holds_name("Ben, the son of Mayor Thorn", "Dr. Ada Thorn")
