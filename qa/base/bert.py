"""The layers of a BERT (Devlin et al. 2019, arXiv:1810.04805), which the packaged encoder and the packaged reader share.

Its parameters have their names in `BertModel` of the transformers library, and its numbers are the same. Importing that class
takes three times as long as importing torch, and every `qa ask` would wait for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

_DROPOUT = 0.1  # while training


@dataclass(frozen=True, slots=True)
class BertSizes:
    """`width` of a token's state, `inner` of the layer between; `positions` and `token_types` are rows of embeddings."""

    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    token_types: int
    epsilon: float = 1e-12


class Bert(nn.Module):
    """Vectors of words (w, t, width) → states of tokens (w, t, width). The embeddings of words are the caller's."""

    def __init__(self, sizes: BertSizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.embeddings = _Embeddings(sizes)
        self.encoder = _Layers(sizes)

    @classmethod
    def of(cls, sizes: BertSizes, weights: Mapping[str, Tensor]) -> Bert:
        """One with these weights, which it keeps as they are.

        Raises:
            RuntimeError: a name or a shape does not fit.
        """
        with torch.device("meta"):  # without memory for weights that are given at once
            made = cls(sizes)
        made.load_state_dict(weights, assign=True)
        return made

    def forward(self, vectors: Tensor, is_token: Tensor) -> Tensor:
        """The last layer's states; `is_token` (w, t) is 0 where a row is filled up."""
        states = vectors
        for states in self.states(vectors, is_token):  # noqa: B007  # the last of them
            pass
        return states

    def states(self, vectors: Tensor, is_token: Tensor) -> Iterator[Tensor]:
        """What the first layer is given, then what each layer leaves."""
        rows, tokens, _ = vectors.shape
        states: Tensor = self.embeddings(vectors)
        yield states
        seen = None if bool(is_token.all()) else is_token.bool()[:, None, None, :].expand(rows, 1, tokens, tokens)
        for layer in self.encoder.layer:
            states = layer(states, seen)
            yield states


# The modules below are as many as the names of the weights ask for. Weights are given, so that none draws its own first:
# drawing them would take longer than reading them.


class _Linear(nn.Linear):
    def reset_parameters(self) -> None: ...


class _Embedding(nn.Embedding):
    def reset_parameters(self) -> None: ...


class _LayerNorm(nn.LayerNorm):
    def reset_parameters(self) -> None: ...


class _Embeddings(nn.Module):
    def __init__(self, sizes: BertSizes) -> None:
        super().__init__()
        self.position_embeddings = _Embedding(sizes.positions, sizes.width)
        self.token_type_embeddings = _Embedding(sizes.token_types, sizes.width)
        self.LayerNorm = _LayerNorm(sizes.width, eps=sizes.epsilon)

    def forward(self, vectors: Tensor) -> Tensor:
        placed = vectors + self.token_type_embeddings.weight[0] + self.position_embeddings.weight[: vectors.shape[1]]
        return functional.dropout(self.LayerNorm(placed), _DROPOUT, self.training)


class _Layers(nn.Module):
    def __init__(self, sizes: BertSizes) -> None:
        super().__init__()
        self.layer = nn.ModuleList(Layer(sizes) for _ in range(sizes.layers))


class Layer(nn.Module):
    """Attention among the tokens of a row, then two linear layers at each; both are added to what they were given."""

    def __init__(self, sizes: BertSizes) -> None:
        super().__init__()
        self.attention = _Attention(sizes)
        self.intermediate = _Inner(sizes)
        self.output = _Added(sizes.inner, sizes)

    def forward(self, states: Tensor, seen: Tensor | None) -> Tensor:
        """`seen` (w, 1, t, t) is True where a token sees another; None where all do."""
        attended = self.attention(states, seen)
        added: Tensor = self.output(self.intermediate(attended), attended)
        return added


class _Attention(nn.Module):
    def __init__(self, sizes: BertSizes) -> None:
        super().__init__()
        self.self = _Heads(sizes)
        self.output = _Added(sizes.width, sizes)

    def forward(self, states: Tensor, seen: Tensor | None) -> Tensor:
        added: Tensor = self.output(self.self(states, seen), states)
        return added


class _Heads(nn.Module):
    def __init__(self, sizes: BertSizes) -> None:
        super().__init__()
        self.heads = sizes.heads
        self.query, self.key, self.value = (_Linear(sizes.width, sizes.width) for _ in range(3))

    def forward(self, states: Tensor, seen: Tensor | None) -> Tensor:
        query, key, value = (self._by_head(linear(states)) for linear in (self.query, self.key, self.value))
        if query.dtype == torch.bfloat16 and query.device.type == "cpu" and not torch.is_grad_enabled():
            return attended_by_row(query, key, value, seen)
        dropout = _DROPOUT if self.training else 0.0
        attended = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen, dropout_p=dropout)
        return attended.transpose(1, 2).flatten(2)

    def _by_head(self, values: Tensor) -> Tensor:
        """(w, heads, t, width / heads) of (w, t, width)."""
        rows, tokens, width = values.shape
        return values.view(rows, tokens, self.heads, width // self.heads).transpose(1, 2)


def attended_by_row(query: Tensor, key: Tensor, value: Tensor, seen: Tensor | None) -> Tensor:
    """(w, t, width) of (w, heads, t, width / heads), a row after the other: what a row's heads compare stays in the cache.

    torch's own attention is made for heads of 64 numbers and more. Of 32, with bfloat16 instructions, this takes two thirds of
    its time.
    """
    rows, heads, tokens, size = query.shape
    attended = query.new_empty(rows, tokens, heads, size)
    unseen = None if seen is None else query.new_zeros(rows, 1, tokens).masked_fill_(~seen[:, 0, :1], -torch.inf)
    nothing = query.new_zeros(1, 1, 1)
    for row in range(rows):
        hidden = (nothing if unseen is None else unseen[row, None]).expand(heads, tokens, tokens)
        scores = torch.baddbmm(hidden, query[row], key[row].transpose(1, 2), alpha=size**-0.5)
        attended[row] = torch.bmm(functional.softmax(scores, dim=-1), value[row]).transpose(0, 1)
    return attended.flatten(2)


class _Inner(nn.Module):
    def __init__(self, sizes: BertSizes) -> None:
        super().__init__()
        self.dense = _Linear(sizes.width, sizes.inner)

    def forward(self, states: Tensor) -> Tensor:
        return functional.gelu(self.dense(states))


class _Added(nn.Module):
    """A linear layer, whose result is added to `before` and made even."""

    def __init__(self, wide: int, sizes: BertSizes) -> None:
        super().__init__()
        self.dense = _Linear(wide, sizes.width)
        self.LayerNorm = _LayerNorm(sizes.width, eps=sizes.epsilon)

    def forward(self, states: Tensor, before: Tensor) -> Tensor:
        made: Tensor = self.LayerNorm(functional.dropout(self.dense(states), _DROPOUT, self.training) + before)
        return made
