"""The course of one seed: from a model's first weights through its last step, resumed where it was stopped.

Prepares the model for its devices, takes up the last checkpoint, and runs the loop under a monitor. What is learned
is the task's business, what is kept the selection's, what becomes of it its caller's.
"""

import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from accelerate import Accelerator
from accelerate.utils import set_seed
from rich.console import Console

from ...infer.errors import RunError
from ...infer.scorers.packing import enable_packing
from ..run_folder import write_json
from ..settings.run_config import RunConfig
from .averaging import MovingAverage
from .checkpoints import latest_checkpoint, load_checkpoint
from .link_module import LinkedTagger
from .loop import Loop, Task
from .monitor import Monitor
from .optimiser import make_optimiser
from .progress import Progress

__all__ = ["finish_seed", "train_seed"]


def train_seed(
    config: RunConfig,
    seed: int,
    folder: Path,
    start: Any,
    task: Task,
    accelerator: Accelerator,
    console: Console,
    say: Callable[[str], None],
    *,
    resume: bool,
) -> Progress:
    """Train the module `start` by `task` to the end of its schedule; every process calls this.

    With `resume` it goes on after the last checkpoint of `folder`. Returns how far it came and what was best.
    """
    steps = task.count_steps(config, seed)
    say(f"seed {seed}: {len(task.examples):,} windows, {steps:,} steps")
    packing = _prepare_encoder(config, start, task, accelerator, say)
    model, optimiser = accelerator.prepare(start, make_optimiser(start, config.train))
    set_seed(seed, device_specific=True)
    average = MovingAverage(start, config.train.ema_decay) if config.train.average == "ema" else None
    progress = Progress(processes=accelerator.num_processes)
    checkpoint = latest_checkpoint(folder / "checkpoints") if resume else None
    if checkpoint is not None:
        progress = load_checkpoint(checkpoint, accelerator, average)
        say(f"seed {seed}: going on after step {progress.step}")
    with Monitor(
        folder if accelerator.is_main_process else None,
        title=f"seed {seed}",
        steps=steps,
        step=progress.step,
        metric_bytes=progress.metric_bytes,
        console=console,
    ) as monitor:
        Loop(
            accelerator, model, optimiser, task, config,
            seed=seed, progress=progress, monitor=monitor, folder=folder / "checkpoints", average=average,
            packing=packing,
        ).run()  # fmt: skip
    accelerator.wait_for_everyone()
    return progress


def _prepare_encoder(
    config: RunConfig, start: Any, task: Task, accelerator: Accelerator, say: Callable[[str], None]
) -> bool:
    """Compile the encoder if that is asked for; returns whether it is fed packed batches.

    Raises RunError for compiling packed batches on a CPU, where every row would be compiled anew.
    """
    tagger = start.tagger if isinstance(start, LinkedTagger) else start
    cuda, asked = accelerator.device.type == "cuda", config.train.packing
    if asked and config.train.compile and not cuda:
        raise RunError(
            "train.compile and train.packing are both true, which needs a CUDA device; on a CPU use one of them"
        )
    packing = (cuda if asked is None else asked) and task.packs
    if packing and not enable_packing(tagger):
        packing = False
        say(f"batches are padded: a {tagger.config.model_type} encoder cannot be packed by the installed transformers")
    if config.train.compile:
        tagger.compile(dynamic=True)
    return packing


def finish_seed(folder: Path, result: Any) -> None:
    """Write down how a seed came out (a dataclass), which marks it as finished, and drop what only training needs."""
    write_json(folder / "result.json", asdict(result))
    shutil.rmtree(folder / "snapshots", ignore_errors=True)
