"""A run killed in mid-epoch and resumed ends with the same bits as one that was left alone."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from training_config import write_config

from rasid.infer.errors import RunError
from rasid.train.tuning.checkpoints import latest_checkpoint
from rasid.train.tuning.progress import Progress
from rasid.train.tuning.run import run

# A real SIGKILL before the optimiser step after step 11: nothing is flushed, closed or unwound.
CHILD = """
import os, signal, sys
from rasid.train.tuning.loop import Loop
from rasid.train.tuning.run import run

config, out, *todo = sys.argv[1:]
take = Loop._take

def take_or_die(self, step):
    if todo[0] == "killed" and self._progress.step == 11:
        os.kill(os.getpid(), signal.SIGKILL)
    return take(self, step)

Loop._take = take_or_die
while todo:
    name = todo[0].removeprefix("resume-")
    overrides = [f"run.out={out}", f"run.name={name}", "run.checkpoint_steps=3"]
    run(config, overrides + ["model.max_subwords=24", "model.overlap_subwords=8"], resume=name != todo[0])
    del todo[0]
"""


def run_in_child(config: Path, out: Path, *todo: str) -> int:
    command = [sys.executable, "-c", CHILD, str(config), str(out), *todo]
    return subprocess.run(command, capture_output=True, timeout=300, check=False).returncode


def lines(folder: Path) -> list[dict[str, float]]:
    found = [json.loads(line) for line in (folder / "metrics.jsonl").read_text("utf-8").splitlines()]
    return [{k: v for k, v in line.items() if k not in ("seconds", "subwords_per_second")} for line in found]


def test_killed_and_resumed_is_bit_identical(tmp_path: Path, annotated_articles: Path) -> None:
    config = write_config(tmp_path, annotated_articles, epochs=3, batch_subwords=64, average='"ema"')
    assert run_in_child(config, tmp_path, "whole", "killed") == -signal.SIGKILL
    whole, killed = tmp_path / "whole", tmp_path / "killed"

    checkpoint = latest_checkpoint(killed / "checkpoints")
    assert checkpoint is not None
    progress = Progress.read(checkpoint / "progress.json")
    assert progress.step == 9
    assert progress.epoch == 1
    assert progress.step_in_epoch > 0, "the checkpoint is not in mid-epoch"
    assert not (killed / "result.json").exists()

    assert run_in_child(config, tmp_path, "resume-killed") == 0
    for name in ("model/model.safetensors", "model/tokenizer.json"):
        assert (whole / name).read_bytes() == (killed / name).read_bytes(), name
    last = [latest_checkpoint(folder / "checkpoints") for folder in (whole, killed)]
    assert last[0] is not None
    assert last[1] is not None
    assert last[0].name == last[1].name
    # Not only the best of the run but its last weights and average, with all that came after the kill in them.
    for name in ("model.safetensors", "average.safetensors"):
        assert (last[0] / name).read_bytes() == (last[1] / name).read_bytes(), name
    assert lines(whole) == lines(killed)


def test_a_broken_checkpoint_is_refused_not_trained_on(tmp_path: Path, annotated_articles: Path) -> None:
    config = write_config(tmp_path, annotated_articles, epochs=2)
    run(config, [f"run.out={tmp_path}"])
    folder = tmp_path / "small"
    (folder / "result.json").unlink()
    checkpoint = latest_checkpoint(folder / "checkpoints")
    assert checkpoint is not None
    shutil.copytree(folder, tmp_path / "copy")
    (checkpoint / "generators-0.pt").unlink()
    with pytest.raises(RunError, match="cannot be restored"):
        run(config, [f"run.out={tmp_path}"], resume=True)
    other = tmp_path / "copy" / "checkpoints" / checkpoint.name / "progress.json"
    other.write_text(other.read_text("utf-8").replace('"processes": 1', '"processes": 2'), "utf-8")
    with pytest.raises(RunError, match="written by 2 processes, found 1"):
        run(tmp_path / "copy" / "config.json", ["run.name=copy", f"run.out={tmp_path}"], resume=True)
