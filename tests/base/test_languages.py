"""The language by which an article is read."""

from __future__ import annotations

import pytest

from qa.base.languages import language_read


@pytest.mark.parametrize(
    ("declared", "guessed", "read"),
    [
        ("en-GB", None, "en"),
        ("de_AT", None, "de"),
        ("DE", "en", "de"),
        ("German", "de", "de"),
        (None, "fr", "fr"),
        (None, None, "en"),
    ],
)
def test_a_declared_code_counts_without_its_region_before_a_guess(declared: str | None, guessed: str | None, read: str) -> None:
    assert language_read(declared, guessed) == read
