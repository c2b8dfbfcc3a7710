"""Checkpoints of a run: everything a resumed run needs to go on bit by bit as if it had not stopped.

A checkpoint folder appears under its name only when it is complete, so a kill leaves the one before. It holds pickles
(accelerate's optimiser state): fine inside a run's own folder, never in a model folder.
"""

import shutil
from pathlib import Path

import torch
from accelerate import Accelerator

from ...infer.errors import RunError
from .averaging import MovingAverage
from .progress import Progress

__all__ = ["latest_checkpoint", "load_checkpoint", "save_checkpoint"]


def save_checkpoint(
    folder: Path, accelerator: Accelerator, progress: Progress, average: MovingAverage | None = None
) -> Path:
    """Save to `folder/step-N`, then remove the older ones; every process calls this. Returns the checkpoint."""
    target = folder / f"step-{progress.step:08d}"
    writing = folder / f".writing-{target.name}"
    if accelerator.is_main_process:
        shutil.rmtree(writing, ignore_errors=True)
        writing.mkdir(parents=True)
    accelerator.wait_for_everyone()
    accelerator.save_state(str(writing))
    torch.save(_generators(accelerator.device), writing / f"generators-{accelerator.process_index}.pt")
    accelerator.wait_for_everyone()
    if accelerator.is_main_process:
        if average is not None:
            average.save(writing / "average.safetensors")
        progress.write(writing / "progress.json")
        shutil.rmtree(target, ignore_errors=True)
        writing.rename(target)
        for older in folder.iterdir():
            if older != target:
                shutil.rmtree(older)
    accelerator.wait_for_everyone()
    return target


def latest_checkpoint(folder: Path) -> Path | None:
    """The complete checkpoint with the most steps; None if there is none."""
    return max(folder.glob("step-*"), default=None)


def load_checkpoint(checkpoint: Path, accelerator: Accelerator, average: MovingAverage | None = None) -> Progress:
    """Restore weights, optimiser, generators and average as they were, and return the progress.

    Raises RunError for a checkpoint of another number of processes or one that is not complete.
    """
    progress = Progress.read(checkpoint / "progress.json")
    if progress.processes != accelerator.num_processes:
        raise RunError(
            f"{checkpoint}: was written by {progress.processes} processes, found {accelerator.num_processes}; resume "
            "with the same number, or start another run"
        )
    try:
        accelerator.load_state(str(checkpoint))
        if average is not None:
            average.load(checkpoint / "average.safetensors", progress.step)
        # accelerate only logs it when it cannot restore the generators; a run must not go on without them.
        states = torch.load(checkpoint / f"generators-{accelerator.process_index}.pt", weights_only=True)
        torch.set_rng_state(states["cpu"])
        if accelerator.device.type == "cuda":
            torch.cuda.set_rng_state(states["cuda"], accelerator.device)
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        raise RunError(f"{checkpoint}: cannot be restored ({type(error).__name__} {error})") from error
    return progress


def _generators(device: torch.device) -> dict[str, torch.Tensor]:
    states = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(device)
    return states
