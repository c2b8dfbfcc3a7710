"""What is learned about links in a run: the loss of a batch with its link part.

The head sees gold spans, and from `links.predicted_epoch` on, for a share of the windows, the spans the model finds in
the same pass. Which windows is drawn from seed, epoch and window alone, so a resumed run draws the same, and so do many
processes.
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from torch import Tensor, nn
from torch.nn import functional

from ..settings.run_config import LinksConfig
from .batches import Batch
from .link_examples import LinkTable, LinkWindow, make_link_batch, without_lessons
from .link_module import LinkBatch

__all__ = ["LinkLesson"]


class LinkLesson:
    """The link part of a run's loss; `windows` are in the order of the run's examples."""

    def __init__(self, windows: Sequence[LinkWindow], config: LinksConfig, seed: int) -> None:
        self._windows = windows
        self._config = config
        self._seed = seed
        self._gold: dict[int, LinkTable] = {}

    def loss(self, model: nn.Module, batch: Batch, tag_loss: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
        """The summed loss of a batch: that of its tags, and the weighted one of its links."""
        logits, scores, links = model(**batch.inputs(), spans=partial(self._spans, batch), by_example=batch.by_example)
        # Kinds and pairs that are not learned are left out by weight, so that every process has a gradient.
        cost = functional.binary_cross_entropy_with_logits(
            scores.float(), links.gold.float(), weight=links.counts.float(), reduction="sum"
        )
        return tag_loss(logits, batch.tags) + self._config.weight * cost

    def _spans(self, batch: Batch, logits: Tensor) -> LinkBatch:
        """The spans and pairs of a batch whose tag scores are (windows, subwords, tags)."""
        teaches = batch.counts and batch.epoch >= self._config.start_epoch
        windows = [self._windows[number] for number in batch.drawn]
        tables: list[LinkTable] = []
        for row, (number, window) in enumerate(zip(batch.drawn, windows, strict=True)):
            if teaches and self._predicted(batch.epoch, number):
                table = window.predicted_table(logits[row].float().cpu().numpy())
            else:
                table = self._gold_table(number)
            tables.append(table if teaches else without_lessons(table))
        return make_link_batch(windows, tables, logits.shape[1]).to(logits.device)

    def _gold_table(self, number: int) -> LinkTable:
        if number not in self._gold:
            self._gold[number] = self._windows[number].gold_table()
        return self._gold[number]

    def _predicted(self, epoch: int, number: int) -> bool:
        if epoch < max(self._config.predicted_epoch, self._config.start_epoch):
            return False
        return float(np.random.default_rng([self._seed, epoch, number]).random()) < self._config.predicted_share
