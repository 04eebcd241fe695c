"""Packages that qa does without until something that needs them is asked for."""

from __future__ import annotations

import importlib.util

from qa.base.errors import ExtraMissing


def require_mcp() -> None:
    """ExtraMissing where the Model Context Protocol cannot be spoken."""
    if importlib.util.find_spec("mcp") is None:
        raise ExtraMissing("The Model Context Protocol", "mcp")
