"""An incident's date as schemes want it: the days it may have been on, and how sure that is.

How a date was found is left to the claims; a date that is no ISO 8601 date gives no days.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from ..facts import Incident

__all__ = ["EventDate", "event_date"]


@dataclass(frozen=True, slots=True)
class EventDate:
    """The first and last day an incident can have been on, None where unknown; `precision` as the incident has it."""

    first: date | None
    last: date | None
    precision: str | None

    @property
    def day(self) -> date | None:
        """The day, where it is known or is the publication's."""
        return self.last if self.precision in ("day", "published") else None

    @property
    def year(self) -> int | None:
        """The year of the last possible day."""
        return self.last.year if self.last else None


def event_date(incident: Incident) -> EventDate:
    """When an incident was; an event that only its article's date is known of was on that day at the latest."""
    precision = incident.date_precision
    found = re.match(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", incident.date or "")
    if not found:
        return EventDate(None, None, precision)
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return EventDate(None, None, precision)
    if precision == "published":
        return EventDate(None, first if day else None, precision)
    if precision == "year" or month is None:
        return EventDate(date(first.year, 1, 1), date(first.year, 12, 31), "year")
    if precision == "month" or day is None:
        return EventDate(first.replace(day=1), first.replace(day=monthrange(first.year, first.month)[1]), "month")
    return EventDate(first, first, precision)
