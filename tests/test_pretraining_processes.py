"""Pre-training on two real processes, and with the model compiled, takes the same steps as plainly on one."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from rasid.train.pretraining.config import PretrainConfig
from rasid.train.pretraining.run import pretrain

CHILD = """
import sys
from pathlib import Path
from accelerate import PartialState
from rasid.train.pretraining.config import PretrainConfig
from rasid.train.pretraining.run import pretrain

pretrain(PretrainConfig.model_validate_json(Path(sys.argv[1]).read_text("utf-8")))
state = PartialState()
Path(sys.argv[2], f"process-{state.process_index}").write_text(str(state.num_processes))
"""


def config(folder: Path, name: str, **train: object) -> PretrainConfig:
    text = folder / "news.txt"
    if not text.exists():
        words = ["قصف", "الجيش", "مدينة", "الباب", "وقتل", "عشرة", "مدنيين", "نفت", "الوزارة", "الاتهام", "أمس", "في"]
        starts = np.random.default_rng(0).integers(0, 12, 300)
        text.write_text("\n\n".join(" ".join(words[(s + i) % 12] for i in range(20)) for s in starts), "utf-8")
    values = {
        "run": {"name": name, "out": str(folder), "threads": 1},
        "data": {"texts": [str(text)], "cache": str(folder / "tokens"), "held_out_share": 0.1},
        "model": {
            "vocabulary_size": 100,
            "cooccurrence_subwords": 0,
            "shape": {"layers": 1, "width": 16, "heads": 2, "feed_forward": 32, "max_subwords": 32},
        },
        "train": {
            "stages": [{"subwords": 16, "sequences": 8, "million_subwords": 0.0128}],
            "warmup_steps": 5,
            "learning_rate": 0.005,
            "evaluate_every_steps": 50,
            "held_out_sequences": 16,
            **train,
        },
    }
    return PretrainConfig.model_validate_json(json.dumps(values))


def losses(folder: Path) -> list[float]:
    return [
        line["loss"] for line in map(json.loads, (folder / "metrics.jsonl").open(encoding="utf-8")) if "loss" in line
    ]


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return {name: w.float() for name, w in load_file(folder / "encoder/model.safetensors").items()}


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


def test_two_processes_with_two_parts_each_give_the_loss_of_one(tmp_path: Path) -> None:
    pretrain(config(tmp_path, "one"))
    (tmp_path / "child.py").write_text(CHILD, "utf-8")
    (tmp_path / "two.json").write_text(config(tmp_path, "two", accumulate=2).model_dump_json(), "utf-8")
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]
    command += ["--master-port", str(free_port())]
    command += [str(tmp_path / name) for name in ("child.py", "two.json", "")]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, env=os.environ | {"OMP_NUM_THREADS": "1"}
    )
    assert done.returncode == 0, done.stderr
    assert [(tmp_path / f"process-{n}").read_text() for n in (0, 1)] == ["2", "2"]
    one, two = losses(tmp_path / "one"), losses(tmp_path / "two")
    assert len(one) == 2
    assert one == pytest.approx(two, rel=1e-3)
    first, second = weights(tmp_path / "one"), weights(tmp_path / "two")
    assert all(torch.allclose(first[name], second[name], atol=2e-3) for name in first)


def test_a_compiled_model_takes_the_same_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compile_with_inductor, traced = torch.compile, list[Any]()

    def compile_eagerly(model: Any) -> Any:
        # The graph is traced as on CUDA, but run as it is: no C++ compiler is asked for here.
        traced.append(model)
        return compile_with_inductor(model, backend="eager", fullgraph=True)

    monkeypatch.setattr(torch, "compile", compile_eagerly)
    pretrain(config(tmp_path, "plain"))
    assert not traced
    pretrain(config(tmp_path, "compiled", compile=True))
    assert traced
    assert losses(tmp_path / "compiled") == pytest.approx(losses(tmp_path / "plain"), rel=1e-4)
