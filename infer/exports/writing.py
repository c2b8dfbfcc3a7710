"""Write rows to CSV or Parquet as they come, in constant memory; a file appears only when it is whole.

pyarrow is imported when a Parquet file is written, and comes with the extra `train`. What rows hold is not known here.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

from ..errors import InputError, MissingExtraError
from .columns import Cell, Column, ColumnKind, Row

__all__ = ["LIST_SEPARATOR", "read_list", "safe_cell", "unsafe_cell", "write_csv", "write_parquet"]

LIST_SEPARATOR = " | "
"""What stands between the items of a list in one CSV cell; a bar or backslash inside an item has a backslash before."""

_BATCH_ROWS = 1024
# Spreadsheets take a cell that begins so for a formula; the full-width signs are read as the plain ones.
_FORMULA = re.compile(r"'*\s*[=+\-@＝＋－＠\t\r\n]")


def write_csv(rows: Iterable[Row], columns: Sequence[Column], path: Path, *, mark: bool = False) -> None:
    """Write rows as CSV (RFC 4180, UTF-8), lists in one cell, text that could be a formula made safe.

    `mark` puts a byte order mark first, which Excel needs to see that the file is UTF-8. Raises InputError if the
    file cannot be written.
    """
    names = [column.name for column in columns]
    encoding = "utf-8-sig" if mark else "utf-8"
    with _whole(path) as part, part.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([_csv_cell(row[name]) for name in names] for row in rows)


def write_parquet(rows: Iterable[Row], columns: Sequence[Column], path: Path) -> None:
    """Write rows as Parquet with typed columns, lists as lists.

    Raises MissingExtraError without pyarrow and InputError if the file cannot be written.
    """
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError:
        raise MissingExtraError("train", f"writing {path}") from None
    types: dict[ColumnKind, Any] = {
        ColumnKind.TEXT: arrow.string(),
        ColumnKind.INTEGER: arrow.int64(),
        ColumnKind.NUMBER: arrow.float64(),
        ColumnKind.TEXTS: arrow.list_(arrow.string()),
        ColumnKind.INTEGERS: arrow.list_(arrow.int64()),
        ColumnKind.NUMBERS: arrow.list_(arrow.float64()),
    }
    schema = arrow.schema([(column.name, types[column.kind]) for column in columns])
    with _whole(path) as part, parquet.ParquetWriter(part, schema) as writer:
        for batch in _batches(rows):
            try:
                table = arrow.Table.from_pylist(batch, schema=schema)
            except (arrow.ArrowException, OverflowError) as error:
                raise InputError(f"{path}: a value does not fit its column: {error}") from None
            writer.write_table(table)


def safe_cell(text: str) -> str:
    """A text no spreadsheet takes for a formula: an apostrophe goes before one that begins with = + - @ or a tab."""
    return f"'{text}" if _FORMULA.match(text) else text


def unsafe_cell(text: str) -> str:
    """The text that `safe_cell` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def read_list(cell: str) -> list[str]:
    """The items of a list in one CSV cell, once `unsafe_cell` has read it."""
    if not cell:
        return []
    # Every bar inside an item has a backslash before it, so a bar between blanks is a separator.
    return [re.sub(r"\\([\\|])", r"\1", item) for item in cell.split(LIST_SEPARATOR)]


def _csv_cell(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, list):
        items = ["" if item is None else str(item) for item in cell]
        return safe_cell(LIST_SEPARATOR.join(re.sub(r"([\\|])", r"\\\1", item) for item in items))
    return safe_cell(cell) if isinstance(cell, str) else cell


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    source = iter(rows)
    while batch := list(islice(source, _BATCH_ROWS)):
        yield batch


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A path beside the file, which takes its place when all is written and goes when it could not be."""
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
