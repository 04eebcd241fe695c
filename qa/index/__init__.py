"""PASSAGES → SOMETHING SEARCHABLE.

encoder.py     text → vectors (home of sentence-transformers and torch)
vectors.py     vectors → nearest rows (home of faiss)
postings.py    text → BM25 rows (home of tantivy)
store.py       articles, sentences, passages and vectors in SQLite: the truth
edition.py     a folder with the FAISS and tantivy files of one generation, and their digests
snapshot.py    what a reader sees: one generation of the store with its edition
layout.py      every name inside an index folder
lock.py        one writer at a time, and who it is

Importing this, before any of these libraries, tells their OpenMP threads to sleep rather than spin while
they wait: two processes on two cores (one answers, one adds) are four times as fast for it, one alone
loses nothing. Set OMP_WAIT_POLICY yourself to have it otherwise.
"""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
