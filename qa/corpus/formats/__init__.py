"""One file per input format: bytes or lines → article drafts, and refusals with their line."""
