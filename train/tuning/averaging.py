"""Averages of a model's weights: over all steps (an exponential moving average), or of several evaluations.

Averaging smooths what the last few steps happened to do, which helps most where data is small.
Source: P. Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization", UAI 2018.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

__all__ = ["MovingAverage", "mean_of_files"]


class MovingAverage:
    """An exponential moving average of a model's parameters, beside the model.

    The decay grows with the steps to `decay`, so that the start of a run is forgotten soon.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self._decay = decay
        self._steps = 0
        self._model = model
        self._mean = {name: tensor.detach().clone() for name, tensor in _floats(model)}

    @torch.no_grad()
    def update(self) -> None:
        """Take in the model's present weights."""
        self._steps += 1
        decay = min(self._decay, self._steps / (self._steps + 10))
        for name, tensor in _floats(self._model):
            self._mean[name].lerp_(tensor, 1.0 - decay)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """The model holds the average inside the `with`, and its own weights again after it."""
        own = {name: tensor.detach().clone() for name, tensor in _floats(self._model)}
        _copy(self._mean, self._model)
        try:
            yield
        finally:
            _copy(own, self._model)

    def save(self, path: Path) -> None:
        """Write the average and how many steps it has taken in, as safetensors."""
        tensors = {name: tensor.contiguous().cpu() for name, tensor in self._mean.items()}
        save_file(tensors, path, metadata={"steps": str(self._steps)})

    def load(self, path: Path, steps: int) -> None:
        """Read what `save` wrote after `steps` steps."""
        for name, tensor in load_file(path).items():
            self._mean[name].copy_(tensor)
        self._steps = steps


def mean_of_files(paths: Sequence[Path]) -> dict[str, Tensor]:
    """The mean of the weights in several safetensors files of one model; whole numbers are those of the first."""
    first, *others = paths
    total = load_file(first)
    for path in others:
        for name, tensor in load_file(path).items():
            if total[name].is_floating_point():
                total[name] = total[name] + tensor
    return {name: tensor / len(paths) if tensor.is_floating_point() else tensor for name, tensor in total.items()}


def _floats(model: nn.Module) -> Iterator[tuple[str, Tensor]]:
    return ((name, tensor) for name, tensor in model.state_dict().items() if tensor.is_floating_point())


@torch.no_grad()
def _copy(tensors: dict[str, Tensor], model: nn.Module) -> None:
    for name, tensor in _floats(model):
        tensor.copy_(tensors[name])
