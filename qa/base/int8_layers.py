"""The layers of a BERT with 8-bit integers in their linear ones: half of the time of bfloat16 where a processor multiplies these.

Weights have a scale for each row, and what a linear layer is given has a fixed range, which was seen in texts. Before, each of
its channels is divided by a scale, which the weights make up for, so that a few channels with large numbers do not take the
others' digits (SmoothQuant, Xiao et al. 2023, arXiv:2211.10438). What the second linear layer of two is given may have one range
for all channels instead. Then the first one writes it as integers, which is faster and less exact.

What a row becomes depends on that row alone. Attention and sums stay in floats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from qa.base.arithmetic import fastest_floats, type_of
from qa.base.bert import Bert, Layer, attended_by_row

ATTENTION, MIDDLE = "attention.self", "output.dense"  # the first of the inputs, and the one between two linear layers
INPUTS = (ATTENTION, "attention.output.dense", "intermediate.dense", MIDDLE)  # of one layer's linear ones, by their names in it
_SMOOTHING = 0.8  # of the inputs' largest numbers; the rest is the weights'. From .7 to .9 it makes no difference
_CUT = 0.5  # of the highest number in the one range of all, where it is cut: higher ones are rare, and take the others' digits
_HIGHEST = 255  # of the integers that stand for what a linear layer is given
_HIGHEST_WEIGHT = 127
_LEAST = 1e-4  # where all numbers were 0


class Range(NamedTuple):
    """The lowest and the highest number that was seen in each of k channels, (k,) each; (1,) where all have one range."""

    low: Tensor
    high: Tensor


Ranges = Mapping[str, Range]  # by "0.attention.self" and so on: number of the layer, and its input


@torch.no_grad()
def with_int8(body: Bert, ranges: Ranges) -> Bert:
    """The same model, whose float32 layers are replaced.

    Raises:
        KeyError, RuntimeError: the ranges are not of such a model.
    """
    body.encoder.layer = nn.ModuleList(
        _Int8Layer(layer, {name: ranges[f"{number}.{name}"] for name in INPUTS})
        for number, layer in enumerate(body.encoder.layer)
        if isinstance(layer, Layer)
    )
    return body


class _Int8Layer(nn.Module):
    """A `Layer`, for inference alone."""

    def __init__(self, layer: Layer, ranges: Ranges) -> None:
        super().__init__()
        asked = layer.attention.self
        self._heads = asked.heads
        self._floats = type_of(fastest_floats())  # of attention
        self._query_key_value = _Int8Linear([asked.query, asked.key, asked.value], ranges[ATTENTION], is_smoothed=True)
        self._attended = _Int8Linear([layer.attention.output.dense], ranges["attention.output.dense"], is_smoothed=True)
        self._inner = _Int8Linear([layer.intermediate.dense], ranges["intermediate.dense"], is_smoothed=True)
        low, high = ranges[MIDDLE]
        self._has_one_range = len(high) == 1
        middle = Range(low, high * _CUT) if self._has_one_range else Range(low, high)
        self._outer = _Int8Linear([layer.output.dense], middle, is_smoothed=not self._has_one_range)
        self._even_attention, self._even = layer.attention.output.LayerNorm, layer.output.LayerNorm

    def forward(self, states: Tensor, seen: Tensor | None) -> Tensor:
        rows, tokens, width = states.shape
        before = states.reshape(-1, width)
        asked = self._query_key_value(before, self._floats).view(rows, tokens, 3, self._heads, -1)
        query, key, value = asked.permute(2, 0, 3, 1, 4)  # (w, heads, t, width / heads) each
        attended = attended_by_row(query, key, value, seen).view(-1, width)
        before = self._even_attention(self._attended(attended, torch.float32) + before)
        made: Tensor = self._even(self._between(before) + before)
        return made.view(rows, tokens, width)

    def _between(self, states: Tensor) -> Tensor:
        """What the two linear layers add to (n, width) states."""
        if self._has_one_range:
            return self._outer.of_integers(self._inner.gelu(states, torch.uint8, self._outer.steps), torch.float32)
        return self._outer(self._inner.gelu(states, self._floats), torch.float32)


class _Steps(NamedTuple):
    """An integer i of 0 to 255 stands for (i - zero) x size."""

    size: float
    zero: int

    @classmethod
    def over(cls, low: float, high: float) -> _Steps:
        low, high = min(low, 0.0), max(high, 0.0)
        size = max(high - low, _LEAST) / _HIGHEST
        return cls(size, round(-low / size))


_AS_IT_IS = _Steps(1.0, 0)


class _Int8Linear:
    """Linear layers of one input side by side: (n, k) → (n, m) for all their m rows."""

    def __init__(self, linears: Sequence[nn.Linear], seen: Range, *, is_smoothed: bool) -> None:
        weights = torch.cat([linear.weight for linear in linears])  # (m, k)
        scales = _scales(seen, weights) if is_smoothed else torch.ones(weights.shape[1])
        rows = weights * scales
        sizes = rows.abs().amax(dim=1).clamp(min=_LEAST) / _HIGHEST_WEIGHT
        self.steps = _Steps.over(float((seen.low / scales).min()), float((seen.high / scales).max()))
        self._factors = 1 / (scales * self.steps.size)
        self._rounding = torch.tensor(self.steps.zero + 0.5)  # an integer is made by cutting off what is behind the point
        self._sizes, self._zeros = sizes, torch.zeros(len(rows), dtype=torch.int64)
        self._weights = torch.ops.onednn.qlinear_prepack((rows / sizes[:, None]).round().to(torch.int8), None)
        self._bias = torch.cat([linear.bias for linear in linears])

    def __call__(self, states: Tensor, made: torch.dtype) -> Tensor:
        return self.of_integers(self._integers(states), made)

    def of_integers(self, integers: Tensor, made: torch.dtype) -> Tensor:
        return self._product(integers, _AS_IT_IS, made, "none")

    def gelu(self, states: Tensor, made: torch.dtype, steps: _Steps = _AS_IT_IS) -> Tensor:
        """GELU of what the layer makes; as integers it needs their steps."""
        return self._product(self._integers(states), steps, made, "gelu")

    def _integers(self, states: Tensor) -> Tensor:
        return torch.addcmul(self._rounding, states.float(), self._factors).clamp_(0, _HIGHEST).to(torch.uint8)

    def _product(self, integers: Tensor, steps: _Steps, made: torch.dtype, then: str) -> Tensor:
        product: Tensor = torch.ops.onednn.qlinear_pointwise(
            *(integers, self.steps.size, self.steps.zero),
            *(self._weights, self._sizes, self._zeros, self._bias),
            *(steps.size, steps.zero, made, then, [], "none"),
        )
        return product


def _scales(seen: Range, weights: Tensor) -> Tensor:
    """(k,) what each channel is divided by, and its (m, k) weights multiplied with."""
    inputs = torch.maximum(seen.high, -seen.low).clamp(min=_LEAST)
    return inputs**_SMOOTHING / weights.abs().amax(dim=0).clamp(min=_LEAST) ** (1 - _SMOOTHING)
