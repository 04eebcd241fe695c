"""What a question is about → which articles' answers are to the same."""

from __future__ import annotations

import pytest
from brief_reports import MEANS, Report, found_in, report

from qa.answer.statements.matter import Matter
from qa.answer.statements.voices import voices

DAMAGE = "How much damage did the brewery fire do?"
FIRST = report("The fire at the Hopgate brewery in Brackenholt did [29 million euros] of damage.", probability=0.9)
SAME_EVENT = "The fire in Brackenholt on Wednesday did damage of [27 million euros] to Hopgate, its brewery."
LIKE_IT = "In Tarn the fire of the Ellbrook mill did [3 million euros] of damage, says Osric Vane."


def passing(other: Report, first: Report = FIRST, question: str = DAMAGE) -> list[str]:
    """The answers of the other article that are on the matter of the first one's."""
    of_first, of_other = voices(question, *found_in([first, other]), MEANS.days_in)
    return [voice.value.words for voice in Matter(question, of_first[0], MEANS).among(of_other)]


def a_year_later(sentence: str, probability: float) -> Report:
    return report(sentence, day="2026-05-09", source="Echo", title="Ellbrook", probability=probability)


def test_another_report_of_the_event_is_on_the_matter() -> None:
    assert passing(report(SAME_EVENT, day="2025-05-09", source="Echo", probability=0.4)) == ["27 million euros"]


def test_a_like_event_a_year_before_in_another_place_is_not() -> None:
    other = report(LIKE_IT, day="2024-05-09", source="Echo", title="Ellbrook burns", probability=0.2)
    assert passing(other) == []


def test_what_counts_the_things_that_are_asked_for_speaks_for_the_matter() -> None:
    first = report("The number of them that came down is known to be [57], fifteen more than at first.", probability=0.9)
    other = report("Brackenholt has [42] chimneys fewer.", day="2025-05-04", source="Echo", title="Fewer", probability=0.3)
    question = "How many chimneys came down?"
    (of_first, of_other) = voices(question, *found_in([first, other]), MEANS.days_in)
    assert Matter(question, of_first[0], MEANS).signs(of_other[0]).counts_the_same == 1
    assert Matter("How many houses burned?", of_first[0], MEANS).signs(of_other[0]).counts_the_same == 0


def test_an_answer_of_another_sort_is_not() -> None:
    assert passing(report("The fire at Hopgate in Brackenholt burned for [ten hours].", source="Echo")) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Osric Vane says it was [3 million euros] and not 29 million.",
        "Osric Vane wrongly spoke of 29 million euros; it was [3 million euros].",
        "The sum was put at first at 29 million euros, then at [3 million euros].",
    ],
)
def test_what_tells_that_the_first_was_wrong_or_is_past_is_on_the_matter(sentence: str) -> None:
    assert passing(a_year_later(sentence, 0.15)) == ["3 million euros"]
    assert passing(a_year_later(sentence.replace("29", "31"), 0.15)) == []


def test_a_sentence_that_hardly_answers_is_not_even_where_it_denies() -> None:
    assert passing(a_year_later("Osric Vane says it was [3 million euros] and not 29 million.", 0.05)) == []


def test_the_signs_are_counted() -> None:
    other = report("The fire in Brackenholt did [29 million euros] of harm.", day="2025-05-10", title="Hopgate", probability=0.5)
    of_first, of_other = voices(DAMAGE, *found_in([FIRST, other]), MEANS.days_in)
    signs = Matter(DAMAGE, of_first[0], MEANS).signs(of_other[0])
    assert signs.answers == pytest.approx(0.0)  # as likely as not
    assert signs.counts_the_same == signs.says_the_same == 1.0
    assert signs.names == pytest.approx(3 / 3)  # The, Brackenholt, Hopgate
    assert signs.days_apart == pytest.approx(1.386, abs=0.001)  # log(1 + 3)
    assert signs.words == pytest.approx(1 / 3)  # fire, of damage, brewery, fire


def test_days_that_nobody_knows_count_as_a_month_apart() -> None:
    of_first, of_other = voices(DAMAGE, *found_in([FIRST, report(SAME_EVENT, day=None, probability=0.4)]), MEANS.days_in)
    assert Matter(DAMAGE, of_first[0], MEANS).signs(of_other[0]).days_apart == pytest.approx(3.434, abs=0.001)  # log(1 + 30)
