"""Where the encoder runs, and with which arithmetic."""

from __future__ import annotations

import pytest
import torch

from qa.index.encoder import TransformerEncoder, has_bfloat16


@pytest.mark.parametrize(("has_it", "precision"), [(True, "bfloat16"), (False, "float32")])
def test_a_gpu_that_torch_sees_is_used_with_the_arithmetic_it_has(
    monkeypatch: pytest.MonkeyPatch, has_it: bool, precision: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda *, including_emulation: has_it and not including_emulation)
    encoder = TransformerEncoder()
    assert (encoder.device, encoder.precision) == ("cuda", precision)
    assert TransformerEncoder(precision="float32").precision == "float32"


def test_without_a_gpu_the_processor_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    encoder = TransformerEncoder()
    assert encoder.device == "cpu"
    assert encoder.precision == ("bfloat16" if has_bfloat16() else "float32")
