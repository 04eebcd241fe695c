"""What is said of files that a browser did not send."""

from __future__ import annotations

import json

import pytest

from qa.base.types import Refusal
from web.pages.unsent_files import left_out_files, unsent_files
from web.problems import Problem


def test_files_left_out_of_a_folder_are_counted_by_the_reason_and_the_first_are_named() -> None:
    told = [
        {"why": "picture", "count": 1_200, "names": ["a/1.png", "a/2.png"]},
        {"why": "other", "count": 1, "names": ["a/x.exe"]},
    ]
    assert left_out_files(json.dumps(told)) == [
        Refusal("1,200 pictures", "left out: only text can be added · a/1.png, a/2.png and 1,198 more"),
        Refusal("1 other file", "left out: not a known format; a file of text can be added by itself · a/x.exe"),
    ]


def test_an_empty_folder_is_said_to_be_empty() -> None:
    assert unsent_files('[{"name": "trip", "why": "empty"}]', most_bytes=9) == [
        Refusal("trip", "there is no file in this folder")
    ]


def test_nothing_told_is_nothing_to_say() -> None:
    assert (unsent_files("", most_bytes=9), left_out_files(""), left_out_files("[]")) == ((), (), [])


@pytest.mark.parametrize(
    "written", ["7", "{", '[{"why": "dull", "count": 1, "names": []}]', '[{"why": "other", "count": 0, "names": []}]']
)
def test_what_no_script_of_ours_sends_is_refused(written: str) -> None:
    with pytest.raises(Problem) as refused:
        left_out_files(written)
    assert refused.value.type.name == "invalid-request"
