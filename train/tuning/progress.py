"""How far a run has come: what a checkpoint must keep besides weights, optimiser and random generators."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ...infer.errors import RunError

__all__ = ["Progress", "Score"]


@dataclass(frozen=True, slots=True)
class Score:
    """An evaluation on dev: after how many steps, and its F1."""

    step: int
    f1: float


@dataclass(slots=True)
class Progress:
    """The state of the loop between two optimiser steps; all of it is known to every process.

    `step` counts optimiser steps, `step_in_epoch` those of the present epoch. `loss_sum` and `loss_weight` are the
    loss since the last line of metrics. `metric_bytes` is the length of the metrics file that belongs to this state.
    """

    step: int = 0
    epoch: int = 0
    step_in_epoch: int = 0
    scores: list[Score] = field(default_factory=list)
    stopped_early: bool = False
    loss_sum: float = 0.0
    loss_weight: float = 0.0
    seconds: float = 0.0
    metric_bytes: int = 0
    processes: int = 1

    @property
    def best(self) -> Score | None:
        """The best evaluation so far, the first of equals."""
        return max(self.scores, key=lambda score: (score.f1, -score.step), default=None)

    @property
    def evaluations_since_best(self) -> int:
        """How many evaluations have come after the best."""
        best = self.best
        return 0 if best is None else sum(score.step > best.step for score in self.scores)

    def write(self, path: Path) -> None:
        """Write as JSON; numbers come back exactly."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Progress":
        """Read what `write` wrote; RunError if it is not there or not complete."""
        try:
            value = json.loads(path.read_text("utf-8"))
            value["scores"] = [Score(**score) for score in value["scores"]]
            return cls(**value)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RunError(f"{path}: cannot be read as a run's progress ({type(error).__name__} {error})") from error
