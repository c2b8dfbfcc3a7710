"""CSV files of places that people write and read: the user's own (`--places FILE`) and the table shipped here.

A file has a header line and the columns name, latitude, longitude, country, level, within; `aliases` may follow.
Latitude and longitude are degrees, country is ISO 3166-1 alpha-2 or empty, level one of `LEVELS`, within the name of
what the place lies in or empty; further names stand in `aliases`, parted by «|».
"""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import NoReturn

from ..errors import EncodingError, InputError
from .entries import LEVELS, Entry, Level
from .names import fold

__all__ = ["COLUMNS", "parse_places", "read_places"]

COLUMNS = ("name", "latitude", "longitude", "country", "level", "within")
"""The columns a file must have; `aliases` may be added."""

_OPTIONAL = ("aliases",)
_LEVELS: dict[str, Level] = {level: level for level in LEVELS}
_COUNTRY_LETTERS = 2


def read_places(path: Path) -> tuple[Entry, ...]:
    """The places of a user's file, ids «user:LINE».

    Raises EncodingError if it is not UTF-8 and InputError, naming line and column, for anything else.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a CSV file of places") from None
    except UnicodeDecodeError as error:
        raise EncodingError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    return tuple(parse_places(text, where=str(path), prefix="user"))


def parse_places(text: str, *, where: str, prefix: str) -> Iterator[Entry]:
    """Each place of a CSV text; its id is `prefix` and its line. Raises InputError, naming `where`, line and column."""
    rows = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        header = [column.strip() for column in next(rows, [])]
        _check_header(header, where)
        for row in rows:
            if any(cell.strip() for cell in row):
                yield _Row(row, header, where, rows.line_num).entry(prefix)
    except csv.Error as error:
        raise InputError(f"{where}:{rows.line_num}: expected CSV, found {error}") from None


def _check_header(header: list[str], where: str) -> None:
    expected = ", ".join(COLUMNS)
    for column in COLUMNS:
        if column not in header:
            found = ", ".join(header) or "nothing"
            raise InputError(f"{where}:1: expected the columns {expected}; {column} is missing, found {found}")
    for column in header:
        if column not in (*COLUMNS, *_OPTIONAL) or header.count(column) > 1:
            raise InputError(f"{where}:1: expected the columns {expected} and, if wanted, aliases, found {column!r}")


class _Row:
    """The cells of one line, each checked as it is asked for."""

    def __init__(self, cells: list[str], header: list[str], where: str, line: int) -> None:
        self.where, self.line = where, line
        if len(cells) != len(header):
            raise InputError(f"{where}:{line}: expected {len(header)} cells, found {len(cells)}")
        self.cells = {column: cell.strip() for column, cell in zip(header, cells, strict=True)}

    def entry(self, prefix: str) -> Entry:
        aliases = [alias.strip() for alias in self.cells.get("aliases", "").split("|")]
        return Entry(
            id=f"{prefix}:{self.line}",
            names=(self._name(), *(alias for alias in aliases if fold(alias))),
            level=self._level(),
            latitude=self._degrees("latitude", 90),
            longitude=self._degrees("longitude", 180),
            country=self._country(),
            admin1=self.cells["within"] or None,
        )

    def _name(self) -> str:
        return self.cells["name"] if fold(self.cells["name"]) else self._refuse("name", "a name")

    def _degrees(self, column: str, limit: int) -> float:
        try:
            degrees = float(self.cells[column])
        except ValueError:
            degrees = float("nan")
        if not -limit <= degrees <= limit:
            self._refuse(column, f"degrees between -{limit} and {limit}")
        return degrees

    def _level(self) -> Level:
        level = _LEVELS.get(self.cells["level"])
        return level or self._refuse("level", f"one of {', '.join(LEVELS)}")

    def _country(self) -> str | None:
        country = self.cells["country"]
        if country and not (len(country) == _COUNTRY_LETTERS and country.isascii() and country.isupper()):
            self._refuse("country", "two capital letters (ISO 3166-1 alpha-2) or nothing")
        return country or None

    def _refuse(self, column: str, expected: str) -> NoReturn:
        raise InputError(f"{self.where}:{self.line}: {column}: expected {expected}, found {self.cells[column]!r}")
