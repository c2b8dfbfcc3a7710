"""Cells of the tables: Arabic kept apart from what stands beside it, and numbers of people as bounds."""

from rich.text import Text

from ..articles import Article
from ..facts import Bounds

__all__ = ["bounds_text", "heading", "isolated"]

_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


def isolated(text: str) -> str:
    """Text between first-strong isolates, its own line breaks as spaces: bidirectional terminals keep it whole."""
    return f"{_ISOLATE}{' '.join(text.split())}{_END_ISOLATE}"


def bounds_text(bounds: Bounds) -> str:
    """`14`, `10-15`, `22+` (or more), `≤9` (at most), `?` (a number that is not told)."""
    low, high = bounds.low, bounds.high
    if low is None:
        return "?" if high is None else f"≤{high:,}"
    if high is None:
        return f"{low:,}+"
    return f"{low:,}" if low == high else f"{low:,}-{high:,}"


def heading(article: Article, found: str) -> Text:
    """The line above an article's table: its name, length and what was found; says so if it was not read whole."""
    line = Text(isolated(article.id or "article"), style="bold")
    line.append(f"  {article.characters:,} characters, {found}", style="not bold dim")
    if article.characters_read is not None and article.characters_read != article.characters:
        line.append(f"  only {article.characters_read:,} characters read", style="bold red")
    return line
