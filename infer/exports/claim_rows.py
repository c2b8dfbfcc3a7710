"""One row for each claim, with everything that is known of it: the formats csv and parquet.

Lists in one row that share a beginning (`place_…`, `casualty_…`, `evidence_…`) run in step.
"""

from collections.abc import Iterator

from ..facts import Claim
from .accounts import HARMS, Accounts
from .columns import Row, columns
from .provenance import denied_figures

__all__ = ["CLAIM_COLUMNS", "claim_rows"]

_ROLES = ("holders", "targets", "blamed", "victims")

CLAIM_COLUMNS = columns(
    text="article claim",
    texts="incidents",
    text2="stance voice",
    texts2="cues " + " ".join(f"{role} {role}_ids {role}_types {role}_sides" for role in _ROLES),
    texts3="places place_spans place_countries place_admin1 place_admin2 place_precisions",
    numbers="place_latitudes place_longitudes",
    integers="place_candidates",
    texts4="place_gazetteer_ids casualties casualty_spans casualty_kinds casualty_rules casualty_part_of",
    integers2="casualty_lows casualty_highs",
    integer=" ".join(f"{harm.lower()}_{end}" for harm in HARMS for end in ("low", "high")),
    texts5="denied_figures",
    integers3="evidence_starts evidence_ends",
    texts6="evidence_texts",
    number="score",
    texts7="incident_events incident_dates incident_date_precisions suggested_grades suggested_reasons",
    text3="published outlet url model",
)


def claim_rows(accounts: Accounts) -> Iterator[Row]:
    """A row for each claim that the rules keep, in the article's order."""
    for claim in accounts.claims():
        yield _row(accounts, claim)


def _row(accounts: Accounts, claim: Claim) -> Row:
    article, incidents = accounts.article, accounts.incidents_of(claim)
    places, casualties = accounts.places(claim.places), accounts.casualties(claim)
    row: Row = {
        "article": article.id,
        "claim": claim.id,
        "incidents": [incident.id for incident in incidents],
        "stance": claim.stance,
        "voice": claim.voice,
        "cues": accounts.words(claim.cues),
        **_roles(accounts, claim),
        "places": [place.name for place in places],
        "place_spans": [place.span for place in places],
        "place_countries": [place.country or "" for place in places],
        "place_admin1": [place.admin1 or "" for place in places],
        "place_admin2": [place.admin2 or "" for place in places],
        "place_precisions": [place.precision or "" for place in places],
        "place_latitudes": [place.latitude for place in places],
        "place_longitudes": [place.longitude for place in places],
        "place_candidates": [place.candidates for place in places],
        "place_gazetteer_ids": [place.gazetteer_id or "" for place in places],
        "casualties": accounts.words(claim.casualties),
        "casualty_spans": list(claim.casualties),
        "casualty_kinds": [each.kind for each in casualties],
        "casualty_rules": [each.rule for each in casualties],
        "casualty_part_of": [each.part_of or "" for each in casualties],
        "casualty_lows": [each.bounds.low for each in casualties],
        "casualty_highs": [each.bounds.high for each in casualties],
    }
    for harm in HARMS:
        toll = accounts.toll(claim, harm) if accounts.asserts(claim) else None
        row[f"{harm.lower()}_low"] = toll.low if toll else None
        row[f"{harm.lower()}_high"] = toll.high if toll else None
    readings = [incident.suggested for incident in incidents]
    return row | {
        "denied_figures": denied_figures(accounts, claim) if claim.stance == "DENY" else [],
        "evidence_starts": [start for start, _ in claim.evidence],
        "evidence_ends": [end for _, end in claim.evidence],
        "evidence_texts": accounts.evidence(claim),
        "score": claim.score,
        "incident_events": [incident.event or "" for incident in incidents],
        "incident_dates": [incident.date or "" for incident in incidents],
        "incident_date_precisions": [incident.date_precision or "" for incident in incidents],
        "suggested_grades": [reading.grade if reading else "" for reading in readings],
        "suggested_reasons": [reading.reason if reading else "" for reading in readings],
        "published": article.metadata.published,
        "outlet": article.metadata.outlet,
        "url": article.metadata.url,
        "model": article.model,
    }


def _roles(accounts: Accounts, claim: Claim) -> Row:
    """Names, ids, types and sides of the actors in each role."""
    row: Row = {}
    for role in _ROLES:
        actors = accounts.actors(getattr(claim, role))
        row[role] = [actor.name for actor in actors]
        row[f"{role}_ids"] = [actor.id for actor in actors]
        row[f"{role}_types"] = [actor.type for actor in actors]
        row[f"{role}_sides"] = [actor.side or "" for actor in actors]
    return row
