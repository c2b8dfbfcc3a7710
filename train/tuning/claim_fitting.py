"""Fits the calibration of claim scores on dev: how often claims of a score, a stance and a voice were right there."""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from ...infer.articles import Article
from ...infer.claims.calibration import ClaimCalibration, log_odds
from ...infer.facts import Claim
from ..judging.claim_scoring import right_positions
from ..judging.reliability import summarise

__all__ = ["fit_claims"]

_LEAST_CLAIMS = 50
"""With fewer claims there is nothing to fit."""


def fit_claims(pairs: Sequence[tuple[Article, Article]]) -> ClaimCalibration | None:
    """The calibration that fits (gold, predicted) articles with facts best, regularised; None for too few claims.

    Predicted claims carry the score of their weakest part. A claim is right where its stance, holders and targets are.
    """
    claims: list[Claim] = []
    right: list[bool] = []
    for gold, predicted in pairs:
        found = right_positions(gold, predicted)
        scored = [claim for claim in predicted.claims if claim.score is not None]
        claims += scored
        right += [claim.id in found for claim in scored]
    if len(claims) < _LEAST_CLAIMS or len(set(right)) < 2:
        return None
    stances = sorted({claim.stance for claim in claims})
    rows = np.array([_row(claim, stances) for claim in claims], dtype=np.float64)
    model = LogisticRegression(C=1.0).fit(rows, np.array(right))
    weights = [float(weight) for weight in model.coef_[0]]
    fitted = ClaimCalibration(
        offset=float(model.intercept_[0]),
        slope=weights[0],
        article_voice=weights[1],
        stances=dict(zip(stances, weights[2:], strict=True)),
    )
    before, after = ([score or 0.0 for score in scores] for scores in ([c.score for c in claims], _all(fitted, claims)))
    measured = {"claims": len(claims), "right": sum(right), "ece_before": _error(before, right)}
    return ClaimCalibration(
        fitted.offset,
        fitted.slope,
        fitted.stances,
        fitted.article_voice,
        {**measured, "ece_after": _error(after, right)},
    )


def _row(claim: Claim, stances: Sequence[str]) -> list[float]:
    score = claim.score if claim.score is not None else 0.5
    return [log_odds(score), float(claim.voice == "article"), *(float(claim.stance == name) for name in stances)]


def _all(calibration: ClaimCalibration, claims: Sequence[Claim]) -> list[float | None]:
    return [calibration.probability(claim) for claim in claims]


def _error(scores: Sequence[float], right: Sequence[bool]) -> float:
    return round(summarise(scores, right).ece, 4)
