"""Measures the resolved places of annotated articles against places checked by hand.

    python -m rasid.train.gazetteer.check tests/data/places_dev_checked.tsv ANNOTATED_FOLDER

The list has the columns article, span, text, label, country («-» for a sea), latitude, longitude, level; its truths
were decided from the articles alone, before anything was resolved. Spans and `within` links are the gold ones.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ...infer.errors import InputError
from ...infer.facts import Place
from ...infer.formats.brat import read_brat
from ...infer.places.entries import distance_km
from ...infer.places.gazetteer import Gazetteer
from ...infer.places.resolving import resolve_places

__all__ = ["CheckedPlace", "PlaceFigures", "compare", "read_checked", "resolve_articles"]

SETTLED = frozenset({"town", "district", "site"})
"""The levels counted as «towns and smaller»."""

NEAR_KM = 25.0


@dataclass(frozen=True, slots=True)
class CheckedPlace:
    """A location span and the place it truly means; `country` is None for what belongs to no country."""

    article: str
    span: str
    text: str
    country: str | None
    latitude: float
    longitude: float
    level: str


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """How many were right, of how many; `wrong` has a line for each that was not."""

    right_country: int
    checked: int
    near: int
    settled: int
    wrong: tuple[str, ...]


def read_checked(path: Path) -> tuple[CheckedPlace, ...]:
    """The checked places of a list; raises InputError, naming the line, for one that is not as described."""
    places = []
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, delimiter="\t"), start=2):
            try:
                places.append(
                    CheckedPlace(
                        article=row["article"],
                        span=row["span"],
                        text=row["text"],
                        country=None if row["country"] == "-" else row["country"],
                        latitude=float(row["latitude"]),
                        longitude=float(row["longitude"]),
                        level=row["level"],
                    )
                )
            except (KeyError, TypeError, ValueError) as error:
                raise InputError(f"{path}:{number}: expected a checked place, found {row} ({error})") from None
    return tuple(places)


def resolve_articles(folder: Path, names: Sequence[str]) -> dict[tuple[str, str], Place]:
    """The place of every location span of the named brat articles of a folder, by article and span."""
    gazetteer = Gazetteer.load()
    found = {}
    for name in dict.fromkeys(names):
        article = read_brat(folder / f"{name}.txt", repair=True).article
        for place in resolve_places(article, gazetteer):
            found[name, place.span] = place
    return found


def compare(checked: Sequence[CheckedPlace], found: Mapping[tuple[str, str], Place]) -> PlaceFigures:
    """Count the right countries, and among towns and smaller those within 25 km of the truth."""
    right_country = near = 0
    wrong = []
    settled = [true for true in checked if true.level in SETTLED]
    for true in checked:
        place = found[true.article, true.span]
        away = _distance(true, place)
        is_right = place.country == true.country and (true.country is not None or place.latitude is not None)
        is_near = away is not None and away <= NEAR_KM
        right_country += is_right
        near += is_near and true.level in SETTLED
        if not is_right or (true.level in SETTLED and not is_near):
            distance = "no coordinates" if away is None else f"{away:.0f} km away"
            wrong.append(
                f"{true.article} {true.span} {true.text}: {true.country}, found {place.country}, {distance}"
                f" ({place.precision}, {place.gazetteer_id})"
            )
    return PlaceFigures(right_country, len(checked), near, len(settled), tuple(wrong))


def _distance(true: CheckedPlace, place: Place) -> float | None:
    if place.latitude is None or place.longitude is None:
        return None
    return distance_km((true.latitude, true.longitude), (place.latitude, place.longitude))


def main(
    checked: Annotated[Path, typer.Argument(help="list of checked places")],
    folder: Annotated[Path, typer.Argument(help="folder with the annotated articles")],
) -> None:
    """Print the share of right countries and of near places, and every miss."""
    places = read_checked(checked)
    figures = compare(places, resolve_articles(folder, [place.article for place in places]))
    for line in figures.wrong:
        typer.echo(line)
    typer.echo(f"right country\t{figures.right_country}/{figures.checked}")
    typer.echo(f"towns and smaller within {NEAR_KM:.0f} km\t{figures.near}/{figures.settled}")


if __name__ == "__main__":
    typer.run(main)
