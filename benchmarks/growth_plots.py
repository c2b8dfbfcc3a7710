"""The two plots of `growth`, as SVG files that read on light and dark pages.

Lines, grid and letters are those of the evaluation report's plots; its colours come from a page that an image file
does not have, so here they are fixed.
"""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rasid.train.judging import report_plots

from .timing import Spread

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_lengths", "plot_memory"]

_GREY, _LINE = "#7d8590", "#7d859066"
_COLOURS = ("#2f81f7", "#d29922", "#3fb950")
_FIXED = {"_INK": _GREY, "_MUTED": _GREY, "_GRID": _LINE, "_ACCENT": _COLOURS[0]}


def plot_lengths(by_length: Mapping[str, Mapping[int, Spread]]) -> str:
    """Microseconds a word against the words of an article, with the range over the rounds."""
    with _axes("time", "words of the article", "µs a word") as (figure, axes):
        for colour, (name, points) in zip(_COLOURS, by_length.items(), strict=False):
            lengths, values = list(points), list(points.values())
            axes.plot(lengths, [value.median for value in values], "o-", color=colour, label=name, markersize=4)
            axes.vlines(
                lengths, [v.low for v in values], [v.high for v in values], color=colour, alpha=0.4, linewidth=4
            )
        axes.legend()
        return _svg(figure)


def plot_memory(memory: Mapping[str, Mapping[int, float]]) -> str:
    """Peak memory against the number of articles streamed."""
    with _axes("memory", "articles streamed", "peak memory, MB") as (figure, axes):
        for colour, (name, points) in zip(_COLOURS, memory.items(), strict=False):
            axes.plot(list(points), list(points.values()), "o-", color=colour, label=name, markersize=4)
        axes.legend()
        return _svg(figure)


@contextmanager
def _axes(name: str, along: str, up: str) -> Iterator[tuple["Figure", "Axes"]]:
    from matplotlib import style
    from matplotlib.figure import Figure

    stand_ins = {getattr(report_plots, name): colour for name, colour in _FIXED.items()}
    shared: dict[str, Any] = {key: stand_ins.get(value, value) for key, value in report_plots._STYLE.items()}
    with style.context(shared | {"svg.hashsalt": name, "text.color": _GREY}, after_reset=True):
        figure = Figure(figsize=(5.6, 3.0), layout="constrained")
        axes = figure.add_subplot()
        axes.set(xscale="log", xlabel=along, ylabel=up)
        yield figure, axes


def _svg(figure: "Figure") -> str:
    for axes in figure.axes:
        axes.set_ylim(bottom=0)
        axes.grid(axis="y")
    written = io.StringIO()
    figure.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return written.getvalue()
