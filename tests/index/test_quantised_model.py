"""The packaged file → a model in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from qa import manual
from qa.index.encoder import TransformerEncoder
from qa.index.packaged_encoders import MULTILINGUAL
from qa.index.quantised_model import dequantised, embedding, opened, quantised_model
from qa.index.sentence_transformer import as_sentence_transformer

TEXTS = ["Mayor Ingrid Tallow cut a length of tarred rope.", "Мэр перерезала верёвку.", "東京に行きました。" * 20]


@pytest.fixture(scope="module")
def path() -> Path:
    return MULTILINGUAL.path()


@pytest.fixture(scope="module")
def model(path: Path) -> SentenceTransformer:
    return as_sentence_transformer(quantised_model(path, arithmetic=torch.float32, device="cpu"))


def test_a_weight_is_its_half_byte_less_eight_times_the_scale() -> None:
    block = np.float16(2).tobytes() + bytes(0xF0 + low for low in range(16))
    (weights,) = dequantised(torch.tensor([[list(block)]], dtype=torch.uint8))
    assert weights.tolist() == [2.0 * (low - 8) for low in range(16)] + [2.0 * (15 - 8)] * 16


def test_rows_of_the_embedding_are_looked_up_as_they_stand_in_the_file(path: Path) -> None:
    ids = torch.tensor([[0, 250_001], [5, 5]])
    rows = embedding(path)(ids)
    assert rows.shape == (2, 2, 384) and rows.dtype == torch.float32
    blocks = opened(path).blocks("emb.word", 250_037, 384)[250_001]  # (12, 18)
    scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    halves = blocks[:, 2:]
    by_hand = (np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8) * scales
    assert rows[0, 1].tolist() == by_hand.ravel().tolist()
    assert rows[1, 0].tolist() == rows[1, 1].tolist()


def test_the_embedding_is_one_module_a_process_and_no_parameter(path: Path, model: SentenceTransformer) -> None:
    assert embedding(path) is embedding(path)
    assert model[0].model.words is embedding(path)
    assert sum(parameter.numel() for parameter in model.parameters()) < 22_000_000  # those of words are 96 million more


def test_it_is_a_sentence_transformer_with_the_prompts_it_was_trained_with(model: SentenceTransformer) -> None:
    assert (model.max_seq_length, model.get_embedding_dimension()) == (512, 384)
    assert model.prompts["query"] == "query: " and model.prompts["document"] == "passage: "
    prompted = model.encode(TEXTS, prompt_name="document")
    assert prompted.shape == (3, 384)
    assert np.linalg.norm(prompted, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.allclose(prompted, model.encode([f"passage: {text}" for text in TEXTS]), atol=1e-5)


def test_the_manual_s_example_makes_one(model: SentenceTransformer) -> None:
    example = manual.page("python").split("```python\n")[2].split("```")[0]
    made: dict[str, Any] = {}
    exec(example, made)
    assert made["vector"] == pytest.approx(model.encode("query: Who cut the rope?"), abs=1e-6)


def test_texts_over_its_limit_are_cut_by_its_own_encode(model: SentenceTransformer) -> None:
    assert np.allclose(model.encode("word " * 600), model.encode("word " * 700), atol=1e-5)


def test_the_same_sentence_in_three_languages_is_nearer_than_another(model: SentenceTransformer) -> None:
    asked = model.encode("query: Who cut the rope?")
    cosines = (
        model.encode(
            [
                f"passage: {text}"
                for text in (*TEXTS[:2], "Die Bürgermeisterin schnitt das Seil durch.", "The dredger moves sand.")
            ]
        )
        @ asked
    )
    assert cosines[:3].min() > cosines[3]


def test_its_vectors_are_those_of_a_model_that_was_dequantised_as_a_whole(model: SentenceTransformer) -> None:
    """One that the transformers library loaded from 470 MB of float32, with the tokenizer of the tokenizers library."""
    vectors = model.encode([f"query: {text}" for text in TEXTS])
    first_numbers = [
        [0.05382, -0.02802, -0.00307, -0.08027],
        [0.05556, -0.01262, -0.00564, -0.07426],
        [0.05894, -0.00946, -0.02030, -0.07371],
    ]
    assert vectors[:, :4] == pytest.approx(np.array(first_numbers), abs=1e-4)
    cosines = [[1, 0.84011, 0.77784], [0.84011, 1, 0.81095], [0.77784, 0.81095, 1]]
    assert vectors @ vectors.T == pytest.approx(np.array(cosines), abs=1e-4)


def test_both_arithmetics_have_nearly_the_same_vectors(path: Path, model: SentenceTransformer) -> None:
    rounded = quantised_model(path, arithmetic=torch.bfloat16, device="cpu")
    with torch.autocast("cpu", torch.bfloat16):
        vectors = as_sentence_transformer(rounded).encode(TEXTS)
    assert (vectors * model.encode(TEXTS)).sum(axis=1).min() > 0.999
    assert rounded.layers.state_dict()["encoder.layer.0.output.dense.weight"].dtype == torch.bfloat16


def test_the_encoders_vectors_are_those_of_the_library(model: SentenceTransformer) -> None:
    """The encoder runs without the library, which takes long to import."""
    encoder = TransformerEncoder(precision="float32")
    for found, text in zip(encoder.embed_questions(TEXTS), TEXTS, strict=True):
        assert found == pytest.approx(model.encode(text, prompt_name="query"), abs=1e-6)


def test_it_is_not_written_to_disk(model: SentenceTransformer, tmp_path: Path) -> None:
    with pytest.raises(NotImplementedError, match="made from its file"):
        model.save(str(tmp_path))
