"""The gazetteer: which places bear a name.

The package's tables are read at first use, once, and indexed by the keys at the head of their lines; a line is read
when its place is asked for. The user's own places stand beside them. What a span's words may be a name of is left to
`readings`, which of the places is meant to `ranking`.
"""

import gzip
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from .countries import Country, load_countries
from .entries import Entry, entry_of_line
from .names import fold, name_key
from .place_files import read_places

__all__ = ["TABLES", "Gazetteer"]

TABLES = ("rasid.tsv.gz", "syria_admin.tsv.gz", "geonames.tsv.gz", "csc.tsv.gz")
"""The tables shipped with the package, one for each source; see data/ATTRIBUTION.md."""

_entry = lru_cache(maxsize=65_536)(entry_of_line)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places by name; made by `load`. `countries` are the countries by their code."""

    countries: Mapping[str, Country]
    _lines: Mapping[str, list[str]] = field(repr=False)
    _own: Mapping[str, list[Entry]] = field(repr=False)

    @classmethod
    def load(cls, user_places: Path | None = None) -> "Gazetteer":
        """The shipped gazetteer and the places of a user's CSV file (columns: `place_files.COLUMNS`).

        Raises EncodingError or InputError, naming file, line and column, for a file that is not as described.
        """
        countries = load_countries()
        own = [country.entry for country in countries.values()]
        if user_places is not None:
            own += read_places(user_places)
        return cls(countries=countries, _lines=_shipped(), _own=_by_key(own))

    def named(self, key: str) -> tuple[Entry, ...]:
        """Every place one of whose names has this key (`names.name_key`), the user's own first."""
        return (*self._own.get(key, ()), *map(_entry, self._lines.get(key, ())))


@cache
def _shipped() -> dict[str, list[str]]:
    """The lines of the shipped tables, without their keys, by key."""
    index: dict[str, list[str]] = {}
    data = files("rasid.infer.places") / "data"
    for table in TABLES:
        for row in gzip.decompress((data / table).read_bytes()).decode("utf-8").splitlines():
            keys, _, line = row.partition("\t")
            for key in keys.split("|"):
                if key in index:
                    index[key].append(line)
                else:
                    index[key] = [line]
    return index


def _by_key(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    index: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        for key in dict.fromkeys(name_key(fold(name)) for name in entry.names):
            index[key].append(entry)
    return dict(index)
