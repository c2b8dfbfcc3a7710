"""How the places of an article lie to each other: the same, one inside the other, or apart.

Judged by what the text joins (`within`), by name, and by what the gazetteer found; where neither tells, two places
are neither shared nor apart. Resolving names is `places`' business.
"""

from collections.abc import Iterable, Sequence

from ..articles import Article
from ..facts import Place
from .words import bare_forms, fold

__all__ = ["PlaceRelations"]

_LEVELS = {"COUNTRY": 0, "REGION": 1, "TOWN": 2, "DISTRICT": 3, "SITE": 3, "NATURAL": 3}
_COUNTRY, _REGION = 0, 1
_Named = tuple[str, str | None]
"""A bare name, and the gazetteer's entry for the place itself."""
_Around = tuple[frozenset[str], frozenset[str]]
"""Bare names and entries."""
_GENERIC_NOUNS = "مدينه بلده قريه حي محافظه ولايه منطقه ناحيه قضاء مديريه دوله جمهوريه ريف مخيم شارع ضاحيه"


class PlaceRelations:
    """The relations between the location spans of one article, by id."""

    def __init__(self, article: Article, places: Sequence[Place]) -> None:
        self._levels = {span.id: _LEVELS.get(span.label, 3) for span in article.spans if span.family == "LOCATION"}
        self._starts = {span.id: span.start_char for span in article.spans}
        self._places = {place.span: place for place in places}
        texts = {span.id: span.text for span in article.spans if span.family == "LOCATION"}
        self._names = {
            name: _bare_name(self._places[name].name if name in self._places else text) for name, text in texts.items()
        }
        self._within: dict[str, set[str]] = {}
        for place in places:
            self._within.setdefault(place.span, set()).update(place.within)
        for link in article.links:
            if link.kind == "within":
                self._within.setdefault(link.source, set()).add(link.target)
        self._ids = {name: self._own_id(name) for name in texts}
        # Mentions that nothing here tells apart are of one kind; relations are found once for two kinds, not two spans.
        numbers: dict[tuple[object, ...], int] = {}
        self._kinds = {name: numbers.setdefault(self._looks(name), len(numbers)) for name in texts}
        self._differing: dict[tuple[int, int], bool] = {}
        self._sharing: dict[tuple[int, int], bool] = {}
        self._around: dict[_Named, _Around] = {}
        by_name: dict[str, list[str]] = {}
        by_id: dict[str, list[str]] = {}
        for name in texts:
            by_name.setdefault(self._names[name], []).append(name)
            if (own := self._ids[name]) is not None:
                by_id.setdefault(own, []).append(name)
        # What the text puts any mention of a name, or of an entry, in.
        self._put_by_name = {name: self._put_in(spans) for name, spans in by_name.items()}
        self._put_by_id = {own: self._put_in(spans) for own, spans in by_id.items()}

    def same(self, a: str, b: str) -> bool:
        """Whether two spans name one place."""
        if a == b or self._names[a] == self._names[b]:
            return True
        return self._ids[a] is not None and self._ids[a] == self._ids[b]

    def inside(self, a: str, b: str) -> bool:
        """Whether the first lies in the second, by the text (of any mention of it) or by the gazetteer."""
        return self._inside_by_text(a, b) or self._inside_by_gazetteer(a, b)

    def shared(self, some: Iterable[str], others: Iterable[str]) -> bool:
        """Whether two claims name one place, up to containment; to lie in the same country is not enough."""
        some, others = dict.fromkeys(some), dict.fromkeys(others)
        return any(self._share(a, b) for a in some for b in others)

    def apart(self, some: Iterable[str], others: Iterable[str]) -> bool:
        """Whether two claims name different places: both name some, and no two of them could be one event's."""
        some, others = dict.fromkeys(some), dict.fromkeys(others)
        return bool(some and others) and all(self._differ(a, b) for a in some for b in others)

    def finest(self, names: Iterable[str]) -> str | None:
        """The most precise place, the first in the text of equals."""
        return min(names, key=lambda name: (-self._levels[name], self._starts[name]), default=None)

    def _share(self, a: str, b: str) -> bool:
        pair = self._kinds[a], self._kinds[b]
        known = self._sharing.get(pair)
        if known is None:
            known = self._sharing[pair] = (
                self.same(a, b)
                or (self._levels[b] != _COUNTRY and self.inside(a, b))
                or (self._levels[a] != _COUNTRY and self.inside(b, a))
            )
        return known

    def _differ(self, a: str, b: str) -> bool:
        pair = self._kinds[a], self._kinds[b]
        known = self._differing.get(pair)
        if known is None:
            known = self._differing[pair] = self._are_different(a, b)
        return known

    def _are_different(self, a: str, b: str) -> bool:
        if self.same(a, b) or self.inside(a, b) or self.inside(b, a):
            return False
        # A quarter that no gazetteer knows may well lie in the town another claim names.
        finer = a if self._levels[a] > self._levels[b] else b
        return self._levels[a] == self._levels[b] or self._resolved(finer)

    def _resolved(self, name: str) -> bool:
        place = self._places.get(name)
        return place is not None and place.country is not None and place.precision is not None

    def _own_id(self, name: str) -> str | None:
        """The gazetteer's entry for the place itself, not for a coarser one around it."""
        place = self._places.get(name)
        if place is None or place.precision is None:
            return None
        return place.gazetteer_id if _LEVELS.get(place.precision.upper(), 3) >= self._levels[name] else None

    def _looks(self, name: str) -> tuple[object, ...]:
        """All that a relation to another place is judged by."""
        place = self._places.get(name)
        found = (
            () if place is None else (place.country, place.admin1, place.admin2, place.precision, place.gazetteer_id)
        )
        return self._named(name), self._levels[name], found

    def _named(self, name: str) -> _Named:
        return self._names[name], self._ids[name]

    def _inside_by_text(self, a: str, b: str) -> bool:
        names, ids = self._around_of(self._named(a))
        return self._names[b] in names or self._ids[b] in ids

    def _around_of(self, inner: _Named) -> _Around:
        """The names and entries of all that the text puts a place in, over any mention of it."""
        known = self._around.get(inner)
        if known is None:
            reached, todo = dict[_Named, None](), list(self._put(inner))
            while todo:
                outer = todo.pop()
                if outer not in reached:
                    reached[outer] = None
                    todo += self._put(outer)
            ids = frozenset(own for _, own in reached if own is not None)
            known = self._around[inner] = frozenset(name for name, _ in reached), ids
        return known

    def _put(self, inner: _Named) -> dict[_Named, None]:
        """What the text puts a place in directly."""
        name, own = inner
        return self._put_by_name[name] | (self._put_by_id[own] if own is not None else {})

    def _put_in(self, mentions: Iterable[str]) -> dict[_Named, None]:
        outer = (around for name in mentions for around in self._within.get(name, ()))
        return {self._named(around): None for around in outer if around in self._names}

    def _inside_by_gazetteer(self, a: str, b: str) -> bool:
        inner, outer = self._places.get(a), self._places.get(b)
        if inner is None or outer is None or inner.country is None or inner.country != outer.country:
            return False
        if self._levels[a] <= self._levels[b]:
            return False
        if self._levels[b] == _COUNTRY:
            return True
        if self._levels[b] == _REGION and outer.precision == "region":
            second = outer.admin2 is None or outer.admin2 == inner.admin2
            return outer.admin1 is not None and outer.admin1 == inner.admin1 and second
        return inner.gazetteer_id is not None and inner.gazetteer_id == outer.gazetteer_id


def _bare_name(name: str) -> str:
    words, generic = fold(name).split(), set(_GENERIC_NOUNS.split())
    while len(words) > 1 and bare_forms(words[0]) & generic:
        words = words[1:]
    return " ".join(words)
