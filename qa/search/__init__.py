"""QUESTION → RANKED PASSAGES.

dense.py     by cosine of vectors
lexical.py   by BM25 of words
merge.py     two rankings → one
"""
