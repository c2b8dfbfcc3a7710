"""A JSON Lines output that a killed run can be taken up in, and what is kept beside it.

    FILE               an article a line, in order
    FILE.run.json      the record of the run
    FILE.failed.jsonl  what could not be read, a line each, written before any line of a later article

So the number of whole lines in the two says how far the input was read, to the article. What the articles are is left
to the run.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from ..articles import Article
from ..errors import InputError, RunError
from ..formats.inputs import Skip
from ..formats.jsonl import jsonl_line
from ..formats.text import encode_utf8
from .outcomes import Failure
from .record import RunRecord

__all__ = ["LineOutput", "Resumed", "take_up"]

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Resumed:
    """How far an earlier run came: what to pass over of the input, and what became of it."""

    skip: Skip = field(default_factory=Skip)
    articles: int = 0
    failed: int = 0
    finished: bool = False


class LineOutput:
    """The open output of a run."""

    def __init__(self, path: Path, articles: IO[bytes], failures: IO[bytes], *, with_text: bool) -> None:
        self._path = path
        self._articles = articles
        self._failures = failures
        self._with_text = with_text

    @classmethod
    @contextmanager
    def opened(cls, path: Path, *, with_text: bool) -> Iterator["LineOutput"]:
        """The output, written on where it ends. Raises InputError if it cannot be written."""
        try:
            with path.open("ab") as articles, _failed(path).open("ab") as failures:
                yield cls(path, articles, failures, with_text=with_text)
            if not _failed(path).stat().st_size:
                _failed(path).unlink()
        except OSError as error:
            raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None

    def write(self, article: Article) -> None:
        """One line."""
        line = jsonl_line(article, with_text=self._with_text)
        self._articles.write(encode_utf8(line + "\n", f"{self._path}: article {article.id}"))

    def write_failure(self, failure: Failure) -> None:
        """One line, on the disk before any article after it."""
        self._failures.write((json.dumps(asdict(failure), ensure_ascii=False) + "\n").encode("utf-8", "replace"))
        self._failures.flush()


def take_up(path: Path, record: RunRecord, *, resume: bool) -> Resumed:
    """Begin a run's output anew, or find where it broke off and cut what is not whole.

    Raises RunError for an output that is unfinished and not to go on, has no record, or is another run's; InputError
    for one that cannot be read or written.
    """
    try:
        before = _read_record(path)
        if not resume:
            if before is not None and not before.finished and path.exists() and path.stat().st_size:
                raise RunError(f"{path}: holds an unfinished run; --resume goes on with it, or remove it to begin anew")
        elif before is not None:
            before.refuse_others(record, str(path))
            return _taken_up(path, finished=before.finished)
        elif path.exists():
            raise RunError(f"{path}: has no {_record(path).name} beside it that says what run it is; remove it first")
        path.parent.mkdir(parents=True, exist_ok=True)
        _failed(path).unlink(missing_ok=True)
        path.write_bytes(b"")
        write_record(path, record)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None
    return Resumed()


def write_record(path: Path, record: RunRecord) -> None:
    """Write the record beside an output."""
    part = _record(path).with_name(f"{_record(path).name}.part")
    part.write_bytes(record.to_json())
    part.replace(_record(path))


def _taken_up(path: Path, *, finished: bool) -> Resumed:
    articles = _whole_lines(path)
    item, kept_bytes = articles, 0
    ends: dict[int, str] = {}
    for line in _lines(_failed(path)):
        failure = json.loads(line)
        # A failure with no article after it is met again; so its line is cut.
        if failure["item"] >= item and not finished:
            break
        item += 1
        kept_bytes += len(line)
        if failure["ends_source"]:
            ends[failure["item"]] = failure["where"]
    with _failed(path).open("ab") as file:
        file.truncate(kept_bytes)
    return Resumed(Skip(item, ends), articles, item - articles, finished)


def _whole_lines(path: Path) -> int:
    """How many lines are whole; what comes after the last of them is cut off."""
    if not path.exists():
        path.write_bytes(b"")
    lines = whole_bytes = at = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            lines += chunk.count(b"\n")
            if (last := chunk.rfind(b"\n")) >= 0:
                whole_bytes = at + last + 1
            at += len(chunk)
    with path.open("r+b") as file:
        file.truncate(whole_bytes)
    return lines


def _lines(path: Path) -> Iterator[bytes]:
    if path.exists():
        with path.open("rb") as file:
            yield from (line for line in file if line.endswith(b"\n"))


def _read_record(path: Path) -> RunRecord | None:
    file = _record(path)
    return RunRecord.from_json(file.read_bytes(), str(file)) if file.exists() else None


def _record(path: Path) -> Path:
    return path.with_name(f"{path.name}.run.json")


def _failed(path: Path) -> Path:
    return path.with_name(f"{path.name}.failed.jsonl")
