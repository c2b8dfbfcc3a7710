"""What several counts amount to: the toll of a telling, of a claim, and the range over the accounts of an incident.

Works on bounds that are already read; reading numbers is `casualties`' business. A part never adds to its whole,
the pieces of one casualty count once, and only counts that the text itself coordinates are added.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..facts import Bounds, Casualty
from .graph import CASUALTY_LINKS, SpanGraph
from .words import fold

__all__ = ["UNKNOWN", "Figure", "across", "figures_of", "intersect", "is_known", "range_over", "toll_of"]

UNKNOWN = Bounds(None, None)


class Figure(NamedTuple):
    """A number of people, and whether only words like «عشرات» or a plural give it."""

    bounds: Bounds
    vague: bool


_VAGUE_RULES = frozenset(("vague", "plural", "dual-or-plural", "collective", "mixed"))
_SHARED_RULE = "mixed"


def is_known(bounds: Bounds) -> bool:
    """Whether the bounds say anything."""
    return bounds != UNKNOWN


def _is_vague(casualty: Casualty) -> bool:
    """Whether a count rests on a plural or a word like «عشرات» alone, not on a stated number."""
    return casualty.rule in _VAGUE_RULES


def intersect(a: Bounds, b: Bounds) -> Bounds | None:
    """The numbers both allow; None where they contradict each other."""
    lows = [bound for bound in (a.low, b.low) if bound is not None]
    highs = [bound for bound in (a.high, b.high) if bound is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    return None if low is not None and high is not None and low > high else Bounds(low, high)


def figures_of(graph: SpanGraph, casualties: Iterable[str]) -> dict[str, tuple[Figure, ...]]:
    """What casualty spans told by one holder say of each kind, a figure for every sentence.

    Within a sentence pieces count once, parts are left out and counts joined by «و» add; counts that do neither give
    a range, at least the largest of them and at most their sum.
    """
    names = graph.in_order(casualties)
    wholes = [name for name in names if graph.casualties[name].part_of not in names]
    figures: dict[str, tuple[Figure, ...]] = {}
    for kind in dict.fromkeys(graph.casualties[name].kind for name in wholes):
        by_sentence: dict[int, list[str]] = {}
        for name in wholes:
            if graph.casualties[name].kind == kind:
                by_sentence.setdefault(graph.sentence(name), []).append(name)
        figures[kind] = tuple(_within(graph, of_sentence) for of_sentence in by_sentence.values())
    return figures


def toll_of(graph: SpanGraph, casualties: Iterable[str]) -> dict[str, Bounds]:
    """The toll of each kind that casualty spans told by one holder come to.

    A later figure restates an earlier one where both can be true («عدد من القتلى» … «14 قتيلا» is 14); where they
    cannot, the toll is a range as within a sentence.
    """
    return {kind: across(figures) for kind, figures in figures_of(graph, casualties).items()}


def across(figures: Sequence[Figure]) -> Bounds:
    """The toll that the figures of one holder come to."""
    total = figures[0].bounds
    for figure in figures[1:]:
        total = intersect(total, figure.bounds) or _either(total, figure.bounds)
    return total


def range_over(figures: Sequence[Figure]) -> Bounds | None:
    """The range over the figures of all accounts of an incident that assert harm.

    `low` is the least number stated; a word like «عشرات» gives it only where no number can be what it means. `high`
    is the greatest number any account allows, None as soon as one leaves it open. An account of no harm at all is
    left out beside others, as is one that gives no number. None where nothing was told of this kind.
    """
    if not figures:
        return None
    known = [figure for figure in figures if is_known(figure.bounds)]
    harm = [figure for figure in known if figure.bounds.high != 0]
    if not harm:
        return known[0].bounds if known else UNKNOWN
    stated = [figure.bounds for figure in harm if not figure.vague]
    lows = [
        figure.bounds.low
        for figure in harm
        if not figure.vague or not any(intersect(figure.bounds, number) for number in stated)
    ]
    highs = [figure.bounds.high for figure in harm]
    low = None if None in lows else min(low for low in lows if low is not None)
    high = None if None in highs else max(high for high in highs if high is not None)
    return Bounds(low, high)


def _within(graph: SpanGraph, names: Sequence[str]) -> Figure:
    """What one sentence says of one kind."""
    counted = _without_pieces(graph, names)
    total = _bounds(graph.casualties[counted[0]])
    for name in counted[1:]:
        bounds = _bounds(graph.casualties[name])
        adds = fold(graph.spans[name].text).startswith("و") and is_known(bounds) and is_known(total)
        total = _sum(total, bounds) if adds else _either(total, bounds)
    return Figure(total, all(_is_vague(graph.casualties[name]) for name in counted))


def _bounds(casualty: Casualty) -> Bounds:
    """A number that counts killed and injured together («9 بين قتيل وجريح») is only an upper bound of each."""
    return Bounds(None, casualty.bounds.high) if casualty.rule == _SHARED_RULE else casualty.bounds


def _without_pieces(graph: SpanGraph, names: Sequence[str]) -> list[str]:
    """Leave out the pieces whose number stands apart with the same links: «قتلت» or «قتلوا» beside «14 محتجا»."""
    signatures = {name: _signature(graph, name) for name in names}
    stated: dict[object, Bounds] = {}
    for name in names:
        if not _is_bare(graph.casualties[name]):
            stated.setdefault(signatures[name], graph.casualties[name].bounds)
    kept: list[str] = []
    for name in names:
        number = stated.get(signatures[name])
        piece_of_number = number is not None and intersect(number, graph.casualties[name].bounds) is not None
        piece_of_trigger = any(
            signatures[name] == signatures[other] and not is_known(graph.casualties[other].bounds) for other in kept
        )
        if _is_bare(graph.casualties[name]) and (piece_of_number or piece_of_trigger):
            continue
        kept.append(name)
    return kept


def _is_bare(casualty: Casualty) -> bool:
    return not is_known(casualty.bounds) or _is_vague(casualty)


def _signature(graph: SpanGraph, name: str) -> object:
    ends = (frozenset(link.target for link in graph.links_of(name, kind)) for kind in CASUALTY_LINKS)
    return graph.tellers.get(name), *ends


def _sum(a: Bounds, b: Bounds) -> Bounds:
    low = a.low + b.low if a.low is not None and b.low is not None else None
    high = a.high + b.high if a.high is not None and b.high is not None else None
    return Bounds(low, high)


def _either(a: Bounds, b: Bounds) -> Bounds:
    if not is_known(a) or not is_known(b) or a == b:
        return b if not is_known(a) else a
    lows = [bound for bound in (a.low, b.low) if bound is not None]
    return Bounds(max(lows, default=None), _sum(a, b).high)
