"""RANKED PASSAGES → CITED ANSWER.

- question_kind.py       a text → whether it is a question, and whether a few words can answer it
- citable_sentences.py   overlapping passages → their citable sentences, each once
- similarity_reader.py   passages → sentences scored by vectors and words
- word_weights.py        a question → how much each of its words counts
- span_reader.py         passages → sentences scored by a trained model, each with its short answer
- token_windows.py       question and passage → what a span model reads
- span_model.py          token windows → the best span of each sentence (home of transformers for answering)
- passage_order.py       passages and their sentences → the passages by their best sentences
- calibration.py         a score → the probability that the sentence supports an answer
- sentence_selection.py  scored sentences → the one to four that an answer shows
- citations.py           evidence → numbered citations → the answer's text
- links.py               a citation → its address in qa, and on the original page
"""
