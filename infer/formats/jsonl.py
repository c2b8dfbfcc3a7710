"""JSON Lines: one article a line, with the field names of the contract; nothing of an article is lost.

Facts (casualties, places, actors, claims, incidents) are written always and read where they are there; keys this
module does not know are ignored. Whether what facts name exists is left to `Article`.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from ..articles import Article, Link, Metadata, Span
from ..errors import ArticleError, InputError
from ..facts import Actor, Bounds, Casualty, Claim, Facts, Incident, Place, SuggestedReading
from ..scheme import CONFLICT, Scheme
from .drafts import Draft, DraftLink, DraftSpan, Fault, FaultKind
from .fields import Fields
from .settling import finish
from .text import encode_utf8, read_lines, write_bytes

__all__ = [
    "FactsDraft",
    "article_from_json",
    "article_to_json",
    "draft_from_json",
    "iter_json_lines",
    "jsonl_drafts",
    "jsonl_line",
    "metadata_from",
    "read_jsonl",
    "write_jsonl",
]

_Fact = TypeVar("_Fact")
_KINDS_OF_HARM = ("killed", "injured", "missing", "displaced")


@dataclass(frozen=True, slots=True)
class FactsDraft(Draft):
    """A draft with the facts a line gives, whose parts are sound; what they refer to is not judged yet."""

    facts: Facts = field(default_factory=Facts)


def article_to_json(article: Article, *, with_text: bool = True) -> dict[str, Any]:
    """The article as a JSON value with the keys of the contract, in its order; offsets are code points."""
    value: dict[str, Any] = {
        "id": article.id,
        "text": article.text,
        "characters": article.characters,
        "characters_read": article.characters_read,
        "model": article.model,
        "metadata": {
            "published": article.metadata.published,
            "outlet": article.metadata.outlet,
            "url": article.metadata.url,
        },
        "spans": [_span_to_json(span) for span in article.spans],
        "links": [_link_to_json(link) for link in article.links],
        **_facts_to_json(article.facts),
    }
    if not with_text:
        del value["text"]
    return value


def article_from_json(value: object, scheme: Scheme = CONFLICT, where: str = "JSON") -> Article:
    """The article of `article_to_json`'s value; `where` (file and line) begins every message.

    Raises InputError or OffsetError that lists every fault.
    """
    return _finish(draft_from_json(value, where), scheme)[0]


def read_jsonl(
    path: Path,
    scheme: Scheme = CONFLICT,
    *,
    repair: bool = False,
    on_repair: Callable[[str], None] | None = None,
) -> Iterator[Article]:
    """The articles of a file, one at a time; an article without an id has `NAME/LINE`.

    `on_repair` is told of each repair. Raises EncodingError, OffsetError or InputError at the first bad line.
    """
    for draft in jsonl_drafts(path):
        article, repairs = _finish(draft, scheme, repair=repair)
        if on_repair:
            for line in repairs:
                on_repair(line)
        yield article


def write_jsonl(articles: Iterable[Article], path: Path, *, with_text: bool = True) -> int:
    """Write articles, one a line, as they come; returns how many. Raises InputError for what UTF-8 cannot hold."""
    count = 0
    write_bytes(path, b"")
    with path.open("wb") as file:
        for count, article in enumerate(articles, start=1):
            line = jsonl_line(article, with_text=with_text)
            file.write(encode_utf8(line + "\n", f"{path}:{count}"))
    return count


def jsonl_line(article: Article, *, with_text: bool = True) -> str:
    """One article as one line of JSON, without its line end."""
    line = json.dumps(article_to_json(article, with_text=with_text), ensure_ascii=False, allow_nan=False)
    # Legal inside JSON strings, but line ends to some readers.
    return line.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def iter_json_lines(path: Path) -> Iterator[tuple[int, object | Fault]]:
    """Each line's number and JSON value, or the fault in its place; empty lines are skipped."""
    for number, line in read_lines(path):
        where = f"{path}:{number}"
        if not isinstance(line, str):
            yield number, Fault(FaultKind.ENCODING, where, str(line).removeprefix(f"{where}: "))
        elif line.strip():
            try:
                yield number, json.loads(line)
            except RecursionError:
                yield number, Fault(FaultKind.SYNTAX, where, "expected an article, found JSON nested too deeply")
            except ValueError as error:
                yield number, Fault(FaultKind.SYNTAX, where, f"expected one JSON object a line, found: {error}")


def jsonl_drafts(path: Path, *, file_id: str | None = None) -> Iterator[Draft]:
    """A draft of each line; InputError is raised for a file that cannot be read at all."""
    file_id = path.name.removesuffix(".jsonl") if file_id is None else file_id
    for number, value in iter_json_lines(path):
        if isinstance(value, Fault):
            yield Draft(where=value.where, faults=(value,))
        else:
            yield draft_from_json(value, f"{path}:{number}", default_id=f"{file_id}/{number}")


def draft_from_json(value: object, where: str, *, default_id: str = "") -> Draft:
    """What a JSON value says of an article, with a fault for each key that is missing or of the wrong type."""
    faults: list[Fault] = []
    fields = Fields(value, where, faults)
    text = fields.text("text", hint="; an article written with --no-text cannot be read back") if not faults else ""
    if faults:
        return Draft(where=where, faults=tuple(faults))
    characters = fields.integer("characters")
    if characters is not None and characters != len(text):
        message = f"characters is {characters}, but the text has {len(text)} code points"
        repair = "counted again in code points" if characters in _other_lengths(text) else None
        faults.append(Fault(FaultKind.OFFSETS, where, message, repair))
    before = len(faults)
    spans = [_draft_span(each) for each in fields.objects("spans")]
    spans_are_sound = len(faults) == before
    links = [link for each in fields.objects("links") if (link := _draft_link(each))]
    facts = _facts(_FactFields(value, where, faults), len(text))
    return FactsDraft(
        where=where,
        id=default_id if (given := fields.optional_text("id")) is None else given,
        text=text,
        spans=tuple(span for span in spans if span),
        links=tuple(links),
        metadata=metadata_from(fields.nested("metadata")),
        model=fields.optional_text("model"),
        characters_read=fields.integer("characters_read"),
        # Where a span could not be read, a link to a span that is not there may be a link to it.
        set_aside=frozenset()
        if spans_are_sound
        else frozenset(end for one in links for end in (one.source, one.target)),
        faults=tuple(faults),
        facts=facts,
    )


def metadata_from(fields: Fields) -> Metadata:
    """Metadata from the keys published, outlet and url."""
    return Metadata(fields.optional_text("published"), fields.optional_text("outlet"), fields.optional_text("url"))


def _finish(draft: Draft, scheme: Scheme, *, repair: bool = False) -> tuple[Article, list[str]]:
    """The article of a draft with its facts; InputError for a fact about a span, actor or claim that is not there."""
    article, repairs = finish(draft, scheme, repair=repair)
    if isinstance(draft, FactsDraft) and draft.facts != Facts():
        try:
            article = replace(article, facts=draft.facts)
        except ArticleError as error:
            raise InputError(f"{draft.where}: {error}") from None
    return article, repairs


def _span_to_json(span: Span) -> dict[str, Any]:
    return {
        "id": span.id,
        "label": span.label,
        "family": span.family,
        "start": span.start_char,
        "end": span.end_char,
        "text": span.text,
        "score": span.score,
    }


def _link_to_json(link: Link) -> dict[str, Any]:
    return {"id": link.id, "kind": link.kind, "source": link.source, "target": link.target, "score": link.score}


def _facts_to_json(facts: Facts) -> dict[str, Any]:
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


def _draft_span(fields: Fields) -> DraftSpan | None:
    """A span, or None where a key it needs is missing or wrong."""
    before = len(fields.faults)
    name, label, text = fields.text("id"), fields.text("label"), fields.text("text")
    start, end = fields.integer("start", needed=True), fields.integer("end", needed=True)
    family, score = fields.optional_text("family"), fields.score()
    if len(fields.faults) > before or start is None or end is None:
        return None
    if not 0 <= start < end:
        message = f"span {name}: expected 0 <= start < end, found {start} and {end}"
        fields.faults.append(Fault(FaultKind.OFFSETS, fields.where, message))
        return None
    return DraftSpan(fields.where, name, label, start, end, text, score, family)


def _draft_link(fields: Fields) -> DraftLink | None:
    before = len(fields.faults)
    name, kind, source, target = (fields.text(key) for key in ("id", "kind", "source", "target"))
    link = DraftLink(fields.where, name, kind, source, target, fields.score())
    return link if len(fields.faults) == before else None


def _other_lengths(text: str) -> set[int]:
    """How long a text is to those who count UTF-16 units or bytes, or take line ends for one or two characters."""
    unix = text.replace("\r\n", "\n")
    return {len(text.encode("utf-16-le")) // 2, len(text.encode()), len(unix), len(unix) + unix.count("\n")}


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


def _facts(fields: _FactFields, characters: int) -> Facts:
    """The facts of a line, with a fault for each that is not what it should be."""
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
