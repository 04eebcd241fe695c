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


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.WEAK])
def test_an_answer_whose_leading_sentence_was_deleted_is_never_likely(status: Status) -> None:
    said = sureness_of(status, Band.HIGH, "the cited sentence was deleted since")
    assert (said.kind, said.words, said.meaning) == ("check", "Check this", "the cited sentence was deleted since")


def test_without_an_answer_the_nearest_sentences_may_help() -> None:
    assert verdict_of("Not found in these articles.", has_nearest=True) == MAY_HELP
    assert verdict_of("Not found in these articles.", has_nearest=False) == "Not found in these articles."
