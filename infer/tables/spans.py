"""An article's spans as a table for a person.

Mentions of one label and wording share a row; every mention keeps its offsets.
"""

from collections import defaultdict
from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..articles import Article, Span
from ..normalise import normal_form
from .cells import heading, isolated

__all__ = ["spans_table"]

_COLOURS = ("cyan", "green", "red", "magenta", "yellow", "blue")


def spans_table(article: Article) -> RenderableType:
    """A heading and one table: family, label, text, highest score, and the offsets of every mention."""
    head = heading(article, f"{len(article.spans)} spans")
    if not article.spans:
        return Group(head, Text("nothing found", style="dim"))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
    for name, right in (("family", False), ("label", False), ("text", False), ("score", True), ("characters", False)):
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    for number, family in enumerate(article.scheme.families):
        rows = _rows(span for span in article.spans if span.family == family)
        style = _COLOURS[number % len(_COLOURS)]
        for place, ((label, _), spans) in enumerate(rows.items()):
            scores = [span.score for span in spans if span.score is not None]
            table.add_row(
                Text(family if place == 0 else "", style=f"bold {style}"),
                Text(label, style=style),
                Text(isolated(spans[0].text)),
                f"{max(scores):.2f}" if scores else "",
                Text(", ".join(f"{span.start_char}-{span.end_char}" for span in spans), style="dim"),
                end_section=place == len(rows) - 1,
            )
    return Group(head, table)


def _rows(spans: Iterable[Span]) -> dict[tuple[str, str], list[Span]]:
    """Spans of one label and wording together, by label in order of first mention."""
    rows: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for span in spans:
        rows[span.label, " ".join(normal_form(word) for word in span.text.split())].append(span)
    first: dict[str, int] = {}
    for label, _ in rows:
        first.setdefault(label, len(first))
    return dict(sorted(rows.items(), key=lambda row: first[row[0][0]]))
