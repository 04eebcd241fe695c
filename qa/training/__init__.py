"""HOW THE SHIPPED READER WAS MADE, AND HOW TO MAKE ANOTHER: `python -m qa.training --help`.

sets.py      a folder of sets → the examples of all of them
pairs.py     a set of judged questions → (question, passage, where the answer stands), right passages and near misses
batches.py   pairs → batches of similar length
reader.py    batches → a trained reader
progress.py  how far a training is
average.py   trained readers → the average of their weights
"""
