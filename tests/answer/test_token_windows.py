"""Windows: every token of a passage is in one, and knows where it stands."""

from __future__ import annotations

from typing import Any

import pytest
from transformers import AutoTokenizer

from qa.answer.token_windows import windows
from qa.base.errors import QuestionError
from qa.base.protocols import TitledText
from qa.index.packaged_encoders import ENGLISH

QUESTION = "Who kept the keys?"


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return AutoTokenizer.from_pretrained(ENGLISH.path(), local_files_only=True)


@pytest.mark.parametrize(
    "text",
    [
        "Ada Thorn kept the keys of the mill. ",
        "افتتح رئيس البلدية الجسر الجديد يوم السبت. ",
        "谁修好了桥？王先生修好了桥。",
        "👩‍👩‍👧 e\u0301clair \u200bnaïve ﬁne Straße\r\n",
    ],
)
@pytest.mark.parametrize("title", ["", "The mill: “Straße” 桥"])
def test_every_character_that_is_read_is_in_a_window_at_its_place(tokenizer: Any, text: str, title: str) -> None:
    passage = TitledText(title, text * 60)
    alone = tokenizer(passage.text, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    (held,) = windows(tokenizer, [QUESTION], [passage], most_tokens=256)
    assert len(held) > 1
    read = {
        (start, end)
        for window in held
        for start, end in zip(window.starts.tolist(), window.ends.tolist(), strict=True)
        if start >= 0
    }
    assert read == {(start, end) for start, end in alone if end > start}
    assert all(window.length <= 256 for window in held)


def test_neither_question_nor_title_is_of_the_passage(tokenizer: Any) -> None:
    passage = TitledText("Ada Thorn", "She kept the keys.")
    ((window,),) = windows(tokenizer, ["Ada Thorn?"], [passage], most_tokens=256)
    kept = [passage.text[start:end] for start, end in zip(window.starts, window.ends, strict=True) if start >= 0]
    assert kept == ["She", "kept", "the", "keys", "."]
    assert window.starts[0] == -1


def test_a_question_that_leaves_no_room_is_refused(tokenizer: Any) -> None:
    with pytest.raises(QuestionError, match=r"has 200 tokens; the reader takes 125"):
        windows(tokenizer, ["rope " * 200], [TitledText("", "text")], most_tokens=256)


def test_nothing_to_read_gives_no_windows(tokenizer: Any) -> None:
    assert windows(tokenizer, [], [], most_tokens=256) == []
    ((window,),) = windows(tokenizer, [QUESTION], [TitledText("", "")], most_tokens=256)
    assert set(window.starts.tolist()) == {-1}
