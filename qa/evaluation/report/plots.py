"""Values → plots as SVG elements of a page: the home of matplotlib.

Text stays text, in the page's own font. Equal values give equal bytes.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from qa.evaluation.measures import Bin, Floats
from qa.evaluation.report.curves import Latency
from qa.evaluation.report.slices import Share
from qa.evaluation.report.svg import COLOURS, CONTROL, INK, LINE, MUTED, SERIES, Words, inline

_DASHES = ((0, ()), (0, (5, 1.6)), (0, (1.4, 1.3)), (0, (6, 1.6, 1.4, 1.6)), (0, (3, 1.2)), (0, (8, 2)))
_MARKERS = "os^DvX"
_INCHES = (5.84, 4.0)  # 420 × 288 of the drawing's own units, 72 to the inch
_LONGEST_LABEL = 18  # characters; a longer name is cut
_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "qa",
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, and is wider than what pages use, so labels have room
    "font.size": 12,
    "axes.edgecolor": LINE,
    "axes.labelcolor": MUTED,
    "axes.labelsize": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.7,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "ytick.major.size": 0,
    "lines.linewidth": 1.9,
    "lines.markersize": 4.5,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plot, points in the order of x."""

    label: str
    x: Floats  # (n,)
    y: Floats  # (n,)


def recall_plot(lines: Sequence[Line], words: Words, *, read_passages: int | None = None) -> str:
    """Recall from 0 to 1 over depth from 1 to 100 on a logarithmic axis; `read_passages` is marked."""
    with _drawing(words) as drawn:
        axes = drawn.axes(right=0.76)
        lowest = min((float(line.y.min()) for line in lines), default=0.0)
        bottom = min(0.8, np.floor(lowest * 5) / 5)  # the nearest fifth below
        _depth_axis(axes)
        _share_axis(axes, "y", bottom, 1.0)
        axes.set_xlabel("first k hits")
        axes.set_ylabel("recall")
        if read_passages and read_passages > 1:
            axes.axvline(read_passages, color=MUTED, linewidth=0.9, linestyle=(0, (2, 2)))
            axes.annotate(f"{read_passages} are read", (read_passages, bottom), (4, 5), textcoords="offset points", color=MUTED)
        _lines(axes, lines, markers_at=(1, 2, 5, 10, 20, 50, 100))
    return drawn.svg


def _depth_axis(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.set_xlim(0.93, 108)
    axes.xaxis.set_major_locator(FixedLocator([1, 2, 5, 10, 20, 50, 100]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def risk_coverage_plot(lines: Sequence[Line], words: Words) -> str:
    """The share wrong over the share answered. The axis fits coverages from .05 on, since fewer questions scatter."""
    with _drawing(words) as drawn:
        axes = drawn.axes(right=0.76)
        highest = max((float(line.y[line.x >= min(0.05, line.x[-1])].max()) for line in lines if len(line.x)), default=1.0)
        _share_axis(axes, "x", 0.0, 1.0)
        _share_axis(axes, "y", 0.0, min(1.0, max(0.12, highest * 1.08)))
        axes.set_xlabel("answered, the most probable first")
        axes.set_ylabel("of those wrong")
        axes.axhline(0.1, color=MUTED, linewidth=0.9, linestyle=(0, (2, 2)))
        _lines(axes, [line for line in lines if len(line.x)], markers_at=())
    return drawn.svg


def calibration_plot(bins: Sequence[Bin], words: Words) -> str:
    """Share right over probability with 95 % intervals, and below it how many answers each bin holds."""
    with _drawing(words) as drawn:
        axes, below = drawn.stacked((3.2, 1))
        for one in (axes, below):
            _probability_axis(one)
        _share_axis(axes, "y", 0.0, 1.0)
        axes.tick_params(labelbottom=False)
        axes.plot([0, 1], [0, 1], color=MUTED, linewidth=0.9, linestyle=(0, (2, 2)))
        x = np.array([one.mean_probability for one in bins])  # (b,)
        y = np.array([one.share_right for one in bins])
        low, high = np.array([Share(round(one.share_right * one.n), one.n).interval for one in bins]).reshape(-1, 2).T
        axes.vlines(x, low, high, color=COLOURS[0], linewidth=1.3, alpha=0.55)
        axes.plot(x, y, color=COLOURS[0], marker="o", markersize=5.5, clip_on=False)
        axes.set_ylabel("share right")
        _counts(below, bins)
    return drawn.svg


def _counts(axes: Axes, bins: Sequence[Bin]) -> None:
    middles = [(one.low + one.high) / 2 for one in bins]
    most = max((one.n for one in bins), default=1)
    axes.bar(middles, [one.n for one in bins], width=0.086, color=COLOURS[0], alpha=0.35, linewidth=0)
    for middle, one in zip(middles, bins, strict=True):
        axes.annotate(f"{one.n:,}", (middle, one.n), (0, 2), textcoords="offset points", ha="center", color=MUTED, fontsize=10.5)
    axes.set_ylim(0, most * 1.45)
    axes.grid(visible=False)
    axes.yaxis.set_major_locator(NullLocator())
    axes.set_xlabel("probability of the best sentence")
    axes.set_ylabel("count")


def probability_plot(groups: Sequence[tuple[str, Floats]], words: Words, *, marks: Sequence[tuple[str, float]] = ()) -> str:
    """How often each probability was given, one row of bars for each group, all to one scale; `marks` are the thresholds."""
    edges = np.linspace(0, 1, 26)
    with _drawing(words) as drawn:
        rows = drawn.stacked((1,) * max(1, len(groups)), top=0.9)
        counts = [np.histogram(values, edges)[0] for _, values in groups]  # (25,) each
        most = max((int(count.max()) for count in counts), default=1) or 1
        for number, (axes, (label, values), count) in enumerate(zip(rows, groups, counts, strict=False)):
            axes.bar(edges[:-1], count, width=0.04, align="edge", color=COLOURS[number % SERIES], linewidth=0, alpha=0.85)
            axes.set_ylim(0, most * 1.6)
            axes.grid(visible=False)
            axes.yaxis.set_major_locator(MaxNLocator(2, integer=True))
            axes.annotate(f"{label}: {len(values):,}", (0.99, 0.82), xycoords="axes fraction", ha="right", weight="bold")
            axes.tick_params(labelbottom=axes is rows[-1])
            for _, at in marks:
                axes.axvline(at, color=MUTED, linewidth=0.9, linestyle=(0, (2, 2)))
            _probability_axis(axes)
        for number, (label, at) in enumerate(sorted(marks, key=lambda mark: mark[1])):
            side: Literal["left", "right"] = "left" if number or len(marks) == 1 else "right"  # two near ones do not meet
            axes = rows[0]
            axes.annotate(
                label, (at, 1), (0, 4), xycoords=("data", "axes fraction"), textcoords="offset points", color=MUTED, ha=side
            )
        rows[-1].set_xlabel("probability of the best sentence")
    return drawn.svg


def latency_plot(latencies: Sequence[Latency], words: Words) -> str:
    """Median and 95th percentile of each stage as the two ends of a bar."""
    with _drawing(words) as drawn:
        axes = drawn.axes(left=0.19, right=0.82)
        highest = max((one.p95_ms for one in latencies), default=1.0)
        for height, one in enumerate(reversed(latencies)):
            axes.hlines(height, one.p50_ms, one.p95_ms, color=COLOURS[0], linewidth=5, alpha=0.3)
            axes.plot([one.p50_ms], [height], color=COLOURS[0], marker="o", markersize=7, clip_on=False)
            axes.plot([one.p95_ms], [height], color=COLOURS[1], marker="D", markersize=6, clip_on=False)
            values = f"{milliseconds(one.p50_ms)} · {milliseconds(one.p95_ms)}"
            axes.annotate(values, (one.p95_ms, height), (8, -4), textcoords="offset points")
        axes.set_yticks(range(len(latencies)), [_cut(one.stage) for one in reversed(latencies)])
        axes.tick_params(axis="y", labelcolor=INK)
        axes.set_ylim(-0.6, len(latencies) - 0.4)
        axes.set_xlim(0, highest * 1.04 or 1)
        axes.grid(axis="x")
        axes.grid(visible=False, axis="y")
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.set_xlabel("milliseconds: median ●, 95th percentile ◆")
    return drawn.svg


def milliseconds(value: float) -> str:
    """With a digit behind the point where that is more than noise."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


# The frame of every drawing


class _Drawing:
    """A figure while it is drawn, and its SVG afterwards."""

    def __init__(self) -> None:
        self.figure = Figure(figsize=_INCHES)
        self.svg = ""

    def axes(self, *, left: float = 0.14, right: float = 0.97) -> Axes:
        self.figure.subplots_adjust(left=left, right=right, top=0.96, bottom=0.17)
        return self.figure.add_subplot()

    def stacked(self, heights: Sequence[float], *, top: float = 0.96) -> list[Axes]:
        """Axes above one another, the first on top, of these heights in proportion."""
        grid = self.figure.add_gridspec(
            len(heights), 1, height_ratios=list(heights), left=0.14, right=0.97, top=top, bottom=0.17, hspace=0.14
        )
        return [self.figure.add_subplot(grid[row, 0]) for row in range(len(heights))]


@contextmanager
def _drawing(words: Words) -> Iterator[_Drawing]:
    """A drawing in our style, whatever style is set outside; its SVG is there after the block."""
    with style.context(_STYLE, after_reset=True), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # of other scripts: the page's fonts have them
        drawing = _Drawing()
        yield drawing
        written = io.StringIO()
        nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
        drawing.figure.savefig(written, format="svg", transparent=True, metadata=nothing)
    drawing.svg = inline(written.getvalue(), words)


def _share_axis(axes: Axes, which: str, low: float, high: float) -> None:
    """An axis of shares in per cent."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    (axes.set_xlim if which == "x" else axes.set_ylim)(low, high)
    axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f}\u202f%"))


def _probability_axis(axes: Axes) -> None:
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_locator(FixedLocator([0, 0.2, 0.4, 0.6, 0.8, 1]))


def _lines(axes: Axes, lines: Sequence[Line], *, markers_at: Sequence[float]) -> None:
    """The lines, distinguished by colour, dashes and markers, each with its name and last value at its right end."""
    for number, line in enumerate(lines):
        at = [int(np.searchsorted(line.x, x)) for x in markers_at if line.x[0] <= x <= line.x[-1]]
        axes.plot(
            line.x,
            line.y,
            color=COLOURS[number % SERIES],
            linestyle=_DASHES[number % len(_DASHES)],
            marker=_MARKERS[number % len(_MARKERS)] if at else "",
            markevery=at or None,
            clip_on=not at,
        )
    low, high = axes.get_ylim()
    ends = _apart([float(line.y[-1]) for line in lines], gap=(high - low) * 0.14)
    for number, (line, end) in enumerate(zip(lines, ends, strict=True)):
        label = f"{_cut(line.label)}\n{100 * line.y[-1]:.0f}\u202f%"
        axes.annotate(
            label, (1, end), (8, 0), xycoords=("axes fraction", "data"), textcoords="offset points", va="center",
            color=COLOURS[number % SERIES], weight="bold", fontsize=11.5, linespacing=1,
        )  # fmt: skip


def _apart(heights: Sequence[float], *, gap: float) -> list[float]:
    """The heights, moved as little as a pass from the top down can, so that no two are closer than the gap."""
    order = sorted(range(len(heights)), key=lambda which: -heights[which])
    moved = list(heights)
    for above, below in pairwise(order):
        moved[below] = min(moved[below], moved[above] - gap)
    return moved


def _cut(label: str) -> str:
    written = CONTROL.sub("\ufffd", label)
    return written if len(written) <= _LONGEST_LABEL else f"{written[: _LONGEST_LABEL - 1]}…"
