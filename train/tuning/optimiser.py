"""AdamW with a learning rate per layer, and the schedule that scales all of them.

Layer-wise decay after J. Howard, S. Ruder, "Universal Language Model Fine-tuning", ACL 2018: the lower a layer, the
less it moves. The schedule is a pure function of the step, so nothing of it is saved or restored.
"""

import math
import re

import torch
from torch import nn

from ..settings.run_config import TrainConfig

__all__ = ["make_optimiser", "schedule_share", "set_learning_rate"]

_LAYER = re.compile(r"(?:^|\.)layers?\.(\d+)\.")


def make_optimiser(model: nn.Module, config: TrainConfig) -> torch.optim.AdamW:
    """AdamW over a Hugging Face model's parameters.

    The encoder's last layer learns at `learning_rate`, each one below at `layer_decay` of the one above, the
    embeddings lowest, and what is not the encoder at `head_learning_rate`. Vectors (biases, normalisation) have no
    weight decay.
    """
    named = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    layers = 1 + max((_layer(name) for name, _ in named), default=-1)
    encoder = f"{getattr(model, 'base_model_prefix', '')}."
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in named:
        if name.startswith(encoder):
            rate = config.learning_rate * config.layer_decay ** (layers - 1 - _layer(name))
        else:
            rate = config.head_learning_rate or config.learning_rate
        decay = config.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return torch.optim.AdamW(
        [
            {"params": parameters, "lr": rate, "peak_lr": rate, "weight_decay": decay}
            for (rate, decay), parameters in groups.items()
        ],
        betas=(0.9, config.adam_beta2),
        eps=config.adam_epsilon,
        fused=True,  # one kernel for all of a group's parameters, on a CPU as on CUDA
    )


def set_learning_rate(optimiser: torch.optim.Optimizer, share: float) -> None:
    """Set every group to a share of its highest learning rate."""
    for group in optimiser.param_groups:
        group["lr"] = group["peak_lr"] * share


def schedule_share(step: int, steps: int, config: TrainConfig) -> float:
    """The share of the highest learning rate at a step, counted from 0, of a run of `steps`.

    Rises linearly over the warm-up, then falls to `final_fraction` along a line or half a cosine, or stays.
    """
    warmup = math.ceil(steps * config.warmup_fraction)
    if step < warmup:
        return (step + 1) / (warmup + 1)
    if config.schedule == "constant":
        return 1.0
    gone = (step - warmup) / max(1, steps - warmup)
    left = 1.0 - gone if config.schedule == "linear" else 0.5 * (1.0 + math.cos(math.pi * gone))
    return config.final_fraction + (1.0 - config.final_fraction) * left


def _layer(name: str) -> int:
    """The number of the encoder layer a parameter belongs to; -1 for the embeddings and all else outside layers."""
    match = _LAYER.search(name)
    return int(match[1]) if match else -1
