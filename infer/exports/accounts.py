"""An article's claims and incidents as an exporter sees them: names for ids, tolls, doers, those who deny.

Only claims that the rules keep are seen. What counts amount to is `claims`' arithmetic; what a figure becomes in a
scheme is left to the modules of the schemes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from ..articles import Article
from ..claims.accounts import accounts_of
from ..claims.graph import SpanGraph
from ..claims.place_relations import PlaceRelations
from ..claims.tolls import figures_of, range_over, toll_of
from ..errors import ArticleError
from ..facts import Actor, Bounds, Casualty, Claim, Incident, Place
from .rules import AdmitRule, DenyRule, ExportRules, Tally

__all__ = ["HARMS", "Accounts", "Event", "figure"]

HARMS = ("KILLED", "INJURED", "MISSING", "DISPLACED")
"""The kinds of harm, in the order of the columns."""


@dataclass(frozen=True, slots=True)
class Event:
    """One incident with those of its claims that the rules keep.

    A claim that tells of several incidents has here only what it tells of this one.
    """

    incident: Incident
    claims: tuple[Claim, ...]


class Accounts:
    """The claims and incidents of one article under the rules of an export."""

    def __init__(self, article: Article, rules: ExportRules, tally: Tally) -> None:
        self.article = article
        self.rules = rules
        self._tally = tally
        self._spans = {span.id: span.text for span in article.spans}
        self._actors = {actor.id: actor for actor in article.actors}
        self._places = {place.span: place for place in article.places}
        self._casualties = {casualty.span: casualty for casualty in article.casualties}
        tally.articles += 1
        tally.claims += len(article.claims)
        tally.incidents += len(article.incidents)

    def claims(self) -> Iterator[Claim]:
        """The claims that the rules keep; the others are counted."""
        for claim in self.article.claims:
            reason = self._left_out(claim)
            if reason is None:
                yield claim
            else:
                self._tally.left_out[reason] += 1

    def events(self) -> Iterator[Event]:
        """The incidents that keep a claim; those that keep none, and claims of no incident, are counted."""
        kept = {claim.id: claim for claim in self.claims()}
        placed: set[str] = set()
        for incident in self.article.incidents:
            claims = tuple(self._cut(kept[name], incident) for name in incident.claims if name in kept)
            placed.update(claim.id for claim in claims)
            if claims:
                yield Event(incident, claims)
            else:
                self._tally.left_out["incidents without a claim that is kept"] += 1
        if lone := len(kept.keys() - placed):
            self._tally.left_out["claims of no incident"] += lone

    def incidents_of(self, claim: Claim) -> list[Incident]:
        """The incidents a claim belongs to."""
        return [incident for incident in self.article.incidents if claim.id in incident.claims]

    def actors(self, names: Iterable[str]) -> list[Actor]:
        """Actors by id, each once."""
        return [self._actors[name] for name in dict.fromkeys(names)]

    def places(self, spans: Iterable[str]) -> list[Place]:
        """What location spans stand for; a span that no place was made of is its words, unresolved."""
        return [self.place(span) for span in dict.fromkeys(spans)]

    def place(self, span: str) -> Place:
        """What one location span stands for."""
        return self._places.get(span) or Place(span, self._spans[span])

    def words(self, spans: Iterable[str]) -> list[str]:
        """The words of spans."""
        return [self._spans[span] for span in spans]

    def evidence(self, claim: Claim) -> list[str]:
        """The words of each stretch of a claim's evidence."""
        return [self.article.text[start:end] for start, end in claim.evidence]

    def casualties(self, claim: Claim) -> list[Casualty]:
        """The counts of a claim's casualty spans; a span without one has unknown bounds and no rule."""
        kinds = {span.id: span.label for span in self.article.spans}
        unknown = Bounds(None, None)
        return [self._casualties.get(span) or Casualty(span, kinds[span], unknown, "") for span in claim.casualties]

    def asserts(self, claim: Claim) -> bool:
        """Whether the figures of a claim are asserted: all are, but those of a denial unless it counts as any other."""
        return claim.stance != "DENY" or self.rules.deny is DenyRule.KEEP

    def toll(self, claim: Claim, harm: str) -> Bounds | None:
        """How many one claim says were harmed, as `claims.tolls` counts; None where it gives no figure."""
        found = toll_of(self._graph, claim.casualties).get(harm)
        return None if found == Bounds(None, None) else found

    def range(self, event: Event, harm: str) -> Bounds | None:
        """The lowest and the highest figure that the accounts of an incident assert.

        The incident's own range; it is taken anew, by the same rules, where the rules of the export keep other figures
        than those it was made of.
        """
        names = tuple(claim.id for claim in event.claims)
        keeps_denied = any(claim.stance == "DENY" and self.asserts(claim) for claim in event.claims)
        if names == event.incident.claims and not keeps_denied:
            told: Bounds | None = getattr(event.incident, harm.lower())
            return told
        return range_over(
            [
                each
                for claim in event.claims
                if self.asserts(claim)
                for each in figures_of(self._graph, claim.casualties).get(harm, ())
            ]
        )

    def doers(self, claim: Claim) -> list[str]:
        """Ids of those an account says did the harm; none for a denial, whose target is the one it answers."""
        if claim.stance == "DENY":
            return []
        found = list(claim.blamed)
        if claim.stance == "ACCUSE":
            found += claim.targets
        if claim.stance == "ADMIT" and self.rules.admit is AdmitRule.ACT and self.admits_act(claim):
            found += claim.holders
        return list(dict.fromkeys(found))

    def admits_act(self, claim: Claim) -> bool:
        """Whether an admission is of an act and not of own losses or of what another did."""
        holders = set(claim.holders)
        return not holders & set(claim.victims) and (not claim.blamed or bool(holders & set(claim.blamed)))

    def agreed_doers(self, claims: Iterable[Claim]) -> list[str]:
        """Those whom every account that names a doer names, then their companions; none where accounts disagree."""
        named = [doers for claim in claims if (doers := self.doers(claim))]
        if not named:
            return []
        shared = [doer for doer in named[0] if all(doer in doers for doers in named)]
        others = [doer for doers in named for doer in doers if doer not in shared]
        return list(dict.fromkeys(shared + others)) if shared else []

    def victims(self, claims: Iterable[Claim]) -> list[Actor]:
        """Those harmed by the accounts that assert harm."""
        return self.actors(name for claim in claims if self.asserts(claim) for name in claim.victims)

    @cached_property
    def _graph(self) -> SpanGraph:
        try:
            return SpanGraph.of(self.article, self.article.casualties, self.article.actors, {})
        except ArticleError as error:
            raise ArticleError(f"article {self.article.id}: {error}") from None

    @cached_property
    def _relations(self) -> PlaceRelations:
        return PlaceRelations(self.article, self.article.places)

    def _cut(self, claim: Claim, incident: Incident) -> Claim:
        """What a claim tells of one incident: all of it, unless it counts the harm at several places."""
        if incident.place is None or len(self.incidents_of(claim)) < 2 or not claim.evidence:
            return claim
        accounts = accounts_of(self._graph, self._relations, [claim])
        here = [each for each in accounts if not self._relations.apart(each.places, [incident.place])]
        if not here:
            return claim
        counted = {name for account in here for name in account.casualties}
        return replace(
            claim,
            casualties=tuple(name for name in claim.casualties if name in counted),
            places=tuple(name for name in claim.places if any(name in account.places for account in here)),
            victims=tuple(name for name in claim.victims if any(name in account.victims for account in here)),
            blamed=tuple(name for name in claim.blamed if any(name in account.blamed for account in here)),
            evidence=tuple(dict.fromkeys(stretch for account in here for stretch in account.evidence)),
        )

    def _left_out(self, claim: Claim) -> str | None:
        if claim.score is not None and claim.score < self.rules.min_score:
            return f"claims with a score below {self.rules.min_score:g}"
        if claim.stance == "DENY" and self.rules.deny is DenyRule.DROP:
            return "denials"
        if claim.stance == "ADMIT" and self.rules.admit is AdmitRule.DROP:
            return "admissions"
        return None


def figure(bounds: Bounds | None) -> str:
    """Bounds as a person reads them: 14, 14-32, 22+, up to 9, or ? where nothing is known."""
    if bounds is None or bounds == Bounds(None, None):
        return "?"
    if bounds.low is None:
        return f"up to {bounds.high}"
    if bounds.high is None:
        return f"{bounds.low}+"
    return str(bounds.low) if bounds.low == bounds.high else f"{bounds.low}-{bounds.high}"
