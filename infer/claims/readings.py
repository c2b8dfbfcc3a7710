"""A suggested reading of an incident, in the terms Airwars grades allegations of civilian harm with.

Airwars (methodology, airwars.org): confirmed, a belligerent accepts responsibility; fair, two or more credible sources
lay the harm at one door; weak, a single source; contested, competing accounts of who did it; discounted, those harmed
were fighters or nobody was. What a program can see of that in one article is less than what a researcher sees in all
sources: the grade is a suggestion with its reason, and nothing else here depends on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..facts import Actor, Claim, SuggestedReading
from .accounts import Account
from .graph import SpanGraph
from .words import bare_forms, fold, folded_words

__all__ = ["ActorNames", "suggest_reading"]

_FIGHTERS = (
    "جندي جنود جنديا جنديان جنديين عسكري عسكريا عسكريين عسكريون ضابط ضابطا ضباط عنصر عنصرا عناصر مسلح مسلحا مسلحين "
    "مسلحون مقاتل مقاتلا مقاتلين مقاتلون ارهابي ارهابيا ارهابيين قيادي قياديا قياديين قائد شرطي شرطيا انتحاري"
)
_UNNAMED = ("مجهول", "غير معلوم", "غير معروف", "غير محدد", "مسلح", "مهاجم")
_NO_BLOC = frozenset(("media", "monitor", "rights group", "humanitarian", "civil defence"))
"""What the actor table says of independent sources where others have a side: a kind, not a side they share."""
_FIGHTING_TYPES = frozenset(("ARMED", "STATE"))


@dataclass(frozen=True, slots=True)
class _Blame:
    """One account of who did it: the sources that say so, by actor id, none for the article itself."""

    doers: frozenset[str]
    sources: frozenset[str]


def suggest_reading(
    graph: SpanGraph, accounts: Sequence[Account], stances: Sequence[Claim], known: "ActorNames"
) -> SuggestedReading:
    """The first grade whose condition holds: discounted, confirmed, contested, fair, else weak."""
    asserted = [account for account in accounts if account.asserts]
    return (
        _discounted(graph, asserted, known)
        or _confirmed(accounts, stances, known)
        or _contested(accounts, stances, known)
        or _fair_or_weak(accounts, stances, known)
    )


class ActorNames:
    """The actors of an article by id: their names, types and sides."""

    def __init__(self, actors: Sequence[Actor]) -> None:
        self._by_id = {actor.id: actor for actor in actors}
        self._order = {actor.id: number for number, actor in enumerate(actors)}

    def names(self, ids: Iterable[str]) -> str:
        """Names for a reason, in a fixed order."""
        return ", ".join(f"«{self._by_id[name].name}»" for name in sorted(ids, key=self._order.__getitem__))

    def type_of(self, actor: str) -> str:
        """The actor's type, a span label."""
        return self._by_id[actor].type

    def named(self, ids: Iterable[str]) -> frozenset[str]:
        """Those that name someone: «طائرات مجهولة» does not."""
        return frozenset(name for name in ids if not any(word in fold(self._by_id[name].name) for word in _UNNAMED))

    def one_side(self, some: Iterable[str], others: Iterable[str]) -> bool:
        """Whether two groups share an actor, or a side where the table knows it."""
        some_ids, other_ids = set(some), set(others)
        return bool(some_ids & other_ids) or bool(self._sides(some_ids) & self._sides(other_ids))

    def _sides(self, ids: Iterable[str]) -> set[str]:
        return {side for name in ids if (side := self._by_id[name].side) and side not in _NO_BLOC}


def _discounted(graph: SpanGraph, asserted: Sequence[Account], actors: ActorNames) -> SuggestedReading | None:
    tolls = [bounds for account in asserted for bounds in account.tolls.values()]
    if tolls and all(bounds.high == 0 for bounds in tolls):
        return SuggestedReading("discounted", "every account says that nobody was harmed")
    harmed = [name for account in asserted for name in account.casualties if graph.casualties[name].bounds.high != 0]
    if harmed and all(_were_fighters(graph, name, actors) for name in harmed):
        return SuggestedReading("discounted", "every account names fighters or soldiers as those harmed, no civilians")
    return None


def _were_fighters(graph: SpanGraph, casualty: str, actors: ActorNames) -> bool:
    victims = [graph.actor_of[link.target] for link in graph.links_of(casualty, "victim")]
    if victims:
        return all(actors.type_of(victim) in _FIGHTING_TYPES for victim in victims)
    span = graph.spans[casualty]
    words, fighters = folded_words(graph.article.text, span.start_char, span.end_char), set(_FIGHTERS.split())
    return any(bare_forms(word.form) & fighters for word in words)


def _confirmed(accounts: Sequence[Account], stances: Sequence[Claim], actors: ActorNames) -> SuggestedReading | None:
    """The doer admits it: admitting one's own losses, blamed on nobody or on another, is no such thing.

    Nor is an admission by an actor who is also told to deny: one of the two was misread, or the article contests it.
    """
    accused = {doer for account in accounts if account.claim.stance != "ADMIT" for doer in account.blamed}
    accused |= {target for claim in stances if claim.stance == "ACCUSE" for target in claim.targets}
    told = [*(account.claim for account in accounts), *stances]
    deniers = {holder for claim in told if claim.stance == "DENY" for holder in claim.holders}
    for account in accounts:
        holders = account.claim.holders
        own = account.blamed or (frozenset(accused) - account.victims)
        if account.claim.stance == "ADMIT" and deniers.isdisjoint(holders) and actors.one_side(holders, own):
            return SuggestedReading("confirmed", f"{actors.names(holders)} admits the harm as its own act")
    for claim in stances:
        if claim.stance == "ADMIT" and deniers.isdisjoint(claim.holders) and actors.one_side(claim.holders, accused):
            return SuggestedReading("confirmed", f"{actors.names(claim.holders)}, who is blamed, takes responsibility")
    return None


def _contested(accounts: Sequence[Account], stances: Sequence[Claim], actors: ActorNames) -> SuggestedReading | None:
    reasons = []
    blames = _blames(accounts, stances, actors)
    for number, one in enumerate(blames):
        other = next((other for other in blames[:number] if not actors.one_side(one.doers, other.doers)), None)
        if other is not None:
            reasons.append(f"accounts differ on who did it: {actors.names(other.doers)} or {actors.names(one.doers)}")
            break
    asserted = [account for account in accounts if account.asserts]
    denials = [account.claim for account in accounts if not account.asserts]
    denials += [claim for claim in stances if claim.stance == "DENY"]
    accused = {doer for blame in blames for doer in blame.doers}
    accused |= {doer for account in accounts if not account.asserts for doer in account.blamed}
    accusers = {source for blame in blames for source in blame.sources}
    for claim in denials:
        if set(claim.holders) & accused or set(claim.targets) & accusers or claim.casualties:
            reasons.append(f"{actors.names(claim.holders) or 'an unnamed source'} denies it")
            break
    for kind in sorted({kind for account in asserted for kind in account.tolls}):
        told = [account.tolls[kind] for account in asserted if kind in account.tolls]
        if any(bounds.high == 0 for bounds in told) and any((bounds.low or 0) > 0 for bounds in told):
            reasons.append(f"one account says that nobody was {kind.lower()}, another counts some")
            break
    return SuggestedReading("contested", "; ".join(reasons)) if reasons else None


def _blames(accounts: Sequence[Account], stances: Sequence[Claim], actors: ActorNames) -> list[_Blame]:
    """Who is named as the doer, by whom, in the order of the text."""
    told = [(account.claim, account.blamed) for account in accounts if account.asserts]
    told += [(claim, frozenset(claim.targets)) for claim in stances if claim.stance == "ACCUSE"]
    told.sort(key=lambda pair: pair[0].evidence[0])
    blames = [_Blame(actors.named(doers), frozenset(claim.holders)) for claim, doers in told]
    return [blame for blame in blames if blame.doers]


def _fair_or_weak(accounts: Sequence[Account], stances: Sequence[Claim], actors: ActorNames) -> SuggestedReading:
    blames = [blame for blame in _blames(accounts, stances, actors) if blame.sources]
    for number, one in enumerate(blames):
        for other in blames[:number]:
            if one.doers & other.doers and not actors.one_side(one.sources, other.sources):
                agreeing, doers = actors.names(one.sources | other.sources), actors.names(one.doers & other.doers)
                return SuggestedReading("fair", f"independent sources ({agreeing}) agree on who did it: {doers}")
    sources = {source for account in accounts if account.asserts for source in account.claim.holders}
    if not any(_blames(accounts, stances, actors)):
        return SuggestedReading("weak", "no account names who did it")
    if len(sources) > 1:
        return SuggestedReading("weak", "only one source names who did it")
    return SuggestedReading("weak", f"a single source: {actors.names(sources) or 'the article itself'}")
