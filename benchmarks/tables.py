"""How a benchmark tells its result: a Markdown table to paste into docs/performance.md, and JSON beside it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from .machine import Machine, busy_cores
from .timing import Spread

__all__ = ["markdown_table", "number", "report", "spread"]


def markdown_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose first column is text and whose others are figures."""
    lines = [_row(headers), _row(["---", *["---:"] * (len(headers) - 1)]), *(_row(row) for row in rows)]
    return "\n".join(lines)


def number(value: float) -> str:
    """A figure with three significant digits and thousands set apart."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.3g}"


def spread(value: Spread | None) -> str:
    """Median and range: `1.52 (1.49-1.57)`; empty for None."""
    if value is None:
        return ""
    return f"{number(value.median)} ({number(value.low)}-{number(value.high)})"


def report(
    name: str, machine: Machine, settings: Mapping[str, Any], rows: object, texts: Sequence[str], out: Path | None
) -> None:
    """Print the machine and the tables, and write `NAME.json` and `NAME.md` into a folder if one is given.

    `settings` say how it was measured and `rows` are the figures in full; `texts` are what a person reads.
    """
    machine = replace(machine, busy_after=busy_cores())
    markdown = "\n\n".join([machine.to_markdown(), *texts]) + "\n"
    print(markdown)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        value = {"benchmark": name, "machine": machine.to_json(), "settings": dict(settings), "rows": rows}
        (out / f"{name}.json").write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")
        (out / f"{name}.md").write_text(markdown, "utf-8")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
