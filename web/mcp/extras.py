"""The optional package of the Model Context Protocol."""

from __future__ import annotations

import importlib.util

from qa.base.errors import ExtraMissing


def require_mcp() -> None:
    """ExtraMissing if the package of the Model Context Protocol is not installed."""
    if importlib.util.find_spec("mcp") is None:
        raise ExtraMissing("The Model Context Protocol", "mcp")
