"""IS IT GOOD? A SET OF JUDGED QUESTIONS → A RUN → FIGURES, COMPARISONS, A REPORT.

- datasets/       files of many formats → a set: questions, judgements, articles
- known_items.py  an index → a synthetic set
- feedback.py     users' feedback on answers → a set
- judgements.py   the nouns of a set
- indexes.py      which index a set is asked over, and what it lacks
- articles.py     articles by id: an index's or a set's
- judging.py      judgements → items of the articles, which rankings are compared with
- runner.py       a set and an index → a run
- trec_runs.py    TREC run files in and out
- runs.py         the run, and its file
- kinds.py        what sort of question it is
- measures.py     rankings, answers and probabilities → values (home of ir-measures)
- resampling.py   how sure a figure is
- figures.py      a run → its figures, and where answers were lost
- compare.py      two runs → what differs
- texts.py        a run's ids and offsets → words
- report/         runs → one HTML file
"""
