"""One row for each incident in ACLED's columns; the rules are in docs/exports.md.

What ACLED's coders decide from more than one article (the kind of an armed group, the scale of a source, tags) is
left empty.
"""

from collections.abc import Iterator

from ..facts import Actor
from .accounts import Accounts, Event
from .columns import Row, columns
from .countries import country
from .dates import event_date
from .event_types import scheme_event
from .provenance import INCIDENT_COLUMNS, incident_row
from .rules import TollRule

__all__ = ["ACLED_COLUMNS", "acled_rows"]

ACLED_COLUMNS = (
    *columns(
        text="event_id_cnty event_date",
        integer="year time_precision",
        text2="disorder_type event_type sub_event_type actor1",
        texts="assoc_actor_1",
        text3="inter1 actor2",
        texts2="assoc_actor_2",
        text4="inter2 interaction civilian_targeting",
        integer2="iso",
        text5="region country admin1 admin2 admin3 location",
        number="latitude longitude",
        integer3="geo_precision",
        text6="source source_scale notes",
        integer4="fatalities",
        text7="tags",
        integer5="timestamp",
    ),
    *INCIDENT_COLUMNS,
)

_TIME_PRECISION = {"day": 1, "month": 3}
_GEO_PRECISION = {"site": 1, "district": 1, "town": 1, "natural": 2, "region": 3}
# A state's forces are ACLED's 1 at home and 8 abroad, an armed group 2, 3 or 4: the label does not tell which.
_INTER = {"CIVILIAN": "Civilians", "INTL": "External/Other forces"}


def acled_rows(accounts: Accounts) -> Iterator[Row]:
    """A row for each incident that keeps a claim."""
    for event in accounts.events():
        yield _row(accounts, event)


def _row(accounts: Accounts, event: Event) -> Row:
    incident, article = event.incident, accounts.article
    ours = incident_row(accounts, event)
    when = event_date(incident)
    place = accounts.place(incident.place) if incident.place else None
    where = country(place.country) if place else None
    doers = accounts.actors(accounts.agreed_doers(event.claims))
    victims = accounts.victims(event.claims)
    on_civilians = bool(victims) and all(victim.type == "CIVILIAN" for victim in victims)
    kind = scheme_event(incident.event)
    known = kind.acled is not None and (on_civilians or not kind.on_civilians)
    conservative = accounts.rules.toll is TollRule.CONSERVATIVE
    row: Row = {
        "event_id_cnty": f"{article.id}#{incident.id}",
        "event_date": when.day.isoformat() if when.day else None,
        "year": when.year,
        "time_precision": _TIME_PRECISION.get(when.precision or "") if when.last else None,
        "disorder_type": kind.disorder if known else None,
        "event_type": kind.acled if known else None,
        "sub_event_type": kind.acled_sub if known else None,
        "actor1": _name(doers),
        "assoc_actor_1": [actor.name for actor in doers[1:]],
        "inter1": _inter(doers),
        "actor2": _name(victims),
        "assoc_actor_2": [actor.name for actor in victims[1:]],
        "inter2": _inter(victims),
        "interaction": None,
        "civilian_targeting": "Civilian targeting" if on_civilians else None,
        "iso": where.iso if where else None,
        "region": where.acled_region if where else None,
        "country": where.name if where else None,
        "admin1": place.admin1 if place else None,
        "admin2": place.admin2 if place else None,
        "admin3": None,
        "location": place.name if place else None,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "geo_precision": _GEO_PRECISION.get(place.precision or "") if place else None,
        "source": article.metadata.outlet,
        "source_scale": None,
        "notes": _notes(event, ours),
        "fatalities": ours["rasid_killed_low"] if conservative else None,
        "tags": None,
        "timestamp": None,
    }
    return row | ours


def _name(actors: list[Actor]) -> str | None:
    return actors[0].name if actors else None


def _inter(actors: list[Actor]) -> str | None:
    return _INTER.get(actors[0].type) if actors else None


def _notes(event: Event, ours: Row) -> str:
    """Every account on a line of its own, and the suggested reading marked as such."""
    told = ours["rasid_accounts"]
    lines = [str(line) for line in told] if isinstance(told, list) else []
    reading = event.incident.suggested
    if reading:
        lines.append(f"Suggested reading, not a finding: {reading.grade} ({reading.reason})")
    return "; ".join(lines)
