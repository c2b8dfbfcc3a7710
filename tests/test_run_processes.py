"""Two real processes take the same steps as one."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from training_config import write_config

from rasid.train.tuning.run import run

CHILD = """
import sys
from accelerate import PartialState
from rasid.train.tuning.run import run

config, out = sys.argv[1:]
result = run(config, [f"run.out={out}", "run.name=two", "model.dropout=0.0"])
state = PartialState()
with open(f"{out}/process-{state.process_index}", "w") as file:
    file.write(f"{state.num_processes} {len(result.seeds)}")
"""


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


def losses(folder: Path) -> list[float]:
    found = [json.loads(line) for line in (folder / "metrics.jsonl").read_text("utf-8").splitlines()]
    return [line["loss"] for line in found if line["kind"] == "train"]


def test_two_processes_give_the_loss_of_one(tmp_path: Path, annotated_articles: Path) -> None:
    # 160 subwords are three windows or so, shared out as one and two.
    config = write_config(tmp_path, annotated_articles, epochs=3, batch_subwords=160)
    child = tmp_path / "child.py"
    child.write_text(CHILD, "utf-8")
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]
    command += ["--master-port", str(free_port()), str(child), str(config), str(tmp_path)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, env=os.environ | {"OMP_NUM_THREADS": "1"}
    )
    assert done.returncode == 0, done.stderr
    # Two processes there were, and only the main one has results.
    assert [(tmp_path / f"process-{n}").read_text("utf-8") for n in (0, 1)] == ["2 1", "2 0"]

    run(config, [f"run.out={tmp_path}", "run.name=one", "model.dropout=0.0"])
    one, two = losses(tmp_path / "one"), losses(tmp_path / "two")
    assert len(one) >= 6
    assert one == pytest.approx(two, rel=1e-4)
    assert one[-1] < one[0]
    weights = [load_file(tmp_path / name / "model/model.safetensors") for name in ("one", "two")]
    for name, tensor in weights[0].items():
        torch.testing.assert_close(tensor, weights[1][name], rtol=1e-3, atol=1e-4, msg=name)
