"""The plots of an evaluation report, as SVG that stands inside an HTML page.

Colours and fonts come from the page (CSS variables), so one plot serves light, dark and print. The same
evaluation gives the same bytes. Nothing is computed here.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .evaluation import Evaluation
from .intervals import Interval
from .reliability import Reliability
from .report_articles import COLOURS, family_colours

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["plot_f1", "plot_reliability"]

# Stand-ins matplotlib understands; `_inline` turns them into the page's variables. Plain black would not do: it is
# SVG's default, which matplotlib leaves out.
_INK, _MUTED, _GRID, _ACCENT = "#000001", "#010101", "#020202", "#030303"
_VARIABLES = {_INK: "var(--ink)", _MUTED: "var(--muted)", _GRID: "var(--line)", _ACCENT: "var(--accent)"}
_FAMILY = "#0404{:02x}"
_VARIABLES |= {_FAMILY.format(number): f"var(--f{number})" for number in range(COLOURS)}
_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.edgecolor": _GRID,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": _GRID,
    "grid.linewidth": 0.6,
    "xtick.color": _GRID,
    "ytick.color": _GRID,
    "xtick.labelcolor": _MUTED,
    "ytick.labelcolor": _INK,
    "axes.labelcolor": _MUTED,
    "legend.frameon": False,
    "legend.labelcolor": _MUTED,
}


def plot_f1(evaluation: Evaluation) -> str:
    """F1 of all spans, each family and each label that occurs, with its interval; partial F1 as a ring."""
    from matplotlib.figure import Figure

    strict, partial = evaluation.strict, evaluation.partial
    colours = {family: _FAMILY.format(number) for family, number in family_colours(evaluation.scheme).items()}
    rows: list[tuple[str, str, float, Interval | None, float]] = []

    def add(name: str, colour: str, part: str, key: str | None = None) -> None:
        found = [getattr(where, part) for where in (strict.scores, strict.intervals, partial.scores)]
        ours, interval, loose = found if key is None else [where[key] for where in found]
        if ours:
            rows.append((name, colour, ours.f1, interval.f1, loose.f1))

    add("all labels", _INK, "overall")
    add("all families", _INK, "family_overall")
    for family in evaluation.scheme.families:
        members = [label.name for label in evaluation.scheme.labels if label.family == family]
        if members != [family]:
            add(family, colours[family], "by_family", family)
        for label in members:
            add(label, colours[family], "by_label", label)

    with _report_style("f1"):
        figure = Figure(figsize=(5.6, 0.6 + 0.23 * max(2, len(rows))), layout="constrained")
        axes = figure.add_subplot()
        whole = {"all labels", "all families", *evaluation.scheme.families}
        for at, (name, colour, value, interval, loose) in enumerate(rows):
            if interval is not None:
                axes.plot([interval.low, interval.high], [at, at], color=colour, linewidth=2, alpha=0.55)
            axes.plot([loose], [at], "o", markersize=5.5, markerfacecolor="none", markeredgecolor=colour)
            axes.plot([value], [at], "D" if name in whole else "o", markersize=5.5, color=colour)
        axes.set_yticks(range(len(rows)), [row[0] for row in rows])
        for tick, row in zip(axes.get_yticklabels(), rows, strict=True):
            tick.set_fontweight("bold" if row[0] in whole else "normal")
        axes.tick_params(axis="y", length=0)
        axes.set(xlim=(-0.02, 1.02), ylim=(len(rows) - 0.4, -0.6), xlabel="F1")
        axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1], ["0", "20", "40", "60", "80", "100"])
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        return _svg(figure, "f1", "Strict F1 with its interval, and partial F1, for each label and family")


def plot_reliability(reliability: Reliability) -> str:
    """Share of right spans against their mean score, bin by bin, above how many spans each bin holds."""
    from matplotlib.figure import Figure

    filled = [b for b in reliability.bins if b.mean_score is not None and b.share_correct is not None]
    with _report_style("reliability"):
        figure = Figure(figsize=(4.2, 4.6), layout="constrained")
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
        above.plot([0, 1], [0, 1], color=_MUTED, linewidth=1, linestyle=(0, (4, 3)))
        for b in filled:
            above.plot([b.mean_score] * 2, [b.mean_score, b.share_correct], color=_ACCENT, linewidth=5, alpha=0.3)
        scores, shares = [b.mean_score for b in filled], [b.share_correct for b in filled]
        above.plot(scores, shares, "o-", color=_ACCENT, linewidth=1.6, markersize=5, clip_on=False)
        above.set(xlim=(0, 1), ylim=(0, 1.02), ylabel="share correct")
        above.grid(visible=True)
        below.bar(
            [(b.low + b.high) / 2 for b in reliability.bins],
            [b.spans for b in reliability.bins],
            width=0.9 / len(reliability.bins),
            color=_ACCENT,
            alpha=0.6,
        )
        below.set(xlabel="score of the predicted span", ylabel="spans")
        below.grid(axis="y")
        return _svg(figure, "reliability", f"Reliability diagram; expected calibration error {reliability.ece:.3f}")


@contextmanager
def _report_style(name: str) -> Iterator[None]:
    """The report's style, whatever the user's own settings; those are as before afterwards."""
    from matplotlib import style

    with style.context(_STYLE | {"svg.hashsalt": name}, after_reset=True):
        yield


def _svg(figure: "Figure", name: str, description: str) -> str:
    written = io.StringIO()
    figure.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _inline(written.getvalue(), name, description)


def _inline(svg: str, name: str, description: str) -> str:
    """An SVG document as an element for a page: no prologue, metadata, fonts or ids shared with another plot."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r"font-family: [^;\"]+;? ?", "", svg)
    for stand_in, variable in _VARIABLES.items():
        svg = svg.replace(stand_in, variable)
    return svg.replace("<svg", f'<svg role="img" aria-label="{description}" class="plot {name}"', 1).strip()
