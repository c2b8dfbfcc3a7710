"""What an export is made to: the format, the switchable rules, and the count of what the rules left out.

The rules are stated in docs/exports.md; how rows follow from them is left to the modules of the formats.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from ..errors import InputError

__all__ = ["AdmitRule", "DenyRule", "ExportFormat", "ExportRules", "Tally", "TollRule"]


class ExportFormat(StrEnum):
    """What rows are: one claim (csv, parquet), or what an event coder's scheme has."""

    CSV = "csv"
    PARQUET = "parquet"
    ACLED = "acled"
    UCDP = "ucdp"
    PLOVER = "plover"


class TollRule(StrEnum):
    """How accounts that differ become one figure."""

    CONSERVATIVE = "conservative"
    """The figure is the lowest that an account asserts, as ACLED does where sources differ."""
    RANGE = "range"
    """No single figure: the scheme's own figure stays empty, the lowest and highest stand in their columns."""


class DenyRule(StrEnum):
    """What a denial does."""

    SEPARATE = "separate"
    """Denied figures stand in columns of their own and never among asserted ones; a denial is no PLOVER event."""
    KEEP = "keep"
    """A denial is an account like any other: its figures count; in PLOVER it is a REJECT."""
    DROP = "drop"
    """Denials are left out, and with them incidents that hold nothing else."""


class AdmitRule(StrEnum):
    """What taking responsibility does."""

    ACT = "act"
    """Who admits a harm to others did it: the doer in ACLED and UCDP, the source of an ASSAULT in PLOVER."""
    STATEMENT = "statement"
    """An admission is a report like any other; only whom its casualties blame did it."""
    DROP = "drop"
    """Admissions are left out."""


@dataclass(frozen=True, slots=True)
class ExportRules:
    """The rules of an export; `min_score` is the least score of a claim that is kept (a gold claim has none)."""

    toll: TollRule = TollRule.CONSERVATIVE
    deny: DenyRule = DenyRule.SEPARATE
    admit: AdmitRule = AdmitRule.ACT
    min_score: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.min_score <= 1.0:
            raise InputError(f"min-score: expected a number from 0 to 1, found {self.min_score}")


@dataclass(slots=True)
class Tally:
    """What went through an export, and what its rules left out, by reason."""

    articles: int = 0
    claims: int = 0
    incidents: int = 0
    rows: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        left = "".join(f"; left out {count} {reason}" for reason, count in self.left_out.items())
        return f"{self.articles} articles, {self.claims} claims, {self.incidents} incidents: {self.rows} rows{left}"
