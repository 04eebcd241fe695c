"""RANKED PASSAGES → CITED ANSWER.

- question_kind.py       a text → whether it is a question, and whether a few words can answer it
- typed_names.py         a question in lower case → with names as the passages write them
- answer_fit.py          a question and a few words → whether words of that sort can answer it
- settled.py             a yes-or-no question → the latest sentence that settles it first
- citable_sentences.py   overlapping passages → their citable sentences, each once
- similarity_reader.py   passages → sentences scored by vectors and words
- word_weights.py        a question → how much each of its words counts
- span_reader.py         passages → sentences scored by a trained model, each with its short answer
- reading.py             what a trained reader finds in a passage: the seam between models and what judges them
- reader_files.py        a reader's name → the folder of its files
- packaged_reader.py     question and passages → what the packaged reader finds
- reader_weights.py      the packaged reader's file → a model in memory
- reader_windows.py      tokens of question, title and passage → what the packaged reader reads
- recent_readings.py     a reader that reads no passage twice for the same question
- token_cache.py         texts → tokens, those of texts read lately kept
- span_model.py          question and passages → what another checkpoint of transformers finds
- token_windows.py       question and passage → what such a checkpoint reads
- span_decoding.py       logits of windows → the best spans of sentences, for every model
- passage_scores.py      passages and what was read in them → their own scores, and votes for the same answer
- same_answer.py         short answers → which say the same
- statements/            what was read in several articles → what they say, and how that stands to the answer
- passage_order.py       passages and their sentences → the passages by their best sentences
- calibration.py         what speaks for a sentence → the probability that it supports an answer
- sentence_selection.py  scored sentences → the one to four that an answer shows
- citations.py           evidence → numbered citations → the answer's text
- lead_ins.py            a quote that begins with a word such as "She" → what it goes on from
- links.py               a citation → its address in qa, and on the original page
"""
