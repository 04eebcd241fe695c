"""WHERE THE STAGES ARE WIRED.

service.py    one opened index: opens, locks, delegates
engine.py     settings → the models and the passage rule that answer
build.py      articles → stored rows
publish.py    changed rows → a published edition
question.py   a request → a checked question
rank.py       question → ranked passages
ask.py        question → a cited answer
search.py     question → hits
library.py    what an index holds, without a model
state/        what serving writes
"""
