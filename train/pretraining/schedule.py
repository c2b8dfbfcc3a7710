"""Which sequences a step reads and at which rate: pure functions of the config and the step."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from .config import Stage, TrainConfig
from .store import TokenStore, sequence_order

__all__ = ["StepReader", "learning_rate_share", "subwords_read"]


def learning_rate_share(step: int, train: TrainConfig) -> float:
    """The share of the peak rate at a step counted from 0: warm-up, constant, linear decay to 0."""
    decay_steps = round(train.steps * train.decay_share)
    warm = min(1.0, (step + 1) / train.warmup_steps) if train.warmup_steps else 1.0
    cool = min(1.0, (train.steps - step) / decay_steps) if decay_steps else 1.0
    return min(warm, cool)


def subwords_read(step: int, train: TrainConfig) -> int:
    """Subwords read before this step."""
    read = 0
    for stage in train.stages:
        steps = min(step, stage.steps)
        read += steps * stage.subwords * stage.sequences
        step -= steps
    return read


@dataclass(slots=True)
class StepReader:
    """Reads the sequences of any step from the store; holds one epoch's order at a time."""

    store: TokenStore
    train: TrainConfig
    seed: int
    _order_of: tuple[int, int] | None = None
    _order: NDArray[np.int64] | None = None

    def stage_of(self, step: int) -> tuple[int, Stage, int]:
        """The number of the stage a step belongs to, the stage, and the step counted from the stage's start."""
        ends = list(accumulate(stage.steps for stage in self.train.stages))
        number = min(bisect_right(ends, step), len(ends) - 1)
        return number, self.train.stages[number], step - (ends[number] - self.train.stages[number].steps)

    def bodies(self, step: int) -> NDArray[np.int32]:
        """The sequences of a step without [CLS] and [SEP], shape (sequences, subwords - 2)."""
        number, stage, inside = self.stage_of(step)
        available = self.store.sequences(stage.subwords)
        first = inside * stage.sequences
        rows = [
            self.store.sequence(
                int(self._epoch_order(number, place // available, available)[place % available]), stage.subwords
            )
            for place in range(first, first + stage.sequences)
        ]
        return np.stack(rows)

    def _epoch_order(self, stage: int, epoch: int, sequences: int) -> NDArray[np.int64]:
        if self._order is None or self._order_of != (stage, epoch):
            self._order_of = (stage, epoch)
            self._order = sequence_order(sequences, self.seed * 1000 + stage, epoch)
        return self._order
