"""What the predictor asks of a way to compute: windows in, raw scores per word out.

The seam between reading and computing. Who computes, and with what, is `choosing`'s business; what the scores mean is
not known on this side.
"""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ..windows import Window

__all__ = ["Scorer", "StateScorer", "Submission", "SubmittingScorer"]


class Scorer(Protocol):
    """A way to compute tag scores."""

    def score(self, windows: Sequence[Window]) -> list[NDArray[np.float32]]:
        """Raw tag scores (words, tags) of each window; a tag's column is its place in `Scheme.tags`."""
        ...


class StateScorer(Scorer, Protocol):
    """A way to compute tag scores that also gives what a link head needs."""

    def score_with_states(
        self, windows: Sequence[Window]
    ) -> tuple[list[NDArray[np.float32]], list[NDArray[np.float32]]]:
        """Raw tag scores (words, tags) of each window, and the encoder's last states (words, width)."""
        ...


class Submission(Protocol):
    """Scores that are being computed."""

    def result(self) -> tuple[list[NDArray[np.float32]], list[NDArray[np.float32]]]:
        """Raw tag scores (words, tags) of each window, and states (words, width) if asked for; waits for them."""
        ...


@runtime_checkable
class SubmittingScorer(Protocol):
    """A scorer whose device computes while the host prepares the next batch."""

    @property
    def batch_subwords(self) -> int:
        """How many subwords to compute at once."""
        ...

    def submit(self, windows: Sequence[Window], *, states: bool = False) -> Submission:
        """Begin to score windows, with the encoder's states if asked for."""
        ...
