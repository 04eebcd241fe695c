"""Small sets of judged questions, written file by file."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest


class SetFolder:
    """A folder that a test fills."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def text(self, name: str, text: str) -> Path:
        return self.data(name, text.encode())

    def data(self, name: str, data: bytes) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
        return file

    def lines(self, name: str, *records: Mapping[str, object]) -> Path:
        return self.text(name, "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))

    def articles(self, texts: Mapping[str, str], name: str = "articles.jsonl") -> Path:
        return self.lines(name, *({"id": article, "title": article.title(), "text": text} for article, text in texts.items()))

    def qrels(self, *rows: Sequence[object], name: str = "qrels.txt") -> Path:
        return self.text(name, "".join(" ".join(map(str, row)) + "\n" for row in rows))


@pytest.fixture
def folder(tmp_path: Path) -> SetFolder:
    return SetFolder(tmp_path / "harbour")
