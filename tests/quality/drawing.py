"""A matplotlib figure → an SVG file that is the same each time it is drawn of the same numbers."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure


def save(figure: Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "qa"}):
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
