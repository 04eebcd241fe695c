"""QUESTION → RANKED PASSAGES.

dense.py     by cosine of vectors
lexical.py   by BM25 of words
merge.py     two rankings → one
recency.py   a ranking and a clock → one that prefers what was news then
distinct.py  a ranking → one without copies
periods.py   a question and a clock → the days that its words mean
"""
