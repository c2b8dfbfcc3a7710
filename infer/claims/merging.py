"""Claims from tellings: charges that are only denied, reports that carry on an accusation, and repeats.

Each rule and an example of it stands in `docs/claims.md`. Incidents are left to `incidents`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..articles import Article
from ..facts import Actor, Casualty, Claim, Place
from .graph import SpanGraph, ordered
from .place_relations import PlaceRelations
from .tellings import Telling, joined, read_tellings, union
from .tolls import intersect, is_known, toll_of
from .words import REACH_CHARS

__all__ = ["claims_of", "make_claims"]


def make_claims(
    article: Article,
    casualties: Sequence[Casualty],
    places: Sequence[Place],
    actors: Sequence[Actor],
    speaks_for: Mapping[str, str],
) -> tuple[Claim, ...]:
    """Who says what about whom, how many and where: every stance and every casualty of an article is in a claim.

    `casualties`, `places` and `actors` are those of the same article; `speaks_for` gives the body of a named
    spokesman, both by actor id. A claim's score is that of the weakest span or link its best telling rests on
    (all calibrated), None for gold. Raises ArticleError where a
    casualty span has no count or a mention no actor.
    """
    return claims_of(SpanGraph.of(article, casualties, actors, speaks_for), PlaceRelations(article, places))


def claims_of(graph: SpanGraph, relations: PlaceRelations) -> tuple[Claim, ...]:
    """`make_claims` for an article that was looked at before."""
    tellings = read_tellings(graph, relations)
    tellings = _fold_denied_charges(graph, tellings)
    tellings = _fold_continued_accusations(graph, tellings)
    groups = _group_repeats(graph, relations, tellings)
    return tuple(_claim(f"C{number}", graph, group) for number, group in enumerate(groups, start=1))


def _fold_denied_charges(graph: SpanGraph, tellings: Sequence[Telling]) -> list[Telling]:
    """Put a charge nobody is named for into the denial that quotes it («قال إن الادعاء … كاذب»).

    It is quoted where the denial is about the same harm, or denies in the same sentence what is laid at its holder.
    """
    charges = [one for one in tellings if one.stance == "ACCUSE" and not one.holders]
    denials = [one for one in tellings if one.stance == "DENY"]
    about: dict[object, list[int]] = {}  # which denials tell of a casualty, by its id, or stand in a sentence
    for number, denial in enumerate(denials):
        for key in (*denial.casualties, graph.sentence(denial.cues[0])):
            about.setdefault(key, []).append(number)
    folded: dict[Telling, Telling] = {}
    taken: set[Telling] = set()
    for charge in charges:
        keys = (*charge.casualties, graph.sentence(charge.cues[0]))
        for number in sorted({number for key in keys for number in about.get(key, ())}):
            denial = denials[number]
            if _quotes(graph, denial, charge):
                quoted = replace(charge, targets=())  # whom the charge is laid at is not whose claim is denied
                folded[denial] = joined(graph, folded.get(denial, denial), quoted)
                taken.add(charge)
                break
    return [folded.get(one, one) for one in tellings if one not in taken]


def _quotes(graph: SpanGraph, denial: Telling, charge: Telling) -> bool:
    if set(denial.casualties) & set(charge.casualties):
        return True
    same_sentence = graph.sentence(denial.cues[0]) == graph.sentence(charge.cues[0])
    return same_sentence and not charge.casualties and bool(set(denial.holders) & set(charge.targets))


def _fold_continued_accusations(graph: SpanGraph, tellings: Sequence[Telling]) -> list[Telling]:
    """Put a report into the accusation by the same holder right before it, if the accused is blamed for its harm."""
    kept: list[Telling] = []
    before: int | None = None  # the last kept that has a cue
    for telling in tellings:
        if before is not None and telling.cues and _continues(kept[before], telling):
            kept[before] = joined(graph, kept[before], telling)
            continue
        if telling.cues:
            before = len(kept)
        kept.append(telling)
    return kept


def _continues(accusation: Telling, report: Telling) -> bool:
    return (
        (accusation.stance, report.stance) == ("ACCUSE", "REPORT")
        and bool(set(accusation.holders) & set(report.holders))
        and bool(set(accusation.targets) & set(report.blamed))
    )


@dataclass(slots=True)
class _Repeated:
    """Tellings of one claim, and all of them as one telling."""

    all_of: Telling
    tellings: list[Telling]


def _group_repeats(
    graph: SpanGraph, relations: PlaceRelations, tellings: Sequence[Telling]
) -> list[tuple[Telling, ...]]:
    """Tellings of one claim together, in the order of their first telling, none further than `REACH_CHARS` from it."""
    groups: list[list[Telling]] = []
    recent: dict[tuple[object, ...], list[_Repeated]] = {}
    for telling in tellings:
        # What repeats one another agrees in these, however many tellings it is.
        key = telling.stance, bool(telling.cues or telling.holders), bool(telling.holders)
        near = [one for one in recent.get(key, ()) if telling.start_char - one.tellings[0].start_char <= REACH_CHARS]
        fits = [one for one in near if _repeats(graph, relations, one.all_of, telling)]
        if fits:
            best = max(fits, key=lambda one: (_in_common(graph, one.all_of, telling), one.tellings[-1].start_char))
            best.all_of = _pooled(graph, best.all_of, telling)
            best.tellings.append(telling)
        else:
            near.append(_Repeated(telling, [telling]))
            groups.append(near[-1].tellings)
        recent[key] = near
    return [tuple(tellings) for tellings in groups]


def _pooled(graph: SpanGraph, all_of: Telling, telling: Telling) -> Telling:
    return replace(
        joined(graph, all_of, telling),
        holders=ordered(all_of.holders + telling.holders),
        targets=ordered(all_of.targets + telling.targets),
    )


def _repeats(graph: SpanGraph, relations: PlaceRelations, one: Telling, other: Telling) -> bool:
    """Whether two tellings of one stance, both with holders or both without, can be one claim told twice."""
    holders = set(one.holders), set(other.holders)
    return (
        (holders[0] <= holders[1] or holders[1] <= holders[0])
        and _agree(one.targets, other.targets)
        and _agree(one.victims, other.victims)
        and _agree(one.blamed, other.blamed)
        and not relations.apart(one.places, other.places)
        and _same_harm(graph, one, other)
    )


def _agree(some: Sequence[str], others: Sequence[str]) -> bool:
    return not some or not others or bool(set(some) & set(others))


def _same_harm(graph: SpanGraph, one: Telling, other: Telling) -> bool:
    """Whether what the two say of harm is one statement.

    Where both count, the figures of a common kind allow a common number. Where one says nothing of harm, a
    position still repeats itself, but a report does not: what it says is not in its spans.
    """
    if not one.casualties or not other.casualties:
        return one.stance != "REPORT" and bool(one.holders)
    if set(one.casualties) & set(other.casualties):
        return True
    tolls = toll_of(graph, one.casualties), toll_of(graph, other.casualties)
    common = tolls[0].keys() & tolls[1].keys()
    if not common or any(intersect(tolls[0][kind], tolls[1][kind]) is None for kind in common):
        return False
    counted = any(is_known(tolls[0][kind]) and is_known(tolls[1][kind]) for kind in common)
    return counted or bool(set(one.victims) & set(other.victims))


def _in_common(graph: SpanGraph, one: Telling, other: Telling) -> int:
    """How much two tellings that can be one claim share: targets, then harm."""
    harm = toll_of(graph, one.casualties).keys() & toll_of(graph, other.casualties).keys()
    return 2 * len(set(one.targets) & set(other.targets)) + len(harm)


def _claim(name: str, graph: SpanGraph, tellings: Sequence[Telling]) -> Claim:
    scores = [telling.score for telling in tellings if telling.score is not None]
    cues = graph.in_order(cue for telling in tellings for cue in telling.cues)
    holders = ordered(holder for telling in tellings for holder in telling.holders)
    return Claim(
        id=name,
        stance=tellings[0].stance,
        voice="holder" if holders else "article",
        cues=cues,
        holders=holders,
        targets=ordered(target for telling in tellings for target in telling.targets),
        casualties=graph.in_order(span for telling in tellings for span in telling.casualties),
        places=graph.in_order(span for telling in tellings for span in telling.places),
        victims=ordered(actor for telling in tellings for actor in telling.victims),
        blamed=ordered(actor for telling in tellings for actor in telling.blamed),
        evidence=union(stretch for telling in tellings for stretch in telling.evidence),
        score=max(scores) if scores else None,
    )
