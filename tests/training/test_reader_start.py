"""What a training begins with: some layers of a reader, or the encoder's with new heads."""

from __future__ import annotations

import torch

from qa.base.settings import PACKAGED_READER
from qa.index.packaged_words import PackagedWords
from qa.training.reader_start import named_reader, new_reader, with_layers


def test_layers_are_kept_in_the_order_given_and_early_heads_where_they_have_a_place(words: PackagedWords) -> None:
    whole = named_reader(PACKAGED_READER, words)
    some = with_layers(whole, [0, 2, 5])
    pairs = zip(some.body.encoder.layer, (whole.body.encoder.layer[layer] for layer in (0, 2, 5)), strict=True)
    for one, other in pairs:
        assert torch.equal(one.output.dense.weight, other.output.dense.weight)
    assert list(some.heads.early) == ["3"]
    assert torch.equal(some.heads.qa_outputs.weight, whole.heads.qa_outputs.weight)
    some.heads.qa_outputs.weight.data.zero_()
    assert whole.heads.qa_outputs.weight.any()  # it is a reader of its own


def test_new_heads_stand_on_the_encoders_layers_and_follow_from_the_seed() -> None:
    one, same, other = (new_reader(seed=seed) for seed in (1, 1, 2))
    assert len(one.body.encoder.layer) == 12 and list(one.heads.early) == ["3", "4", "6"]
    assert torch.equal(one.heads.qa_outputs.weight, same.heads.qa_outputs.weight)
    assert not torch.equal(one.heads.qa_outputs.weight, other.heads.qa_outputs.weight)
    assert torch.equal(one.body.encoder.layer[3].output.dense.weight, other.body.encoder.layer[3].output.dense.weight)
