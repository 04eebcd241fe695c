"""The span model: offsets that are right whatever the script, scores that do not depend on neighbours, clear errors."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_places import check_places
from transformers import AutoModelForQuestionAnswering, AutoTokenizer, BertConfig, BertForSequenceClassification

from qa.answer.span_decoding import LONGEST_ANSWER
from qa.answer.span_model import SpanModel
from qa.base.errors import ModelError, QuestionError
from qa.base.protocols import TitledText
from qa.base.types import Span
from qa.corpus.sentences import split_sentences
from qa.index.packaged_encoders import ENGLISH

QUESTION = "Who kept the keys?"
TEXTS = (
    "The mill closed in 1952. Ada Thorn kept the keys of the mill until her death. Nobody else was let in.",
    "افتتح رئيس البلدية الجسر الجديد يوم السبت. وقال إن العمل استغرق أربعة عشر شهرا.",
    "谁修好了桥？王先生修好了桥。孩子们在桥上玩。",
    "👩‍👩‍👧 left. E\u0301clair, nai\u0308ve, Straße. \u202eRight\u202c to left.",
)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged body with an untrained head: a real model of which only the answers are of no use."""
    folder = tmp_path_factory.mktemp("reader")
    torch.manual_seed(1)
    body = ENGLISH.path()
    AutoModelForQuestionAnswering.from_pretrained(body, local_files_only=True).save_pretrained(folder)
    AutoTokenizer.from_pretrained(body, local_files_only=True).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def model(checkpoint: Path) -> SpanModel:
    return SpanModel(checkpoint, precision="float32")


def sentences_of(text: str) -> list[Span]:
    return [sentence.span for sentence in split_sentences(text)]


@pytest.mark.parametrize("text", [*TEXTS, TEXTS[0] * 40])
def test_the_best_span_of_a_sentence_stands_in_it_or_partly_so(model: SpanModel, text: str) -> None:
    sentences = sentences_of(text)
    (found,) = model.read(QUESTION, [TitledText("Ada Thorn", text)], [sentences])
    assert len(found.sentences) == len(sentences)
    assert None not in found.sentences
    check_places(text, sentences, found)


@settings(max_examples=60, deadline=None)
@given(text=st.text(min_size=1, max_size=300), title=st.text(max_size=30))
def test_whatever_the_text_spans_stand_at_their_sentences(model: SpanModel, text: str, title: str) -> None:
    text = text.encode(errors="replace").decode()
    sentences = sentences_of(text)
    (found,) = model.read(QUESTION, [TitledText(title, text)], [sentences])
    check_places(text, sentences, found)


def test_a_score_is_the_same_alone_and_among_others(model: SpanModel) -> None:
    passages = [TitledText("The mill", text) for text in (*TEXTS, TEXTS[0] * 12, "Yes.")]
    sentences = [sentences_of(passage.text) for passage in passages]
    together = model.read(QUESTION, passages, sentences)
    for passage, own, found in zip(passages, sentences, together, strict=True):
        (alone,) = model.read(QUESTION, [passage], [own])
        for one, other in zip(alone.sentences, found.sentences, strict=True):
            assert one is not None and other is not None
            assert other.score == pytest.approx(one.score, abs=1e-3)


def test_it_is_the_best_of_all_spans_that_are_short_enough(model: SpanModel) -> None:
    text = "Ada Thorn kept the keys of the mill on Gallow Hill until her death in the cold spring of 1952, and " * 2 + "so on."
    whole = Span(0, len(text))
    (held,) = model.read(QUESTION, [TitledText("", text)], [[whole]])
    inputs = model.tokenizer(QUESTION, text, return_offsets_mapping=True, return_tensors="pt")
    offsets = inputs.pop("offset_mapping")[0].tolist()
    with torch.inference_mode():
        logits = AutoModelForQuestionAnswering.from_pretrained(model.folder, local_files_only=True).eval()(**inputs)
    begins, ends = logits.start_logits[0].tolist(), logits.end_logits[0].tolist()
    of_text = [at for at, part in enumerate(inputs.sequence_ids(0)) if part == 1]
    spans = {
        (offsets[first][0], offsets[last][1]): begins[first] + ends[last] - begins[0] - ends[0]
        for first in of_text
        for last in of_text
        if first <= last < first + LONGEST_ANSWER
    }
    best = max(spans, key=spans.__getitem__)
    assert held.best is not None and (held.best,) == held.sentences
    assert (held.best.span, held.best.score) == (Span(*best), pytest.approx(spans[best], abs=1e-4))
    assert held.no_answer == pytest.approx(begins[0] + ends[0], abs=1e-4)
    assert held.relevance is None


def test_nothing_to_read_gives_nothing(model: SpanModel) -> None:
    assert model.read(QUESTION, [], []) == []
    (unread,) = model.read(QUESTION, [TitledText("", "Ada.")], [[]])
    (blank,) = model.read(QUESTION, [TitledText("", " ")], [[Span(0, 1)]])
    assert (unread.sentences, blank.sentences, blank.best) == ((), (None,), None)


def test_a_question_near_the_limit_is_read_and_one_over_it_refused(model: SpanModel) -> None:
    passage = TitledText("", TEXTS[0] * 10)
    assert model.read("rope " * 240, [passage], [[Span(0, len(passage.text))]])[0].best is not None
    with pytest.raises(QuestionError, match=r"tokens; the reader takes \d+\. Ask it in fewer words"):
        model.read("rope " * 400, [passage], [[Span(0, 10)]])


# What is no reader


@pytest.fixture
def copy(checkpoint: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(checkpoint, tmp_path / "copy"))


def read(folder: Path) -> None:
    SpanModel(folder, precision="float32").read(QUESTION, [TitledText("", TEXTS[0])], [[Span(0, 10)]])


def test_damaged_weights_are_told(copy: Path) -> None:
    file = copy / "model.safetensors"
    file.write_bytes(file.read_bytes()[:10_000])
    with pytest.raises(ModelError, match="cannot be loaded"):
        read(copy)


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_a_missing_file_is_told(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelError, match=str(copy)):
        read(copy)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"can(not)? be loaded"):
        read(tmp_path)


def test_a_model_that_answers_no_questions_is_told(copy: Path) -> None:
    config = BertConfig(**json.loads((copy / "config.json").read_text("utf-8")))
    BertForSequenceClassification(config).save_pretrained(copy)
    with pytest.raises(ModelError, match=r"no extractive question-answering model: it has no weights for qa_outputs"):
        read(copy)
