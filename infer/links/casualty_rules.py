"""Rules for what a casualty is linked to (who was harmed, who did it, where), and which place lies in which.

Harm told in pieces or in coordination («مقتل 5 وإصابة 7») shares its links: the piece after has those of the piece
before, unless something nearer says otherwise.
"""

from collections.abc import Iterable

from .clauses import Break, Layout, Mark, is_coordinated
from .cues import bare, fold, is_agent_word, is_harm_verb, owns_loss
from .proposals import Choices, Proposal
from .stance_rules import DOERS, StanceLinks

__all__ = ["link_casualties", "link_places"]

_SIZES = {"SITE": 0, "DISTRICT": 1, "NATURAL": 1, "TOWN": 2, "REGION": 3, "COUNTRY": 4}
_WITHIN_WORDS = frozenset(("في", "من", "وسط", "الي", "علي", "قرب", "شرق", "غرب", "شمال", "جنوب", "بين", "ب"))
_AT_WORDS = frozenset(("في", "ب", "قرب", "وسط", "علي", "داخل"))
_MOST_WITHIN_WORDS = 5
_CHAIN = 8


def link_places(layout: Layout, choices: Choices) -> dict[int, int]:
    """Link each place to the wider one the text joins to it; which place lies directly in which, wider first."""
    inner: dict[int, int] = {}
    for wider in range(1, len(layout.spans)):
        place, gap = wider - 1, layout.gaps[wider]
        if {layout.spans[place].family, layout.spans[wider].family} != {"LOCATION"}:
            continue
        far = layout.boundary(place, wider)
        if far >= Break.SENTENCE or len(gap.words) > _MOST_WITHIN_WORDS:
            continue
        step = _SIZES.get(layout.spans[wider].label, 2) - _SIZES.get(layout.spans[place].label, 2)
        size = "up" if step > 0 else "same" if step == 0 else "down"
        words = min(len(gap.words), 3)
        rule = f"within:{size}:{min(far, Break.CLAUSE):d}:{_join(layout, wider)}:{words}"
        if choices.choose([Proposal("within", place, (wider,), rule)]):
            inner[wider] = place
    return inner


def _join(layout: Layout, wider: int) -> str:
    """How the text joins a place to the one before it: a conjunction, a preposition, apposition, other words (x)."""
    span, gap = layout.spans[wider], layout.gaps[wider]
    if is_coordinated(span, gap):
        return "و"
    if not gap.words:
        return "ب" if span.text.startswith("ب") else ""
    return gap.words[-1] if gap.words[-1] in _WITHIN_WORDS else "x"


def link_casualties(layout: Layout, stances: StanceLinks, inner: dict[int, int], choices: Choices) -> None:
    """Link every casualty; `inner` is what `link_places` gave."""
    casualties = [at for at, span in enumerate(layout.spans) if span.family == "CASUALTY"]
    victims: dict[int, tuple[int, ...]] = {}
    blamed: dict[int, tuple[int, ...]] = {}
    places: dict[int, tuple[int, ...]] = {}
    for at in casualties:
        shape = _shape(layout, at)
        proposals = [*_victims(layout, at, shape), *_as_before("victim", layout, at, victims, shape)]
        _keep(victims, at, choices.choose(proposals))
        skip = victims.get(at, ())
        proposals = [*_blamed(layout, at, shape, stances, skip), *_as_before("blamed", layout, at, blamed)]
        _keep(blamed, at, choices.choose(proposals))
        _keep(places, at, choices.choose([*_places(layout, at, inner), *_as_before("place", layout, at, places)]))


def _keep(links: dict[int, tuple[int, ...]], at: int, targets: tuple[int, ...]) -> None:
    if targets:
        links[at] = targets


def _as_before(
    kind: str, layout: Layout, at: int, links: dict[int, tuple[int, ...]], shape: str = ""
) -> Iterable[Proposal]:
    """What the casualty before was linked to."""
    before = layout.nearest(at, -1, lambda other: layout.spans[other].family == "CASUALTY")
    if before is not None and before in links:
        next_to = "n" if before == at - 1 else ""
        yield Proposal(kind, at, links[before], f"{kind}:again:{layout.boundary(before, at):d}{next_to}:{shape}")


def _victims(layout: Layout, at: int, shape: str) -> Iterable[Proposal]:
    """The nearest actor after («مقتل 5 من X») and before («X قتلوا»)."""
    actor = layout.nearest(at, 1, lambda other: layout.spans[other].family == "ACTOR")
    if actor is not None:
        words = layout.count(Mark.WORD, at, actor)
        join = layout.preposition(actor)
        if layout.count(Mark.AGENT, at, actor):
            join = "agent"
        elif layout.gaps[actor].words[-1:] == ("من",):
            join = "من" if words == 1 else "من+"
        state = f"{layout.boundary(at, actor):d}{'+' if actor > at + 1 else ''}"
        rule = f"victim:after:{join}:{_sort(layout, actor)}:{state}:{shape}:{min(words, 2)}"
        yield Proposal("victim", at, layout.groups[actor], rule)
    actor = layout.nearest(at, -1, lambda other: layout.spans[other].family == "ACTOR")
    if actor is not None:
        state = f"{layout.boundary(actor, at):d}{'+' if actor < at - 1 else ''}"
        words = layout.count(Mark.WORD, actor, at)
        rule = f"victim:before:{_sort(layout, actor)}:{state}:{shape}:{min(words, 2)}"
        yield Proposal("victim", at, layout.groups[actor], rule)


def _blamed(layout: Layout, at: int, shape: str, stances: StanceLinks, victims: tuple[int, ...]) -> Iterable[Proposal]:
    """The accused of the cue that states the harm, who admits it, or the doer nearest to it."""
    cue = stances.about_of.get(at)
    skip = set(victims)
    if cue is not None:
        label = layout.spans[cue].label
        if label == "ACCUSE" and cue in stances.targets:
            yield Proposal("blamed", at, stances.targets[cue], "blamed:accused")
        if label == "ADMIT" and cue in stances.holders:
            which = "loss" if owns_loss(layout.spans[cue]) else "own"
            yield Proposal("blamed", at, stances.holders[cue], f"blamed:admitted:{which}")
        skip.update(stances.holders.get(cue, ()))

    def eligible(other: int) -> bool:
        return layout.spans[other].label in DOERS and other not in skip

    actor = layout.nearest(at, 1, eligible)
    if actor is not None:
        agent = "agent" if layout.count(Mark.AGENT, at, actor) else ""
        join = layout.preposition(actor) if layout.count(Mark.WORD, at, actor) <= 1 else "far"
        other = "+" if layout.has_family("CASUALTY", at, actor) or layout.has_family("STANCE", at, actor) else ""
        rule = f"blamed:after:{agent}:{shape}:{layout.boundary(at, actor):d}{other}:{join}"
        yield Proposal("blamed", at, layout.groups[actor], rule)
    actor = layout.nearest(at, -1, eligible)
    if actor is not None:
        agent = "agent" if _acts(layout, actor) else ""
        result = "r" if layout.count(Mark.RESULT, actor, at) else ""
        other = "!" if layout.has_family("STANCE", actor, at) else ""
        label = layout.spans[actor].label
        rule = f"blamed:before:{agent}:{layout.boundary(actor, at):d}:{shape}:{other}:{result}:{label}"
        yield Proposal("blamed", at, layout.groups[actor], rule)


def _acts(layout: Layout, actor: int) -> bool:
    """Whether a word of attack stands beside an actor: «قصف X», «X شن»."""
    beside = (*layout.gaps[actor].words[-2:], *layout.gaps[actor + 1].words[:2])
    return any(map(is_agent_word, beside))


def _places(layout: Layout, at: int, inner: dict[int, int]) -> Iterable[Proposal]:
    """The nearest place after and before; of places in one another, the most precise."""
    place = layout.nearest(at, 1, lambda other: layout.spans[other].family == "LOCATION")
    if place is not None:
        words = layout.count(Mark.WORD, at, place)
        state = "0" if words <= 1 else "4" if words <= 4 else "9"
        joined = _AT_WORDS & set(layout.gaps[place].words[-1:]) or layout.spans[place].text.startswith("ب")
        passed = "".join(sorted({layout.spans[other].family[0] for other in range(at + 1, place)}))
        rule = f"place:after:{layout.boundary(at, place):d}{'p' if joined else ''}:{passed}:{state}"
        yield Proposal("place", at, _side_by_side(layout, place, inner), rule)
    place = layout.nearest(at, -1, lambda other: layout.spans[other].family == "LOCATION")
    if place is not None:
        words = layout.count(Mark.WORD, place, at)
        state = "3" if words <= 3 else "9" if words <= 9 else "x"
        other = "!" if layout.has_family("STANCE", place, at) else ""
        rule = f"place:before:{layout.boundary(place, at):d}:{state}{other}"
        for _ in range(_CHAIN):
            place = inner.get(place, place)
        yield Proposal("place", at, _side_by_side(layout, place, inner), rule)


def _side_by_side(layout: Layout, place: int, inner: dict[int, int]) -> tuple[int, ...]:
    """A place and those coordinated with it, without the wider ones others lie in."""
    return tuple(at for at in layout.groups[place] if at == place or at not in inner)


def _sort(layout: Layout, actor: int) -> str:
    label = layout.spans[actor].label
    return label if label in ("CIVILIAN", "PERSON", "SOURCE") else "body"


def _shape(layout: Layout, at: int) -> str:
    """A verb of harm or a noun; 1 where the span is one word, so that people or count stand elsewhere."""
    words = fold(layout.spans[at].text).split()
    kind = "verb" if any(is_harm_verb(bare(word)) for word in words[:2]) else "noun"
    return f"{kind}1" if len(words) == 1 else kind
