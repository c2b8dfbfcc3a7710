"""How well a place fits a span: by itself, and in its article.

By itself count the span's label, how the name had to be read, whether the article on the name is written alike,
population, and how often conflict news name the place. In an article count the country it is about, what the text
puts the place in, and the other places named. The weights were set by hand on training articles; where they are put
to use is `resolving`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log10

from .entries import Entry, Level, distance_km
from .gazetteer import Gazetteer
from .names import fold, name_key
from .readings import Reading, readings, respelt, stands_for

__all__ = ["Candidate", "Surroundings", "candidates_of", "count_places", "score_in"]

_MISFIT: Mapping[str, Mapping[Level, float]] = {
    "COUNTRY": {"country": 0, "region": 2, "natural": 4, "town": 4, "district": 6, "site": 6},
    "REGION": {"region": 0, "natural": 0.7, "country": 1.5, "town": 3, "district": 1.5, "site": 3},
    "TOWN": {"town": 0, "district": 1, "region": 2.0, "site": 2, "natural": 3, "country": 4},
    "DISTRICT": {"district": 0, "town": 1, "site": 1.5, "region": 2.5, "natural": 2.5, "country": 6},
    "SITE": {"site": 0, "district": 1.5, "town": 2, "natural": 2, "region": 3, "country": 5},
    "NATURAL": {"natural": 0, "region": 1.2, "site": 1.5, "town": 2, "district": 2, "country": 6},
}
_UNKNOWN_LABEL_MISFIT = 1.0
_COMPATIBLE = 2.0
_CORE = frozenset(["SY", "IQ", "YE", "PS", "LB", "LY", "SD", "EG"])
_CLAIMED_BY_BOTH = frozenset({"IL", "PS"})
"""Articles name either country as the container of the same towns."""

_SAME_SPELLING = 0.5
_USERS, _OWN, _FIRST_LEVEL, _CORE_COUNTRY = 6.0, 3.0, 1.0, 0.7
_PER_TENFOLD_POPULATION = 0.35
_WELL_KNOWN_POPULATION = 300_000
_DEDICATED_ELSEWHERE = 2.0
_SAME_PLACE_KM = 15.0

_COUNTRY_SHARE = 4.0
_ABOUT_ELSEWHERE = 0.15
_SMALL_ELSEWHERE = 3.0
_NEAR, _NEAR_KM = 2.0, 60.0
_FAR_DISTRICT, _DISTRICT_REACH_KM = 1.5, 60.0
_INSIDE, _BESIDE, _OUTSIDE = 3.0, 1.0, -4.0
_REACH_KM: Mapping[Level, tuple[float, float]] = {
    "region": (80.0, 250.0),
    "town": (20.0, 60.0),
    "district": (8.0, 30.0),
    "site": (8.0, 30.0),
    "natural": (80.0, 250.0),
}
_ENOUGH = 1.8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place a span may mean, how its name was read, and how well it fits by itself."""

    entry: Entry
    reading: Reading
    score: float

    @property
    def point(self) -> tuple[float, float]:
        """Latitude and longitude, degrees."""
        return self.entry.latitude, self.entry.longitude

    @property
    def is_well_known(self) -> bool:
        """Whether a reader would take the name for this place without being told the country."""
        return (
            self.entry.population >= _WELL_KNOWN_POPULATION
            or self.entry.id.startswith(("user:", "rasid:"))
            or (self.entry.level == "region" and self.entry.admin1 is None)
        )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an article says around a name: shares of the countries it is about, and its containers."""

    shares: Mapping[str, float]
    containers: Sequence[Candidate] = ()


def candidates_of(text: str, label: str, gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    """Every place a span of this text and label may mean; each once, as it is read best."""
    found = readings(text)
    best: dict[str, Candidate] = {}
    for reading, entry in _named(found, gazetteer) or _named(
        [other for one in found for other in respelt(one)], gazetteer
    ):
        candidate = Candidate(entry, reading, _own_score(entry, reading, label))
        if entry.id not in best or candidate.score > best[entry.id].score:
            best[entry.id] = candidate
    return tuple(best.values())


def _named(found: Sequence[Reading], gazetteer: Gazetteer) -> list[tuple[Reading, Entry]]:
    """The places that readings name or describe, each with the reading."""
    pairs = []
    for reading in found:
        described = stands_for(reading, gazetteer.countries)
        keys = [reading.key] if described is None else [reading.key, name_key(fold(described))]
        pairs += [(reading, entry) for key in keys for entry in gazetteer.named(key)]
    return pairs


def count_places(candidates: Sequence[Candidate], label: str) -> int:
    """How many places bear the name, at a level its label allows; entries for one place count once."""
    places: list[Candidate] = []
    for candidate in candidates:
        if _misfit(label, candidate.entry.level) <= _COMPATIBLE and not any(
            candidate.entry.country == other.entry.country
            and distance_km(candidate.point, other.point) < _SAME_PLACE_KM
            for other in places
        ):
            places.append(candidate)
    return max(len(places), 1)


def score_in(candidate: Candidate, around: Surroundings, nearest_km: float | None) -> float | None:
    """How well a place fits its article; None where it is a namesake that the article gives no reason to think of.

    `nearest_km` is how far the nearest other place of the article is, None where there is none.
    """
    entry = candidate.entry
    share = around.shares.get(entry.country or "", 0.0)
    score = candidate.score + _COUNTRY_SHARE * share + sum(_containment(candidate, box) for box in around.containers)
    if nearest_km is not None:
        score += _NEAR * exp(-nearest_km / _NEAR_KM)
    if entry.level in ("district", "site"):
        is_landmark = entry.level == "site" and candidate.is_well_known
        if around.shares and share < _ABOUT_ELSEWHERE and not is_landmark:
            score -= _SMALL_ELSEWHERE
        if nearest_km is not None and nearest_km > _DISTRICT_REACH_KM:
            score -= _FAR_DISTRICT
    return score if score >= _ENOUGH or (candidate.is_well_known and score >= 0) else None


def _own_score(entry: Entry, reading: Reading, label: str) -> float:
    score = -_misfit(label, entry.level) - reading.cost + _PER_TENFOLD_POPULATION * log10(1 + entry.population)
    if any(fold(name) == reading.words for name in entry.names):
        score += _SAME_SPELLING
    if entry.id.startswith("user:"):
        score += _USERS
    elif entry.id.startswith("rasid:"):
        score += _OWN
    if label == "REGION" and entry.level == "region" and entry.admin1 is None:
        score += _FIRST_LEVEL
    if entry.country in _CORE:
        score += _CORE_COUNTRY
    if reading.dedicated and entry.level != reading.head:
        score -= _DEDICATED_ELSEWHERE
    return score


def _misfit(label: str, level: Level) -> float:
    return _MISFIT[label][level] if label in _MISFIT else _UNKNOWN_LABEL_MISFIT


def _containment(candidate: Candidate, container: Candidate) -> float:
    """What it says for a place that the text puts it inside another."""
    inner, outer = candidate.entry, container.entry
    if outer.country is None or inner.country is None:
        return 0.0
    if inner.country != outer.country and not {inner.country, outer.country} <= _CLAIMED_BY_BOTH:
        return _OUTSIDE
    if outer.level == "country":
        return _INSIDE if inner.country == outer.country else _BESIDE
    if inner.admin1 and name_key(fold(inner.admin1)) in {name_key(fold(name)) for name in outer.names}:
        return _INSIDE
    inside_km, beside_km = _REACH_KM[outer.level]
    away = distance_km(candidate.point, container.point)
    if away <= inside_km:
        return _INSIDE
    return _BESIDE if away <= beside_km else _OUTSIDE
