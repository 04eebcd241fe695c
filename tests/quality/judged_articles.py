"""A folder of articles that are kept elsewhere → the file that holds them, and whether they are those that were judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from qa.base.types import text_digest


def articles_file(folder: Path, option: str) -> Path:
    """The articles of a folder; SystemExit where there are none, naming the option that chooses another folder."""
    for name in ("articles.jsonl", "articles.jsonl.gz"):
        if (folder / name).exists():
            return folder / name
    raise SystemExit(f"{folder} holds no articles.jsonl, gzipped or not. Name the folder of the articles with {option}.")


def digests_in(path: Path) -> dict[str, str]:
    """The digest of each article's text by its id; none where there is no such file."""
    digests: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return digests


def refuse_others(texts: Mapping[str, str], digests: Mapping[str, str]) -> None:
    """SystemExit where one of the articles is missing or has another text than the one that was judged."""
    changed = [id_ for id_, digest in digests.items() if id_ not in texts or text_digest(texts[id_]) != digest]
    if changed:
        raise SystemExit(
            f"{len(changed):,} of {len(digests):,} judged articles are missing or have another text, first {changed[0]}. "
            "The offsets would be about something else: use the articles that were judged."
        )
