"""RANKED PASSAGES → CITED ANSWER.

similarity.py   passages → sentences scored by vectors and words (the trained reader's place)
support.py      score → probability that the sentence supports an answer
select.py       the one to four sentences that are shown
compose.py      evidence → citations → answer
links.py        addresses of a citation, here and on the original page
requests.py     what is no question about the articles: greetings, "summarise this"
"""
