"""Timing of several sides in one run: they take turns, and every ratio is of two figures from the same turn.

A machine's speed drifts with its other work and its temperature; sides that alternate (A B A B …) meet the same drift,
so the ratio inside a round is steadier than either figure.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

__all__ = ["Spread", "alternate", "ratio_of", "repeat_for", "spread_of"]


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and range of a figure over the rounds of a run."""

    median: float
    low: float
    high: float

    def to_json(self) -> list[float]:
        """Median, lowest, highest."""
        return [self.median, self.low, self.high]

    def scaled(self, factor: float) -> "Spread":
        """The same figure in another unit."""
        return Spread(self.median * factor, self.low * factor, self.high * factor)


def spread_of(values: Sequence[float]) -> Spread:
    """Median and range of at least one value."""
    return Spread(median(values), min(values), max(values))


def ratio_of(above: Sequence[float], below: Sequence[float]) -> Spread:
    """The ratio of two sides, round by round; both have a figure for each round."""
    return spread_of([a / b for a, b in zip(above, below, strict=True)])


def alternate(
    sides: Mapping[str, Callable[[], float]],
    *,
    seconds: float,
    least_rounds: int = 3,
    most_rounds: int = 9,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Let every side give a figure in turn, round after round; the figures of each side, one a round.

    Rounds go on while another of the mean length so far fits into `seconds`, at least `least_rounds` and at most
    `most_rounds` of them.
    """
    figures: dict[str, list[float]] = {name: [] for name in sides}
    started = clock()
    for number in range(most_rounds):
        gone = clock() - started
        if number >= least_rounds and gone + gone / number > seconds:
            break
        for name, side in sides.items():
            figures[name].append(side())
    return figures


def repeat_for(action: Callable[[], object], seconds: float, clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds one call takes, the mean of as many calls as it takes to fill `seconds`; at least one."""
    started, calls = clock(), 0
    while True:
        action()
        calls += 1
        gone = clock() - started
        if gone >= seconds:
            return gone / calls
