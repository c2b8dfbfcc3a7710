"""Label schemes: which span labels, families and links exist, and the tags that spell them.

A scheme is a value. The conflict scheme of the annotation guidelines is declared here, once; a model folder
carries its own copy and a config can declare another. Nothing here reads text or data.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .errors import SchemeError

__all__ = ["CONFLICT", "LinkKind", "Scheme", "SpanLabel"]


@dataclass(frozen=True, slots=True)
class SpanLabel:
    """One span label and the family (coarse label) it belongs to."""

    name: str
    family: str

    def __post_init__(self) -> None:
        for what in (self.name, self.family):
            if not what or any(c.isspace() for c in what):
                raise SchemeError(f"a label or family is a word without spaces, found {what!r}")


@dataclass(frozen=True, slots=True)
class LinkKind:
    """One kind of link: it leads from a span of `source_family` to a span of `target_family`."""

    name: str
    source_family: str
    target_family: str


@dataclass(frozen=True)
class Scheme:
    """A named set of span labels and link kinds.

    Raises SchemeError for a repeated name or a link whose families the labels do not have.
    """

    name: str
    labels: tuple[SpanLabel, ...]
    links: tuple[LinkKind, ...] = ()
    _family_by_label: dict[str, str] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        names = [label.name for label in self.labels]
        if not names:
            raise SchemeError(f"scheme {self.name!r} has no labels")
        for kind, found in (("label", names), ("link", [link.name for link in self.links])):
            repeated = sorted({name for name in found if found.count(name) > 1})
            if repeated:
                raise SchemeError(f"scheme {self.name!r} declares {kind} {', '.join(repeated)} more than once")
        for link in self.links:
            for family in (link.source_family, link.target_family):
                if family not in self.families:
                    raise SchemeError(f"link {link.name!r} uses family {family!r}, which no label has")
        object.__setattr__(self, "_family_by_label", {label.name: label.family for label in self.labels})

    @cached_property
    def label_names(self) -> tuple[str, ...]:
        """The span labels in the order they were declared."""
        return tuple(label.name for label in self.labels)

    @cached_property
    def families(self) -> tuple[str, ...]:
        """The families in order of first use."""
        return tuple(dict.fromkeys(label.family for label in self.labels))

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """IOB2 tags: O, then B- and I- of each label; the position is the tag's number in a model."""
        return ("O", *(f"{edge}-{name}" for name in self.label_names for edge in "BI"))

    @cached_property
    def link_by_name(self) -> dict[str, LinkKind]:
        """Link kinds by name."""
        return {link.name: link for link in self.links}

    def __contains__(self, label: object) -> bool:
        return label in self._family_by_label

    def family_of(self, label: str) -> str:
        """The family of a span label; SchemeError if the scheme has no such label."""
        try:
            return self._family_by_label[label]
        except KeyError:
            known = ", ".join(self.label_names)
            raise SchemeError(f"scheme {self.name!r} has no label {label!r}; it has {known}") from None

    def to_json(self) -> dict[str, Any]:
        """A JSON value that `from_json` reads back to an equal scheme."""
        return {
            "name": self.name,
            "families": {f: [x.name for x in self.labels if x.family == f] for f in self.families},
            "labels": list(self.label_names),
            "links": {k.name: [k.source_family, k.target_family] for k in self.links},
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Scheme":
        """Read `to_json`'s value; SchemeError names what is missing or contradictory."""
        try:
            declared = [(name, f) for f, names in value["families"].items() for name in names]
            place = {name: n for n, name in enumerate(value.get("labels") or dict(declared))}
            labels = tuple(SpanLabel(name, f) for name, f in sorted(declared, key=lambda pair: place[pair[0]]))
            links = tuple(LinkKind(name, ends[0], ends[1]) for name, ends in value.get("links", {}).items())
            return cls(value["name"], labels, links)
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise SchemeError(f"not a label scheme: {type(error).__name__} {error}") from error


_FAMILIES = {
    "ACTOR": ("STATE", "ARMED", "INTL", "SOURCE", "PARTY", "PERSON", "CIVILIAN"),
    "LOCATION": ("COUNTRY", "REGION", "TOWN", "DISTRICT", "SITE", "NATURAL"),
    "CASUALTY": ("KILLED", "INJURED", "MISSING", "DISPLACED"),
    "STANCE": ("ACCUSE", "DENY", "ADMIT", "REPORT", "SUPPORT", "OPPOSE"),
}

CONFLICT = Scheme(
    name="conflict",
    labels=tuple(SpanLabel(name, family) for family, names in _FAMILIES.items() for name in names),
    links=(
        LinkKind("holder", "STANCE", "ACTOR"),
        LinkKind("target", "STANCE", "ACTOR"),
        LinkKind("about", "STANCE", "CASUALTY"),
        LinkKind("place", "CASUALTY", "LOCATION"),
        LinkKind("victim", "CASUALTY", "ACTOR"),
        LinkKind("blamed", "CASUALTY", "ACTOR"),
        LinkKind("within", "LOCATION", "LOCATION"),
    ),
)
"""The 23 labels, four families and 7 links of the annotation guidelines."""
