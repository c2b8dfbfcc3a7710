"""The training loop: optimiser steps, evaluations and checkpoints, to be read from top to bottom.

It knows steps and numbers, not articles or labels: a `Task` says how a batch is judged and how the model stands on
dev. The gradient of a step is that of the sum over all its words divided by their weight, so neither the parts it is
cut into nor the number of processes changes it beyond rounding.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list
from torch import Tensor, nn

from ..settings.run_config import RunConfig
from .ahead import made_ahead
from .averaging import MovingAverage
from .batches import Batch, Step, make_batch, make_packed_batch, parts_of_step, plan_epoch
from .checkpoints import save_checkpoint
from .examples import IGNORED, Example
from .monitor import Monitor
from .optimiser import schedule_share, set_learning_rate
from .progress import Progress, Score

__all__ = ["Loop", "Task"]


@dataclass(frozen=True, slots=True)
class Task:
    """What is learned and how it is judged.

    `repeats` says how often each example is seen in an epoch, `weights` how much each counts in the loss. `loss` gives
    the summed loss of a batch; `packs` says that it may be a packed one. `evaluate` scores the model as it stands on
    dev ("f1" steers the run) and `keep` stores it, told the progress before this score, the score and whether it is
    the best so far; both in the main process.
    """

    examples: Sequence[Example]
    repeats: Sequence[float]
    weights: Sequence[float]
    pad_id: int
    loss: Callable[[nn.Module, Batch], Tensor]
    evaluate: Callable[[], dict[str, float]]
    keep: Callable[[Progress, float, bool], None]
    packs: bool = False

    def plan(self, config: RunConfig, seed: int, epoch: int) -> list[Step]:
        """The steps of an epoch."""
        lengths = [len(example) for example in self.examples]
        budget = config.train.batch_subwords
        return plan_epoch(lengths, self.repeats, batch_subwords=budget, seed=seed, epoch=epoch)

    def count_steps(self, config: RunConfig, seed: int) -> int:
        """The optimiser steps of a whole run that does not stop early."""
        steps = 0
        for epoch in range(config.train.epochs):
            steps += len(self.plan(config, seed, epoch))
            if config.train.max_steps is not None and steps >= config.train.max_steps:
                return config.train.max_steps
        return steps


class Loop:
    """A run of one seed: `Loop(…).run()` trains from `progress` to the end, or until dev no longer improves.

    `model` and `optimiser` are prepared by the accelerator; `folder` takes the checkpoints. `progress` is kept current.
    With `packing` batches have no padding; the model must be able to compute them. On CUDA nothing in a step waits for
    the device: batches are made one step ahead, and losses and norms are read when they are logged.
    """

    def __init__(
        self,
        accelerator: Accelerator,
        model: nn.Module,
        optimiser: torch.optim.Optimizer,
        task: Task,
        config: RunConfig,
        *,
        seed: int,
        progress: Progress,
        monitor: Monitor,
        folder: Path,
        average: MovingAverage | None = None,
        packing: bool = False,
    ) -> None:
        self._accelerator = accelerator
        self._model = model
        self._optimiser = optimiser
        self._task = task
        self._config = config
        self._seed = seed
        self._progress = progress
        self._monitor = monitor
        self._folder = folder
        self._average = average
        self._packing = packing
        self._batches: Iterator[list[Batch]] = iter(())
        self._steps = task.count_steps(config, seed)
        self._lengths = [len(example) for example in task.examples]
        self._norm: Any = 0.0
        self._clock = time.perf_counter()
        self._subwords = 0

    def run(self) -> None:
        """Train; afterwards `progress` tells how it went, and `Task.keep` has what is worth keeping."""
        progress, config = self._progress, self._config
        loss_sum = torch.zeros((), device=self._accelerator.device, dtype=torch.float64)
        while progress.step < self._steps and not progress.stopped_early:
            plan = self._task.plan(config, self._seed, progress.epoch)
            left = plan[progress.step_in_epoch :]
            self._batches = self._made(left, progress.epoch)
            for step in left:
                loss_sum += self._take(step)
                progress.loss_weight += self._weight(step)
                progress.step += 1
                progress.step_in_epoch += 1
                finished, epoch_ends = progress.step == self._steps, progress.step_in_epoch == len(plan)
                evaluates = finished or self._due(config.train.evaluate_steps, otherwise=epoch_ends)
                saves = evaluates or self._due(config.run.checkpoint_steps)
                logs = finished or self._due(config.run.log_steps)
                if logs or saves:
                    self._progress.loss_sum += self._summed(loss_sum)
                    loss_sum.zero_()
                if logs:
                    self._log()
                if evaluates:
                    self._evaluate()
                if epoch_ends:
                    progress.epoch, progress.step_in_epoch = progress.epoch + 1, 0
                if saves:
                    self._save()
                self._monitor.advance(progress.step)
                if finished or progress.stopped_early:
                    return

    def _take(self, step: Step) -> Tensor:
        """One optimiser step; returns this process's summed loss, still on the device."""
        accelerator, train = self._accelerator, self._config.train
        set_learning_rate(self._optimiser, schedule_share(self._progress.step, self._steps, train))
        batches = next(self._batches)
        # Processes average their gradients, hence their number above the line.
        scale = accelerator.num_processes / self._weight(step)
        total = torch.zeros((), device=accelerator.device, dtype=torch.float64)
        self._model.train()
        for number, batch in enumerate(batches):
            last = number == len(batches) - 1
            with nullcontext() if last else accelerator.no_sync(self._model):
                loss = self._task.loss(self._model, batch)
                accelerator.backward(loss * scale)
            total += loss.detach()
        if train.clip_norm is not None:
            self._norm = accelerator.clip_grad_norm_(self._model.parameters(), train.clip_norm)
        self._optimiser.step()
        self._optimiser.zero_grad()
        if self._average is not None:
            self._average.update()
        self._subwords += sum(self._lengths[example] for example in step)
        return total

    def _made(self, steps: Sequence[Step], epoch: int) -> Iterator[list[Batch]]:
        """This process's batches of each step, on the device; on CUDA those of the next step are made meanwhile."""
        make = partial(self._parts, epoch=epoch)
        return made_ahead(make, steps) if self._accelerator.device.type == "cuda" else map(make, steps)

    def _parts(self, step: Step, *, epoch: int) -> list[Batch]:
        """This process's parts of a step as batches; one that does not count has nothing to learn in it."""
        accelerator = self._accelerator
        shares = parts_of_step(
            step,
            self._lengths,
            processes=accelerator.num_processes,
            part_subwords=self._config.train.micro_batch_subwords,
        )
        batches: list[Batch] = []
        for part in shares[accelerator.process_index]:
            drawn = part or step[:1]
            examples = [self._task.examples[number] for number in drawn]
            batch = make_packed_batch(examples) if self._packing else make_batch(examples, self._task.pad_id)
            if not part:
                batch = replace(batch, tags=torch.full_like(batch.tags, IGNORED))
            batches.append(replace(batch.to(accelerator.device), drawn=drawn, epoch=epoch, counts=bool(part)))
        return batches

    def _weight(self, step: Step) -> float:
        return float(np.sum([self._task.weights[example] for example in step])) or 1.0

    def _due(self, every: int | None, *, otherwise: bool = False) -> bool:
        return otherwise if every is None else self._progress.step % every == 0

    def _summed(self, value: Tensor) -> float:
        summed: Any = self._accelerator.reduce(value, reduction="sum")
        return float(summed)

    def _log(self) -> None:
        """A line of metrics over the steps since the last one."""
        progress, now = self._progress, time.perf_counter()
        seconds = now - self._clock
        progress.seconds += seconds
        self._monitor.training(
            progress.step,
            progress.epoch,
            {
                "loss": progress.loss_sum / progress.loss_weight,
                "learning_rate": max(group["lr"] for group in self._optimiser.param_groups),
                "gradient_norm": float(self._norm),
                "subwords_per_second": self._subwords / max(seconds, 1e-9),
                "seconds": progress.seconds,
            },
        )
        progress.loss_sum = progress.loss_weight = 0.0
        self._clock, self._subwords = now, 0

    def _evaluate(self) -> None:
        """Score dev in the main process, tell the others, and keep the model if it is the best so far."""
        progress, started = self._progress, time.perf_counter()
        told: list[float] = [0.0]
        with self._average.in_place() if self._average is not None else nullcontext():
            if self._accelerator.is_main_process:
                metrics = self._task.evaluate()
                told = [metrics["f1"]]
                best = progress.best is None or metrics["f1"] > progress.best.f1
                self._monitor.evaluation(progress.step, progress.epoch, metrics, best=best)
                self._task.keep(progress, metrics["f1"], best)
            broadcast_object_list(told)
        progress.scores.append(Score(progress.step, told[0]))
        patience = self._config.train.patience
        progress.stopped_early = patience is not None and progress.evaluations_since_best >= patience
        self._clock += time.perf_counter() - started  # speed is that of training

    def _save(self) -> None:
        self._progress.metric_bytes = self._monitor.metric_bytes
        save_checkpoint(self._folder, self._accelerator, self._progress, self._average)
