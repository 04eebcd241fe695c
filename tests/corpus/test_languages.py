"""Which language a text is split and indexed by."""

from __future__ import annotations

import pytest

from qa.corpus.languages import language_of

GERMAN = "Die Fähre kam am Freitag wegen Nebels zehn Minuten zu spät an, sagte der Hafenmeister. Niemand wurde dabei verletzt. "
SPANISH = "El transbordador llegó el viernes con diez minutos de retraso por la niebla, dijo el capitán. Nadie resultó herido. "


@pytest.mark.parametrize(("said", "code"), [("de", "de"), ("en-GB", "en"), ("PT_br", "pt"), (" zh-Hant ", "zh")])
def test_what_is_said_counts_whatever_the_text(said: str, code: str) -> None:
    assert language_of(GERMAN * 3, said) == code


@pytest.mark.parametrize("said", [None, "", "German", "deu", "x"])
def test_what_is_no_code_leaves_it_to_the_words(said: str | None) -> None:
    assert language_of(GERMAN * 3, said) == "de"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (GERMAN * 3, "de"),
        (SPANISH * 3, "es"),
        (GERMAN[:60], "en"),  # too short for a guess
        ("渡轮周五因大雾晚点十分钟。", "zh"),
        ("フェリーは金曜日に霧のため10分遅れた。", "ja"),
        ("เรือข้ามฟากมาสายสิบนาทีในวันศุกร์เพราะหมอก", "th"),
        ("The ferry 渡轮 was late by ten minutes.", "en"),
        ("1, 2, 3", "en"),
    ],
)
def test_a_script_says_it_at_once_and_words_when_there_are_enough(text: str, code: str) -> None:
    assert language_of(text, None) == code
