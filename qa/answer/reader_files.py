"""A reader's name → the folder of its files on this machine. Nothing is downloaded."""

from __future__ import annotations

from pathlib import Path

from qa.base.checkpoints import model_folder
from qa.base.settings import PACKAGED_READER

WEIGHTS_FILE = "reader.safetensors"
DIGEST_FILE = "reader.sha256"
PACKAGED = Path(__file__).parent / "models" / "reader"


def reader_folder(name: str) -> Path:
    """The folder of the packaged reader, a given folder, or that of a hub name in the local cache.

    Raises:
        ModelError: there is none.
    """
    return PACKAGED if name == PACKAGED_READER else model_folder(name, noun="reader", known=PACKAGED_READER)


def is_like_the_packaged(folder: Path) -> bool:
    """Whether it holds the files of a reader that shares the packaged encoder's words, not a checkpoint of transformers."""
    return folder == PACKAGED or (folder / WEIGHTS_FILE).exists()
