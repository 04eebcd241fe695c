"""The names of the stages that a question passes, in traces, runs, the API and `qa evaluate --stage`."""

from __future__ import annotations

SEARCH_STAGES = ("dense", "lexical", "merged", "ranked", "distinct")  # in order; each gives one ranking
# Behind the search: the passages read, by their best sentences; the sentences read; the sentences cited.
AFTER_READING, READ, ANSWER = "after_reading", "read", "answer"
STAGES = (*SEARCH_STAGES, AFTER_READING, READ, ANSWER)
