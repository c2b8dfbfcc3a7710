"""The folder of a run: what lies in it, who may write there, and the record of the machine it was made on.

config.json           the config as resolved: overrides applied, paths absolute
environment.json      versions, machine, commit, command
seed-N/               one folder a seed (only where the run has several; else its files lie here)
    metrics.jsonl, tensorboard/, checkpoints/
    model/            the best model, an ordinary Hugging Face folder with rasid.json and its card
    report/dev/       the evaluation report, and report/test/ if the config names a test set
    result.json       written last: scores, steps, time
summary.json          mean and spread over the seeds
"""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list

from ..infer.errors import RasidError, RunError
from .pretraining.config import PretrainConfig
from .settings.run_config import RunConfig

__all__ = ["claim_folder", "commit_of_code", "environment", "run_folder", "seed_folder", "write_json"]

_PACKAGES = ("rasid", "torch", "transformers", "tokenizers", "accelerate", "safetensors", "numpy", "pydantic")


def run_folder(config: RunConfig | PretrainConfig) -> Path:
    """Where a run's files go."""
    return config.run.out / config.run.name


def seed_folder(config: RunConfig, seed: int) -> Path:
    """Where the files of one seed go: the run's folder itself if there is only one."""
    folder = run_folder(config)
    return folder if len(config.run.seeds) == 1 else folder / f"seed-{seed}"


def claim_folder(
    config: RunConfig | PretrainConfig, accelerator: Accelerator, *, resume: bool, overwrite: bool
) -> Path:
    """Make a run's folder and write its config and environment, or check that it may be gone on with.

    The main process does it, and a refusal is raised in all of them. Raises RunError where a run is there already and
    neither `resume` nor `overwrite` is given, where there is nothing to resume, or where the config is not that of the
    run to resume.
    """
    told: list[str | None] = [None]
    if accelerator.is_main_process:
        try:
            _claim(config, resume=resume, overwrite=overwrite)
        except (RasidError, OSError) as error:
            told = [str(error)]
    broadcast_object_list(told)
    if told[0] is not None:
        raise RunError(told[0])
    return run_folder(config)


def _claim(config: RunConfig | PretrainConfig, *, resume: bool, overwrite: bool) -> None:
    folder = run_folder(config)
    saved = folder / "config.json"
    if resume and overwrite:
        raise RunError(f"{folder}: resume and overwrite exclude each other; give one of them")
    if resume:
        _check_same_config(saved, config)
        return
    if folder.exists() and not folder.is_dir():
        raise RunError(f"{folder}: expected a folder for the run, found a file; give another run.name or run.out")
    if folder.exists() and any(folder.iterdir()):
        if not overwrite:
            raise RunError(
                f"{folder}: there is something already; go on with it (--resume), give the run another run.name or "
                "run.out, or replace it (--overwrite)"
            )
        if not saved.is_file():
            raise RunError(f"{folder}: is not the folder of a run (no config.json), so it is not overwritten")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    saved.write_text(config.model_dump_json(indent=2) + "\n", encoding="utf-8")
    write_json(folder / "environment.json", environment())


def environment() -> dict[str, Any]:
    """Versions, machine, device, commit and command, for the record."""
    cuda = torch.cuda.is_available()
    return {
        "command": sys.argv,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cpus": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "processes": int(os.environ.get("WORLD_SIZE", "1")),
        "gpus": [torch.cuda.get_device_name(n) for n in range(torch.cuda.device_count())] if cuda else [],
        "cuda": torch.version.cuda if cuda else None,
        "commit": commit_of_code(),
        "packages": dict(_versions()),
    }


def commit_of_code() -> str | None:
    """The git commit this code is from, with "+" if it has changes; None outside a checkout."""
    root = Path(__file__).resolve().parents[1]
    if not (root / ".git").exists():
        return None
    try:
        commit = _git(root, "rev-parse", "HEAD")
        return commit + ("+" if _git(root, "status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.SubprocessError):
        return None


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file so that a reader sees the old or the new one, never half of one."""
    writing = path.with_name(f".writing-{path.name}")
    writing.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    writing.replace(path)


def _check_same_config(saved: Path, config: RunConfig | PretrainConfig) -> None:
    if not saved.is_file():
        raise RunError(f"{saved.parent}: there is no run to resume; start it without --resume")
    before, now = json.loads(saved.read_text("utf-8")), json.loads(config.model_dump_json())
    for values in (before, now):
        for place in ("name", "out"):
            values.get("run", {}).pop(place, None)
    changed = sorted(_differences(before, now))
    if changed:
        raise RunError(
            f"{saved}: the run to resume has another config ({'; '.join(changed)}); resume it as it was started, or "
            "give the new one another run.name"
        )


def _differences(before: Any, now: Any, key: str = "") -> Iterator[str]:
    if isinstance(before, dict) and isinstance(now, dict):
        for name in sorted({*before, *now}):
            yield from _differences(before.get(name), now.get(name), f"{key}.{name}" if key else name)
    elif before != now:
        yield f"{key} was {json.dumps(before, ensure_ascii=False)}, is {json.dumps(now, ensure_ascii=False)}"


def _versions() -> Iterator[tuple[str, str]]:
    for package in _PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            yield package, "not installed"


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True, timeout=10)
    return done.stdout.strip()
