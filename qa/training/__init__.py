"""HOW READERS AND RANKERS ARE MADE: `python -m qa.training --help`.

A reader:

- reader.py          Sets and their indexes → a reader's folder; calls the steps below in order.
- reader_start.py    What a training begins with.
- collecting.py      A set and its index → examples: a question with right passages, and near misses.
- unanswerable.py    A question → a similar one that the passage does not answer.
- examples.py        Examples as tokens, and the file that keeps them.
- groups.py          Examples → what a pass asks, and a group of windows for each question.
- own_errors.py      Of near misses, those that the reader takes for answers.
- reader_model.py    Groups → what the reader says of them, on the CPU or a GPU.
- losses.py          What it says, and what is right → the loss.
- steps.py           The steps of a training, its checkpoints and its log.
- reader_figures.py  How well it reads development sets.
- reader_card.py     The card.

A ranker:

- ranker.py          Sets and their indexes → a ranker's folder.
- ranking_groups.py  A set and its index → groups of candidates.
- trees.py           Groups → trees.

Both:

- sets.py            A folder of sets, and what options say of each.
- set_index.py       A set → its index, made where it is missing, and its questions with their places.
- progress.py        How far a training is.
"""
