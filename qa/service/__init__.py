"""WHERE THE STAGES ARE WIRED.

- service.py       one opened index: opens, locks, delegates
- engine.py        settings → the models and the passage rule that answer
- build.py         articles → stored rows
- publish.py       changed rows → a published edition
- question.py      a request → a checked question
- as_of.py        a question asked in the past → the day up to which articles answer, and notices
- rank.py          question → ranked passages
- wordings.py      a follow-up's wordings → ranked passages
- reading.py       ranked passages → their sentences, scored, and the passages in a new order
- ask.py           question → a cited answer
- typed_filters.py filters as somebody types them → checked filters
- filter_advice.py filters that let nothing pass → the nearest values, and what to loosen
- explain.py       question → its answer with every candidate, and why an article is cited or not
- fates.py         an article → where it fell out
- standings.py     an article → how far it is from being a candidate
- citing.py        sentences that were read → citations
- stating.py       sentences that were read → what the articles say, the answer's statement first
- search.py        question → hits
- observers.py     who follows how an answer is made
- library.py       what an index holds, without a model
- boilerplate.py   an index → its recurring sentences, which are never cited
- kept_answers.py  answers that are shown again and verified
- quotes.py        a kept quote and the current article → whether it still stands
- feedback.py      feedback on kept answers
- indexes.py       a folder → its indexes
- verification.py  an index → its problems
- state/           what serving writes
"""
