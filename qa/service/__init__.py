"""WHERE THE STAGES ARE WIRED: articles in, questions answered; and what serving writes (`state/`)."""
