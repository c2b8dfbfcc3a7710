"""What an article's spans and links amount to: counts, places, actors, claims and incidents, as plain values.

They refer to spans, actors and claims by id and never stand on their own: `Article` checks that what they name
exists. How they are found is left to `casualties`, `places`, `actors` and `claims`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .errors import ArticleError

__all__ = ["Actor", "Bounds", "Casualty", "Claim", "Facts", "Incident", "Place", "SuggestedReading", "check_facts"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A number of people, both ends inclusive; None is unbounded or unknown."""

    low: int | None
    high: int | None

    def __post_init__(self) -> None:
        if (self.low is not None and self.low < 0) or (self.high is not None and self.high < 0):
            raise ArticleError(f"bounds {self.low}-{self.high}: expected whole numbers of people, 0 or more")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ArticleError(f"bounds {self.low}-{self.high}: the lower is above the upper")


@dataclass(frozen=True, slots=True)
class Casualty:
    """How many people a casualty span says were harmed, by the grammar's rule of that name.

    `kind` is the span's label; `part_of` is the casualty span whose toll includes this one («بينهم 3 أطفال»).
    """

    span: str
    kind: str
    bounds: Bounds
    rule: str
    part_of: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """What a location span stands for: an entry of the gazetteer, or only its name where none was found.

    `within` are the location spans the text puts it in. Coordinates are degrees (WGS 84) of the finest place that
    could be found, whose level `precision` names: country, region, town, district, site or natural; a district
    without coordinates of its own has those of its town, and precision "town". `country` is ISO 3166-1 alpha-2;
    `candidates` counts the entries that bear the name.
    """

    span: str
    name: str
    within: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    country: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    precision: str | None = None
    candidates: int = 0
    gazetteer_id: str | None = None

    def __post_init__(self) -> None:
        if (self.latitude is None) != (self.longitude is None):
            raise ArticleError(f"place {self.span}: latitude and longitude come together")
        if self.latitude is not None and not -90 <= self.latitude <= 90:
            raise ArticleError(f"place {self.span}: latitude {self.latitude} is not between -90 and 90")
        if self.longitude is not None and not -180 <= self.longitude <= 180:
            raise ArticleError(f"place {self.span}: longitude {self.longitude} is not between -180 and 180")


@dataclass(frozen=True, slots=True)
class Actor:
    """One actor of an article with all its mentions (span ids, in the order of the text).

    `type` is the span label most mentions bear, or the table's; `known` says whether the actor table has it, and
    `side` is what the table says of it.
    """

    id: str
    name: str
    type: str
    known: bool
    mentions: tuple[str, ...]
    side: str | None = None

    def __post_init__(self) -> None:
        if not self.mentions:
            raise ArticleError(f"actor {self.id}: expected at least one mention")


@dataclass(frozen=True, slots=True)
class Claim:
    """One position of one holder: who says what about whom, how many, where.

    `stance` is a stance label; `voice` is "holder", or "article" where nobody is named. `cues`, `casualties` and
    `places` are span ids; `holders`, `targets`, `victims` and `blamed` actor ids. `evidence` holds a stretch
    (start_char, end_char) for every time the text makes the claim. `score` is the calibrated probability that the
    claim is right, None where spans and links are gold.
    """

    id: str
    stance: str
    voice: str
    cues: tuple[str, ...]
    holders: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    casualties: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    victims: tuple[str, ...] = ()
    blamed: tuple[str, ...] = ()
    evidence: tuple[tuple[int, int], ...] = ()
    score: float | None = None

    def __post_init__(self) -> None:
        if self.voice not in ("holder", "article"):
            raise ArticleError(f'claim {self.id}: expected voice "holder" or "article", found {self.voice!r}')
        if not self.cues and not self.casualties:
            raise ArticleError(f"claim {self.id}: expected a cue or a casualty as its evidence")


@dataclass(frozen=True, slots=True)
class SuggestedReading:
    """A grade in Airwars' terms (confirmed, fair, weak, contested, discounted) and why; a suggestion, never a fact."""

    grade: str
    reason: str


@dataclass(frozen=True, slots=True)
class Incident:
    """Claims about one event, side by side, and the range of their tolls; `place` is a location span.

    `date` is ISO 8601 and `date_precision` is day, month, year or "published" (the article's own date); `date_rule`
    names what gave it. `event` is a type from the table of cue words.
    """

    id: str
    claims: tuple[str, ...]
    place: str | None = None
    killed: Bounds | None = None
    injured: Bounds | None = None
    missing: Bounds | None = None
    displaced: Bounds | None = None
    event: str | None = None
    date: str | None = None
    date_precision: str | None = None
    date_rule: str | None = None
    suggested: SuggestedReading | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was made of one article's spans and links."""

    casualties: tuple[Casualty, ...] = ()
    places: tuple[Place, ...] = ()
    actors: tuple[Actor, ...] = ()
    claims: tuple[Claim, ...] = ()
    incidents: tuple[Incident, ...] = ()


def check_facts(facts: Facts, families: Mapping[str, str]) -> None:
    """Raise ArticleError, naming it, for a fact that refers to a span, actor or claim that is not there.

    `families` gives the family of each span by id.
    """
    spans = {family: {name for name, of in families.items() if of == family} for family in set(families.values())}
    casualties, locations, cues = (spans.get(family, set()) for family in ("CASUALTY", "LOCATION", "STANCE"))
    mentions = spans.get("ACTOR", set())
    for casualty in facts.casualties:
        parts = (casualty.part_of,) if casualty.part_of else ()
        _expect(f"the count of {casualty.span}", "casualty span", (casualty.span, *parts), casualties)
    for place in facts.places:
        _expect(f"the place of {place.span}", "location span", (place.span, *place.within), locations)
    for actor in facts.actors:
        _expect(f"actor {actor.id}", "actor span", actor.mentions, mentions)
    actors = _ids("actor", (actor.id for actor in facts.actors))
    for claim in facts.claims:
        what = f"claim {claim.id}"
        _expect(what, "stance span", claim.cues, cues)
        _expect(what, "casualty span", claim.casualties, casualties)
        _expect(what, "location span", claim.places, locations)
        _expect(what, "actor", (*claim.holders, *claim.targets, *claim.victims, *claim.blamed), actors)
    claims = _ids("claim", (claim.id for claim in facts.claims))
    for incident in facts.incidents:
        _expect(f"incident {incident.id}", "claim", incident.claims, claims)
        _expect(f"incident {incident.id}", "location span", (incident.place,) if incident.place else (), locations)
    _ids("incident", (incident.id for incident in facts.incidents))


def _expect(where: str, what: str, names: Iterable[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            raise ArticleError(f"{where} refers to {what} {name}, which is not there")


def _ids(what: str, names: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ArticleError(f"{what} id {name} is used twice")
        seen.add(name)
    return seen
