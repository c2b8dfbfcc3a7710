"""When an incident happened: the date its own sentence states, else the day the article was published.

Only the sentences in which harm is asserted are asked, so that the date of another strike does not slip in. The
expressions and their rules stand in `date_rules`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .accounts import Account
from .date_rules import StatedDate
from .graph import SpanGraph

__all__ = ["EventDate", "date_event", "published_on"]

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_SLASHED = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(?: .*)?")


@dataclass(frozen=True, slots=True)
class EventDate:
    """A date in ISO 8601 as far as `precision` (day, month, year, published) goes, and the rule that gave it."""

    date: str
    precision: str
    rule: str


def published_on(published: str | None) -> date | None:
    """The day of a publication date as metadata gives it (ISO 8601, or year/month/day); None for anything else."""
    match = _ISO.fullmatch(published.strip()) or _SLASHED.fullmatch(published.strip()) if published else None
    if match is None:
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def date_event(graph: SpanGraph, accounts: Sequence[Account], published: date | None) -> EventDate | None:
    """The date nearest to the first casualty whose sentence states one; the publication date if none does.

    None where neither is known: a weekday without a publication date tells no date.
    """
    for account in sorted(accounts, key=lambda account: account.start_char):
        if not account.asserts:
            continue
        for name in account.casualties:
            stated = _nearest(graph, name, published)
            if stated is not None:
                return EventDate(stated.date, stated.precision, stated.rule)
    return EventDate(published.isoformat(), "published", "published") if published else None


def _nearest(graph: SpanGraph, casualty: str, published: date | None) -> StatedDate | None:
    span = graph.spans[casualty]
    stated = graph.dates_of(graph.sentence(casualty), published)
    return min(
        stated,
        key=lambda one: max(span.start_char - one.end_char, one.start_char - span.end_char),
        default=None,
    )
