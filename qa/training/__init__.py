"""HOW THE SHIPPED READER WAS MADE, AND HOW TO MAKE ANOTHER: `python -m qa.training --help`.

- sets.py          A folder of sets of judged questions → the examples of all of them.
- pairs.py         One set → its examples: a question with right passages, and near misses.
- unanswerable.py  A question → a similar one that the passage does not answer.
- batches.py       Examples → batches of similar length.
- reader.py        Batches → a trained reader.
- progress.py      How far a training is.
- average.py       Trained readers → the average of their weights.
"""
