"""Accounts: what one claim says of the harm at one place, the unit that incidents are made of.

A claim that counts the dead of two towns is two accounts. Tolls are `tolls`' business, grouping `incidents`'.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..facts import Bounds, Claim
from .graph import SpanGraph
from .place_relations import PlaceRelations
from .tolls import Figure, across, figures_of

__all__ = ["Account", "accounts_of"]


@dataclass(frozen=True, slots=True)
class Account:
    """One claim's harm at one place: casualty and location spans, and actors, by id.

    `blamed` are the doers it names: those its casualties are blamed on and, of an accusation, its targets.
    `named_victims` are persons with a name, who are harmed in one event only.
    `figures` holds what it says of each kind of harm, a figure for every sentence.
    """

    claim: Claim
    casualties: tuple[str, ...]
    places: tuple[str, ...]
    victims: frozenset[str]
    named_victims: frozenset[str]
    blamed: frozenset[str]
    figures: Mapping[str, tuple[Figure, ...]]
    evidence: tuple[tuple[int, int], ...]

    @property
    def start_char(self) -> int:
        """Where its evidence begins."""
        return self.evidence[0][0]

    @property
    def tolls(self) -> dict[str, Bounds]:
        """What its figures of each kind come to."""
        return {kind: across(figures) for kind, figures in self.figures.items()}

    @property
    def asserts(self) -> bool:
        """Whether its holder says that the harm was done; a denial's figures are those it denies."""
        return self.claim.stance != "DENY"

    @property
    def actors(self) -> frozenset[str]:
        """Its holders, targets and doers."""
        return frozenset((*self.claim.holders, *self.claim.targets)) | self.blamed


def accounts_of(graph: SpanGraph, relations: PlaceRelations, claims: Sequence[Claim]) -> list[Account]:
    """The accounts of all claims that tell of harm, in the order of the text."""
    accounts = [
        _account(graph, claim, names)
        for claim in claims
        if claim.casualties
        for names in _by_place(graph, relations, claim)
    ]
    return sorted(accounts, key=lambda account: account.start_char)


def _by_place(graph: SpanGraph, relations: PlaceRelations, claim: Claim) -> list[list[str]]:
    """A claim's casualties in groups whose places are not apart; those without a place go with the one before."""
    groups: list[tuple[list[str], list[str]]] = []
    waiting: list[str] = []
    for name in claim.casualties:
        whole = graph.casualties[name].part_of
        places = [link.target for link in graph.links_of(name, "place")]
        home = next((group for group in groups if whole in group[0]), None)
        if home is None and places:
            home = next((group for group in groups if not relations.apart(places, group[1])), None)
        elif home is None and groups:
            home = groups[-1]
        if home is not None:
            home[0].append(name)
            home[1].extend(places)
        elif places:
            groups.append(([*waiting, name], places))
            waiting = []
        else:
            waiting.append(name)
    return [names for names, _ in groups] + ([waiting] if waiting else [])


def _account(graph: SpanGraph, claim: Claim, names: Sequence[str]) -> Account:
    def ends(kind: str) -> list[str]:
        return [link.target for name in names for link in graph.links_of(name, kind)]

    casualties = graph.in_order(names)
    blamed = {graph.actor_of[mention] for mention in ends("blamed")}
    spans = [graph.spans[name] for name in casualties]
    touched = tuple(
        (start, end)
        for start, end in claim.evidence
        if any(start <= span.start_char and span.end_char <= end for span in spans)
    )
    return Account(
        claim=claim,
        casualties=casualties,
        places=graph.in_order(ends("place")),
        victims=frozenset(graph.actor_of[mention] for mention in ends("victim")),
        named_victims=frozenset(
            graph.actor_of[mention] for mention in ends("victim") if graph.spans[mention].label == "PERSON"
        ),
        blamed=frozenset(blamed | (set(claim.targets) if claim.stance == "ACCUSE" else set())),
        figures=figures_of(graph, casualties),
        evidence=touched or claim.evidence,
    )
