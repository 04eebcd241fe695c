"""A model's name → the folder of its files on this machine. Nothing is downloaded."""

from __future__ import annotations

from pathlib import Path

from qa.base.errors import ModelError


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
