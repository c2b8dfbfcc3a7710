"""An article's spans as a table for a person, safe for right-to-left text in a terminal.

Arabic stands between Unicode isolates, so that a terminal with bidirectional text keeps it apart from the numbers
beside it. Mentions of one label and wording share a row; every mention keeps its offsets.
"""

from collections import defaultdict
from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from .articles import Article, Span
from .normalise import normal_form

__all__ = ["article_table"]

_COLOURS = ("cyan", "green", "red", "magenta", "yellow", "blue")
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


def article_table(article: Article) -> RenderableType:
    """A heading and one table: family, label, text, highest score, and the offsets of every mention."""
    heading = Text(isolated(article.id or "article"), style="bold")
    heading.append(f"  {article.characters:,} characters, {len(article.spans)} spans", style="not bold dim")
    if article.characters_read is not None and article.characters_read != article.characters:
        heading.append(f"  only {article.characters_read:,} characters read", style="bold red")
    if not article.spans:
        return Group(heading, Text("nothing found", style="dim"))
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
    return Group(heading, table)


def isolated(text: str) -> str:
    """Text between first-strong isolates, its own line breaks as spaces."""
    return f"{_ISOLATE}{' '.join(text.split())}{_END_ISOLATE}"


def _rows(spans: Iterable[Span]) -> dict[tuple[str, str], list[Span]]:
    """Spans of one label and wording together, by label in order of first mention."""
    rows: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for span in spans:
        rows[span.label, " ".join(normal_form(word) for word in span.text.split())].append(span)
    first: dict[str, int] = {}
    for label, _ in rows:
        first.setdefault(label, len(first))
    return dict(sorted(rows.items(), key=lambda row: first[row[0][0]]))
