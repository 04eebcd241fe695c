"""RANKED PASSAGES → CITED ANSWER.

places.py       passages that overlap → their citable sentences, each once
similarity.py   passages → sentences scored by vectors and words
span_reader.py  passages → sentences scored by a trained model, each with its short answer
windows.py      question and passage → what a span model reads
span_model.py   windows → the best span of each sentence (home of transformers for answering)
support.py      score → probability that the sentence supports an answer
select.py       the one to four sentences that are shown
compose.py      evidence → citations → answer
links.py        addresses of a citation, here and on the original page
requests.py     what is no question about the articles: greetings, "summarise this"
"""
