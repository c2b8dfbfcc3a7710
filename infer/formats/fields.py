"""The keys of a JSON object, each checked for its type when it is taken; a wrong one becomes a fault.

Used for JSON Lines and for the rows of Parquet files. What the keys mean is left to the formats.
"""

from collections.abc import Iterator
from typing import Any

from .drafts import Fault, FaultKind

__all__ = ["Fields"]


class Fields:
    """A JSON object at a place in a file; `faults` is shared with the objects inside it."""

    def __init__(self, value: object, where: str, faults: list[Fault], path: str = "") -> None:
        self.where = where
        self.faults = faults
        self._path = path
        self._value: dict[str, Any] = {}
        if isinstance(value, dict):
            self._value = value
        else:
            self._refuse("", "an object", value)

    def text(self, key: str, *, hint: str = "") -> str:
        """A string that must be there; "" beside a fault, which ends with the hint where the key is absent."""
        value = self._value.get(key)
        if not isinstance(value, str):
            self._refuse(key, "a string", value, hint if value is None else "")
            return ""
        half = next((at for at, char in enumerate(value) if "\ud800" <= char <= "\udfff"), None)
        if half is not None:
            message = f"{self._name(key)}: character {half} is half of a surrogate pair, which no UTF-8 file can hold"
            self.faults.append(Fault(FaultKind.ENCODING, self.where, message))
            return ""
        return value

    def optional_text(self, key: str) -> str | None:
        """A string, None where it is absent or null."""
        return None if self._value.get(key) is None else self.text(key)

    def integer(self, key: str, *, needed: bool = False) -> int | None:
        """A whole number, None where it is absent or null."""
        value = self._value.get(key)
        if type(value) is int:
            return value
        if value is not None or needed:
            self._refuse(key, "a whole number", value)
        return None

    def score(self) -> float | None:
        """The key `score`, from 0 to 1, None where it is absent or null."""
        value = self._value.get("score")
        if value is None:
            return None
        if type(value) not in (int, float) or not 0 <= value <= 1:
            self._refuse("score", "a number from 0 to 1", value)
            return None
        return float(value)

    def nested(self, key: str) -> "Fields":
        """An object, empty where it is absent or null."""
        value = self._value.get(key)
        return Fields({} if value is None else value, self.where, self.faults, self._name(key))

    def objects(self, key: str) -> Iterator["Fields"]:
        """The objects of a list, none where it is absent or null."""
        value = self._value.get(key)
        if isinstance(value, list):
            for number, each in enumerate(value):
                found = Fields(each, self.where, self.faults, f"{self._name(key)}[{number}]")
                if isinstance(each, dict):
                    yield found
        elif value is not None:
            self._refuse(key, "a list", value)

    def _name(self, key: str) -> str:
        return ".".join(part for part in (self._path, key) if part)

    def _refuse(self, key: str, expected: str, value: object, hint: str = "") -> None:
        name = self._name(key)
        shown = repr(value)
        found = "nothing" if value is None else shown if len(shown) <= 60 else f"{shown[:59]}…"
        prefix = f"{name}: " if name else ""
        self.faults.append(Fault(FaultKind.SYNTAX, self.where, f"{prefix}expected {expected}, found {found}{hint}"))
