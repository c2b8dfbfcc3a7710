"""Our own columns of a row that an event coder's scheme has no place for: where each figure comes from.

They follow the scheme's columns, all begin with `rasid_`, and are the same in every scheme that has one row for an
incident.
"""

from ..facts import Bounds, Claim
from .accounts import HARMS, Accounts, Event, figure
from .columns import Row, columns

__all__ = ["INCIDENT_COLUMNS", "denied_figures", "incident_row", "offsets", "tolls"]

INCIDENT_COLUMNS = columns(
    text="rasid_article rasid_incident",
    texts="rasid_claims rasid_evidence rasid_evidence_text rasid_accounts rasid_accused rasid_denied_by",
    texts2="rasid_denied_figures",
    integer=" ".join(f"rasid_{harm.lower()}_{end}" for harm in HARMS for end in ("low", "high")),
    text2="rasid_event rasid_date rasid_date_precision rasid_date_rule rasid_place rasid_country",
    text3="rasid_place_precision",
    integer2="rasid_place_candidates",
    text4="rasid_gazetteer_id",
    number="rasid_score",
    text5="rasid_suggested_grade rasid_suggested_reason rasid_published rasid_outlet rasid_url rasid_model",
)


def incident_row(accounts: Accounts, event: Event) -> Row:
    """The columns `INCIDENT_COLUMNS` of one incident."""
    incident, article = event.incident, accounts.article
    place = accounts.place(incident.place) if incident.place else None
    denials = [claim for claim in event.claims if claim.stance == "DENY"]
    scores = [claim.score for claim in event.claims if claim.score is not None]
    row: Row = {
        "rasid_article": article.id,
        "rasid_incident": incident.id,
        "rasid_claims": [claim.id for claim in event.claims],
        "rasid_evidence": [place for claim in event.claims for place in offsets(claim)],
        "rasid_evidence_text": [words for claim in event.claims for words in accounts.evidence(claim)],
        "rasid_accounts": [_account(accounts, claim) for claim in event.claims],
        "rasid_accused": [
            f"{actor.name} ({claim.id})" for claim in event.claims for actor in accounts.actors(accounts.doers(claim))
        ],
        "rasid_denied_by": list(
            dict.fromkeys(actor.name for claim in denials for actor in accounts.actors(claim.holders))
        ),
        "rasid_denied_figures": [told for claim in denials for told in denied_figures(accounts, claim)],
        **_ranges(accounts, event),
        "rasid_event": incident.event,
        "rasid_date": incident.date,
        "rasid_date_precision": incident.date_precision,
        "rasid_date_rule": incident.date_rule,
        "rasid_place": place.name if place else None,
        "rasid_country": place.country if place else None,
        "rasid_place_precision": place.precision if place else None,
        "rasid_place_candidates": place.candidates if place else None,
        "rasid_gazetteer_id": place.gazetteer_id if place else None,
        "rasid_score": min(scores, default=None),
        **_suggested(event),
        "rasid_published": article.metadata.published,
        "rasid_outlet": article.metadata.outlet,
        "rasid_url": article.metadata.url,
        "rasid_model": article.model,
    }
    return row


def _ranges(accounts: Accounts, event: Event) -> Row:
    """The lowest and highest figure asserted of each harm; a high end is empty where an account has none."""
    return _bounds_row({harm: accounts.range(event, harm) for harm in HARMS})


def tolls(accounts: Accounts, claim: Claim) -> Row:
    """The figures of one claim, in the same columns."""
    return _bounds_row({harm: accounts.toll(claim, harm) if accounts.asserts(claim) else None for harm in HARMS})


def _bounds_row(told: dict[str, Bounds | None]) -> Row:
    row: Row = {}
    for harm, bounds in told.items():
        row[f"rasid_{harm.lower()}_low"] = bounds.low if bounds else None
        row[f"rasid_{harm.lower()}_high"] = bounds.high if bounds else None
    return row


def denied_figures(accounts: Accounts, claim: Claim) -> list[str]:
    """The figures a denial speaks of, such as "KILLED 14", where they do not count as asserted."""
    if accounts.asserts(claim):
        return []
    return [f"{each.kind} {figure(each.bounds)}" for each in accounts.casualties(claim)]


def offsets(claim: Claim) -> list[str]:
    """Where a claim is made: "C1:10-25" for each stretch, in code points, end exclusive."""
    return [f"{claim.id}:{start}-{end}" for start, end in claim.evidence]


def _suggested(event: Event) -> Row:
    """The suggested reading and its reason."""
    reading = event.incident.suggested
    return {
        "rasid_suggested_grade": reading.grade if reading else None,
        "rasid_suggested_reason": reading.reason if reading else None,
    }


def _account(accounts: Accounts, claim: Claim) -> str:
    """A claim on one line: who takes which position towards whom, and the figures in it."""
    holders = ", ".join(actor.name for actor in accounts.actors(claim.holders))
    who = holders or ("the article" if claim.voice == "article" else "unnamed")
    towards = ", ".join(actor.name for actor in accounts.actors(claim.targets))
    told = ", ".join(f"{each.kind} {figure(each.bounds)}" for each in accounts.casualties(claim))
    return f"{claim.id} {claim.stance} {who}" + (f" > {towards}" if towards else "") + (f": {told}" if told else "")
