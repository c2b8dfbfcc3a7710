"""Span scores: counts, precision, recall and F1 per label, per family and overall.

    scores = score_spans(gold, predicted)
    scores.overall.f1, scores.by_label["KILLED"].recall, scores.by_family["ACTOR"].f1

Two ways to be right: strict (offsets and label equal) and partial (label equal, at least one character shared,
one to one). Both are read off the same matching. Nothing here knows of models, files or intervals.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...infer.articles import Article
from ...infer.errors import ArticleError
from ...infer.scheme import Scheme
from .matching import Pair, match_spans

__all__ = ["CountTable", "Counts", "Rates", "SpanScores", "count_pairs", "match_articles", "rates", "score_spans"]


@dataclass(frozen=True, slots=True)
class Rates:
    """Precision, recall and F1, each between 0 and 1."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Counts:
    """True positives, false positives and false negatives; a rate with nothing below its line is 0."""

    tp: int
    fp: int
    fn: int

    @property
    def gold(self) -> int:
        """How many gold spans were to be found."""
        return self.tp + self.fn

    @property
    def predicted(self) -> int:
        """How many spans were predicted."""
        return self.tp + self.fp

    @property
    def precision(self) -> float:
        """Share of the predicted spans that are right."""
        return self.tp / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold spans that were found."""
        return self.tp / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.tp / (self.gold + self.predicted) if self.gold + self.predicted else 0.0

    def __bool__(self) -> bool:
        """Whether anything was counted: False for a label neither annotated nor predicted."""
        return bool(self.gold or self.predicted)


@dataclass(frozen=True, slots=True)
class SpanScores:
    """Counts of every label and family of the scheme, in its order, and of all spans together.

    In `by_family` and `family_overall` the labels are merged to families before spans are compared.
    """

    overall: Counts
    by_label: dict[str, Counts]
    family_overall: Counts
    by_family: dict[str, Counts]

    @property
    def macro(self) -> Rates:
        """Mean over the labels that occur in gold or prediction."""
        return _mean(list(self.by_label.values()))

    @property
    def family_macro(self) -> Rates:
        """Mean over the families that occur in gold or prediction."""
        return _mean(list(self.by_family.values()))


@dataclass(frozen=True, slots=True)
class CountTable:
    """Counts per document. `cells` is (documents, labels + families, 3), the last axis tp, fp, fn."""

    scheme: Scheme
    cells: NDArray[np.int64]

    def scores(self) -> SpanScores:
        """The scores of all documents together."""
        total = self.cells.sum(axis=0)
        names = (*self.scheme.label_names, *self.scheme.families)
        rows = [Counts(*row) for row in total.tolist()]
        labels = len(self.scheme.label_names)
        return SpanScores(
            overall=Counts(*total[:labels].sum(axis=0).tolist()),
            by_label=dict(zip(names[:labels], rows[:labels], strict=True)),
            family_overall=Counts(*total[labels:].sum(axis=0).tolist()),
            by_family=dict(zip(names[labels:], rows[labels:], strict=True)),
        )


def score_spans(gold: Sequence[Article], predicted: Sequence[Article]) -> SpanScores:
    """Strict scores of predicted articles against gold ones: a span is right if offsets and label are equal.

    Raises ArticleError unless both hold the same articles (id, text, labels) in the same order.
    """
    pairs = match_articles(gold, predicted)
    if not gold:
        raise ArticleError("there are no articles to score")
    return count_pairs(pairs, gold[0].scheme)[0].scores()


def match_articles(gold: Sequence[Article], predicted: Sequence[Article]) -> list[list[Pair]]:
    """The matched spans of each article.

    Raises ArticleError unless both sequences hold the same articles (id, text, labels) in the same order.
    """
    if len(gold) != len(predicted):
        raise ArticleError(f"expected a prediction for each of {len(gold)} gold articles, found {len(predicted)}")
    for position, (ours, theirs) in enumerate(zip(gold, predicted, strict=True)):
        _check_same(f"article {position + 1} of {len(gold)}", ours, theirs, gold[0].scheme)
    return [match_spans(ours.spans, theirs.spans) for ours, theirs in zip(gold, predicted, strict=True)]


def count_pairs(documents: Sequence[Sequence[Pair]], scheme: Scheme) -> tuple[CountTable, CountTable]:
    """Count matched spans per document, strictly and partially, in this order."""
    labels = {name: row for row, name in enumerate(scheme.label_names)}
    families = {name: row for row, name in enumerate(scheme.families, len(labels))}
    rows = len(labels) + len(families)
    # Plain lists: an element of an array costs several times as much to count up.
    gold, predicted, strict, partial = ([[0] * rows for _ in documents] for _ in range(4))
    for document, pairs in enumerate(documents):
        in_gold, in_predicted, exact, overlapping = (part[document] for part in (gold, predicted, strict, partial))
        for ours, theirs in pairs:
            if ours is not None:
                in_gold[labels[ours.label]] += 1
                in_gold[families[ours.family]] += 1
            if theirs is not None:
                in_predicted[labels[theirs.label]] += 1
                in_predicted[families[theirs.family]] += 1
            if ours is None or theirs is None or ours.family != theirs.family:
                continue
            exactly = ours.start_char == theirs.start_char and ours.end_char == theirs.end_char
            row = families[ours.family]
            overlapping[row] += 1
            exact[row] += exactly
            if ours.label == theirs.label:
                row = labels[ours.label]
                overlapping[row] += 1
                exact[row] += exactly
    found, wanted = np.array(predicted, dtype=np.int64), np.array(gold, dtype=np.int64)
    tables = []
    for part in (strict, partial):
        tp = np.array(part, dtype=np.int64)
        tables.append(CountTable(scheme, np.stack([tp, found - tp, wanted - tp], axis=-1).reshape(-1, rows, 3)))
    return tables[0], tables[1]


def rates(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Precision, recall and F1 of counts (..., 3): same shape, NaN where nothing was counted.

    The rates are those of `Counts`: 0 where only the line below is empty.
    """
    tp, fp, fn = counts[..., 0], counts[..., 1], counts[..., 2]
    below = np.stack([tp + fp, tp + fn, 2 * tp + fp + fn], axis=-1)
    above = np.stack([tp, tp, 2 * tp], axis=-1)
    result = above / np.maximum(below, 1)
    return np.where(below[..., 2:] > 0, result, np.nan)


def _mean(counts: Sequence[Counts]) -> Rates:
    seen = [c for c in counts if c]
    if not seen:
        return Rates(0.0, 0.0, 0.0)
    return Rates(*(sum(getattr(c, name) for c in seen) / len(seen) for name in ("precision", "recall", "f1")))


def _check_same(where: str, gold: Article, predicted: Article, scheme: Scheme) -> None:
    if gold.id != predicted.id:
        raise ArticleError(f"{where}: expected a prediction for {gold.id!r}, found one for {predicted.id!r}")
    if gold.text != predicted.text:
        at = next(
            (i for i, (a, b) in enumerate(zip(gold.text, predicted.text, strict=False)) if a != b),
            min(gold.characters, predicted.characters),
        )
        raise ArticleError(
            f"{where} ({gold.id}): gold and predicted text differ from character {at} on "
            f"({gold.characters} and {predicted.characters} characters); spans of different texts cannot be compared"
        )
    for whose, article in (("gold", gold), ("predicted", predicted)):
        if article.scheme is not scheme and article.scheme.labels != scheme.labels:
            raise ArticleError(
                f"{where} ({gold.id}): expected the labels of scheme {scheme.name!r}, "
                f"the {whose} article has those of {article.scheme.name!r}"
            )
