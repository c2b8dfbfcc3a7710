"""One row for each claim in the fields of PLOVER, laid flat; the rules are in docs/exports.md.

PLOVER codes accusations, support and acts but no statements: a claim that is neither keeps its row with the event
empty. Codes of nations and sectors need to know more of an actor than its label and are left empty.
"""

from collections.abc import Iterator

from ..facts import Claim, Incident
from .accounts import HARMS, Accounts
from .columns import Row, columns
from .dates import event_date
from .event_types import scheme_event
from .provenance import denied_figures, offsets, tolls
from .rules import AdmitRule, DenyRule, TollRule

__all__ = ["PLOVER_COLUMNS", "plover_rows"]

PLOVER_COLUMNS = columns(
    text="id date event mode",
    texts="context",
    integer="quad_code",
    texts2="source source_sector recipient recipient_sector",
    integer2="dead injured",
    texts3="event_loc event_loc_country",
    numbers="event_loc_latitude event_loc_longitude",
    texts4="link text",
    text2="rasid_article rasid_claim rasid_stance rasid_voice",
    texts5="rasid_incidents rasid_evidence rasid_denied_figures",
    integer3=" ".join(f"rasid_{harm.lower()}_{end}" for harm in HARMS for end in ("low", "high")),
    text3="rasid_date rasid_date_precision",
    number="rasid_score",
    texts6="rasid_suggested_grade rasid_suggested_reason",
    text4="rasid_published rasid_outlet rasid_url rasid_model",
)

# Condemnation is a part of ACCUSE since 0.7, which merged DISAPPROVE into it.
_EVENTS = {"ACCUSE": "ACCUSE", "OPPOSE": "ACCUSE", "SUPPORT": "SUPPORT"}
_QUADS = {"SUPPORT": 1, "ACCUSE": 3, "REJECT": 3, "PROTEST": 4, "COERCE": 4, "ASSAULT": 4}


def plover_rows(accounts: Accounts) -> Iterator[Row]:
    """A row for each claim that the rules keep."""
    for claim in accounts.claims():
        yield _row(accounts, claim)


def _row(accounts: Accounts, claim: Claim) -> Row:
    article, incidents = accounts.article, accounts.incidents_of(claim)
    incident = incidents[0] if incidents else None
    event, mode = _event(accounts, claim, incident)
    sources, recipients = accounts.actors(claim.holders), accounts.actors(_recipients(accounts, claim, event))
    places = accounts.places(claim.places)
    ours = tolls(accounts, claim)
    conservative = accounts.rules.toll is TollRule.CONSERVATIVE
    day = event_date(incident).day if incident else None
    readings = [each.suggested for each in incidents]
    row: Row = {
        "id": f"{article.id}#{claim.id}",
        "date": day.isoformat() if day else None,
        "event": event,
        "mode": mode,
        # The one context of PLOVER's list that a label tells.
        "context": ["migration"] if any(each.kind == "DISPLACED" for each in accounts.casualties(claim)) else [],
        "quad_code": _QUADS.get(event or ""),
        "source": [actor.name for actor in sources],
        "source_sector": ["CVL" if actor.type == "CIVILIAN" else "" for actor in sources],
        "recipient": [actor.name for actor in recipients],
        "recipient_sector": ["CVL" if actor.type == "CIVILIAN" else "" for actor in recipients],
        "dead": ours["rasid_killed_low"] if conservative else None,
        "injured": ours["rasid_injured_low"] if conservative else None,
        "event_loc": [place.name for place in places],
        "event_loc_country": [place.country or "" for place in places],
        "event_loc_latitude": [place.latitude for place in places],
        "event_loc_longitude": [place.longitude for place in places],
        "link": [f"{article.id}#{each.id}" for each in incidents],
        "text": accounts.evidence(claim),
        "rasid_article": article.id,
        "rasid_claim": claim.id,
        "rasid_stance": claim.stance,
        "rasid_voice": claim.voice,
        "rasid_incidents": [each.id for each in incidents],
        "rasid_evidence": offsets(claim),
        "rasid_denied_figures": denied_figures(accounts, claim) if claim.stance == "DENY" else [],
        **ours,
        "rasid_date": incident.date if incident else None,
        "rasid_date_precision": incident.date_precision if incident else None,
        "rasid_score": claim.score,
        "rasid_suggested_grade": [reading.grade if reading else "" for reading in readings],
        "rasid_suggested_reason": [reading.reason if reading else "" for reading in readings],
        "rasid_published": article.metadata.published,
        "rasid_outlet": article.metadata.outlet,
        "rasid_url": article.metadata.url,
        "rasid_model": article.model,
    }
    return row


def _event(accounts: Accounts, claim: Claim, incident: Incident | None) -> tuple[str | None, str | None]:
    """PLOVER's event and mode for a claim; (None, None) for a statement, which PLOVER does not code."""
    if claim.stance == "DENY" and accounts.rules.deny is DenyRule.KEEP:
        return "REJECT", None
    admitted = claim.stance == "ADMIT" and accounts.rules.admit is AdmitRule.ACT
    if admitted and claim.casualties and accounts.admits_act(claim):
        kind = scheme_event(incident.event if incident else None)
        return kind.plover, kind.mode
    return _EVENTS.get(claim.stance), None


def _recipients(accounts: Accounts, claim: Claim, event: str | None) -> list[str]:
    """Ids of those the event is done to: whom an act harmed, whom an accusation accuses, else the targets."""
    if event is not None and claim.stance == "ADMIT":
        return [*claim.victims, *claim.targets]
    if claim.stance == "ACCUSE":
        return accounts.doers(claim)
    return list(claim.targets)
