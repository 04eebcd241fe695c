"""A model's name → the folder of its files on this machine, and the SHA-256 of these. Nothing is downloaded."""

from __future__ import annotations

import hashlib
from pathlib import Path

from qa.base.errors import ModelError

_WEIGHTS = ("*.safetensors", "*.bin")
_SETTINGS = ("*.json", "*.txt")


def model_folder(name: str, *, noun: str, known: str) -> Path:
    """The folder itself, else that of a hub name in the local cache. `noun` and `known` are words of the error message.

    Raises:
        ModelError: neither exists.
    """
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError) as error:
        raise ModelError(
            f"No {noun} {name!r}: it is neither {known!r}, nor a folder here, nor a model in the local "
            f"Hugging Face cache. qa fetches nothing by itself; `hf download {name}` does."
        ) from error


def file_digest(path: Path) -> str:
    """SHA-256 of what a file holds."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def weights_digest(path: Path) -> str:
    """SHA-256 of a model's file, or over the folder's weight files by name; ModelError if there are none."""
    files = [path] if path.is_file() else sorted({file for pattern in _WEIGHTS for file in path.rglob(pattern)})
    if not files:
        raise ModelError(f"No weights in {path}: expected a sentence-transformers model with a .safetensors file.")
    if len(files) == 1:
        return file_digest(files[0])
    return hashlib.sha256("\n".join(f"{file.name} {file_digest(file)}" for file in files).encode()).hexdigest()


def settings_digest(folder: Path) -> str:
    """SHA-256 over the files of a model's folder that are no weights: its settings and its tokenizer, by name."""
    files = sorted(file for pattern in _SETTINGS for file in folder.rglob(pattern))
    lines = (f"{file.relative_to(folder).as_posix()} {file_digest(file)}" for file in files)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def write_with_digest(content: bytes, path: Path, digest_path: Path) -> str:
    """Write a file, and its SHA-256 into another; the SHA-256."""
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    digest_path.write_text(f"{digest}\n", "utf-8")
    return digest


def check_digest(path: Path, digest_path: Path, *, noun: str, holds: str, advice: str) -> None:
    """Check a file against the SHA-256 in another. `noun` is the model, such as "reader"; `holds` is what the file holds of it.

    Raises:
        ModelError: it is not the file of this SHA-256, or one of the two cannot be read.
    """
    try:
        digest, expected = file_digest(path), digest_path.read_text("utf-8").strip()
    except OSError as error:
        raise ModelError(f"The {noun} in {path.parent} cannot be read: {error}. {advice}") from error
    if digest != expected:
        raise ModelError(f"The {noun}'s {holds} {path} have SHA-256 {digest}, expected {expected}: damaged or replaced. {advice}")
