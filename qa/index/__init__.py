"""PASSAGES → SEARCHABLE INDEX.

- encoder.py     text → vectors, by an embedding_model.py
- packaged_encoders.py  the encoders that are Python packages, by name
- quantised_model.py  the file of the default encoder → a model in memory; quantised_file.py reads it
- sentence_transformer.py  all other models (home of sentence-transformers)
- packaged_words.py  that file's words, for other models
- unigram.py     text → ids and places of its tokens, for that model; text_tokens.py for all others
- vectors.py     vectors → nearest rows (home of faiss)
- postings.py    text → BM25 rows (home of tantivy)
- store.py       articles, sentences, passages and vectors in SQLite, from which all else is derived
- edition.py     a folder with the FAISS and tantivy files of one generation, and their digests
- snapshot.py    one generation of the store with its edition, for readers
- identity.py    what an index was made with; an index made otherwise is refused
- near_duplicates.py  repeated sentences and similar articles in the store
- filters.py     filters → the SQL condition of the articles that pass
- article_search.py   words and an order → the SQL of a list of articles
- source_names.py     a source's name → the keys under which a filter finds it
- filter_values.py    the sources, languages and days that the store's articles have
- statements.py  many values → the rows of one SQL statement
- layout.py      every name inside an index folder
- lock.py        the lock of the one writer, with its name

Importing this package before these libraries makes their waiting OpenMP threads sleep instead of spin. Two processes on
two cores (one answers, one adds) then run four times as fast; a single process loses nothing. The environment variable
OMP_WAIT_POLICY overrides this.
"""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
