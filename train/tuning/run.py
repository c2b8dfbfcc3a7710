"""`rasid-train run`: from a config to a run folder, for one seed or several, on one process or many.

    run("compact", ["train.epochs=3", "run.name=short"])

Reads the config and the articles, claims the folder, trains each seed (`seed_run`) and sums up. `run_folder` says what
lies where.
"""

import os
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from rich.console import Console

from ..accelerators import make_accelerator
from ..run_folder import claim_folder, seed_folder, write_json
from ..settings.files import load_config, require_data
from ..settings.run_config import RunConfig
from .material import read_material
from .seed_run import SeedResult, run_seed

__all__ = ["RunResult", "run", "run_config", "run_machine", "sum_up"]


@dataclass(frozen=True, slots=True)
class RunResult:
    """A finished run: its folder and the result of each seed; without results in all but the main process."""

    folder: Path
    seeds: tuple[SeedResult, ...]

    @property
    def mean_dev_f1(self) -> float:
        """Mean over the seeds of the strict F1 on dev."""
        return statistics.fmean(seed.dev_f1 for seed in self.seeds)

    @property
    def spread_dev_f1(self) -> float:
        """Standard deviation over the seeds of the strict F1 on dev; 0 for one seed."""
        return statistics.stdev(seed.dev_f1 for seed in self.seeds) if len(self.seeds) > 1 else 0.0

    @property
    def best(self) -> SeedResult:
        """The seed that is best on dev."""
        return max(self.seeds, key=lambda seed: seed.dev_f1)

    @property
    def model_folder(self) -> Path:
        """The model of the best seed."""
        return (self.folder / f"seed-{self.best.seed}" if len(self.seeds) > 1 else self.folder) / "model"


def run(
    config: str | Path,
    overrides: Sequence[str] = (),
    *,
    resume: bool = False,
    overwrite: bool = False,
    console: Console | None = None,
) -> RunResult:
    """Read a config by name or path, apply `key.path=value` overrides and run it; see `run_config`.

    Raises ConfigError that lists all mistakes of the config, or all of its data that is not there.
    """
    checked = load_config(config, overrides)
    require_data(checked)
    return run_config(checked, resume=resume, overwrite=overwrite, console=console)


def run_config(
    config: RunConfig, *, resume: bool = False, overwrite: bool = False, console: Console | None = None
) -> RunResult:
    """Train every seed of a config and write the run's folder; under torchrun every process calls this.

    `resume` goes on with a run that was stopped, to the same weights bit by bit on a CPU; `overwrite` replaces one.
    Raises RunError for a folder that is taken or cannot be resumed, or a device that is not there; InputError for
    articles that cannot be read; ModelError or HubError for an encoder that cannot be had.
    """
    console = console or Console(stderr=True)
    with run_machine(config):
        accelerator = make_accelerator(config.run.device, config.train.precision)

        def say(line: str) -> None:
            if accelerator.is_main_process:
                console.print(line, highlight=False, markup=False, soft_wrap=True)

        material = read_material(config, say)
        folder = claim_folder(config, accelerator, resume=resume, overwrite=overwrite)
        results = [
            run_seed(config, seed, seed_folder(config, seed), material, accelerator, console, resume=resume)
            for seed in config.run.seeds
        ]
    result = RunResult(folder, tuple(done for done in results if done is not None))
    if result.seeds:
        sum_up(result, console)
    return result


@contextmanager
def run_machine(config: RunConfig) -> Iterator[None]:
    """Set what of torch and transformers is global for the run, and set it back after it."""
    from transformers.utils import logging

    threads, deterministic = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    bars, verbosity = logging.is_progress_bar_enabled(), logging.get_verbosity()
    # First of all: only threads started after it flush denormals, and Adam's state is full of them.
    torch.set_flush_denormal(True)
    if config.run.threads is not None:
        torch.set_num_threads(config.run.threads)
    if config.run.deterministic:
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.use_deterministic_algorithms(True, warn_only=True)
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        torch.set_flush_denormal(False)
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(deterministic, warn_only=True)
        if bars:
            logging.enable_progress_bar()
        logging.set_verbosity(verbosity)


def sum_up(result: RunResult, console: Console) -> None:
    """Print where a run lies and how its seeds came out, mean and spread."""
    spread = f" ± {result.spread_dev_f1:.4f} over {len(result.seeds)} seeds" if len(result.seeds) > 1 else ""
    test = [seed.test_f1 for seed in result.seeds if seed.test_f1 is not None]
    summary = {
        "dev_f1": {"mean": result.mean_dev_f1, "spread": result.spread_dev_f1},
        "test_f1": {"mean": statistics.fmean(test), "spread": statistics.stdev(test) if len(test) > 1 else 0.0}
        if test
        else None,
        "best_seed": result.best.seed,
        "model": str(result.model_folder.relative_to(result.folder)),
        "seeds": [asdict(seed) for seed in result.seeds],
    }
    write_json(result.folder / "summary.json", summary)
    console.print(
        f"dev F1 {result.mean_dev_f1:.4f}{spread}; model: {result.model_folder}", highlight=False, markup=False
    )
