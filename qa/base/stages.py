"""The stages that a question passes, by their names in traces, runs, the API and `qa evaluate --stage`."""

from __future__ import annotations

SEARCH_STAGES = ("dense", "lexical", "merged", "recency", "distinct")  # in the order of a trace: each is one ranking
READ, ANSWER = "read", "answer"  # after the search: the passages that were read, the sentences that are cited
STAGES = (*SEARCH_STAGES, READ, ANSWER)
