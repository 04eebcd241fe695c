"""One file per kind of input: bytes or lines → drafts of articles, and refusals with their line."""
