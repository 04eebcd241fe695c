"""qa as it comes: the order of `qa search`, with its own encoder or its English one, and with or without reading passages."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from measuring import DEPTH, Cut, Search, measure

import qa
from qa.base.settings import ENGLISH_ENCODER
from qa.base.types import Article


def index(_model: str, articles: list[dict[str, Any]]) -> tuple[int, Search]:
    name = sys.argv[2]
    encoder = {"encoder": ENGLISH_ENCODER} if "English" in name else {}
    service = qa.open(Path(tempfile.mkdtemp()) / "index", **encoder)
    service.add_articles(Article(one["id"], one["id"], one["title"], one["text"]) for one in articles)

    def search(question: str) -> list[tuple[Cut, float]]:
        hits = service.search(question, k=DEPTH, read=0 if "without" in name else None).hits
        return [((hit.article.id, hit.passage.span.start, hit.passage.span.end), -hit.rank) for hit in hits]

    return service.described().counts.passages, search


if __name__ == "__main__":
    measure(index)
