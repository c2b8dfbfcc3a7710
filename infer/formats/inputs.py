"""What `rasid predict` reads: texts from files, folders, tables and standard input, one at a time.

Only text, id and metadata are taken; annotations already there are passed over. A bad file or line becomes an
`InputProblem` in its place and the rest goes on, so that the caller decides whether to stop. Memory holds one file
of text, one line of JSON or one batch of a table's rows, and the names in the folders on the way down.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..articles import Article, Metadata
from ..errors import InputError, RasidError
from .drafts import Fault, refusal
from .fields import Fields
from .folders import name_inside, walk
from .jsonl import iter_json_lines, metadata_from
from .parquet import count_rows, iter_rows
from .text import count_lines, decode_utf8, read_text

__all__ = ["INPUT_ENDINGS", "InputProblem", "Skip", "count_articles", "iter_inputs", "row_article"]

INPUT_ENDINGS = (".txt", ".jsonl", ".parquet")
"""The endings that are read in a folder."""


@dataclass(frozen=True, slots=True)
class InputProblem:
    """An input that could not be read: where, and the error that says why (its text names the place too).

    `ends_source` says that nothing more of the file or folder could be read.
    """

    where: str
    error: RasidError
    ends_source: bool = False

    def __str__(self) -> str:
        return str(self.error)


@dataclass(frozen=True, slots=True)
class Skip:
    """How many articles and problems to pass over, and which of those problems ended a source: number to place.

    Without the second, a table that broke off half-way would be counted as whole when it is passed over.
    """

    items: int = 0
    ends: Mapping[int, str] = field(default_factory=dict)


def iter_inputs(paths: Iterable[str | Path], skip: Skip = Skip()) -> Iterator[Article | InputProblem]:
    """The articles of files, folders (at any depth, in order of names) and standard input (`-`), without spans.

    An id is the path relative to the folder given, or the file's name, without its ending; rows have an id of
    their own or NAME/NUMBER. A file without an ending is a text. What `skip` counts is passed over as cheaply as can
    be: files are not opened for it, lines not parsed, row groups not read.
    """
    position = _Position(skip)
    for path in paths:
        if str(path) == "-":
            yield from _guarded("standard input", _standard_input(position), position)
        elif Path(path).is_dir():
            yield from _guarded(str(path), _folder(Path(path), position), position)
        else:
            yield from _guarded(str(path), _file(Path(path), Path(path).stem, position), position)


class _Position:
    """How much is still to be passed over."""

    def __init__(self, skip: Skip) -> None:
        self.left = skip.items
        self._skip = skip

    def pass_over(self, where: str, length: Callable[[], int]) -> int | None:
        """How many items of a source are passed over, None for all of them."""
        if not self.left:
            return 0
        try:
            items = length()
        except RasidError:
            items = 1  # it was a problem before, and is one again
        at = self._skip.items - self.left
        items = min(
            [items, *(number - at + 1 for number, place in self._skip.ends.items() if place == where and number >= at)]
        )
        passed = min(items, self.left)
        self.left -= passed
        return None if passed == items else passed


def _guarded(
    where: str, articles: Iterator[Article | InputProblem], position: _Position
) -> Iterator[Article | InputProblem]:
    """The same articles; an error ends them with a problem."""
    try:
        yield from articles
    except RasidError as error:
        if position.left:
            position.left -= 1
        else:
            yield InputProblem(where, error, ends_source=True)


def _standard_input(position: _Position) -> Iterator[Article]:
    if position.pass_over("standard input", lambda: 1) is not None:
        text = decode_utf8(sys.stdin.buffer.read(), "standard input").removeprefix("\ufeff")
        yield Article(text, id="stdin")


def _folder(folder: Path, position: _Position) -> Iterator[Article | InputProblem]:
    empty = True
    for file in walk(folder):
        if file.suffix in INPUT_ENDINGS:
            empty = False
            yield from _guarded(str(file), _file(file, name_inside(file, folder), position), position)
    if empty:
        raise InputError(f"{folder}: expected files that end in {', '.join(INPUT_ENDINGS)}, found none")


def _file(path: Path, name: str, position: _Position) -> Iterator[Article | InputProblem]:
    passed = position.pass_over(str(path), lambda: count_articles(path))
    if passed is None:
        return
    if path.suffix in ("", ".txt"):
        yield Article(read_text(path), id=name)
    elif path.suffix == ".jsonl":
        for number, value in iter_json_lines(path, skip=passed):
            yield row_article(value, f"{path}:{number}", f"{name}/{number}")
    elif path.suffix == ".parquet":
        for number, row in iter_rows(path, first_row=passed):
            yield row_article(row, f"{path}:{number}", f"{name}/{number}")
    else:
        raise InputError(
            f"{path}: expected a file that ends in {', '.join(INPUT_ENDINGS)}, found {path.suffix}; "
            "give a text of another ending on standard input"
        )


def count_articles(path: Path) -> int:
    """How many articles and problems a file holds, without reading them; InputError for one that cannot be opened."""
    if path.suffix == ".jsonl":
        return count_lines(path)
    return count_rows(path) if path.suffix == ".parquet" else 1


def row_article(value: object, where: str, default_id: str) -> Article | InputProblem:
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
