"""Which examples make up each optimiser step: a pure function of lengths, seed and epoch.

A step has a budget of subwords, padding included, and is planned before anyone knows how many processes there are,
how much fits a device or whether it will be padded at all; only then is it cut into parts. So the same config takes the
same steps on one process and on many, packed or padded, and a resumed run goes on with the step it would have taken.
Tensors are made last.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...infer.scorers.packing import PackedLayout, to_device
from .examples import IGNORED, Example

__all__ = ["Batch", "Step", "make_batch", "make_packed_batch", "parts_of_step", "plan_epoch"]

Step = tuple[int, ...]
"""The examples of one optimiser step, by their place in the list of examples, shortest first."""

_POOL_STEPS = 32
_PAD_TO = 8


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples padded to one length; the tensors are (examples, subwords), int64. `tags` is IGNORED where none counts.

    With a `layout` the examples are packed instead: the tensors are (1, subwords of all), and `attention_mask` is one
    throughout. `drawn` are the examples by their number and `epoch` is the present one, for what is drawn by lot;
    `counts` is false for a batch from which nothing is learned.
    """

    subword_ids: Tensor
    attention_mask: Tensor
    tags: Tensor
    drawn: Step = ()
    epoch: int = 0
    counts: bool = True
    layout: PackedLayout | None = None

    def inputs(self) -> dict[str, Any]:
        """The arguments of a call of a classifier with these examples."""
        if self.layout is not None:
            return self.layout.inputs(self.subword_ids)
        return {"input_ids": self.subword_ids, "attention_mask": self.attention_mask}

    def by_example(self, values: Tensor) -> Tensor:
        """What was computed for each subword as (examples, subwords, …), packed or not."""
        return values if self.layout is None else self.layout.padded(values)

    def to(self, device: torch.device) -> "Batch":
        """The same on a device; the host does not wait for the copies."""
        return replace(
            self,
            subword_ids=to_device(self.subword_ids, device),
            attention_mask=to_device(self.attention_mask, device),
            tags=to_device(self.tags, device),
            layout=None if self.layout is None else self.layout.to(device),
        )


def plan_epoch(
    lengths: Sequence[int], repeats: Sequence[float], *, batch_subwords: int, seed: int, epoch: int
) -> list[Step]:
    """The steps of an epoch over examples of these lengths (in subwords).

    An example is seen `repeats` times; the fraction is decided by lot, anew in every epoch. Examples are shuffled,
    then sorted by length inside pools of some dozens of steps, so that a step holds like lengths, and the steps are
    shuffled again. A step holds at most `batch_subwords`, unless one example alone is longer.
    """
    generator = np.random.default_rng([seed, epoch])
    order = _drawn(np.asarray(repeats, dtype=np.float64), generator)
    generator.shuffle(order)
    size = np.asarray([_padded(length) for length in lengths], dtype=np.int64)
    steps: list[Step] = []
    for pool in _pools(order, size, _POOL_STEPS * batch_subwords):
        pool = pool[np.argsort(size[pool], kind="stable")]
        steps += _cut(pool.tolist(), lengths, batch_subwords)
    return [steps[n] for n in generator.permutation(len(steps))]


def parts_of_step(step: Step, lengths: Sequence[int], *, processes: int, part_subwords: int | None) -> list[list[Step]]:
    """A step cut into parts for each process, (processes, parts); a part is what is computed at a time.

    Every process gets at least one part, empty if there are fewer examples than processes.
    """
    parts = list(_cut(step, lengths, part_subwords)) if part_subwords else [step]
    while len(parts) < processes and (largest := max(parts, key=len)) and len(largest) > 1:
        at = parts.index(largest)
        parts[at : at + 1] = [largest[: len(largest) // 2], largest[len(largest) // 2 :]]
    return [parts[process::processes] or [()] for process in range(processes)]


def make_batch(examples: Sequence[Example], pad_id: int) -> Batch:
    """The examples as tensors, padded with `pad_id` to a multiple of 8 subwords; at least one example."""
    width = _padded(max(len(example) for example in examples))
    ids = np.full((len(examples), width), pad_id, dtype=np.int64)
    mask = np.zeros_like(ids)
    tags = np.full_like(ids, IGNORED)
    for row, example in enumerate(examples):
        ids[row, : len(example)] = example.subword_ids
        mask[row, : len(example)] = 1
        tags[row, : len(example)] = example.tags
    return Batch(torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(tags))


def make_packed_batch(examples: Sequence[Example]) -> Batch:
    """The examples as tensors, end to end in one row without padding; at least one example."""
    ids = np.concatenate([example.subword_ids for example in examples])[None]
    tags = np.concatenate([example.tags for example in examples])[None]
    layout = PackedLayout.of([len(example) for example in examples])
    return Batch(torch.from_numpy(ids), torch.ones(ids.shape, dtype=torch.int64), torch.from_numpy(tags), layout=layout)


def _padded(length: int) -> int:
    return -(-length // _PAD_TO) * _PAD_TO


def _drawn(repeats: NDArray[np.float64], generator: np.random.Generator) -> NDArray[np.int64]:
    whole = np.floor(repeats).astype(np.int64)
    times = whole + (generator.random(len(repeats)) < repeats - whole)
    return np.repeat(np.arange(len(repeats)), times)


def _pools(order: NDArray[np.int64], size: NDArray[np.int64], pool_subwords: int) -> list[NDArray[np.int64]]:
    if not len(order):
        return []
    pool = (np.cumsum(size[order]) - 1) // pool_subwords
    return np.split(order, np.flatnonzero(np.diff(pool)) + 1)


def _cut(sorted_examples: Sequence[int], lengths: Sequence[int], budget: int) -> Iterator[Step]:
    """Consecutive runs whose padded size stays within a budget; sorted by length, the last is the longest."""
    run: list[int] = []
    for example in sorted_examples:
        if run and (len(run) + 1) * _padded(lengths[example]) > budget:
            yield tuple(run)
            run = []
        run.append(example)
    if run:
        yield tuple(run)
