"""Words → the amounts in them, and which of these can be one amount."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.answer.statements.quantities import Quantity, quantities


def amounts(words: str, language: str = "en") -> list[tuple[float, str | None]]:
    return [(pytest.approx(one.amount), one.unit) for one in quantities(words, language)]


def only(words: str, language: str = "en") -> Quantity:
    (one,) = quantities(words, language)
    return one


@pytest.mark.parametrize(
    "words",
    ["27m", "27 million", "twenty-seven million", "27,000,000", "27.000.000", "27 000 000", "almost 27 million", "some 27m"],
)
def test_a_number_is_read_in_figures_and_in_words(words: str) -> None:
    assert amounts(words) == [(27e6, None)]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("twenty-seven million euros", "en"),
        ("siebenundzwanzig Millionen Euro", "de"),
        ("vingt-sept millions d'euros", "fr"),
        ("veintisiete millones de euros", "es"),
        ("zevenentwintig miljoen euro", "nl"),
        ("ventisette milioni di euro", "it"),
        ("27 Mio. Euro", "de"),
        ("27 millions d’euros", "fr"),
        ("27 millones de euros", "es"),
        ("27 miljoen euro", "nl"),
        ("27 milioni di euro", "it"),
    ],
)
def test_a_sum_is_read_in_each_language(words: str, language: str) -> None:
    assert amounts(words, language) == [(27e6, "EUR")]


@pytest.mark.parametrize(
    ("words", "language", "amount", "unit"),
    [
        ("€1.2 billion", "en", 1.2e9, "EUR"),
        ("1,2 Milliarden Euro", "de", 1.2e9, "EUR"),
        ("$3.5bn", "en", 3.5e9, "USD"),
        ("US$40", "en", 40, "USD"),
        ("50p", "en", 0.5, "GBP"),
        ("80 cents", "en", 0.8, None),
        ("12 per cent", "en", 12, "%"),
        ("12,5 Prozent", "de", 12.5, "%"),
        ("half a million", "en", 5e5, None),
        ("one and a half million", "en", 1.5e6, None),
        ("medio millón", "es", 5e5, None),
        ("eine halbe Million", "de", 5e5, None),
        ("un demi-million", "fr", 5e5, None),
        ("two dozen", "en", 24, None),
        ("nobody", "en", 0, None),
        ("3 km", "en", 3_000, "m"),
        ("20 square kilometres", "en", 2e7, "m²"),
        ("three cubic metres", "en", 3_000, "l"),
        ("14 tonnes", "en", 14_000, "kg"),
        ("a couple of days", "en", 172_800, "s"),
        ("2:39:54", "en", 9_594, "s"),
        ("two hours, 39 minutes and 54 seconds", "en", 9_594, "s"),
        ("two and a half hours", "en", 9_000, "s"),
        ("a year", "en", 12, "month"),
    ],
)
def test_scales_and_units_count(words: str, language: str, amount: float, unit: str | None) -> None:
    assert amounts(words, language) == [(amount, unit)]


@pytest.mark.parametrize("words", ["the bridge", "a bridge", "", "an old mill"])
def test_an_article_before_a_noun_is_no_number(words: str) -> None:
    assert quantities(words) == []


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("nine and not twelve", "en"),
        ("nine rather than twelve", "en"),
        ("not twelve but nine", "en"),
        ("nicht zwölf, sondern neun", "de"),
        ("neun statt zwölf", "de"),
        ("neuf et non douze", "fr"),
        ("nueve y no doce", "es"),
    ],
)
def test_an_amount_that_is_only_denied_is_left_out(words: str, language: str) -> None:
    assert amounts(words, language) == [(9, None)]


def test_several_amounts_stay_in_their_order() -> None:
    assert amounts("from 12 to 9 million euros") == [(12, None), (9e6, "EUR")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3 km", "3,000 metres"),
        ("two miles", "3.2 km"),
        ("six feet eleven inches", "210 cm"),
        ("5 acres", "2 hectares"),
        ("two years", "24 months"),
        ("two days", "48 hours"),
        ("2:39:54", "two hours 39 minutes 54 seconds"),
        ("two hours 41 minutes", "2:41:09"),
        ("27 million", "26.8 million"),
        ("27 million euros", "€26,800,000"),
        ("27 million", "€27m"),
        ("31", "31 years"),
        ("about 300", "290"),
        ("a dozen", "12"),
    ],
)
def test_amounts_that_differ_by_unit_or_rounding_are_the_same(one: str, other: str) -> None:
    assert only(one).same(only(other)) and only(other).same(only(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12", "13"),
        ("27 million", "29 million"),
        ("20 million", "21 million"),
        ("26.8 million", "26.9 million"),
        ("about 300", "350"),
        ("27 million euros", "$27 million"),
        ("12 per cent", "12 metres"),
        ("two miles", "2 km"),
        ("90 years", "91 years"),
        ("100 km", "99 km"),
        ("two hours 40 minutes", "two hours 42 minutes"),
        ("2,104 yards", "2,105 yards"),
        ("100 miles", "102 miles"),
    ],
)
def test_other_amounts_and_amounts_of_other_units_are_not_the_same(one: str, other: str) -> None:
    assert not only(one).same(only(other)) and not only(other).same(only(one))


@pytest.mark.parametrize(
    ("one", "other", "can_differ"),
    [("3 km", "two miles", True), ("€5", "7", True), ("€5", "$7", False), ("3 km", "two hours", False), ("3 km", "7", False)],
)
def test_only_amounts_of_one_sort_can_differ(one: str, other: str, can_differ: bool) -> None:
    assert only(one).measures_as(only(other)) is can_differ


def test_two_ways_to_put_one_amount_are_two_amounts() -> None:
    assert [one.amount for one in quantities("five miles below ground, or eight kilometres")] == [5 * 1609.34, 8000.0]


@given(st.text(max_size=40))
@example("²")
def test_whatever_the_words_they_can_be_read(words: str) -> None:
    assert all(amount.step > 0 for amount in quantities(words))
