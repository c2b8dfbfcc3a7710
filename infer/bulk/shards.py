"""A folder of Parquet shards, on a disk or at a URL: a shard is there whole or not at all.

    run.json                     the record of the run
    part-0000000.parquet         the articles of one block of the input, in order
    failed/part-0000000.parquet  what of the block could not be read or predicted; only where there is any
    unfinished/                  files being written, or left by those that were killed

A shard is named by its block, so a block that is done again writes over itself. What a block is, and which are to be
done, is left to the engines.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from ..errors import InputError, MissingExtraError, RunError
from .outcomes import Outcome
from .record import RunRecord
from .shard_rows import ShardInfo, read_info, write_failures, write_rows
from .shard_schema import SCHEMA_VERSION

__all__ = ["ShardFolder"]

_RECORD = "run.json"
_FAILED = "failed"
_UNFINISHED = "unfinished"


class ShardFolder:
    """The output folder of a run.

    `out` is a path or a URL that pyarrow knows (`s3://…`, `gs://…`); `extra` is what to install for it. Raises
    MissingExtraError without pyarrow, InputError for a URL that cannot be.
    """

    def __init__(self, out: str, *, extra: str = "train") -> None:
        try:
            from pyarrow import ArrowException
            from pyarrow.fs import FileSystem, LocalFileSystem
        except ImportError:
            raise MissingExtraError(extra, f"writing Parquet to {out}") from None
        self.out = out
        self._errors = (ArrowException, OSError)
        if "://" not in out:
            self._system, self._root = LocalFileSystem(), str(Path(out).absolute())
            return
        try:
            self._system, self._root = FileSystem.from_uri(out)
        except self._errors as error:
            raise InputError(f"{out}: cannot be opened: {_line(error)}") from None

    def begin(self, record: RunRecord, *, resume: bool) -> dict[int, ShardInfo]:
        """Make the folder of a new run, or check that it is this run that lies there; its whole shards by number.

        Raises RunError for a folder that holds a run and is not to go on, or is to go on with another; InputError for
        one that cannot be written.
        """
        before = self._read_record()
        try:
            if before is not None and resume:
                before.refuse_others(record, self.out)
                self._remove_unfinished()
                return {number: info for number in self._shard_numbers() if (info := self.info(number))}
            if before is not None:
                raise RunError(f"{self.out}: holds a run already; --resume goes on with it, or give another --out")
            if self._shard_numbers():
                raise RunError(f"{self.out}: holds shards but no {_RECORD} that says of what; give another --out")
            for name in (_FAILED, _UNFINISHED):
                self._system.create_dir(f"{self._root}/{name}", recursive=True)
        except self._errors as error:
            raise InputError(f"{self.out}: cannot be written: {_line(error)}") from None
        self.write_record(record)
        return {}

    def write_record(self, record: RunRecord) -> None:
        """Write run.json."""
        self._write(_RECORD, lambda stream: stream.write(record.to_json()))

    def write_shard(self, number: int, first_item: int, outcomes: Iterable[Outcome], record: RunRecord) -> ShardInfo:
        """Write one block's articles and failures as they come; the shard appears when all is written.

        An article whose values do not fit the columns becomes a failure. Raises InputError if it cannot be written.
        """
        found: list[ShardInfo] = []

        def fill(stream: IO[bytes]) -> None:
            info, failures = write_rows(
                stream, number, first_item, outcomes, with_text=record.options["text"], lineage=_lineage(record)
            )
            found.append(info)
            # First the side table, so that a shard that is there says all of its block.
            if failures:
                self._write(f"{_FAILED}/{_name(number)}", lambda side: write_failures(side, failures))

        self._write(_name(number), fill)
        return found[0]

    def info(self, number: int) -> ShardInfo | None:
        """What a shard's footer says, None where it is not there or not whole."""
        try:
            with self._system.open_input_file(f"{self._root}/{_name(number)}") as file:
                found = read_info(file)
        except self._errors:
            return None
        return found if found is not None and found.number == number else None

    def attempts(self, number: int) -> int:
        """How many have begun to write a shard and not ended, in this sitting; a URL may not tell."""
        return sum(file.base_name.startswith(_name(number)) for file in self._listing(f"/{_UNFINISHED}"))

    def ends(self, numbers: Iterable[int]) -> dict[int, str]:
        """Of the failures of some shards those that ended a file of the input: the item's number and the place."""
        import pyarrow.parquet as parquet

        found: dict[int, str] = {}
        for number in numbers:
            with self._system.open_input_file(f"{self._root}/{_FAILED}/{_name(number)}") as file:
                for row in parquet.read_table(file, columns=["item", "where", "ends_source"]).to_pylist():
                    if row["ends_source"]:
                        found[row["item"]] = row["where"]
        return found

    def _shard_numbers(self) -> list[int]:
        names = (file.base_name for file in self._listing(""))
        numbers = (name.removeprefix("part-").removesuffix(".parquet") for name in names if name.endswith(".parquet"))
        return sorted(int(number) for number in numbers if number.isdecimal())

    def _remove_unfinished(self) -> None:
        for file in self._listing(f"/{_UNFINISHED}"):
            self._system.delete_file(file.path)

    def _listing(self, folder: str) -> list[Any]:
        from pyarrow.fs import FileSelector

        found: list[Any] = self._system.get_file_info(FileSelector(f"{self._root}{folder}", allow_not_found=True))
        return found

    def _read_record(self) -> RunRecord | None:
        try:
            with self._system.open_input_file(f"{self._root}/{_RECORD}") as file:
                data: bytes = file.read()
        except FileNotFoundError:
            return None
        except self._errors as error:
            raise InputError(f"{self.out}: cannot be read: {_line(error)}") from None
        return RunRecord.from_json(data, f"{self.out}/{_RECORD}")

    def _write(self, name: str, fill: Callable[[IO[bytes]], object]) -> None:
        """Write a file beside its place and move it there when it is whole."""
        # Two workers may write one block when the first only seemed to be lost; each has a file of its own.
        part = f"{self._root}/{_UNFINISHED}/{name.replace('/', '-')}.{uuid4().hex}"
        try:
            with self._system.open_output_stream(part) as stream:
                fill(stream)
            self._system.move(part, f"{self._root}/{name}")
        except self._errors as error:
            raise InputError(f"{self.out}/{name}: cannot be written: {_line(error)}") from None


def _name(number: int) -> str:
    return f"part-{number:07d}.parquet"


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _lineage(record: RunRecord) -> dict[str, str]:
    """What the footer of every shard says of where it comes from."""
    return {
        "rasid.schema": str(SCHEMA_VERSION),
        "rasid.version": record.rasid,
        "rasid.model": f"{record.model['name']} {record.model['version']}",
        "rasid.model_fingerprint": record.model["fingerprint"],
        "rasid.options": json.dumps(record.options, ensure_ascii=False),
    }
