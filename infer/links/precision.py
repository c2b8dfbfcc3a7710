"""The precision of a linking rule: that of the longest beginning of its name that a table has."""

from collections.abc import Mapping
from functools import cache

from .rule_precision import PERCENT

__all__ = ["look_up", "precision_of"]

_UNKNOWN = 0.5


@cache
def precision_of(rule: str) -> float:
    """The precision, from 0 to 1, of a rule by its name, as measured."""
    return look_up(_table(), rule)


def look_up(table: Mapping[str, float], rule: str) -> float:
    """The entry of the longest beginning of a rule's name; a half where there is none."""
    while rule not in table:
        if ":" not in rule:
            return _UNKNOWN
        rule = rule.rpartition(":")[0]
    return table[rule]


@cache
def _table() -> dict[str, float]:
    table: dict[str, float] = {}
    for line in PERCENT.split("\n"):
        beginning, *entries = line.split(" ") if line else [""]
        for entry in entries:
            rest, _, percent = entry.rpartition("=")
            table[beginning + rest] = int(percent) / 100
    return table
