"""What `rasid predict` reads: texts from files, folders, tables and standard input, one at a time.

Only text, id and metadata are taken; annotations already there are passed over. A bad file or line becomes an
`InputProblem` in its place and the rest goes on, so that the caller decides whether to stop. Memory holds one file
of text, one line of JSON or one batch of a table's rows, and the names in the folders on the way down.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..articles import Article, Metadata
from ..errors import InputError, RasidError
from .drafts import Fault, refusal
from .fields import Fields
from .folders import name_inside, walk
from .jsonl import iter_json_lines, metadata_from
from .parquet import iter_rows
from .text import decode_utf8, read_text

__all__ = ["INPUT_ENDINGS", "InputProblem", "iter_inputs"]

INPUT_ENDINGS = (".txt", ".jsonl", ".parquet")
"""The endings that are read in a folder."""


@dataclass(frozen=True, slots=True)
class InputProblem:
    """An input that could not be read: where, and the error that says why (its text names the place too)."""

    where: str
    error: RasidError

    def __str__(self) -> str:
        return str(self.error)


def iter_inputs(paths: Iterable[str | Path]) -> Iterator[Article | InputProblem]:
    """The articles of files, folders (at any depth, in order of names) and standard input (`-`), without spans.

    An id is the path relative to the folder given, or the file's name, without its ending; rows have an id of
    their own or NAME/NUMBER. A file without an ending is a text.
    """
    for path in paths:
        if str(path) == "-":
            yield from _guarded("standard input", _standard_input())
        elif Path(path).is_dir():
            yield from _guarded(str(path), _folder(Path(path)))
        else:
            yield from _guarded(str(path), _file(Path(path), Path(path).stem))


def _guarded(where: str, articles: Iterator[Article | InputProblem]) -> Iterator[Article | InputProblem]:
    """The same articles; an error ends them with a problem."""
    try:
        yield from articles
    except RasidError as error:
        yield InputProblem(where, error)


def _standard_input() -> Iterator[Article]:
    text = decode_utf8(sys.stdin.buffer.read(), "standard input").removeprefix("\ufeff")
    yield Article(text, id="stdin")


def _folder(folder: Path) -> Iterator[Article | InputProblem]:
    empty = True
    for file in walk(folder):
        if file.suffix in INPUT_ENDINGS:
            empty = False
            yield from _guarded(str(file), _file(file, name_inside(file, folder)))
    if empty:
        raise InputError(f"{folder}: expected files that end in {', '.join(INPUT_ENDINGS)}, found none")


def _file(path: Path, name: str) -> Iterator[Article | InputProblem]:
    if path.suffix in ("", ".txt"):
        yield Article(read_text(path), id=name)
    elif path.suffix == ".jsonl":
        for number, value in iter_json_lines(path):
            yield _row(value, f"{path}:{number}", f"{name}/{number}")
    elif path.suffix == ".parquet":
        for number, row in iter_rows(path):
            yield _row(row, f"{path}:{number}", f"{name}/{number}")
    else:
        raise InputError(
            f"{path}: expected a file that ends in {', '.join(INPUT_ENDINGS)}, found {path.suffix}; "
            "give a text of another ending on standard input"
        )


def _row(value: object, where: str, default_id: str) -> Article | InputProblem:
    """The article of a JSON value or a table's row; metadata stands in an object of its own or beside the text."""
    if isinstance(value, Fault):
        return InputProblem(value.where, refusal([value]))
    faults: list[Fault] = []
    fields = Fields(value, where, faults)
    if faults:
        return InputProblem(where, refusal(faults))
    text, given_id = fields.text("text"), fields.optional_text("id")
    beside, inside = metadata_from(fields), metadata_from(fields.nested("metadata"))
    if faults:
        return InputProblem(where, refusal(faults))
    return Article(
        text,
        id=default_id if given_id is None else given_id,
        metadata=Metadata(
            inside.published or beside.published, inside.outlet or beside.outlet, inside.url or beside.url
        ),
    )
