"""The countries: usual names, the adjectives made of them («سوري», «السورية») and their capitals.

An adjective is met in a place's name («الأراضي السورية», «العاصمة اليمنية») and, all over an article, says what
country it is about. How either is used is left to `readings` and `resolving`.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO

from .entries import Entry
from .names import fold, without_article

__all__ = ["Country", "adjective_stem", "country_adjectives", "load_countries"]


@dataclass(frozen=True, slots=True)
class Country:
    """A country as a place, with its adjectives (masculine, without article) and the name of its capital."""

    entry: Entry
    adjectives: tuple[str, ...]
    capital: str


@cache
def load_countries() -> Mapping[str, Country]:
    """The countries by ISO 3166-1 alpha-2 code."""
    text = (files("rasid.infer.places") / "data" / "countries.csv").read_text(encoding="utf-8")
    countries = {}
    for row in csv.DictReader(StringIO(text)):
        entry = Entry(
            id=f"rasid:{row['country']}",
            names=(row["name"], *filter(None, row["aliases"].split("|"))),
            level="country",
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            country=row["country"],
        )
        countries[row["country"]] = Country(entry, tuple(filter(None, row["adjectives"].split("|"))), row["capital"])
    return countries


@cache
def country_adjectives() -> Mapping[str, str]:
    """The code of the country each adjective of one word is made of, by its stem."""
    return {
        adjective_stem(words[0]): code
        for code, country in load_countries().items()
        for words in map(fold, country.adjectives)
        if len(words) == 1
    }


def adjective_stem(word: str) -> str:
    """A folded word as a masculine adjective without article: «السوريه», «سوريين» and «السوري» give «سوري»."""
    stem = without_article(word)
    for ending in ("يه", "يين", "يون", "يتين", "يان"):
        if stem.endswith(ending):
            return stem[: -len(ending)] + "ي"
    return stem
