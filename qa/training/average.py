"""Trained readers → one whose weights are the average of theirs: often better than each, and as fast as one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from qa.base.errors import ModelError


def average(readers: Sequence[Path], out: Path) -> None:
    """Write the average of readers that were trained from one another, or from one body; all weigh the same.

    Source: "model soups", Wortsman et al., ICML 2022.

    Raises:
        ModelError: their weights are not of the same names and sizes.
        ValueError: fewer than two.
    """
    if len(readers) < 2:
        raise ValueError(f"expected at least two readers, got {len(readers)}")
    models = [
        AutoModelForQuestionAnswering.from_pretrained(reader, local_files_only=True, use_safetensors=True, dtype=torch.float32)
        for reader in readers
    ]
    weights = [model.state_dict() for model in models]
    shapes = [{name: tuple(weight.shape) for name, weight in some.items()} for some in weights]
    for reader, shape in zip(readers, shapes, strict=True):
        if shape != shapes[0]:
            raise ModelError(
                f"The weights of {reader} have other names or sizes than those of {readers[0]}: no average can be made."
            )
    models[0].load_state_dict({name: torch.stack([some[name] for some in weights]).mean(dim=0) for name in weights[0]})
    models[0].half().save_pretrained(out, safe_serialization=True)
    AutoTokenizer.from_pretrained(readers[0], local_files_only=True).save_pretrained(out)
