"""What a processor or a GPU computes fast: 8-bit integers, bfloat16 or float32 alone."""

from __future__ import annotations

from typing import Literal

import torch


def has_bfloat16(device: str = "cpu") -> bool:
    """Whether the processor or GPU has bfloat16 instructions; without them autocast is slower than float32."""
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return any(has_it is True for name, has_it in _capabilities().items() if name.endswith("bf16"))


def has_int8() -> bool:
    """Whether the processor multiplies vectors of 8-bit integers and adds them up in one instruction, and torch uses it."""
    is_used: bool = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    return is_used and _capabilities().get("avx512_vnni") is True


def fastest_floats(device: str = "cpu") -> Literal["bfloat16", "float32"]:
    return "bfloat16" if has_bfloat16(device) else "float32"


def type_of(precision: str) -> torch.dtype:
    """That of the weights of a model which is loaded to compute so; 8-bit integers are made of float32."""
    return torch.bfloat16 if precision == "bfloat16" else torch.float32


def _capabilities() -> dict[str, object]:
    found: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()  # older versions of torch lack it
    return found
