"""PASSAGES → SOMETHING SEARCHABLE.

encoder.py     text → vectors (home of sentence-transformers and torch)
vectors.py     vectors → nearest rows (home of faiss)
postings.py    text → BM25 rows (home of tantivy)
store.py       articles, sentences, passages and vectors in SQLite: the truth
edition.py     a folder with the FAISS and tantivy files of one generation, and their digests
snapshot.py    what a reader sees: one generation of the store with its edition
lock.py        one writer at a time, and who it is
"""
