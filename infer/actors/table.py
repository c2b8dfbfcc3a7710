"""The table of conflict actors: read, checked and indexed by every way to write an alias.

The table is `data/actors.csv`, one actor a line, written by hand; `docs/actors.md` tells what its columns mean. Which
alias a mention bears is found here and in `matching`; whom a short form means in an article is left to `context`.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from ..errors import InputError
from .folding import fold, fold_word, joined, readings

__all__ = ["ACTOR_TYPES", "COLUMNS", "ActorEntry", "ActorTable", "Alias"]

COLUMNS = ("name", "english", "aliases", "type", "side", "country")
"""The columns of the table, in any order; name and type must be filled."""

ACTOR_TYPES = ("STATE", "ARMED", "INTL", "SOURCE", "PARTY", "PERSON")
"""What an actor of the table may be: the span labels of the ACTOR family but CIVILIAN, which has no names."""

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class ActorEntry:
    """One actor: its name, the names it also has, and those that mean it only where the article bears it out.

    `type` is a span label, `side` the bloc it stands with, `countries` are ISO 3166-1 alpha-2 codes: its home first,
    then where else it acts.
    """

    name: str
    english: str
    aliases: tuple[str, ...]
    short_forms: tuple[str, ...]
    type: str
    side: str | None = None
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alias:
    """The actors that a run of words may stand for; `short` ones need the article to bear them out."""

    words: int
    entries: tuple[ActorEntry, ...]
    short: tuple[ActorEntry, ...]


class ActorTable:
    """Actors by alias. Made by `load`; nothing is read before that."""

    def __init__(self, entries: Iterable[ActorEntry], place_countries: Mapping[tuple[str, ...], str]) -> None:
        self.entries = tuple(entries)
        self.place_countries = place_countries
        full: defaultdict[tuple[str, ...], list[ActorEntry]] = defaultdict(list)
        short: defaultdict[tuple[str, ...], list[ActorEntry]] = defaultdict(list)
        self._glued: dict[str, ActorEntry] | None = None
        self._heads: dict[str, set[str]] = {}
        self._states: dict[str, ActorEntry] = {}
        for entry in self.entries:
            names = (entry.name, *entry.aliases)
            for key in dict.fromkeys(map(fold, names)):
                full[key].append(entry)
            for key in dict.fromkeys(map(fold, entry.short_forms)):
                short[key].append(entry)
            self._heads[entry.name] = {fold(name)[0] for name in names}
            if entry.type == "STATE" and entry.countries:
                self._states.setdefault(entry.countries[0], entry)
        self._full = {key: tuple(found) for key, found in full.items()}
        self._short = {key: tuple(found) for key, found in short.items()}
        self._longest = max((len(key) for key in (*self._full, *self._short)), default=0)
        self._by_name = {entry.name: entry for entry in self.entries}

    @classmethod
    def load(cls, user_actors: Path | None = None) -> "ActorTable":
        """The shipped table, with the rows of a user's file before it: a row whose name is there replaces that actor.

        The shipped table is read once and kept. Raises InputError for a file that is not such a table, with its line,
        column, what was expected and what was found.
        """
        if user_actors is None:
            return _shipped()
        user = _read_actors(user_actors)
        names = {fold(entry.name) for entry in user}
        # An alias the user gives to one actor is no longer a name of any other.
        taken = {fold(alias) for entry in user for alias in (entry.name, *entry.aliases)}
        shipped = (_without(entry, taken) for entry in _shipped().entries if fold(entry.name) not in names)
        return cls((*user, *shipped), _shipped().place_countries)

    def entry(self, name: str) -> ActorEntry | None:
        """The actor of this very name."""
        return self._by_name.get(name)

    def state_of(self, country: str) -> ActorEntry | None:
        """The government of a country (ISO 3166-1 alpha-2), the first of the table where there are several."""
        return self._states.get(country)

    def called(self, entry: ActorEntry, head: str) -> bool:
        """Whether a name of the actor begins with this folded noun («حركة حماس» with «الحركة»)."""
        return head in self._heads[entry.name]

    def glued(self, text: str) -> ActorEntry | None:
        """The actor whose name this is when spaces are ignored."""
        if self._glued is None:  # made when first asked for: few articles have such names
            self._glued = {}
            for entry in self.entries:
                for name in (entry.name, *entry.aliases):
                    if len(name) > 4 and entry.type != "PERSON":
                        self._glued.setdefault(joined(name), entry)
        return self._glued.get(joined(text))

    def alias_at(self, words: tuple[str, ...], at: int) -> Alias | None:
        """The longest alias that begins at a word (letters as they stand), read with or without its particles."""
        rest = [fold_word(word) for word in words[at + 1 : at + self._longest]]
        for length in range(len(rest) + 1, 0, -1):
            for reading in readings(words[at]):
                key = (fold_word(reading), *rest[: length - 1])
                if key in self._full or key in self._short:
                    return Alias(length, self._full.get(key, ()), self._short.get(key, ()))
        return None


@lru_cache(maxsize=1)
def _shipped() -> ActorTable:
    countries: dict[tuple[str, ...], str] = {}
    for row in _rows(_DATA / "countries.csv", ("country", "names"))[1]:
        for name in row["names"].split("|"):
            countries.setdefault(fold(name), row["country"])
    return ActorTable(_read_actors(_DATA / "actors.csv"), MappingProxyType(countries))


def _read_actors(path: Path) -> list[ActorEntry]:
    lines, rows = _rows(path, COLUMNS)
    entries: dict[tuple[str, ...], int] = {}
    found = []
    for line, row in zip(lines, rows, strict=True):
        entry = _entry(path, line, row)
        key = fold(entry.name)
        if key in entries:
            raise InputError(
                f"{path}:{line}: column name: expected a name that is not in the table yet, found {entry.name!r} "
                f"again (line {entries[key]}); put all its aliases in one row"
            )
        entries[key] = line
        found.append(entry)
    return found


def _entry(path: Path, line: int, row: dict[str, str]) -> ActorEntry:
    def refuse(column: str, expected: str) -> InputError:
        return InputError(f"{path}:{line}: column {column}: expected {expected}, found {row[column]!r}")

    if not fold(row["name"]):
        raise refuse("name", "the actor's name")
    if row["type"] not in ACTOR_TYPES:
        raise refuse("type", f"one of {', '.join(ACTOR_TYPES)}")
    countries = tuple(row["country"].split())
    if not all(len(code) == 2 and code.isascii() and code.isupper() for code in countries):
        raise refuse("country", "two-letter country codes with spaces between them (SY IQ)")
    aliases = [alias.strip() for alias in row["aliases"].split("|")] if row["aliases"] else []
    if not all(map(fold, aliases)):
        raise refuse("aliases", "names with | between them, none of them empty")
    return ActorEntry(
        name=row["name"],
        english=row["english"],
        aliases=tuple(alias for alias in aliases if not alias.endswith("?")),
        short_forms=tuple(alias[:-1].rstrip() for alias in aliases if alias.endswith("?")),
        type=row["type"],
        side=row["side"] or None,
        countries=countries,
    )


def _without(entry: ActorEntry, taken: set[tuple[str, ...]]) -> ActorEntry:
    kept = tuple(alias for alias in entry.aliases if fold(alias) not in taken)
    return entry if len(kept) == len(entry.aliases) else replace(entry, aliases=kept)


def _rows(path: Path, columns: tuple[str, ...]) -> tuple[list[int], list[dict[str, str]]]:
    """The lines and rows of a CSV file that has these columns."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); expected a table of actors as CSV") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: expected UTF-8, found a byte it cannot have at {error.start}") from None
    reader = csv.reader(text.splitlines())
    header = [name.strip() for name in next(reader, [])]
    if sorted(header) != sorted(columns):
        raise InputError(f"{path}:1: expected the columns {', '.join(columns)}, found {', '.join(header) or 'nothing'}")
    lines, rows = [], []
    for cells in reader:
        if not cells:
            continue
        if len(cells) != len(header):
            raise InputError(
                f"{path}:{reader.line_num}: expected {len(header)} columns ({', '.join(header)}), found {len(cells)}; "
                "quote a cell that holds a comma"
            )
        lines.append(reader.line_num)
        rows.append({name: cell.strip() for name, cell in zip(header, cells, strict=True)})
    return lines, rows
