"""Incidents: the claims about one event side by side, with the range of their tolls.

Groups claims by the place and the doer of the harm they tell, and lets stances without figures join. The date, the
type of event and the reading are asked of `dates`, `events` and `readings`; every rule stands in `docs/claims.md`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..articles import Article
from ..facts import Actor, Bounds, Casualty, Claim, Incident, Place
from .accounts import Account, accounts_of
from .dates import date_event, published_on
from .events import read_event
from .graph import SpanGraph
from .place_relations import PlaceRelations
from .readings import ActorNames, suggest_reading
from .tolls import intersect, range_over
from .words import REACH_CHARS

__all__ = ["incidents_of", "make_incidents"]


@dataclass(frozen=True, slots=True)
class _Event:
    """Accounts of one event, and the stances without figures that belong to it."""

    accounts: tuple[Account, ...]
    stances: tuple[Claim, ...] = ()

    @property
    def start_char(self) -> int:
        """Where its first account begins."""
        return self.accounts[0].start_char

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
    order = {claim.id: number for number, claim in enumerate(claims)}
    names = ActorNames(actors)
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
                claims=tuple(sorted(members, key=order.__getitem__)),
                place=relations.finest(event.places),
                killed=_range(event, "KILLED"),
                injured=_range(event, "INJURED"),
                missing=_range(event, "MISSING"),
                displaced=_range(event, "DISPLACED"),
                event=read_event(graph, event.accounts, event.stances),
                date=date.date if date else None,
                date_precision=date.precision if date else None,
                date_rule=date.rule if date else None,
                suggested=suggest_reading(graph, event.accounts, event.stances, names),
            )
        )
    return tuple(incidents)


def _range(event: _Event, kind: str) -> Bounds | None:
    """The range over the accounts that assert harm of a kind; what is only denied is nobody's figure."""
    return range_over(
        [figure for account in event.accounts if account.asserts for figure in account.figures.get(kind, ())]
    )


def _group(relations: PlaceRelations, accounts: Sequence[Account]) -> list[_Event]:
    """Put accounts together that can be of one event and have something of it in common.

    None begins further than `REACH_CHARS` after the first of its event.
    """
    tolls = {id(account): account.tolls for account in accounts}
    done: list[list[Account]] = []
    groups: list[list[Account]] = []
    for account in accounts:
        past = account.start_char - REACH_CHARS
        open_to = [group for group in groups if min(one.start_char for one in group) >= past]
        if len(open_to) < len(groups):
            still = {id(group) for group in open_to}
            done += [group for group in groups if id(group) not in still]
            groups = open_to
        fits = [group for group in groups if _compatible(relations, group, [account])]
        ties = {id(group): max(_tie(relations, one, account, tolls) for one in group) for group in fits}
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
    ordered = [sorted(group, key=lambda account: account.start_char) for group in (*done, *groups)]
    return [_Event(tuple(group)) for group in sorted(ordered, key=lambda group: group[0].start_char)]


def _compatible(relations: PlaceRelations, some: Sequence[Account], others: Sequence[Account]) -> bool:
    return not any(relations.apart(one.places, other.places) for one in some for other in others)


def _tie(relations: PlaceRelations, one: Account, other: Account, tolls: Mapping[int, Mapping[str, Bounds]]) -> int:
    """What two accounts have in common: 3 the place, 2 the blamed or a victim by name, 1 a figure, 0 nothing.

    `tolls` are those of each account, by its identity.
    """
    if relations.shared(one.places, other.places):
        return 3
    if one.blamed & other.blamed or one.named_victims & other.named_victims:
        return 2
    return int(_same_figure(tolls[id(one)], tolls[id(other)]))


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
    taking_part = [frozenset(actor for account in event.accounts for actor in account.actors) for event in events]
    locations: dict[int, list[str]] = {}
    for span in graph.article.spans:
        if span.family == "LOCATION":
            locations.setdefault(graph.sentence(span.id), []).append(span.id)
    starts = [event.start_char for event in events]
    told = [sorted(start for account in event.accounts for start, _ in account.evidence) for event in events]
    for claim in stances:
        start = min(graph.spans[cue].start_char for cue in claim.cues)
        first, last = bisect_left(starts, start - REACH_CHARS), bisect_right(starts, start + REACH_CHARS)
        named = [name for at in sorted({graph.sentence(cue) for cue in claim.cues}) for name in locations.get(at, ())]
        last_told = [_last_before(evidence, start) for evidence in told[first:last]]
        found = _event_of(relations, events[first:last], taking_part[first:last], last_told, claim, named)
        if found is not None:
            joined[first + found].append(claim)
    return [_Event(event.accounts, tuple(claims)) for event, claims in zip(events, joined, strict=True)]


def _event_of(
    relations: PlaceRelations,
    events: Sequence[_Event],
    taking_part: Sequence[frozenset[str]],
    last_told: Sequence[int | None],
    claim: Claim,
    named: Sequence[str],
) -> int | None:
    """The event a stance without figures belongs to: where its target or holder takes part, else the last before.

    `taking_part` and `last_told` are the actors of each event and where its last evidence before the stance begins,
    `named` the places the stance's own sentences name. Of several in which they take part it is the nearest before, or
    else the first after. None where those sentences name another place, or nothing fits.
    """
    actors = {*claim.holders, *claim.targets}
    among = [
        at
        for at, of_event in enumerate(taking_part)
        if not actors.isdisjoint(of_event) and not relations.apart(named, events[at].places)
    ]
    before = [at for at in among if last_told[at] is not None]
    if among and not before:
        return among[0]
    before = before or [at for at in range(len(events)) if last_told[at] is not None]
    nearest = max(before, key=lambda at: last_told[at] or 0, default=None)
    return None if nearest is None or relations.apart(named, events[nearest].places) else nearest


def _last_before(evidence: Sequence[int], at_char: int) -> int | None:
    """The last of these starts, which ascend, up to a character."""
    at = bisect_right(evidence, at_char)
    return evidence[at - 1] if at else None
