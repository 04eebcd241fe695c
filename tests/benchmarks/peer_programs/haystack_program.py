"""Haystack as its tutorials build hybrid retrieval: 200 words a document, vectors and BM25 joined by their ranks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from haystack import Document
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from measuring import DEPTH, Cut, Search, measure
from sentence_transformers import SentenceTransformer


def index(model: str, articles: list[dict[str, Any]]) -> tuple[int, Search]:
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    encoder = SentenceTransformer(model, device="cpu")
    splitter = DocumentSplitter(split_by="word", split_length=200, split_overlap=0)
    splitter.warm_up()
    given = [Document(content=one["text"], meta={"article": one["id"], "title": one["title"]}) for one in articles]
    cut = splitter.run(documents=given)["documents"]
    vectors = encoder.encode([f"{one.meta['title']}\n{one.content}" for one in cut], normalize_embeddings=True)
    store.write_documents([replace(one, embedding=vector) for one, vector in zip(cut, vectors.tolist(), strict=True)])
    by_words, by_vectors = InMemoryBM25Retriever(store, top_k=100), InMemoryEmbeddingRetriever(store, top_k=100)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=DEPTH)

    def search(question: str) -> list[tuple[Cut, float]]:
        asked = encoder.encode(question, normalize_embeddings=True).tolist()
        found = [by_words.run(query=question)["documents"], by_vectors.run(query_embedding=asked)["documents"]]
        return [(_cut(one), one.score) for one in joiner.run(documents=found)["documents"]]

    return len(cut), search


def _cut(one: Document) -> Cut:
    start = one.meta["split_idx_start"]
    return one.meta["article"], start, start + len(one.content)


if __name__ == "__main__":
    measure(index)
