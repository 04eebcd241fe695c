"""HOW THE SHIPPED READER WAS MADE, AND HOW TO MAKE ANOTHER.

pairs.py     sets of judged questions → (question, passage, where the answer stands), right passages and near misses
batches.py   pairs → batches of like length
reader.py    batches → a trained reader
average.py   trained readers → the average of their weights
"""
