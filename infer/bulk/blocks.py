"""The input of a bulk run: Parquet tables cut into blocks of rows, known by their footers alone.

What becomes of a block is left to the engines.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..articles import Article
from ..errors import InputError
from ..formats.folders import walk
from ..formats.inputs import InputProblem, row_article
from ..formats.parquet import count_rows, iter_rows
from .survey import InputFile

__all__ = ["Block", "Table", "cut", "list_tables", "read_block"]

_READERS = 16
_ENDING = ".parquet"


@dataclass(frozen=True, slots=True)
class Table:
    """A Parquet file; `path` may be a URL, `name` is its path inside the input given, without its ending."""

    path: str
    name: str
    file: InputFile


@dataclass(frozen=True, slots=True)
class Block:
    """`rows` rows of a table from `first_row`, the `number`th block of a run; `first_item` counts over all tables."""

    number: int
    path: str
    name: str
    first_item: int
    first_row: int
    rows: int


def list_tables(source: str) -> list[Table]:
    """The Parquet files of a folder at any depth, in order of their names, or the one file; URLs too.

    Raises InputError for an input that is not there or holds none.
    """
    tables = _tables_at_url(source) if "://" in source else _local_tables(Path(source))
    if not tables:
        raise InputError(
            f"{source}: expected a Parquet file or a folder of them, found none; "
            "rasid predict --format parquet reads other files"
        )
    return tables


def cut(tables: Sequence[Table], block_rows: int) -> Iterator[Block]:
    """All tables in blocks of at most so many rows; one whose footer cannot be read is a block of one row."""
    number = item = 0
    with ThreadPoolExecutor(_READERS) as readers:
        for table, rows in zip(tables, readers.map(_rows, tables), strict=True):
            for first in range(0, rows, block_rows):
                taken = min(block_rows, rows - first)
                yield Block(number, table.path, table.name, item, first, taken)
                number, item = number + 1, item + taken


def read_block(block: Block) -> list[Article | InputProblem]:
    """The articles and problems of a block; a problem that ends the table stands for all rows after it."""
    found: list[Article | InputProblem] = []
    try:
        for number, row in iter_rows(block.path, first_row=block.first_row, rows=block.rows):
            found.append(row_article(row, f"{block.path}:{number}", f"{block.name}/{number}"))
    except InputError as error:
        found.append(InputProblem(block.path, error, ends_source=True))
    return found


def _rows(table: Table) -> int:
    try:
        return count_rows(table.path)
    except InputError:
        return 1


def _local_tables(path: Path) -> list[Table]:
    if not path.is_dir():
        return [_local_table(path, path.name)] if path.suffix == _ENDING and path.exists() else []
    # Workers may have another working folder.
    root = path.absolute()
    return [_local_table(file, file.relative_to(root).as_posix()) for file in walk(root) if file.suffix == _ENDING]


def _local_table(path: Path, name: str) -> Table:
    found = path.stat()
    return Table(str(path.absolute()), name.removesuffix(_ENDING), InputFile(name, found.st_size, found.st_mtime_ns))


def _tables_at_url(url: str) -> list[Table]:
    from pyarrow import ArrowException
    from pyarrow.fs import FileSelector, FileSystem, FileType

    try:
        system, root = FileSystem.from_uri(url)
        found = system.get_file_info(root)
        files = (
            system.get_file_info(FileSelector(root, recursive=True)) if found.type == FileType.Directory else [found]
        )
    except (ArrowException, OSError) as error:
        raise InputError(f"{url}: cannot be opened: {str(error).splitlines()[0]}") from None
    tables = [
        _table_at_url(url, root, file) for file in files if file.type == FileType.File and file.extension == "parquet"
    ]
    return sorted(tables, key=lambda table: table.name)


def _table_at_url(url: str, root: str, file: Any) -> Table:
    inside = file.path.removeprefix(root).strip("/")
    path = f"{url.rstrip('/')}/{inside}" if inside else url
    name = inside or file.base_name
    return Table(path, name.removesuffix(_ENDING), InputFile(name, file.size, file.mtime_ns or 0))
