"""An article's facts as JSON: the keys of the contract after spans and links, written and read.

A fact that is not what it should be is a fault with its key; whether what it refers to exists is left to `Article`.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from ..errors import ArticleError
from ..facts import Actor, Bounds, Casualty, Claim, Facts, Incident, Place, SuggestedReading
from .drafts import Fault, FaultKind
from .fields import Fields

__all__ = ["facts_from_json", "facts_to_json"]

_Fact = TypeVar("_Fact")
_KINDS_OF_HARM = ("killed", "injured", "missing", "displaced")


def facts_to_json(facts: Facts) -> dict[str, Any]:
    """The five keys of facts, empty lists where there are none."""
    return {
        "casualties": [
            {"span": each.span, "kind": each.kind, **_bounds_to_json(each.bounds)}
            | {"rule": each.rule, "part_of": each.part_of}
            for each in facts.casualties
        ],
        "places": [_fields_to_json(each, _PLACE_KEYS) for each in facts.places],
        "actors": [_fields_to_json(each, _ACTOR_KEYS) for each in facts.actors],
        "claims": [_fields_to_json(each, _CLAIM_KEYS) for each in facts.claims],
        "incidents": [_incident_to_json(each) for each in facts.incidents],
    }


_PLACE_KEYS = (
    *("span", "name", "within", "latitude", "longitude", "country", "admin1", "admin2", "precision", "candidates"),
    "gazetteer_id",
)
_ACTOR_KEYS = ("id", "name", "type", "side", "known", "mentions")
_CLAIM_KEYS = (
    *("id", "stance", "voice", "cues", "holders", "targets", "casualties", "places", "victims", "blamed", "evidence"),
    "score",
)


def _fields_to_json(fact: Place | Actor | Claim, keys: tuple[str, ...]) -> dict[str, Any]:
    """Fields whose names are the keys of the contract, in its order; tuples as lists."""
    return {key: _listed(getattr(fact, key)) for key in keys}


def _listed(value: object) -> object:
    return [_listed(each) for each in value] if isinstance(value, tuple) else value


def _incident_to_json(incident: Incident) -> dict[str, Any]:
    suggested = incident.suggested
    tolls = {kind: getattr(incident, kind) for kind in _KINDS_OF_HARM}
    return {
        "id": incident.id,
        "claims": list(incident.claims),
        "place": incident.place,
        **{kind: None if bounds is None else _bounds_to_json(bounds) for kind, bounds in tolls.items()},
        "event": incident.event,
        "date": incident.date,
        "date_precision": incident.date_precision,
        "date_rule": incident.date_rule,
        "suggested": None if suggested is None else {"grade": suggested.grade, "reason": suggested.reason},
    }


def _bounds_to_json(bounds: Bounds) -> dict[str, int | None]:
    return {"low": bounds.low, "high": bounds.high}


class _FactFields(Fields):
    """The keys of a JSON object with the types that only facts have."""

    def parts(self, key: str) -> Iterator["_FactFields"]:
        """The objects of a list, as `objects` gives them."""
        for number, each in enumerate(self._list(key)):
            found = _FactFields(each, self.where, self.faults, f"{self._name(key)}[{number}]")
            if isinstance(each, dict):
                yield found

    def part(self, key: str) -> "_FactFields | None":
        """An object, None where it is absent or null."""
        value = self._value.get(key)
        return None if value is None else _FactFields(value, self.where, self.faults, self._name(key))

    def names(self, key: str) -> tuple[str, ...]:
        """A list of strings, empty where it is absent or null."""
        found: list[str] = []
        for number, value in enumerate(self._list(key)):
            one = Fields({"": value}, self.where, self.faults, f"{self._name(key)}[{number}]")
            found.append(one.text(""))
        return tuple(found)

    def truth(self, key: str) -> bool:
        """true or false, which must be there."""
        value = self._value.get(key)
        if not isinstance(value, bool):
            self._refuse(key, "true or false", value)
        return value is True

    def degrees(self, key: str) -> float | None:
        """A number, None where it is absent or null; whether it is one of a place on Earth is left to `Place`."""
        value = self._value.get(key)
        # A whole number too large for a float is no angle either, and is refused in the same words.
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9:
            return float(value)
        if value is not None:
            self._refuse(key, "a number of degrees", value)
        return None

    def bounds(self) -> Bounds:
        """The keys low and high; raises ArticleError for bounds that cannot be."""
        return Bounds(self.integer("low"), self.integer("high"))

    def stretches(self, key: str, characters: int) -> tuple[tuple[int, int], ...]:
        """A list of [start, end] inside a text of so many code points."""
        found: list[tuple[int, int]] = []
        for number, value in enumerate(self._list(key)):
            if isinstance(value, list) and [type(each) for each in value] == [int, int]:
                start, end = value
                found.append((start, end))
                if not 0 <= start < end <= characters:
                    name, expected = self._name(f"{key}[{number}]"), f"0 <= start < end <= {characters}"
                    message = f"{name}: expected {expected}, found {start} and {end}"
                    self.faults.append(Fault(FaultKind.OFFSETS, self.where, message))
            else:
                self._refuse(f"{key}[{number}]", "two whole numbers, start and end", value)
        return tuple(found)

    def _list(self, key: str) -> list[Any]:
        value = self._value.get(key)
        if value is not None and not isinstance(value, list):
            self._refuse(key, "a list", value)
        return value if isinstance(value, list) else []


def facts_from_json(value: object, where: str, faults: list[Fault], characters: int) -> Facts:
    """The facts of an article of so many code points, with a fault for each that is not what it should be."""
    fields = _FactFields(value, where, faults)
    return Facts(
        casualties=_all_made(fields.parts("casualties"), _casualty),
        places=_all_made(fields.parts("places"), _place),
        actors=_all_made(fields.parts("actors"), _actor),
        claims=_all_made(fields.parts("claims"), lambda one: _claim(one, characters)),
        incidents=_all_made(fields.parts("incidents"), _incident),
    )


def _all_made(parts: Iterator[_FactFields], make: Callable[[_FactFields], _Fact]) -> tuple[_Fact, ...]:
    found = (_made(each, make) for each in parts)
    return tuple(fact for fact in found if fact is not None)


def _made(fields: _FactFields, make: Callable[[_FactFields], _Fact]) -> _Fact | None:
    """What `make` reads, or None beside the fault where that cannot be."""
    before = len(fields.faults)
    try:
        fact = make(fields)
    except ArticleError as error:
        # Where a key is wrong already, what the fact makes of its absence is no fault of its own.
        if len(fields.faults) == before:
            fields.faults.append(Fault(FaultKind.SYNTAX, fields.where, str(error)))
        return None
    return fact if len(fields.faults) == before else None


def _casualty(fields: _FactFields) -> Casualty:
    span, kind, rule = (fields.text(key) for key in ("span", "kind", "rule"))
    try:
        bounds = fields.bounds()
    except ArticleError as error:
        raise ArticleError(f"the count of {span}: {error}") from None
    return Casualty(span, kind, bounds, rule, fields.optional_text("part_of"))


def _place(fields: _FactFields) -> Place:
    return Place(
        span=fields.text("span"),
        name=fields.text("name"),
        within=fields.names("within"),
        latitude=fields.degrees("latitude"),
        longitude=fields.degrees("longitude"),
        country=fields.optional_text("country"),
        admin1=fields.optional_text("admin1"),
        admin2=fields.optional_text("admin2"),
        precision=fields.optional_text("precision"),
        candidates=fields.integer("candidates") or 0,
        gazetteer_id=fields.optional_text("gazetteer_id"),
    )


def _actor(fields: _FactFields) -> Actor:
    return Actor(
        id=fields.text("id"),
        name=fields.text("name"),
        type=fields.text("type"),
        known=fields.truth("known"),
        mentions=fields.names("mentions"),
        side=fields.optional_text("side"),
    )


def _claim(fields: _FactFields, characters: int) -> Claim:
    lists = ("cues", "holders", "targets", "casualties", "places", "victims", "blamed")
    cues, holders, targets, casualties, places, victims, blamed = (fields.names(key) for key in lists)
    return Claim(
        id=fields.text("id"),
        stance=fields.text("stance"),
        voice=fields.text("voice"),
        cues=cues,
        holders=holders,
        targets=targets,
        casualties=casualties,
        places=places,
        victims=victims,
        blamed=blamed,
        evidence=fields.stretches("evidence", characters),
        score=fields.score(),
    )


def _incident(fields: _FactFields) -> Incident:
    name = fields.text("id")
    tolls: list[Bounds | None] = []
    for kind in _KINDS_OF_HARM:
        toll = fields.part(kind)
        try:
            tolls.append(toll.bounds() if toll else None)
        except ArticleError as error:
            raise ArticleError(f"incident {name}: {kind}: {error}") from None
    killed, injured, missing, displaced = tolls
    reading = fields.part("suggested")
    return Incident(
        id=name,
        claims=fields.names("claims"),
        place=fields.optional_text("place"),
        killed=killed,
        injured=injured,
        missing=missing,
        displaced=displaced,
        event=fields.optional_text("event"),
        date=fields.optional_text("date"),
        date_precision=fields.optional_text("date_precision"),
        date_rule=fields.optional_text("date_rule"),
        suggested=SuggestedReading(reading.text("grade"), reading.text("reason")) if reading else None,
    )
