"""Incidents: the claims about one event side by side, with the range of their tolls.

Groups claims by the place and the doer of the harm they tell, and lets stances without figures join. The date, the
type of event and the reading are asked of `dates`, `events` and `readings`; every rule stands in `docs/claims.md`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..articles import Article
from ..facts import Actor, Bounds, Casualty, Claim, Incident, Place
from .accounts import Account, accounts_of
from .dates import date_event, published_on
from .events import read_event
from .graph import SpanGraph
from .place_relations import PlaceRelations
from .readings import suggest_reading
from .tolls import intersect, range_over

__all__ = ["incidents_of", "make_incidents"]


@dataclass(frozen=True, slots=True)
class _Event:
    """Accounts of one event, and the stances without figures that belong to it."""

    accounts: tuple[Account, ...]
    stances: tuple[Claim, ...] = ()

    @property
    def places(self) -> list[str]:
        """The places its accounts name."""
        return [name for account in self.accounts for name in account.places]


def make_incidents(
    article: Article,
    claims: Sequence[Claim],
    casualties: Sequence[Casualty],
    places: Sequence[Place],
    actors: Sequence[Actor],
    speaks_for: Mapping[str, str] | None = None,
) -> tuple[Incident, ...]:
    """The events that an article's claims are about, in the order of the text.

    An incident has a claim that tells of harm; a claim whose figures stand for different places is in the incident
    of each. `claims` are those of `make_claims` on the same article and facts. Raises ArticleError as that does.
    """
    graph = SpanGraph.of(article, casualties, actors, speaks_for or {})
    return incidents_of(graph, PlaceRelations(article, places), claims, actors)


def incidents_of(
    graph: SpanGraph, relations: PlaceRelations, claims: Sequence[Claim], actors: Sequence[Actor]
) -> tuple[Incident, ...]:
    """`make_incidents` for an article that was looked at before."""
    events = _group(relations, accounts_of(graph, relations, claims))
    events = _with_stances(graph, relations, events, [claim for claim in claims if not claim.casualties])
    published = published_on(graph.article.metadata.published)
    incidents = []
    for number, event in enumerate(events, start=1):
        date = date_event(graph, event.accounts, published)
        members = {account.claim.id for account in event.accounts} | {claim.id for claim in event.stances}
        incidents.append(
            Incident(
                id=f"I{number}",
                claims=tuple(claim.id for claim in claims if claim.id in members),
                place=relations.finest(event.places),
                killed=_range(event, "KILLED"),
                injured=_range(event, "INJURED"),
                missing=_range(event, "MISSING"),
                displaced=_range(event, "DISPLACED"),
                event=read_event(graph, event.accounts, event.stances),
                date=date.date if date else None,
                date_precision=date.precision if date else None,
                date_rule=date.rule if date else None,
                suggested=suggest_reading(graph, event.accounts, event.stances, actors),
            )
        )
    return tuple(incidents)


def _range(event: _Event, kind: str) -> Bounds | None:
    """The range over the accounts that assert harm of a kind; what is only denied is nobody's figure."""
    return range_over(
        [figure for account in event.accounts if account.asserts for figure in account.figures.get(kind, ())]
    )


def _group(relations: PlaceRelations, accounts: Sequence[Account]) -> list[_Event]:
    """Put accounts together that can be of one event and have something of it in common."""
    groups: list[list[Account]] = []
    for account in accounts:
        fits = [group for group in groups if _compatible(relations, group, [account])]
        ties = {id(group): max(_tie(relations, one, account) for one in group) for group in fits}
        fits = [group for group in fits if ties[id(group)]]
        if not fits:
            groups.append([account])
            continue
        fits.sort(key=lambda group: ties[id(group)], reverse=True)
        home, *others = fits
        home.append(account)
        for group in others:  # what joins two groups makes them one, unless they name different places
            if _compatible(relations, home, group):
                home += group
                groups = [one for one in groups if one is not group]
    ordered = [sorted(group, key=lambda account: account.start_char) for group in groups]
    return [_Event(tuple(group)) for group in sorted(ordered, key=lambda group: group[0].start_char)]


def _compatible(relations: PlaceRelations, some: Sequence[Account], others: Sequence[Account]) -> bool:
    return not any(relations.apart(one.places, other.places) for one in some for other in others)


def _tie(relations: PlaceRelations, one: Account, other: Account) -> int:
    """What two accounts have in common: 3 the place, 2 the blamed or a victim by name, 1 a figure, 0 nothing."""
    if relations.shared(one.places, other.places):
        return 3
    if one.blamed & other.blamed or one.named_victims & other.named_victims:
        return 2
    return int(_same_figure(one.tolls, other.tolls))


def _same_figure(some: Mapping[str, Bounds], others: Mapping[str, Bounds]) -> bool:
    """Whether both give one exact number of people harmed in one way («مقتل 14» in title and text) and no other."""
    common = some.keys() & others.keys()
    exact = [kind for kind in common if some[kind] == others[kind] and some[kind].low == some[kind].high]
    stated = any(some[kind].low is not None and (some[kind].low or 0) > 1 for kind in exact)
    return stated and all(intersect(some[kind], others[kind]) for kind in common)


def _with_stances(
    graph: SpanGraph, relations: PlaceRelations, events: Sequence[_Event], stances: Sequence[Claim]
) -> list[_Event]:
    joined: list[list[Claim]] = [[] for _ in events]
    for claim in stances:
        at = _event_of(graph, relations, events, claim)
        if at is not None:
            joined[at].append(claim)
    return [_Event(event.accounts, tuple(claims)) for event, claims in zip(events, joined, strict=True)]


def _event_of(graph: SpanGraph, relations: PlaceRelations, events: Sequence[_Event], claim: Claim) -> int | None:
    """The event a stance without figures belongs to: where its target or holder takes part, else the last before.

    Of several in which they take part it is the nearest before, or else the first after. None where the claim's
    own sentences name another place, or nothing fits.
    """
    named = _places_named(graph, claim)
    start = min(graph.spans[cue].start_char for cue in claim.cues)
    open_to = [at for at, event in enumerate(events) if not relations.apart(named, event.places)]
    actors = {*claim.holders, *claim.targets}
    taking_part = [at for at in open_to if any(actors & account.actors for account in events[at].accounts)]
    before = [at for at in taking_part if _last_before(events[at], start) is not None]
    if taking_part and not before:
        return taking_part[0]
    before = before or [at for at in range(len(events)) if _last_before(events[at], start) is not None]
    nearest = max(before, key=lambda at: _last_before(events[at], start) or 0, default=None)
    return nearest if nearest in open_to else None


def _last_before(event: _Event, at_char: int) -> int | None:
    """Where the last evidence of an event before a character begins."""
    starts = [start for account in event.accounts for start, _ in account.evidence if start <= at_char]
    return max(starts, default=None)


def _places_named(graph: SpanGraph, claim: Claim) -> list[str]:
    sentences = {graph.sentence(cue) for cue in claim.cues}
    locations = (span for span in graph.article.spans if span.family == "LOCATION")
    return [span.id for span in locations if graph.sentence(span.id) in sentences]
