"""The words for how sure an answer is."""

from __future__ import annotations

import pytest

from qa.api.sureness import CHECK, LIKELY, MAY_HELP, UNSURE, Sureness, sureness_of, verdict_of
from qa.base.types import Band, Status


@pytest.mark.parametrize(
    ("status", "band", "said"),
    [
        (Status.ANSWERED, Band.HIGH, LIKELY),
        (Status.ANSWERED, Band.LOW, LIKELY),  # where the threshold is set low
        (Status.WEAK, Band.HIGH, UNSURE),
        (Status.WEAK, Band.MEDIUM, UNSURE),
        (Status.WEAK, Band.LOW, CHECK),
    ],
)
def test_an_answer_is_likely_unsure_or_to_be_checked(status: Status, band: Band, said: Sureness) -> None:
    assert sureness_of(status, band) == said


def test_without_an_answer_the_nearest_sentences_may_help() -> None:
    assert verdict_of("Not found in these articles.", has_nearest=True) == MAY_HELP
    assert verdict_of("Not found in these articles.", has_nearest=False) == "Not found in these articles."
