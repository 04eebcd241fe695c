"""What qa ships of its own training: `ranker/` holds the trees, and MODEL_CARD.md beside them says how they were made."""
