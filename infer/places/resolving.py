"""Which place each location span of an article stands for.

Every name is first taken by itself, then again twice in the light of the others: the country the article is about,
the containers the text names («حي القصور بمدينة دير الزور»), the places near by. One name means one place all
through an article unless the text puts it in different ones. A quarter, site or village the gazetteer lacks is put
where its container is; a name nobody knows stays, without coordinates. How candidates are scored is left to
`ranking`; the idea that one name has one sense in a discourse is that of Gale, Church and Yarowsky (1992), its use
for toponyms, with the nearness of the others, that of Leidner (2007).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain

from ..articles import Article, Span
from ..facts import Place
from .countries import adjective_stem, country_adjectives
from .gazetteer import Gazetteer
from .names import fold, name_key
from .nearness import PlacesBeside, nearest_km
from .ranking import Candidate, Surroundings, candidates_of, count_places, score_in
from .readings import readings, without_particles

__all__ = ["resolve_places"]

_stem = lru_cache(maxsize=16_384)(adjective_stem)
_ROUNDS = 3
_VOTE_OF_PLACE = 2.0
_VOTE_OF_ADJECTIVE = 0.5
_VOTE_OF_POWER = 0.1
_POWERS = frozenset(["US", "RU", "GB", "FR", "DE", "CN", "IR", "TR", "IL", "SA", "AE", "QA"])
_TAKES_NEIGHBOURS = frozenset({"DISTRICT", "SITE"})
_GIVES_PLACE = frozenset({"TOWN", "REGION", "DISTRICT"})


@dataclass(slots=True)
class _Name:
    """All the mentions of an article that mean one place, and what is thought of them so far."""

    label: str
    mentions: list[Span]
    containers: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    choice: Candidate | None = None


@dataclass(slots=True)
class _Names:
    """The names of an article, and the name of each span."""

    names: list[_Name] = field(default_factory=list)
    of_span: dict[str, _Name] = field(default_factory=dict)


def resolve_places(article: Article, gazetteer: Gazetteer) -> tuple[Place, ...]:
    """A place for every location span, in the order of the text; without coordinates where none is known.

    `candidates` is 0 where the gazetteer has no entry that fits. Such a place has the coordinates and the precision
    of what the text puts it in, a quarter or site those of a place named beside it in its paragraph; else it has no
    coordinates, and only the country of the places named before and after it, where these agree.
    """
    spans = [span for span in article.spans if span.family == "LOCATION"]
    within = _within(article)
    names = _names(spans, within, gazetteer)
    votes = _votes_of_adjectives(article.text)
    for _ in range(_ROUNDS):
        _choose(names, votes)
    counts = {id(name): count_places(name.candidates, name.label) for name in names.names}
    places: dict[str, Place] = {}
    for span in spans:
        name = names.of_span[span.id]
        places[span.id] = _place(span, name, within.get(span.id, ()), counts[id(name)])
    beside = PlacesBeside(article.text, [span for span in spans if span.label in _GIVES_PLACE])
    for span in spans:
        places[span.id] = _put_with_container(span, places, names, beside)
    return _with_countries([places[span.id] for span in spans])


def _with_countries(places: Sequence[Place]) -> tuple[Place, ...]:
    """A place nobody knows lies in the country of the places named before and after it, where these agree."""
    before: list[str | None] = [None]  # the last country named before each place, and the first after it
    for place in places:
        before.append(place.country or before[-1])
    after: list[str | None] = [None]
    for place in reversed(places):
        after.append(place.country or after[-1])
    result = []
    for index, place in enumerate(places):
        neighbours = {before[index], after[len(places) - index - 1]} - {None}
        if place.candidates == 0 and place.country is None and len(neighbours) == 1:
            place = replace(place, country=neighbours.pop())
        result.append(place)
    return tuple(result)


def _within(article: Article) -> dict[str, tuple[str, ...]]:
    locations = {span.id for span in article.spans if span.family == "LOCATION"}
    targets: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for link in article.links:
        if link.kind == "within" and link.source in locations and link.target in locations:
            targets[link.source][link.target] = None
    return {source: tuple(found) for source, found in targets.items()}


def _names(spans: Sequence[Span], within: Mapping[str, tuple[str, ...]], gazetteer: Gazetteer) -> _Names:
    """Group the spans: same name and label is one name, unless the containers differ by name."""
    of_text = {text: _identity(text, gazetteer) for text in {span.text for span in spans}}
    identity = {span.id: (span.label, of_text[span.text]) for span in spans}
    groups: defaultdict[tuple[str, str], list[Span]] = defaultdict(list)
    for span in spans:
        groups[identity[span.id]].append(span)
    result = _Names()
    for (label, _), group in groups.items():
        read = {text: candidates_of(text, label, gazetteer) for text in {span.text for span in group}}
        candidates = tuple({found.entry.id: found for span in group for found in read[span.text]}.values())
        boxes: defaultdict[tuple[tuple[str, str], ...], list[Span]] = defaultdict(list)
        for span in group:
            boxes[tuple(sorted(identity[box] for box in within.get(span.id, ())))].append(span)
        free = boxes.pop((), [])
        if len(boxes) <= 1:  # mentions that say no container mean the place that others put somewhere
            free += [span for mentions in boxes.values() for span in mentions]
            boxes.clear()
        for mentions in (free, *boxes.values()):
            if mentions:
                containers = tuple(dict.fromkeys(box for span in mentions for box in within.get(span.id, ())))
                name = _Name(label, mentions, containers, candidates)
                result.names.append(name)
                result.of_span.update(dict.fromkeys((span.id for span in mentions), name))
    return result


def _identity(text: str, gazetteer: Gazetteer) -> str:
    """The key under which mentions of one name meet: what the gazetteer knows, else what follows a generic noun."""
    found = readings(text)
    known = next((reading.key for reading in found if gazetteer.named(reading.key)), None)
    named = next((reading.key for reading in found if reading.head is not None), None)
    return known or named or name_key(fold(text))


def _choose(names: _Names, votes: Mapping[str, float]) -> None:
    """One round: choose the best candidate of every name, given what was chosen for the others before."""
    before = [name.choice for name in names.names]
    number = {id(name): at for at, name in enumerate(names.names)}
    about = Counter(choice.entry.country for choice in before if choice is not None)
    others = [
        (at, choice.point)
        for at, choice in enumerate(before)
        if choice is not None and choice.entry.level != "country" and choice.entry.country is not None
    ]
    points = [(at, found.point) for at, name in enumerate(names.names) for found in name.candidates]
    away = nearest_km(
        [point for _, point in points],
        [at for at, _ in points],
        [point for _, point in others],
        [at for at, _ in others],
    )
    next_away = iter(away)
    for at, name in enumerate(names.names):
        boxes = [before[number[id(names.of_span[span])]] for span in name.containers]
        own = before[at]
        around = Surroundings(
            shares=_shares(votes, about, own.entry.country if own is not None else None),
            containers=[choice for choice in boxes if choice is not None],
        )
        scores = [(score_in(found, around, km), found) for found, km in zip(name.candidates, next_away, strict=False)]
        scored = [(score, found) for score, found in scores if score is not None]
        name.choice = max(scored, key=lambda pair: pair[0])[1] if scored else None


def _shares(votes: Mapping[str, float], about: Mapping[str | None, int], own: str | None) -> dict[str, float]:
    """What part of an article is about each country, by its adjectives and the places chosen so far but for one."""
    counts: defaultdict[str, float] = defaultdict(float, votes)
    for country, places in about.items():
        if country is not None and places > (country == own):
            counts[country] += _VOTE_OF_PLACE * (places - (country == own))
    total = sum(counts.values())
    return {country: count / total for country, count in counts.items()} if total else {}


def _votes_of_adjectives(text: str) -> dict[str, float]:
    adjectives = country_adjectives()
    votes: defaultdict[str, float] = defaultdict(float)
    for word in fold(text):
        country = adjectives.get(_stem(word))
        if country is not None:
            votes[country] += _VOTE_OF_POWER if country in _POWERS else _VOTE_OF_ADJECTIVE
    return votes


def _place(span: Span, name: _Name, within: tuple[str, ...], candidates: int) -> Place:
    text = _name_in_text(span, name)
    if name.choice is None:
        return Place(span=span.id, name=text, within=within)
    entry = name.choice.entry
    return Place(
        span=span.id,
        name=text,
        within=within,
        latitude=entry.latitude,
        longitude=entry.longitude,
        country=entry.country,
        admin1=entry.admin1,
        admin2=entry.admin2,
        precision=entry.level,
        candidates=candidates,
        gazetteer_id=entry.id,
    )


def _name_in_text(span: Span, name: _Name) -> str:
    """The span's own words, without the particles its reading leaves out; those before an unknown name stay."""
    if name.choice is not None:
        found_as = next((reading for reading in readings(span.text) if reading.key == name.choice.reading.key), None)
    else:
        found_as = next((reading for reading in readings(span.text) if reading.head is not None), None)
    return without_particles(span.text, found_as) if found_as is not None else span.text


def _put_with_container(span: Span, places: Mapping[str, Place], names: _Names, beside: PlacesBeside) -> Place:
    """An unknown place with the coordinates of its container; any other place as it is."""
    place = places[span.id]
    if place.latitude is not None:
        return place
    near = beside.nearest_first(span) if span.label in _TAKES_NEIGHBOURS else iter(())
    for name in chain(names.of_span[span.id].containers, near):
        container = places[name]
        if container.latitude is not None:
            return replace(
                place,
                latitude=container.latitude,
                longitude=container.longitude,
                country=container.country,
                admin1=container.admin1,
                admin2=container.admin2,
                precision=container.precision,
            )
    return place
