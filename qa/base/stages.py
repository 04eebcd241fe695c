"""The names of the stages that a question passes, in traces, runs, the API and `qa evaluate --stage`."""

from __future__ import annotations

SEARCH_STAGES = ("dense", "lexical", "merged", "recency", "distinct")  # in order; each gives one ranking
READ, ANSWER = "read", "answer"  # after the search: the sentences read, the sentences cited
STAGES = (*SEARCH_STAGES, READ, ANSWER)
