"""Parquet tables: one article a row, in the columns of the JSON contract; read only, a batch of rows at a time.

`spans`, `links` and the lists of facts are lists of structs or strings of JSON; metadata is a struct or the columns
published, outlet and url. pyarrow is imported when a table is opened, and comes with the extra `train`.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

from ..errors import InputError, MissingExtraError
from .drafts import Draft
from .jsonl import draft_from_json

__all__ = ["count_rows", "iter_rows", "parquet_drafts"]

_BATCH_ROWS = 256
_BUFFER_BYTES = 1 << 20
_TEXT_COLUMNS = ("id", "text", "metadata", "published", "outlet", "url")
_LISTS = ("spans", "links", "casualties", "places", "actors", "claims", "incidents")
_ALL_COLUMNS = (*_TEXT_COLUMNS, "characters", "characters_read", "model", *_LISTS)


def count_rows(path: Path | str) -> int:
    """How many rows a table has, by its footer alone; for the errors see `iter_rows`."""
    with _opened(path) as table:
        return int(table.metadata.num_rows)


def iter_rows(
    path: Path | str, *, annotated: bool = False, first_row: int = 0, rows: int | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each row's number from 1 and its JSON form: id, text and metadata, and with `annotated` all else.

    `path` may be a URL that pyarrow knows (`s3://…`, `gs://…`). The first `first_row` rows are passed over, by whole
    row groups where there are some, and at most `rows` are read. Memory holds a batch of rows, whatever the size of a
    row group. Raises InputError for a file that is no Parquet table with a `text` column, MissingExtraError without
    pyarrow.
    """
    with _opened(path) as table:
        names = table.schema_arrow.names
        if "text" not in names:
            raise InputError(f"{path}: expected a column text, found the columns {', '.join(names)}")
        columns = [name for name in (_ALL_COLUMNS if annotated else _TEXT_COLUMNS) if name in names]
        last = table.metadata.num_rows if rows is None else first_row + rows
        groups, number = _groups_from(table, first_row)
        for batch in table.iter_batches(batch_size=_BATCH_ROWS, row_groups=groups, columns=columns):
            unwanted = min(max(first_row - number, 0), batch.num_rows)
            number += unwanted
            for row in batch.slice(unwanted).to_pylist():
                if number >= last:
                    return
                number += 1
                yield number, _row_to_json(row)


@contextmanager
def _opened(path: Path | str) -> Iterator[Any]:
    """A table to read; whatever goes wrong with it while it is open becomes one InputError."""
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
        from pyarrow.fs import FileSystem
    except ImportError:
        raise MissingExtraError("train", f"reading {path}") from None
    try:
        source: Any = path
        if "://" in str(path):
            system, inside = FileSystem.from_uri(str(path))
            source = system.open_input_file(inside)
        # Without the buffer pyarrow reads a column of a whole row group at once.
        with parquet.ParquetFile(source, buffer_size=_BUFFER_BYTES, pre_buffer=False) as table:
            yield table
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (arrow.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path}: cannot be read as a Parquet table: {reason}") from None


def _groups_from(table: Any, first_row: int) -> tuple[list[int], int]:
    """The row groups from the one that holds a row (from 0), and how many rows stand before them."""
    before = 0
    for group in range(table.metadata.num_row_groups):
        rows = table.metadata.row_group(group).num_rows
        if before + rows > first_row:
            return list(range(group, table.metadata.num_row_groups)), before
        before += rows
    return [], before


def parquet_drafts(path: Path, *, file_id: str | None = None) -> Iterator[Draft]:
    """A draft of each row; a row without an id has `NAME/ROW`. For the errors see `iter_rows`."""
    file_id = path.name.removesuffix(".parquet") if file_id is None else file_id
    for number, row in iter_rows(path, annotated=True):
        yield draft_from_json(row, f"{path}:{number}", default_id=f"{file_id}/{number}")


def _row_to_json(row: dict[str, Any]) -> dict[str, Any]:
    """A row as the contract has it."""
    value = dict(row)
    if isinstance(value.get("id"), int):
        value["id"] = str(value["id"])
    for key in (*_LISTS, "metadata"):
        if isinstance(text := value.get(key), str):
            # What is no JSON is refused later, as a string where a list was expected.
            with suppress(ValueError, RecursionError):
                value[key] = json.loads(text)
    given = value.get("metadata")
    if given is None or isinstance(given, dict):
        flat = {key: value.pop(key, None) for key in ("published", "outlet", "url")}
        merged = {**flat, **{key: each for key, each in (given or {}).items() if each is not None}}
        value["metadata"] = {key: _as_text(each) for key, each in merged.items()}
    return value


def _as_text(value: object) -> object:
    """Dates as ISO 8601, all else as it is."""
    return value.isoformat() if isinstance(value, date) else value
