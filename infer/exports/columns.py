"""Columns of an export: a name and what its cells hold. Files are not known here."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Cell", "Column", "ColumnKind", "Row", "columns"]

Cell = str | int | float | list[str] | list[int] | list[int | None] | list[float | None] | None
"""What a row holds in one column; None and the empty list are an empty cell."""
Row = dict[str, Cell]
"""A row: every column of its format by name, in order."""


class ColumnKind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    TEXTS = "texts"
    INTEGERS = "integers"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a format."""

    name: str
    kind: ColumnKind = ColumnKind.TEXT


def columns(**names_by_kind: str) -> tuple[Column, ...]:
    """Columns from names in one string for each kind; the kind may carry a number (`text2`) to come twice."""
    made: list[Column] = []
    for kind, names in names_by_kind.items():
        made += [Column(name, ColumnKind(kind.rstrip("0123456789"))) for name in names.split()]
    return tuple(made)
