"""Forty-four fictional news articles with judged questions, used by `qa demo`, the README and the tests."""
