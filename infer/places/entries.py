"""One place of the gazetteer, and the line of a table that holds it.

A table is tab-separated, one place a line, its keys (`names.name_key` of each of its names) first, so that a reader
can index it without reading the rest of a line. Which lines there are is left to the tables, which is meant to
`ranking`.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import Literal, get_args

__all__ = ["LEVELS", "Entry", "Level", "distance_km", "entry_of_line", "line_of_entry"]

Level = Literal["country", "region", "town", "district", "site", "natural"]
LEVELS: tuple[Level, ...] = get_args(Level)
_LETTERS: dict[str, Level] = {level[0]: level for level in LEVELS}
_EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A place: its names (the usual one first), degrees (WGS 84), ISO 3166-1 alpha-2 country and what it lies in.

    `country` is None for what belongs to no single one (a sea, a continent). `admin1` and `admin2` are names, None
    where the table does not say; `population` is 0 where unknown.
    """

    id: str
    names: tuple[str, ...]
    level: Level
    latitude: float
    longitude: float
    country: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    population: int = 0


def entry_of_line(line: str) -> Entry:
    """The place a table's line holds, without its keys."""
    names, identity, level, latitude, longitude, country, admin1, admin2, population = line.split("\t")
    return Entry(
        id=identity,
        names=tuple(names.split("|")),
        level=_LETTERS[level],
        latitude=float(latitude),
        longitude=float(longitude),
        country=country or None,
        admin1=admin1 or None,
        admin2=admin2 or None,
        population=int(population or 0),
    )


def line_of_entry(entry: Entry) -> str:
    """The inverse of `entry_of_line`."""
    return "\t".join(
        (
            "|".join(entry.names),
            entry.id,
            entry.level[0],
            f"{entry.latitude:.4f}",
            f"{entry.longitude:.4f}",
            entry.country or "",
            entry.admin1 or "",
            entry.admin2 or "",
            str(entry.population or ""),
        )
    )


@lru_cache(maxsize=65_536)
def distance_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Great-circle distance of two points given as (latitude, longitude) in degrees (haversine)."""
    latitude, longitude = radians(here[0]), radians(here[1])
    latitude2, longitude2 = radians(there[0]), radians(there[1])
    chord = (
        sin((latitude2 - latitude) / 2) ** 2 + cos(latitude) * cos(latitude2) * sin((longitude2 - longitude) / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))
