"""QUESTION → RANKED PASSAGES, one file for each step.

- searchers.py     by cosine of vectors, and by BM25 of words
- merge.py         two rankings → one
- recency.py       a ranking and a clock → one that prefers what was news then
- ordering.py      rows and scores → a ranking, ties by passage id
- deduplicate.py   a ranking → one without near-duplicates
- date_ranges.py   a question and a clock → the days that its words mean
- date_periods.py  the days, weeks, months and years in it
- date_words.py    the words for them in five languages
"""
