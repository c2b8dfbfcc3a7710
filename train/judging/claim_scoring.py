"""Claim scores: how far claims built from predicted spans and links are those built from gold ones.

    scores = score_claims([(gold, predicted), ...])      # both with facts, as `read_facts` gives them
    scores.positions.counts.f1, scores.by_stance["DENY"], scores.figures_exact.intervals.f1

A position is a claim's stance with its holders and targets; a figure is what a claim says of one kind of harm, with
its bounds and its source. Claims are matched one to one within an article, and an interval draws articles, not
claims. What a claim is, is `infer.claims`' business; a report's form is left to `report`.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from ...infer.articles import Article
from ...infer.claims import claim_tolls
from ...infer.errors import ArticleError
from ...infer.facts import Bounds, Claim
from .intervals import Interval, RateIntervals, resample_totals
from .scoring import Counts, rates

__all__ = ["ClaimScore", "ClaimScores", "right_positions", "score_claims"]


@dataclass(frozen=True, slots=True)
class ClaimScore:
    """Counts of all articles together, with 95 % bootstrap intervals over articles."""

    counts: Counts
    intervals: RateIntervals


@dataclass(frozen=True, slots=True)
class ClaimScores:
    """`positions`: stance, holders and targets right; `by_stance` the same, by stance label in the scheme's order.

    `figures_exact`: kind, source and both bounds right; `figures_within`: kind and source right and the predicted
    range inside the gold one, so that it says nothing the gold account excludes. A denied figure is not an asserted
    one. A bound that is not known on one side only is wrong.
    """

    positions: ClaimScore
    by_stance: dict[str, ClaimScore]
    figures_exact: ClaimScore
    figures_within: ClaimScore


@dataclass(frozen=True, slots=True)
class _Figure:
    """What one claim says of one kind of harm."""

    claim: Claim
    kind: str
    bounds: Bounds


def score_claims(
    pairs: Sequence[tuple[Article, Article]], *, resamples: int = 2000, seed: int = 0, confidence: float = 0.95
) -> ClaimScores:
    """Scores of (gold, predicted) articles, both carrying facts made by the same rules.

    Two claims may be matched if their evidence shares a character, so that a position must be read where it
    stands; actors are the same if one mention of each overlaps. The same pairs and seed give the same intervals.
    Raises ArticleError for no pairs or for texts that differ, ValueError for resamples or a confidence that cannot be.
    """
    if not pairs:
        raise ArticleError("there are no articles to score")
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"expected a confidence between 0 and 1, found {confidence}")
    stances = [label for label in pairs[0][0].scheme.label_names if pairs[0][0].scheme.family_of(label) == "STANCE"]
    rows = np.array([_count(*pair, stances) for pair in pairs], dtype=np.int64)
    totals = resample_totals(rows, resamples=resamples, seed=seed)

    def score(row: int) -> ClaimScore:
        low, high = (1 - confidence) / 2, (1 + confidence) / 2
        drawn = rates(totals[:, row])
        precision, recall, f1 = (_interval(drawn[:, column], low, high) for column in range(3))
        documents = int((rows[:, row].sum(axis=-1) > 0).sum())
        tp, fp, fn = rows[:, row].sum(axis=0).tolist()
        return ClaimScore(Counts(tp, fp, fn), RateIntervals(precision, recall, f1, documents))

    return ClaimScores(
        positions=score(0),
        figures_exact=score(1),
        figures_within=score(2),
        by_stance={label: score(row) for row, label in enumerate(stances, start=3)},
    )


def _count(gold: Article, predicted: Article, stances: Sequence[str]) -> list[tuple[int, int, int]]:
    """(tp, fp, fn) of positions, figures exact, figures within, then positions by stance."""
    if gold.text != predicted.text:
        raise ArticleError(f"article {gold.id}: gold and predicted text differ; their claims cannot be compared")
    same = _SameActors(gold, predicted)

    def source(ours: _Figure, theirs: _Figure) -> bool:
        denied = ours.claim.stance == "DENY", theirs.claim.stance == "DENY"
        return denied[0] == denied[1] and same(ours.claim.holders, theirs.claim.holders)

    def exact(ours: _Figure, theirs: _Figure) -> bool:
        return ours.kind == theirs.kind and ours.bounds == theirs.bounds and source(ours, theirs)

    def within(ours: _Figure, theirs: _Figure) -> bool:
        return ours.kind == theirs.kind and _inside(theirs.bounds, ours.bounds) and source(ours, theirs)

    figures, found = _figures(gold), _figures(predicted)
    pairs = _right_pairs(gold, predicted, same)
    counted = [
        _outcome(len(gold.claims), len(predicted.claims), len(pairs)),
        _outcome(len(figures), len(found), len(_match(figures, found, exact, _same_place_of_figure))),
        _outcome(len(figures), len(found), len(_match(figures, found, within, _same_place_of_figure))),
    ]
    for stance in stances:
        right = sum(ours.stance == stance for ours, _ in pairs)
        wanted, made = (sum(claim.stance == stance for claim in one.claims) for one in (gold, predicted))
        counted.append(_outcome(wanted, made, right))
    return counted


def right_positions(gold: Article, predicted: Article) -> set[str]:
    """The ids of the predicted claims whose stance, holders and targets are right; see `score_claims`."""
    return {theirs.id for _, theirs in _right_pairs(gold, predicted, _SameActors(gold, predicted))}


def _right_pairs(gold: Article, predicted: Article, same: "_SameActors") -> list[tuple[Claim, Claim]]:
    def position(ours: Claim, theirs: Claim) -> bool:
        return (
            ours.stance == theirs.stance and same(ours.holders, theirs.holders) and same(ours.targets, theirs.targets)
        )

    return _match(gold.claims, predicted.claims, position, _same_place)


def _outcome(gold: int, predicted: int, right: int) -> tuple[int, int, int]:
    return right, predicted - right, gold - right


_Item = TypeVar("_Item", bound=Hashable)


def _match(
    gold: Sequence[_Item],
    predicted: Sequence[_Item],
    right: Callable[[_Item, _Item], bool],
    same_place: Callable[[_Item, _Item], bool],
) -> list[tuple[_Item, _Item]]:
    """The one-to-one matching with the most right pairs."""
    if not gold or not predicted:
        return []
    fits = np.array([[float(right(a, b) and same_place(a, b)) for b in predicted] for a in gold])
    ours, theirs = linear_sum_assignment(fits, maximize=True)
    return [(gold[a], predicted[b]) for a, b in zip(ours, theirs, strict=True) if fits[a, b]]


class _SameActors:
    """Whether groups of actors of two articles are the same: each has one in the other it shares a mention with."""

    def __init__(self, gold: Article, predicted: Article) -> None:
        self._gold = _mentions(gold)
        self._predicted = _mentions(predicted)

    def __call__(self, gold: Sequence[str], predicted: Sequence[str]) -> bool:
        ours = [self._gold[name] for name in gold]
        theirs = [self._predicted[name] for name in predicted]
        return all(any(_overlap(a, b) for b in theirs) for a in ours) and all(
            any(_overlap(a, b) for a in ours) for b in theirs
        )


_Stretches = tuple[tuple[int, int], ...]


def _mentions(article: Article) -> dict[str, _Stretches]:
    spans = {span.id: (span.start_char, span.end_char) for span in article.spans}
    return {actor.id: tuple(spans[mention] for mention in actor.mentions) for actor in article.actors}


def _overlap(some: _Stretches, others: _Stretches) -> bool:
    return any(a < d and c < b for a, b in some for c, d in others)


def _same_place(ours: Claim, theirs: Claim) -> bool:
    return _overlap(ours.evidence, theirs.evidence)


def _same_place_of_figure(ours: _Figure, theirs: _Figure) -> bool:
    return _same_place(ours.claim, theirs.claim)


def _figures(article: Article) -> list[_Figure]:
    tolls = claim_tolls(article)
    return [_Figure(claim, kind, bounds) for claim in article.claims for kind, bounds in tolls[claim.id].items()]


def _inside(inner: Bounds, outer: Bounds) -> bool:
    """Whether every number the first allows is allowed by the second; unknown bounds hold nothing but themselves."""
    unknown = Bounds(None, None)
    if unknown in (inner, outer):
        return inner == outer
    above = outer.low is None or (inner.low is not None and inner.low >= outer.low)
    below = outer.high is None or (inner.high is not None and inner.high <= outer.high)
    return above and below


def _interval(values: NDArray[np.float64], low: float, high: float) -> Interval | None:
    """The percentile interval of the resamples that say something, None where all say the same."""
    known = values[~np.isnan(values)]
    if not known.size or known.min() == known.max():
        return None
    ends = np.quantile(known, [low, high])
    return Interval(float(ends[0]), float(ends[1]))
