"""One row for each incident in the columns of UCDP's Georeferenced Event Dataset; the rules are in docs/exports.md.

Conflicts, dyads and their numbers, and whether an event meets UCDP's definitions, are for its coders: left empty.
"""

import math
from collections.abc import Iterator, Sequence

from ..facts import Actor, Place
from .accounts import Accounts, Event
from .columns import Cell, Row, columns
from .countries import country
from .dates import EventDate, event_date
from .provenance import INCIDENT_COLUMNS, incident_row
from .rules import TollRule

__all__ = ["UCDP_COLUMNS", "ucdp_rows"]

UCDP_COLUMNS = (
    *columns(
        text="id relid",
        integer="year active_year",
        text2="code_status",
        integer2="type_of_violence",
        text3="conflict_dset_id conflict_new_id conflict_name dyad_dset_id dyad_new_id dyad_name",
        text4="side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b",
        integer3="number_of_sources",
        text5="source_article source_office source_date source_headline",
        texts="source_original",
        integer4="where_prec",
        text6="where_coordinates where_description adm_1 adm_2",
        number="latitude longitude",
        text7="geom_wkt",
        integer5="priogrid_gid",
        text8="country",
        integer6="country_id",
        text9="region",
        integer7="event_clarity date_prec",
        text10="date_start date_end",
        integer8="deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob",
    ),
    *INCIDENT_COLUMNS,
)

_WHERE_PRECISION = {"site": 1, "district": 1, "town": 1, "natural": 5, "region": 4, "country": 6}
_DATE_PRECISION = {"day": 1, "month": 4, "year": 5}
_STATES = ("STATE", "INTL")
_ORGANISED = (*_STATES, "ARMED")
_CIVILIANS = "Civilians"


def ucdp_rows(accounts: Accounts) -> Iterator[Row]:
    """A row for each incident that keeps a claim."""
    for event in accounts.events():
        yield _row(accounts, event)


def _row(accounts: Accounts, event: Event) -> Row:
    incident, article = event.incident, accounts.article
    ours = incident_row(accounts, event)
    when = event_date(incident)
    place = accounts.place(incident.place) if incident.place else None
    violence, side_a, side_b = _sides(
        accounts.actors(accounts.agreed_doers(event.claims)), accounts.victims(event.claims)
    )
    low, high = ours["rasid_killed_low"], ours["rasid_killed_high"]
    best = low if accounts.rules.toll is TollRule.CONSERVATIVE else None
    metadata = article.metadata
    known: Row = {
        "id": f"{article.id}#{incident.id}",
        "year": when.year,
        "type_of_violence": violence,
        "dyad_name": f"{side_a} - {side_b}" if side_a and side_b else None,
        "side_a": side_a,
        "side_b": side_b,
        "number_of_sources": 1,
        "source_article": ", ".join(filter(None, (metadata.outlet, metadata.published, metadata.url))) or None,
        "source_office": metadata.outlet,
        "source_date": metadata.published,
        "source_original": [
            actor.name
            for actor in accounts.actors(
                name for claim in event.claims if claim.casualties and accounts.asserts(claim) for name in claim.holders
            )
        ],
        **_where(place),
        **_when(when),
        **_deaths(best, side_a, side_b, accounts.victims(event.claims)),
        "best": best,
        "high": high,
        "low": low,
    }
    empty: Row = dict.fromkeys(column.name for column in UCDP_COLUMNS)
    return empty | known | ours


def _sides(doers: Sequence[Actor], victims: Sequence[Actor]) -> tuple[int | None, str | None, str | None]:
    """UCDP's type of violence and the two sides, from one doer and one kind of victim; empty where either is open."""
    if len(doers) != 1:
        return None, None, None
    doer = doers[0]
    armed = [victim for victim in victims if victim.type in _ORGANISED]
    if doer.type not in _ORGANISED:
        return None, None, None
    if victims and all(victim.type == "CIVILIAN" for victim in victims):
        return 3, doer.name, _CIVILIANS
    if len(armed) != 1 or armed[0] == doer:
        return None, None, None
    states = [actor.type in _STATES for actor in (doer, armed[0])]
    # In a state-based conflict side A is the state, whoever did the harm.
    first, second = (armed[0], doer) if states == [False, True] else (doer, armed[0])
    return (1 if any(states) else 2), first.name, second.name


def _deaths(best: Cell, side_a: str | None, side_b: str | None, victims: Sequence[Actor]) -> Row:
    """The deaths of the best figure by status: all of one status where every victim named has it, else unknown."""
    names = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
    if best is None:
        return dict.fromkeys(names)
    row: Row = dict.fromkeys(names, 0)
    if victims and all(victim.type == "CIVILIAN" for victim in victims):
        row["deaths_civilians"] = best
    elif len(victims) == 1 and victims[0].name == side_a:
        row["deaths_a"] = best
    elif len(victims) == 1 and victims[0].name == side_b:
        row["deaths_b"] = best
    else:
        row["deaths_unknown"] = best
    return row


def _where(place: Place | None) -> Row:
    if place is None:
        return {}
    there = country(place.country)
    precision = _WHERE_PRECISION.get(place.precision or "")
    row: Row = {
        # A region that lies in a first-level division is itself one of the second level.
        "where_prec": 3 if precision == 4 and place.admin2 else precision,
        "where_coordinates": place.name,
        "adm_1": place.admin1,
        "adm_2": place.admin2,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "country": there.ucdp_name if there else None,
        "country_id": there.ucdp_id if there else None,
        "region": there.ucdp_region if there else None,
    }
    if place.latitude is not None and place.longitude is not None:
        row["geom_wkt"] = f"POINT ({place.longitude} {place.latitude})"
        row["priogrid_gid"] = prio_grid_cell(place.latitude, place.longitude)
    return row


def _when(when: EventDate) -> Row:
    return {
        "date_prec": _DATE_PRECISION.get(when.precision or "") if when.last else None,
        "date_start": when.first.isoformat() if when.first else None,
        "date_end": when.last.isoformat() if when.last else None,
    }


def prio_grid_cell(latitude: float, longitude: float) -> int:
    """The PRIO-GRID 2.0 cell of a point: cells of half a degree, counted from 1 eastward, then northward.

    Tollefsen, Strand & Buhaug (2012), "PRIO-GRID: A unified spatial data structure", Journal of Peace Research 49(2).
    """
    row = min(math.floor((latitude + 90) * 2), 359)
    column = min(math.floor((longitude + 180) * 2), 719)
    return row * 720 + column + 1
