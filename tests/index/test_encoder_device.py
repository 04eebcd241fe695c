"""Where the encoder runs, and with which arithmetic."""

from __future__ import annotations

import pytest
import torch

from qa.base.arithmetic import fastest_floats, has_int8
from qa.base.settings import ENGLISH_ENCODER
from qa.index.encoder import TransformerEncoder


@pytest.mark.parametrize(("has_it", "precision"), [(True, "bfloat16"), (False, "float32")])
def test_a_gpu_that_torch_sees_is_used_with_the_arithmetic_it_has(
    monkeypatch: pytest.MonkeyPatch, has_it: bool, precision: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda *, including_emulation: has_it and not including_emulation)
    encoder = TransformerEncoder()
    assert (encoder.device, encoder.precision) == ("cuda", precision)
    assert TransformerEncoder(precision="float32").precision == "float32"
    assert TransformerEncoder(precision="int8").precision == precision


def test_without_a_gpu_the_processor_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    encoder = TransformerEncoder()
    assert encoder.device == "cpu"
    assert encoder.precision == ("int8" if has_int8() else fastest_floats())
    assert TransformerEncoder(ENGLISH_ENCODER, precision="int8").precision == fastest_floats()


@pytest.mark.parametrize(
    ("capabilities", "precision"),
    [({"avx512_vnni": True, "avx512_bf16": True}, "int8"), ({"avx512_bf16": True}, "bfloat16"), ({"avx_vnni": False}, "float32")],
)
def test_the_arithmetic_is_the_fastest_that_the_processor_has(
    monkeypatch: pytest.MonkeyPatch, capabilities: dict[str, object], precision: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities, raising=False)
    assert TransformerEncoder().precision == precision
