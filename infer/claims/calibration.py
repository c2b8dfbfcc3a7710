"""Claim scores as probabilities: how often claims like this one were right on the articles a model was chosen on.

The score of a claim's weakest part says little by itself, because most claims are wrong by what was not found: a
holder, a target. `claims.json` in a model folder holds a logistic calibration by that score, the stance and the voice,
fitted on dev at the end of a run; without the file the weakest part's score stands. How it is fitted is not known here.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from ..articles import Article
from ..errors import ModelError
from ..facts import Claim

__all__ = ["CALIBRATION", "ClaimCalibration", "read_calibration", "write_calibration"]

CALIBRATION = "claims.json"
"""What a model folder says of its claims' scores."""

_FORMAT = 1
_EDGE = 1e-4


@dataclass(frozen=True, slots=True)
class ClaimCalibration:
    """A logistic model (Platt 1999): the log-odds that a claim's stance, holders and targets are right.

    `offset` plus `slope` times the log-odds of the weakest part, plus the stance's and, for a claim in the article's
    own voice, `article_voice`. `measured` holds what the fit came to.
    """

    offset: float
    slope: float
    stances: dict[str, float]
    article_voice: float
    measured: dict[str, Any] = field(default_factory=dict)

    def probability(self, claim: Claim) -> float | None:
        """The calibrated score of a claim that carries its weakest part's; None for one made of gold."""
        if claim.score is None:
            return None
        odds = self.offset + self.slope * log_odds(claim.score) + self.stances.get(claim.stance, 0.0)
        odds += self.article_voice if claim.voice == "article" else 0.0
        return 1.0 / (1.0 + math.exp(-odds))

    def __call__(self, article: Article) -> Article:
        """The article with calibrated claims."""
        return replace(article, facts=replace(article.facts, claims=self.calibrated(article.claims)))

    def calibrated(self, claims: Iterable[Claim]) -> tuple[Claim, ...]:
        """The claims, each with its probability."""
        return tuple(replace(claim, score=self.probability(claim)) for claim in claims)


def log_odds(score: float) -> float:
    """The natural logarithm of score : 1 - score, kept off the edges."""
    kept = min(max(score, _EDGE), 1.0 - _EDGE)
    return math.log(kept / (1.0 - kept))


def read_calibration(folder: Path) -> ClaimCalibration | None:
    """The calibration of a model folder, None where it has none; ModelError for a file that is no calibration."""
    path = folder / CALIBRATION
    if not path.exists():
        return None
    try:
        value = json.loads(path.read_text("utf-8"))
        if value.pop("format") != _FORMAT:
            raise ModelError(f"{path}: expected format {_FORMAT}; update rasid")
        numbers = [value["offset"], value["slope"], value["article_voice"], *value["stances"].values()]
        if not all(isinstance(number, int | float) and math.isfinite(number) for number in numbers):
            raise ModelError(f"{path}: expected finite numbers, found {numbers}")
        return ClaimCalibration(**value)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{path}: not a claim calibration ({type(error).__name__}: {error})") from error


def write_calibration(folder: Path, calibration: ClaimCalibration) -> None:
    """Write a calibration into a model folder."""
    text = json.dumps({"format": _FORMAT, **asdict(calibration)}, indent=2)
    (folder / CALIBRATION).write_text(text + "\n", encoding="utf-8")
