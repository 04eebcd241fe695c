"""QUESTION → RANKED PASSAGES, one file for each step.

- searchers.py       by cosine of vectors, and by BM25 of words
- merge.py           two rankings → one
- question_terms.py  a question → its terms, with their weights
- term_counts.py     candidates and terms → what each candidate has of the words
- features.py        candidates and a clock → rows of numbers for the ranker
- ranker.py          rows of numbers → scores, by trees
- in_context.py      the rankings of a question and of its conversation → one
- ordering.py        rows and scores → a ranking, ties by passage id
- deduplicate.py     a ranking → one without near-duplicates
- date_ranges.py     a question and a clock → the days that its words mean
- date_periods.py    the days, weeks, months and years in it
- date_words.py      the words for them in five languages
"""
