"""What every Encoder must do; run over the ways a sentence-transformers model can be used."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import copy
from pathlib import Path

import numpy as np
import pytest

from qa.base.checkpoints import weights_digest
from qa.base.errors import ModelError, QuestionError, SettingsError
from qa.base.protocols import Encoder, TitledText
from qa.base.recent import Recent
from qa.base.settings import ENGLISH_ENCODER, PACKAGED_ENCODER, Precision
from qa.base.types import Span
from qa.index.encoder import TransformerEncoder
from qa.index.packaged_encoders import ENGLISH, MULTILINGUAL

TEXTS = [
    TitledText("New ferry terminal opens", "Mayor Ingrid Tallow cut a length of tarred rope instead of a ribbon."),
    TitledText("", "Fire."),
    TitledText("Dredgers start", "The clay goes to a disposal ground nine kilometres offshore. " * 12),
    TitledText("Emoji", "👩‍👩‍👧 Ein naïver Café-Besucher 🇳🇴 zahlte 5 €. 東京に行きました。"),
    TitledText("New ferry terminal opens", "A single ticket to Skerrin stays at 7.80 euros."),
]


@pytest.fixture(scope="session")
def first_token_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged model for English, pooled by its first token: one that does not mean-pool."""
    packaged = ENGLISH.path()
    folder = tmp_path_factory.mktemp("first token")
    for file in packaged.rglob("*"):
        target = folder / file.relative_to(packaged)
        if file.is_dir():
            target.mkdir()
        elif file.relative_to(packaged).as_posix() == "1_Pooling/config.json":
            config = json.loads(file.read_text("utf-8"))
            modes = {name: name == "pooling_mode_cls_token" for name in config if name.startswith("pooling_mode")}
            target.write_text(json.dumps(config | modes), "utf-8")
        else:
            target.symlink_to(file)
    return folder


@pytest.fixture(scope="session")
def encoders(encoder: TransformerEncoder, first_token_model: Path) -> dict[str, Encoder]:
    return {
        "as set": encoder,
        "float32": TransformerEncoder(precision="float32"),
        "bfloat16, prompts": TransformerEncoder(
            precision="bfloat16", passage_prompt="document: ", question_prompt="question: ", title_tokens=4
        ),
        "English": TransformerEncoder(ENGLISH_ENCODER),
        "first token": TransformerEncoder(str(first_token_model)),
    }


@pytest.fixture(params=["as set", "float32", "bfloat16, prompts", "English", "first token"])
def any_encoder(request: pytest.FixtureRequest, encoders: dict[str, Encoder]) -> Encoder:
    return encoders[request.param]


def _cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def test_rows_have_length_one(any_encoder: Encoder) -> None:
    vectors = any_encoder.embed_passages(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), any_encoder.identity.dimension), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(any_encoder.embed_question("Who cut the rope?")) == pytest.approx(1, abs=1e-5)


def test_nothing_gives_no_rows(any_encoder: Encoder) -> None:
    assert any_encoder.embed_passages([]).shape == (0, any_encoder.identity.dimension)
    assert any_encoder.embed_questions([]).shape == (0, any_encoder.identity.dimension)
    assert any_encoder.embed_sentences([], []) == []
    assert any_encoder.token_ends([]) == any_encoder.token_counts([]) == []


def test_the_same_batch_gives_the_same_bits(any_encoder: Encoder) -> None:
    assert any_encoder.embed_passages(TEXTS).tobytes() == any_encoder.embed_passages(TEXTS).tobytes()


def test_rows_stand_in_the_order_given(any_encoder: Encoder) -> None:
    forwards, backwards = any_encoder.embed_passages(TEXTS), any_encoder.embed_passages(TEXTS[::-1])
    for row, vector in enumerate(forwards):
        assert vector.tobytes() == backwards[len(TEXTS) - 1 - row].tobytes()


def test_a_text_alone_and_in_a_batch_has_the_same_bits(any_encoder: Encoder) -> None:
    together = any_encoder.embed_passages(TEXTS * 7)
    for row, text in enumerate(TEXTS):
        assert any_encoder.embed_passages([text])[0].tobytes() == together[row].tobytes()


def test_a_question_asked_again_has_the_same_bits_and_may_be_written_to(any_encoder: Encoder) -> None:
    first = any_encoder.embed_question("Who cut the rope?")
    kept = first.copy()
    first[:] = 0
    assert any_encoder.embed_question("Who cut the rope?").tobytes() == kept.tobytes()


def test_questions_together_have_the_bits_of_each_alone(any_encoder: Encoder) -> None:
    questions = ["Who cut the rope?", "When did the mill close, and why did nobody say so before the winter?", "Why?"]
    together = any_encoder.embed_questions(questions)
    assert (together.shape, together.dtype) == ((3, any_encoder.identity.dimension), np.float32)
    for row, question in enumerate(questions):
        assert any_encoder.embed_question(question).tobytes() == together[row].tobytes()


def test_a_passage_at_the_budget_is_embedded_and_one_over_the_limit_raises(any_encoder: Encoder) -> None:
    title = "New ferry"
    budget = any_encoder.passage_budget(title)
    assert any_encoder.embed_passages([TitledText(title, "word " * budget)]).shape[0] == 1
    with pytest.raises(ValueError, match="over the encoder's limit"):
        any_encoder.embed_passages([TitledText(title, "word " * (budget + 4))])


def test_no_word_of_a_passage_at_the_budget_is_cut_off(any_encoder: Encoder) -> None:
    body = "word " * (any_encoder.passage_budget("") - 1)
    one, other = any_encoder.embed_passages([TitledText("", body + "dog"), TitledText("", body + "cat")])
    assert one.tobytes() != other.tobytes()


def test_a_sentence_of_a_passage_over_the_limit_raises_too(encoder: TransformerEncoder) -> None:
    with pytest.raises(ValueError, match="over the encoder's limit"):
        encoder.embed_sentences([TitledText("", "word " * 520)], [[Span(0, 4)]])


def test_a_question_over_the_limit_is_refused(any_encoder: Encoder) -> None:
    limit = any_encoder.identity.max_tokens
    any_encoder.embed_question("word " * (limit - 10))
    with pytest.raises(QuestionError, match=rf"tokens; the encoder .* reads {limit}"):
        any_encoder.embed_question("word " * (limit + 1))
    with pytest.raises(QuestionError, match=rf"tokens; the encoder .* reads {limit}"):
        any_encoder.embed_questions(["Who cut the rope?", "word " * (limit + 1)])


def test_each_passage_has_a_row_for_each_of_its_sentences(any_encoder: Encoder) -> None:
    passages = [
        TitledText("Title", "One ship left. Two came. Three stayed."),
        TitledText("", "None."),
        TitledText("Title", "Ab. Cd."),
    ]
    spans = [[Span(0, 14), Span(15, 24), Span(25, 38)], [], [Span(4, 7)]]
    vectors = any_encoder.embed_sentences(passages, spans)
    assert [found.shape for found in vectors] == [(3, 384), (0, 384), (1, 384)]
    for found in vectors:
        assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(len(found)), abs=1e-5)


def test_a_sentence_that_is_the_passage_has_nearly_the_vector_of_the_passage(encoders: dict[str, Encoder]) -> None:
    text = "Mayor Ingrid Tallow cut a length of tarred rope."
    for found in encoders.values():
        (sentence,) = found.embed_sentences([TitledText("", text)], [[Span(0, len(text))]])
        assert _cosine(sentence[0], found.embed_passages([TitledText("", text)])[0]) > 0.9


def test_a_sentences_vector_is_nearer_to_a_question_about_it(any_encoder: Encoder) -> None:
    first, second = "The mayor cut a rope.", "The dredger moves sand and clay offshore."
    (vectors,) = any_encoder.embed_sentences(
        [TitledText("News", f"{first} {second}")], [[Span(0, len(first)), Span(len(first) + 1, len(first) + 1 + len(second))]]
    )
    about_first, about_second = vectors @ any_encoder.embed_question("What does the dredger do with sand and clay?")
    assert about_second > about_first


def test_a_sentence_that_begins_with_a_word_of_one_letter_has_that_word(any_encoder: Encoder) -> None:
    """A token may begin with the blank before its word."""
    text = "The rope is old. A B C"
    spans = [Span(17, 22), Span(17, 20)]
    (three,), (two,) = any_encoder.embed_sentences([TitledText("", text)] * 2, [[spans[0]], [spans[1]]])
    ((first, last),) = any_encoder.embed_sentences([TitledText("", text)], [[Span(17, 18), Span(19, 22)]])
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-5) and np.linalg.norm(last) == pytest.approx(1, abs=1e-5)
    assert three.tobytes() != two.tobytes()


def test_sentences_of_a_passage_are_the_same_beside_other_passages(any_encoder: Encoder) -> None:
    passage, spans = TitledText("News", "One ship left. Two came."), [Span(0, 14), Span(15, 24)]
    (alone,) = any_encoder.embed_sentences([passage], [spans])
    forgetful = copy(any_encoder)
    forgetful._recent = Recent(0)  # type: ignore[attr-defined]  # which embeds it once more
    *_, beside = forgetful.embed_sentences([*TEXTS, passage], [*([Span(0, 4)] for _ in TEXTS), spans])
    assert beside is not alone and beside.tobytes() == alone.tobytes()


def test_token_ends_are_code_points_of_the_text(encoders: dict[str, Encoder]) -> None:
    texts = ["Café 👩 sails", "", " a"]
    assert encoders["English"].token_ends(texts) == [[4, 6, 12], [], [2]]
    # a blank may be a token; "sai", "ls"
    assert encoders["as set"].token_ends(texts) == [[4, 5, 6, 9, 12], [], [2]]
    assert [encoders[name].token_counts(texts) for name in ("English", "as set")] == [[3, 0, 1], [5, 0, 1]]


def test_a_long_title_is_shortened_to_whole_words_within_the_limit(encoder: TransformerEncoder) -> None:
    assert encoder.shorten_title("New ferry terminal opens") == "New ferry terminal opens"
    long = "Harbour " * 50  # "Harb", "our"
    assert encoder.shorten_title(long) == ("Harbour " * 16).rstrip()
    unusual = "Antidisestablishmentarianism " * 20
    shortened = encoder.shorten_title(unusual)
    assert unusual.startswith(shortened) and shortened.endswith("Antidisestablishmentarianism")
    assert len(encoder.token_ends([shortened])[0]) <= 32


def test_a_title_of_no_tokens_is_not_embedded() -> None:
    assert TransformerEncoder(title_tokens=0).shorten_title("New ferry terminal") == ""


def test_the_passages_budget_leaves_room_for_prompt_title_and_special_tokens(encoders: dict[str, Encoder]) -> None:
    assert encoders["English"].passage_budget("") == 256 - 2 - 1  # [CLS], [SEP] and one where title and text meet
    assert encoders["English"].passage_budget("New ferry") == 256 - 2 - 1 - 2
    assert encoders["as set"].passage_budget("") == 512 - 2 - 1 - 3  # "passage", ":", " "
    assert (
        encoders["as set"].passage_budget("New ferry") == 512 - 2 - 1 - 2 - 4
    )  # "passage", ":", "New", "fer", "ry" and the line's end


@pytest.mark.parametrize("prompt", ["word " * 520, "word " * 508, "word " * 496])
def test_a_prompt_that_leaves_no_room_for_text_is_refused(prompt: str) -> None:
    with pytest.raises(SettingsError, match="Set a shorter passage_prompt"):
        TransformerEncoder(passage_prompt=prompt).passage_budget("A title")


@pytest.mark.parametrize(("precision", "least"), [("bfloat16", 0.9999), ("int8", 0.995)])
def test_all_arithmetics_have_nearly_the_same_vectors(encoders: dict[str, Encoder], precision: Precision, least: float) -> None:
    exact = encoders["float32"].embed_passages(TEXTS)
    rounded = TransformerEncoder(precision=precision).embed_passages(TEXTS)
    assert min(_cosine(a, b) for a, b in zip(exact, rounded, strict=True)) > least


def test_8_bit_integers_do_without_bfloat16(encoders: dict[str, Encoder], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.base.int8_layers.fastest_floats", lambda: "float32")
    exact = encoders["float32"].embed_passages(TEXTS)
    rounded = TransformerEncoder(precision="int8").embed_passages(TEXTS)
    assert min(_cosine(a, b) for a, b in zip(exact, rounded, strict=True)) > 0.995


def test_the_identity_names_weights_dimension_limit_prompt_and_arithmetic(encoders: dict[str, Encoder]) -> None:
    prompted, english = encoders["bfloat16, prompts"].identity, encoders["English"].identity
    assert (prompted.name, prompted.digest) == (PACKAGED_ENCODER, weights_digest(MULTILINGUAL.path()))
    assert (prompted.dimension, prompted.max_tokens, prompted.passage_prompt) == (384, 512, "document: ")
    assert prompted.precision == "bfloat16"
    assert encoders["as set"].identity.passage_prompt == "passage: "
    assert (english.name, english.digest) == (ENGLISH_ENCODER, weights_digest(ENGLISH.path()))
    assert (english.dimension, english.max_tokens, english.passage_prompt) == (384, 256, "")


@pytest.mark.parametrize("name", ["no/such-model", "nowhere", "a b"])
def test_a_model_that_is_not_here_is_an_error_that_says_what_to_do(name: str) -> None:
    with pytest.raises(ModelError, match="fetches nothing by itself"):
        _ = TransformerEncoder(name).identity


def test_a_folder_without_weights_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No weights"):
        _ = TransformerEncoder(str(tmp_path)).identity


def test_a_folder_that_is_no_model_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"nothing of use")
    with pytest.raises(ModelError, match="not a sentence-transformers model"):
        _ = TransformerEncoder(str(tmp_path)).identity


@pytest.mark.parametrize("make", [TransformerEncoder])
def test_constructing_loads_nothing(make: Callable[[str], Encoder]) -> None:
    make("no/such-model")
