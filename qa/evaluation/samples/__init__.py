"""Forty-four fictional news articles with judged questions: what `qa demo`, the README and the tests use."""
