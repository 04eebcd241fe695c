"""What qa ships of its own training: `reader/` is the span model, and MODEL_CARD.md beside it says how it was made."""
