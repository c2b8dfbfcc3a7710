"""Parquet tables: one article a row, in the columns of the JSON contract; read only, a batch of rows at a time.

`spans` and `links` are lists of structs or strings of JSON; metadata is a struct or the columns published, outlet
and url. pyarrow is imported when a table is opened, and comes with the extra `train`.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from ..errors import InputError, MissingExtraError
from .drafts import Draft
from .jsonl import draft_from_json

__all__ = ["iter_rows", "parquet_drafts"]

_BATCH_ROWS = 256
_TEXT_COLUMNS = ("id", "text", "metadata", "published", "outlet", "url")
_ALL_COLUMNS = (*_TEXT_COLUMNS, "characters", "characters_read", "model", "spans", "links")


def iter_rows(path: Path, *, annotated: bool = False) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each row's number from 1 and its JSON form: id, text and metadata, and with `annotated` spans and links.

    Raises InputError for a file that is no Parquet table with a `text` column, MissingExtraError without pyarrow.
    """
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError:
        raise MissingExtraError("train", f"reading {path}") from None
    try:
        with parquet.ParquetFile(path) as table:
            names = table.schema_arrow.names
            if "text" not in names:
                raise InputError(f"{path}: expected a column text, found the columns {', '.join(names)}")
            columns = [name for name in (_ALL_COLUMNS if annotated else _TEXT_COLUMNS) if name in names]
            number = 0
            for batch in table.iter_batches(batch_size=_BATCH_ROWS, columns=columns):
                for row in batch.to_pylist():
                    number += 1
                    yield number, _row_to_json(row)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (arrow.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path}: cannot be read as a Parquet table: {reason}") from None


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
    for key in ("spans", "links", "metadata"):
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
