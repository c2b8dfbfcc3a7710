"""Bootstrap intervals: how far a score would move had other articles of the same kind been annotated.

Documents, not spans, are drawn with replacement, because spans of one article stand or fall together (Efron
1979; the percentile interval). Only counts per document are needed, so a resample is one row of a matrix
product and 10,000 of them take well under a second. What the counts mean is `scoring`'s business.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .scoring import CountTable, rates

__all__ = ["Interval", "RateIntervals", "ScoreIntervals", "bootstrap_counts", "bootstrap_scores", "resample_totals"]

_BLOCK_CELLS = 4_000_000
"""Draws held at a time: 32 MB, whatever the number of documents."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A range of a score, both ends between 0 and 1."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RateIntervals:
    """Intervals of precision, recall and F1, and how many documents have what they are about.

    An interval is None where every resample gives the same value, so that the bootstrap has nothing to say about
    the spread: with fewer than two such documents always, with more where all are right, say.
    """

    precision: Interval | None
    recall: Interval | None
    f1: Interval | None
    documents: int


@dataclass(frozen=True, slots=True)
class ScoreIntervals:
    """The intervals of a `SpanScores`, field by field."""

    overall: RateIntervals
    macro: RateIntervals
    by_label: dict[str, RateIntervals]
    family_overall: RateIntervals
    family_macro: RateIntervals
    by_family: dict[str, RateIntervals]


def bootstrap_scores(
    table: CountTable, *, resamples: int = 2000, seed: int = 0, confidence: float = 0.95
) -> ScoreIntervals:
    """Percentile intervals of every score of a table.

    The same table, seed and numbers give the same intervals. A resample in which a label does not occur says
    nothing about that label and is left out of its interval. Raises ValueError for fewer than one resample or
    document, or a confidence outside (0, 1).
    """
    _check_confidence(confidence)
    scheme, cells = table.scheme, table.cells
    labels = len(scheme.label_names)
    totals = resample_totals(cells, resamples=resamples, seed=seed)
    single = rates(totals)
    seen = cells.sum(axis=-1) > 0

    def intervals(values: NDArray[np.float64], seen: NDArray[np.bool_]) -> RateIntervals:
        return _rate_intervals(values, seen, confidence)

    def averages(rows: slice) -> tuple[RateIntervals, RateIntervals]:
        """Micro and macro over some rows."""
        some = seen[:, rows].any(axis=1)
        return intervals(rates(totals[:, rows].sum(axis=1)), some), intervals(_mean_known(single[:, rows]), some)

    micro, macro = averages(slice(0, labels))
    family_micro, family_macro = averages(slice(labels, None))
    rows = [intervals(single[:, row], seen[:, row]) for row in range(single.shape[1])]
    return ScoreIntervals(
        overall=micro,
        macro=macro,
        by_label=dict(zip(scheme.label_names, rows[:labels], strict=True)),
        family_overall=family_micro,
        family_macro=family_macro,
        by_family=dict(zip(scheme.families, rows[labels:], strict=True)),
    )


def bootstrap_counts(
    cells: NDArray[np.int64], *, resamples: int = 2000, seed: int = 0, confidence: float = 0.95
) -> tuple[RateIntervals, list[RateIntervals]]:
    """Percentile intervals of counts (documents, rows, 3): of all rows together and of each. As `bootstrap_scores`."""
    _check_confidence(confidence)
    totals = resample_totals(cells, resamples=resamples, seed=seed)
    seen = cells.sum(axis=-1) > 0
    overall = _rate_intervals(rates(totals.sum(axis=1)), seen.any(axis=1), confidence)
    single = rates(totals)
    return overall, [_rate_intervals(single[:, row], seen[:, row], confidence) for row in range(cells.shape[1])]


def resample_totals(cells: NDArray[np.int64], *, resamples: int, seed: int) -> NDArray[np.int64]:
    """Sums over documents drawn with replacement, as many as there are.

    `cells` is (documents, ...), the result (resamples, ...). Raises ValueError for fewer than 1 resample or no
    documents.
    """
    documents = cells.shape[0]
    if resamples < 1 or documents < 1:
        raise ValueError(f"expected at least one resample and one document, found {resamples} and {documents}")
    flat = cells.reshape(documents, -1)
    totals = [draws @ flat for draws in _draws(documents, resamples, seed)]
    return np.concatenate(totals).reshape(resamples, *cells.shape[1:])


def _draws(documents: int, resamples: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """How often each document is drawn: blocks of (resamples of the block, documents)."""
    generator = np.random.default_rng(seed)
    chances = np.full(documents, 1 / documents)
    block = max(1, _BLOCK_CELLS // documents)
    for start in range(0, resamples, block):
        yield generator.multinomial(documents, chances, size=min(block, resamples - start))


def _check_confidence(confidence: float) -> None:
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"expected a confidence between 0 and 1, found {confidence}")


def _rate_intervals(values: NDArray[np.float64], seen: NDArray[np.bool_], confidence: float) -> RateIntervals:
    """Of values (resamples, 3) about the documents where seen (documents,)."""
    precision, recall, f1 = (_percentiles(values[:, i], confidence) for i in range(3))
    return RateIntervals(precision, recall, f1, int(seen.sum()))


def _mean_known(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of (resamples, rows, 3) over the rows that are not NaN: (resamples, 3)."""
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _percentiles(values: NDArray[np.float64], confidence: float) -> Interval | None:
    values = values[~np.isnan(values)]
    if not values.size or values.min() == values.max():
        return None
    tail = (1 - confidence) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return Interval(float(low), float(high))
