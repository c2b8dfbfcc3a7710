"""What a wrong tag costs: cross-entropy over the words that count, smoothed and weighted as the config says.

Losses are sums, to be divided by the whole step's weight: then neither the parts a step is cut into nor the number of
processes changes the gradient.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from ..settings.run_config import LossConfig
from .examples import IGNORED

__all__ = ["tag_loss", "tag_weights"]


def tag_weights(counts: NDArray[np.int64], config: LossConfig) -> Tensor | None:
    """The weight of each tag (tags,) from how often it occurs (tags,), or None where all weigh the same.

    "inverse_sqrt" gives the most frequent tag 1 and the others the square root of how many times rarer they are, up
    to the limit; a tag that never occurs gets the limit.
    """
    if config.class_weights == "none":
        return None
    rarity = counts.max() / np.maximum(counts, 1e-9)
    return torch.from_numpy(np.minimum(np.sqrt(rarity), config.class_weight_limit).astype(np.float32))


def tag_loss(logits: Tensor, tags: Tensor, weights: Tensor | None, label_smoothing: float) -> Tensor:
    """The summed loss of logits (examples, subwords, tags) against tags (examples, subwords); IGNORED ones are out."""
    # Not `logits[tags != IGNORED]`: to know how many those are, a step on CUDA would wait for the device.
    return functional.cross_entropy(
        logits.flatten(0, -2).float(),
        tags.flatten(),
        weight=weights,
        ignore_index=IGNORED,
        label_smoothing=label_smoothing,
        reduction="sum",
    )
