"""txtai as its tutorials index text: paragraphs, vectors and BM25 together."""

from __future__ import annotations

from typing import Any

from measuring import DEPTH, Cut, Search, measure, paragraphs
from txtai import Embeddings


def index(model: str, articles: list[dict[str, Any]]) -> tuple[int, Search]:
    cuts: list[Cut] = [(one["id"], start, end) for one in articles for start, end in paragraphs(one["text"])]
    texts = {one["id"]: one["text"] for one in articles}
    titles = {one["id"]: one["title"] for one in articles}
    embeddings = Embeddings(path=model, hybrid=True)
    embeddings.index(
        (place, f"{titles[article]}\n{texts[article][start:end]}") for place, (article, start, end) in enumerate(cuts)
    )
    return len(cuts), lambda question: [(cuts[int(place)], score) for place, score in embeddings.search(question, DEPTH)]


if __name__ == "__main__":
    measure(index)
