"""Our layers of a BERT compared with those of the transformers library."""

from __future__ import annotations

import pytest
import torch
from transformers import BertConfig, BertModel

from qa.base.bert import Bert, BertSizes

SIZES = BertSizes(width=24, layers=3, heads=4, inner=40, positions=16, token_types=1)
IS_TOKEN = torch.tensor([[1] * 9, [1] * 5 + [0] * 4])


@pytest.fixture(scope="module")
def theirs() -> BertModel:
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=1, hidden_size=24, num_hidden_layers=3, num_attention_heads=4, intermediate_size=40,
        max_position_embeddings=16, type_vocab_size=1,
    )  # fmt: skip
    return BertModel(config, add_pooling_layer=False).eval()


@pytest.fixture(scope="module")
def ours(theirs: BertModel) -> Bert:
    names = Bert(SIZES).state_dict().keys()
    return Bert.of(SIZES, {name: value for name, value in theirs.state_dict().items() if name in names})


def vectors() -> torch.Tensor:
    return torch.randn(2, 9, 24, generator=torch.Generator().manual_seed(2))


@pytest.mark.parametrize("is_token", [IS_TOKEN, torch.ones_like(IS_TOKEN)])
def test_states_are_the_librarys_to_the_last_digit(theirs: BertModel, ours: Bert, is_token: torch.Tensor) -> None:
    with torch.inference_mode():
        expected = theirs(inputs_embeds=vectors(), attention_mask=is_token, output_hidden_states=True)
        found = [*ours.eval().states(vectors(), is_token)]
        assert torch.equal(ours(vectors(), is_token), expected.last_hidden_state)
    assert len(found) == 4 and all(map(torch.equal, found, expected.hidden_states))


@pytest.mark.parametrize("is_token", [IS_TOKEN, torch.ones_like(IS_TOKEN)])
def test_in_bfloat16_states_are_near_and_those_of_a_row_are_its_own(ours: Bert, is_token: torch.Tensor) -> None:
    with torch.inference_mode():
        exact = ours.eval()(vectors(), is_token)
        with torch.autocast("cpu", torch.bfloat16):
            near = ours(vectors(), is_token)
            alone = ours(vectors()[1:], is_token[1:])
    seen = is_token.bool()
    assert near[seen].float() == pytest.approx(exact[seen], abs=0.05)  # bfloat16 has 8 bits of a number
    assert torch.equal(near[1:][seen[1:]], alone[seen[1:]])


def test_what_fills_a_row_up_changes_nothing(ours: Bert) -> None:
    with torch.inference_mode():
        alone = ours.eval()(vectors()[1:, :5], IS_TOKEN[1:, :5])
        assert ours(vectors(), IS_TOKEN)[1, :5] == pytest.approx(alone[0], abs=1e-5)


def test_training_drops_states_and_reaches_every_weight(ours: Bert) -> None:
    ours.train().requires_grad_(True)
    one, other = ours(vectors(), IS_TOKEN), ours(vectors(), IS_TOKEN)
    assert not torch.equal(one, other)
    one.square().sum().backward()
    assert all(parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in ours.parameters())


def test_weights_that_do_not_fit_are_refused() -> None:
    with pytest.raises(RuntimeError, match="size mismatch"):
        Bert.of(SIZES, {**Bert(SIZES).state_dict(), "embeddings.LayerNorm.bias": torch.zeros(7)})
