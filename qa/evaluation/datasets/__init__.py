"""FILES OF JUDGED QUESTIONS → DATASET.

- reading.py          a folder or file → a Dataset; start reading here
- spans.py            our own format: questions with judged spans, their articles beside them or not
- records.py          JSON lines of questions with answers, offsets or evidence, beside passages, articles or qrels
- labels.py           one such question → its judgements
- conversations.py    JSON lines of conversations, one question a turn
- beir.py             a BEIR folder: corpus, queries and qrels of a split
- trec.py             TREC topics and qrels, with documents or without
- topics.py           a file of TREC topics → ids and wordings
- squad.py            the JSON of SQuAD 1.1 and 2.0

- files.py            a path → the files there, and a file → its lines, objects or text
- shapes.py           a JSON value → a checked record
- articles.py         the articles of a set, and what reading needs to know of them
- placing.py          passages and evidence → spans of the articles
- qrels.py            lines of qrels → judgements of whole articles
- tally.py            counts of what could not be used → the notes of a set
- assembly.py         the questions and articles of a format → a Dataset with its digest, or an error
"""
