"""The temperature that makes span scores mean what they say, fitted on dev at the end of a run.

A span's score should be the share of such spans that are right. One number, by which all tag scores are divided,
is chosen to minimise the log loss of the scores against being strictly right. It changes no tag: the best path is the
same at every temperature.
Source: C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ...infer.articles import Article
from ...infer.model_folder import ModelInfo
from ...infer.predictor import Predictor
from ...infer.scorers.interface import Scorer
from ...infer.windows import Window

__all__ = ["fit_temperature", "least", "span_log_loss"]

_LOWEST, _HIGHEST = 0.2, 10.0
_TOLERANCE = 0.01
_EXTREME = 1e-6


class _Remembered:
    """A scorer that computes each window once; the spans do not change between temperatures, nor do its scores."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self._known: dict[tuple[int, ...], NDArray[np.float32]] = {}

    def score(self, windows: Sequence[Window]) -> list[NDArray[np.float32]]:
        new = [window for window in windows if tuple(window.subword_ids) not in self._known]
        if new:
            for window, scores in zip(new, self._scorer.score(new), strict=True):
                self._known[tuple(window.subword_ids)] = scores
        return [self._known[tuple(window.subword_ids)] for window in windows]


def fit_temperature(scorer: Scorer, tokenizer: Tokenizer, info: ModelInfo, dev: Sequence[Article]) -> float:
    """The temperature, from 0.2 to 10, with the least log loss of the span scores on gold articles.

    1 if the model finds no span at all, so that there is nothing to fit.
    """
    remembered = _Remembered(scorer)

    def loss(log_temperature: float) -> float:
        tempered = replace(info, temperature=math.exp(log_temperature))
        predictor = Predictor(remembered, tokenizer, tempered)
        return span_log_loss(dev, list(predictor.stream(article.without_annotation() for article in dev)))

    if math.isnan(loss(0.0)):
        return 1.0
    return math.exp(least(loss, math.log(_LOWEST), math.log(_HIGHEST), _TOLERANCE))


def span_log_loss(gold: Sequence[Article], predicted: Sequence[Article]) -> float:
    """Mean log loss, in nats, of the predicted spans' scores against being strictly right; NaN without spans."""
    losses: list[float] = []
    for ours, theirs in zip(gold, predicted, strict=True):
        right = {(span.label, span.start_char, span.end_char) for span in ours.spans}
        for span in theirs.spans:
            score = min(max(span.score or 0.0, _EXTREME), 1.0 - _EXTREME)
            correct = (span.label, span.start_char, span.end_char) in right
            losses.append(-math.log(score if correct else 1.0 - score))
    return math.fsum(losses) / len(losses) if losses else math.nan


def least(function: Callable[[float], float], low: float, high: float, tolerance: float) -> float:
    """Where a function with one valley is least, by golden-section search."""
    golden = (math.sqrt(5.0) - 1.0) / 2.0
    left, right = high - golden * (high - low), low + golden * (high - low)
    at_left, at_right = function(left), function(right)
    while high - low > tolerance:
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - golden * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + golden * (high - low)
            at_right = function(right)
    return (low + high) / 2.0
