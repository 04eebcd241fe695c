"""The packaged reader: the numbers of transformers' own BERT, places that are right whatever the script, clear errors."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_places import check_places
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertModel

from qa.answer.packaged_reader import PackagedReader
from qa.answer.reader_files import DIGEST_FILE, PACKAGED, WEIGHTS_FILE, is_like_the_packaged, reader_folder
from qa.answer.reading import PassageReading, ReadingModel
from qa.base.arithmetic import fastest_floats
from qa.base.errors import ModelError, QuestionError
from qa.base.protocols import TitledText, WordVectors
from qa.base.settings import PACKAGED_READER, Precision
from qa.base.types import Span
from qa.corpus.sentences import split_sentences
from qa.index.packaged_words import packaged_words

QUESTION = "Who kept the keys of the mill?"
MILL = (
    "The mill on Gallow Hill closed in 1952 after the flood. Ada Thorn kept the keys of the mill until her death. "
    "Nobody else was let in."
)
TEXTS = (
    MILL,
    "افتتح رئيس البلدية الجسر الجديد يوم السبت. وقال إن العمل استغرق أربعة عشر شهرا.",
    "ראש העיר פתחה את הגשר ביום שבת. העבודה נמשכה ארבעה עשר חודשים.",
    "谁修好了桥？王先生修好了桥。孩子们在桥上玩。",
    "ผู้ว่าเปิดสะพานใหม่ในวันเสาร์ งานใช้เวลาสิบสี่เดือน",
    "👩‍👩‍👧 left. E\u0301clair, nai\u0308ve, Straße. \u202eRight\u202c to left. ﬁne ½ ´",
)


def sentences_of(text: str) -> list[Span]:
    return [sentence.span for sentence in split_sentences(text)]


def read(model: ReadingModel, question: str, text: str, title: str = "") -> PassageReading:
    (found,) = model.read(question, [TitledText(title, text)], [sentences_of(text)])
    return found


def answer(reading: PassageReading, text: str) -> str | None:
    return reading.best.span.of(text) if reading.best else None


# What it reads


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        (QUESTION, MILL, "Ada Thorn"),
        (
            "Wer verwahrte die Schlüssel?",
            "Die Mühle schloss 1952. Ada Thorn verwahrte die Schlüssel bis zu ihrem Tod.",
            "Ada Thorn",
        ),
        ("Кто хранил ключи?", "Мельница закрылась в 1952 году. Ключи хранила Ада Торн.", "Ада Торн"),
        ("谁修好了桥？", "孩子们在桥上玩。王先生修好了桥。", "王先生"),
        ("Wer hatte die Schlüssel der Mühle?", MILL, "Ada Thorn"),
    ],
)
def test_a_question_in_any_language_has_its_short_answer(packaged: ReadingModel, question: str, text: str, expected: str) -> None:
    found = read(packaged, question, text)
    assert answer(found, text) == expected
    assert found.best is not None and found.best.score > 0
    assert found.relevance is not None and found.relevance > 0


def test_a_passage_that_does_not_answer_is_less_relevant_and_has_a_worse_span(packaged: ReadingModel) -> None:
    other = "The ferry to Skerrin left at noon. Nobody was aboard."
    texts = [MILL, other]
    held, missing = packaged.read(QUESTION, [TitledText("", text) for text in texts], [sentences_of(text) for text in texts])
    assert held.relevance is not None and missing.relevance is not None and held.relevance > 0 > missing.relevance
    assert held.best is not None and missing.best is not None and held.best.score > 0 > missing.best.score


# Where spans stand


@pytest.mark.parametrize("text", [*TEXTS, *(f"{text} " * 40 for text in TEXTS)])
@pytest.mark.parametrize("title", ["", "The mill: “Straße” 桥"])
def test_spans_stand_at_their_sentences_whatever_the_script(packaged: ReadingModel, text: str, title: str) -> None:
    found = read(packaged, QUESTION, text, title)
    check_places(text, sentences_of(text), found)
    assert None not in found.sentences


LETTERS = st.sampled_from("abcÄß éاب ح،ש גהп Жя 王先生。？ かな、カ ไทยก 👩‍👧🇳🇴 \u0301\u200d\u202e ﬁ½´!?. \n\t")


@settings(max_examples=80, deadline=None)
@given(
    text=st.one_of(st.text(st.characters(codec="utf-8"), min_size=1, max_size=300), st.text(LETTERS, min_size=1, max_size=300)),
    title=st.text(LETTERS, max_size=30),
    question=st.text(LETTERS, min_size=1, max_size=60),
)
def test_whatever_the_text_spans_stand_at_their_sentences(packaged: ReadingModel, text: str, title: str, question: str) -> None:
    check_places(text, sentences_of(text), read(packaged, question, text, title))


def test_every_part_of_a_long_passage_is_read(packaged: ReadingModel) -> None:
    filler = "The ferry to Skerrin left at noon with nine sheep and a piano. " * 30
    for text in (MILL + " " + filler, filler + MILL, filler + MILL + " " + filler):
        assert answer(read(packaged, QUESTION, text), text) == "Ada Thorn"


# The same numbers


@pytest.fixture(scope="module")
def words() -> WordVectors:
    return packaged_words()


def by_transformers(words: WordVectors, question: str, title: str, text: str) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """(t, 2) logits of all tokens, the relevance and the hidden states, by a plain BERT with an embedding of its own."""
    weights = load_file(PACKAGED / WEIGHTS_FILE)
    ids = [words.tokenize([part])[0][0] for part in (question, title, text)]
    row = [0, *ids[0], 2, 2, *([*ids[1], 2] if title else []), *ids[2], 2]
    config = BertConfig(
        vocab_size=250_037, hidden_size=384, num_hidden_layers=12, num_attention_heads=12, intermediate_size=1536,
        attn_implementation="eager",
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False).eval()
    body = {name: weight.float() for name, weight in weights.items() if name.startswith(("embeddings", "encoder"))}
    model.load_state_dict(body, strict=False)
    with torch.inference_mode():
        model.embeddings.word_embeddings.weight[row] = torch.from_numpy(words.vectors(np.array(row)))
        (states,) = model(torch.tensor([row])).last_hidden_state
        linear = {name: weight.float() for name, weight in weights.items() if name not in body}
        logits = states @ linear["qa_outputs.weight"].T + linear["qa_outputs.bias"]
        dense = torch.tanh(states[0] @ linear["relevance.dense.weight"].T + linear["relevance.dense.bias"])
        return logits, dense @ linear["relevance.out.weight"][0] + linear["relevance.out.bias"][0], states


@pytest.mark.parametrize("title", ["", "The mill"])
def test_scores_are_those_of_a_plain_bert(packaged: ReadingModel, words: WordVectors, title: str) -> None:
    text = "Ada Thorn kept the keys."
    logits, relevance, _ = by_transformers(words, QUESTION, title, text)
    (tokens,), (offsets,) = words.tokenize([text])
    first = len(logits) - 1 - len(tokens)
    no_answer = float(logits[0].sum())
    scores = {
        (offsets[begin][0], offsets[end][1]): float(logits[first + begin, 0] + logits[first + end, 1]) - no_answer
        for begin in range(len(tokens))
        for end in range(begin, len(tokens))
    }
    best = max(scores, key=scores.__getitem__)
    found = read(packaged, QUESTION, text, title)
    assert found.best is not None
    assert found.best.span == Span(*best) and found.best.score == pytest.approx(scores[best], abs=1e-3)
    assert found.no_answer == pytest.approx(no_answer, abs=1e-3)
    assert found.relevance == pytest.approx(float(relevance), abs=1e-3)


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "int8"])
def test_a_passage_is_read_the_same_alone_and_among_others_to_the_last_digit(precision: Precision) -> None:
    reader = PackagedReader(PACKAGED, packaged_words, precision=precision)
    passages = [TitledText("The mill", text) for text in (*TEXTS, MILL * 12, "Yes.")]
    sentences = [sentences_of(passage.text) for passage in passages]
    for passage, own, found in zip(passages, sentences, reader.read(QUESTION, passages, sentences), strict=True):
        (alone,) = reader.read(QUESTION, [passage], [own])
        assert (found.sentences, found.best, found.no_answer) == (alone.sentences, alone.best, alone.no_answer)
        assert found.relevance == pytest.approx(alone.relevance, abs=1e-5)


@pytest.mark.parametrize(("precision", "scale"), [("bfloat16", 1), ("int8", 3)])
def test_all_arithmetics_read_nearly_the_same(packaged: ReadingModel, precision: Precision, scale: int) -> None:
    rounded = PackagedReader(PACKAGED, packaged_words, precision=precision)
    for text in TEXTS:
        one, other = read(packaged, QUESTION, text), read(rounded, QUESTION, text)
        assert other.relevance == pytest.approx(one.relevance, abs=0.3 * scale)
        assert other.best is not None and one.best is not None
        assert other.best.score == pytest.approx(one.best.score, abs=0.6 * scale)


def test_a_reader_without_input_ranges_computes_in_floats(tmp_path: Path) -> None:
    for name in (WEIGHTS_FILE, DIGEST_FILE):
        shutil.copy(PACKAGED / name, tmp_path)
    assert PackagedReader(tmp_path, packaged_words, precision="int8").precision == fastest_floats()


@pytest.mark.parametrize("damage", ["cut", "missing"])
def test_damaged_input_ranges_are_an_error(tmp_path: Path, damage: str) -> None:
    for file in PACKAGED.iterdir():
        shutil.copy(file, tmp_path)
    ranges = tmp_path / "input_ranges.safetensors"
    reader = PackagedReader(tmp_path, packaged_words, precision="int8")
    if damage == "cut":
        ranges.write_bytes(ranges.read_bytes()[:-2])
    else:
        ranges.unlink()
    with pytest.raises(ModelError, match=r"input ranges|cannot be read"):
        reader.load()


# What cannot be read


def test_nothing_to_read_gives_nothing(packaged: ReadingModel) -> None:
    assert packaged.read(QUESTION, [], []) == []
    unread, blank, empty = packaged.read(
        QUESTION, [TitledText("", "Ada."), TitledText("", " "), TitledText("", "")], [[], [Span(0, 1)], []]
    )
    assert (unread.sentences, unread.best, blank.sentences, blank.best, empty.sentences) == ((), None, (None,), None, ())


def test_a_long_question_is_read_and_one_over_the_limit_refused(packaged: ReadingModel) -> None:
    text = MILL + " The ferry left at noon." * 20
    assert answer(read(packaged, "rope, " * 100 + QUESTION, text), text) is not None
    with pytest.raises(QuestionError, match=r"The question has \d+ tokens; the reader takes 355\. Ask it in fewer words"):
        read(packaged, "rope " * 400, text)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACKAGED, tmp_path / "copy"))


def load(folder: Path) -> None:
    PackagedReader(folder, packaged_words, precision="float32").load()


def rewritten(folder: Path, change: Callable[[dict[str, torch.Tensor], dict[str, str]], object]) -> Path:
    """The folder with other weights or metadata, and a digest that fits."""
    path = folder / WEIGHTS_FILE
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
    weights = load_file(path)
    change(weights, metadata)
    save_file(weights, path, metadata)
    (folder / DIGEST_FILE).write_text(hashlib.sha256(path.read_bytes()).hexdigest())
    return folder


def test_a_reader_like_the_packaged_is_read_from_its_folder(copy: Path) -> None:
    assert reader_folder(str(copy)) == copy
    assert is_like_the_packaged(copy) and is_like_the_packaged(reader_folder(PACKAGED_READER))
    load(copy)


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: b"x" + data[1:], lambda _: b""])
def test_damaged_weights_are_told(copy: Path, damage: Callable[[bytes], bytes]) -> None:
    file = copy / WEIGHTS_FILE
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(ModelError, match=r"expected [0-9a-f]{64}: damaged or replaced\. Install qa again, or set `reader`"):
        load(copy)


@pytest.mark.parametrize("name", [WEIGHTS_FILE, DIGEST_FILE])
def test_a_missing_file_is_told(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelError, match=f"cannot be read: .*{name}"):
        load(copy)


def test_a_reader_made_for_other_words_is_refused(copy: Path) -> None:
    rewritten(copy, lambda _, metadata: metadata.update(words_sha256="0" * 64))
    with pytest.raises(ModelError, match=r"made for embeddings of words with SHA-256 0{64}; those installed have 1571fc98"):
        load(copy)


@pytest.mark.parametrize(
    "change",
    [
        lambda weights, _: weights.pop("relevance.out.bias"),
        lambda weights, _: weights.pop("encoder.layer.7.output.dense.weight"),
        lambda weights, _: weights.update({"encoder.layer.0.output.dense.weight": torch.zeros(384, 384)}),
        lambda weights, _: weights.update({"pooler.dense.bias": torch.zeros(384)}),
        lambda weights, _: weights.pop("qa_outputs.weight"),
        lambda _, metadata: metadata.pop("attention_heads"),
        lambda _, metadata: metadata.update(attention_heads="five"),
    ],
)
def test_another_architecture_is_told(copy: Path, change: Callable[[dict[str, torch.Tensor], dict[str, str]], object]) -> None:
    with pytest.raises(ModelError, match=r"reader\.safetensors does not hold the layers and heads of a reader"):
        load(rewritten(copy, change))


def test_another_name_is_a_folder_or_told(tmp_path: Path) -> None:
    assert reader_folder(str(tmp_path)) == tmp_path
    assert not is_like_the_packaged(tmp_path)
    with pytest.raises(ModelError, match="No reader 'no-such/reader': it is neither 'qa-reader', nor a folder here"):
        reader_folder("no-such/reader")
