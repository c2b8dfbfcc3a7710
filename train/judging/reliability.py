"""Calibration measured: do spans with score 0.8 turn out right eight times in ten?

Takes scores as they are stored in predicted spans; fitting a temperature is `calibration`'s business, and a
measurement never changes a model.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .matching import Outcome, Pair

__all__ = ["Bin", "Reliability", "measure_reliability", "summarise"]


@dataclass(frozen=True, slots=True)
class Bin:
    """Predicted spans with a score in (low, high]; the means are None for an empty bin."""

    low: float
    high: float
    spans: int
    mean_score: float | None
    share_correct: float | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """How well scores agree with being strictly right.

    `ece` is the expected calibration error (Naeini et al. 2015): the gap between mean score and share correct of
    each bin, weighted by its spans. `brier` is the mean squared difference between score and outcome.
    """

    bins: tuple[Bin, ...]
    spans: int
    mean_score: float
    share_correct: float
    ece: float
    brier: float


def measure_reliability(pairs: Sequence[Pair], *, bins: int = 10) -> Reliability | None:
    """Measure the predicted spans that carry a score; None if there are none.

    Bins are of equal width; 0 belongs to the first. Correct is strict: offsets and label equal gold's.
    """
    scored = [
        (pair.predicted.score, pair.outcome is Outcome.CORRECT)
        for pair in pairs
        if pair.predicted is not None and pair.predicted.score is not None
    ]
    return summarise([score for score, _ in scored], [right for _, right in scored], bins=bins) if scored else None


def summarise(scores: Sequence[float], right: Sequence[bool], *, bins: int = 10) -> Reliability:
    """How well any scores, at least one, agree with having been right; see `measure_reliability` for the bins."""
    values, correct = np.array(scores, dtype=np.float64), np.array(right, dtype=np.float64)
    edges = np.linspace(0.0, 1.0, bins + 1)
    places = np.clip(np.digitize(values, edges, right=True) - 1, 0, bins - 1)
    filled: list[Bin] = []
    gaps = 0.0
    for place in range(bins):
        inside = places == place
        spans = int(inside.sum())
        low, high = round(float(edges[place]), 6), round(float(edges[place + 1]), 6)
        if not spans:
            filled.append(Bin(low, high, 0, None, None))
            continue
        mean_score, share_correct = float(values[inside].mean()), float(correct[inside].mean())
        filled.append(Bin(low, high, spans, mean_score, share_correct))
        gaps += spans * abs(mean_score - share_correct)
    return Reliability(
        bins=tuple(filled),
        spans=len(scores),
        mean_score=float(values.mean()),
        share_correct=float(correct.mean()),
        ece=gaps / len(scores),
        brier=float(np.square(values - correct).mean()),
    )
