"""A pre-training run gives an encoder, goes on exactly after a kill, and can start from any encoder."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModel, AutoModelForMaskedLM

from rasid.infer.errors import RunError
from rasid.train.pretraining.config import PretrainConfig
from rasid.train.pretraining.run import pretrain

WORDS = ["قصف", "الجيش", "مدينة", "الباب", "وقتل", "عشرة", "مدنيين", "نفت", "الوزارة", "الاتهام", "أمس", "في"]


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Raw text of a dozen words."""
    generator = np.random.default_rng(0)
    lines = [" ".join(WORDS[(start + i) % len(WORDS)] for i in range(20)) for start in generator.integers(0, 12, 400)]
    path = tmp_path_factory.mktemp("raw") / "news.txt"
    path.write_text("\n\n".join(lines), encoding="utf-8")
    return path


def config(text: Path, out: Path, name: str, **changes: object) -> PretrainConfig:
    train = {
        "stages": [
            {"subwords": 16, "sequences": 8, "million_subwords": 0.005},
            {"subwords": 32, "sequences": 4, "million_subwords": 0.005},
        ],
        "warmup_steps": 5,
        "learning_rate": 0.005,
        "evaluate_every_steps": 20,
        "checkpoint_every_steps": 10,
        "held_out_sequences": 16,
    }
    values = {
        "run": {"name": name, "out": str(out), "threads": 1},
        "data": {
            "texts": [str(text)],
            "cache": str(out / "tokens"),
            "held_out_share": 0.1,
            "about": ["terms of the test"],
        },
        "model": {
            "vocabulary_size": 120,
            "cooccurrence_subwords": 0,
            "shape": {"layers": 1, "width": 16, "heads": 2, "feed_forward": 32, "max_subwords": 32, "dropout": 0.1},
            **changes,
        },
        "train": train,
    }
    return PretrainConfig.model_validate_json(json.dumps(values))


@pytest.fixture(scope="module")
def finished(text: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of a run that was never stopped."""
    out = tmp_path_factory.mktemp("runs")
    return pretrain(config(text, out, "whole")).parent


def test_the_encoder_is_an_ordinary_folder_in_fp16(finished: Path) -> None:
    encoder = finished / "encoder"
    assert AutoModel.from_pretrained(encoder, dtype=torch.float32).config.hidden_size == 16
    weights = load_file(encoder / "model.safetensors")
    assert {tensor.dtype for tensor in weights.values()} == {torch.float16}
    assert not list(encoder.glob("*.bin"))
    entries = AutoModelForMaskedLM.from_pretrained(encoder).config.vocab_size
    assert len([tensor for tensor in weights.values() if tensor.shape == (entries, 16)]) == 1, "tied weights once"


def test_it_learns_and_says_how_fast(finished: Path) -> None:
    lines = [json.loads(line) for line in (finished / "metrics.jsonl").read_text().splitlines()]
    scores = [line for line in lines if "held_out_loss" in line]
    speeds = [line for line in lines if "subwords_per_second" in line]
    assert scores[-1]["held_out_loss"] < scores[0]["held_out_loss"] < np.log(120)
    assert scores[-1]["held_out_perplexity"] == pytest.approx(np.exp(scores[-1]["held_out_loss"]))
    assert 0 < scores[-1]["held_out_accuracy"] < 1
    assert all(0 < line["share_of_matrix_rate"] < 1 for line in speeds)
    assert list((finished / "tensorboard").iterdir())


def test_the_record_names_the_data_by_checksum(finished: Path, text: Path) -> None:
    record = json.loads((finished / "record.json").read_text())
    assert list(record["data"]["sha256"]) == [text.name]
    assert len(record["data"]["sha256"][text.name]) == 64
    assert record["data"]["held_out"]["documents"] > 0


def test_the_card_tells_data_recipe_and_curve(finished: Path, text: Path) -> None:
    card = (finished / "encoder" / "README.md").read_text("utf-8")
    for part in ("language: ar", text.name, "terms of the test", "masked-language modelling", "held-out loss"):
        assert part in card


def test_a_killed_run_goes_on_to_the_same_weights(finished: Path, text: Path, tmp_path: Path) -> None:
    stopped = config(text, tmp_path, "stopped")
    path = tmp_path / "config.json"
    path.write_text(stopped.model_dump_json(), encoding="utf-8")
    program = (
        "import sys; from rasid.train.pretraining.config import PretrainConfig;"
        "from rasid.train.pretraining.run import pretrain;"
        "pretrain(PretrainConfig.model_validate_json(open(sys.argv[1]).read()))"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(path)], stderr=subprocess.DEVNULL)
    checkpoint = tmp_path / "stopped" / "checkpoint" / "step.json"
    while process.poll() is None and not checkpoint.exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert checkpoint.exists()
    encoder = pretrain(stopped, resume=True)
    whole, resumed = (load_file(folder / "model.safetensors") for folder in (finished / "encoder", encoder))
    assert whole.keys() == resumed.keys()
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_an_encoder_there_is_can_be_continued(finished: Path, text: Path, tmp_path: Path) -> None:
    encoder = pretrain(config(text, tmp_path, "more", encoder=str(finished / "encoder")))
    lines = [json.loads(line) for line in (tmp_path / "more" / "metrics.jsonl").read_text().splitlines()]
    before = [json.loads(line) for line in (finished / "metrics.jsonl").read_text().splitlines()]
    assert lines[0]["held_out_loss"] < before[0]["held_out_loss"] - 0.2
    AutoModelForMaskedLM.from_pretrained(encoder)


def test_a_run_folder_is_not_overwritten_silently(finished: Path, text: Path) -> None:
    with pytest.raises(RunError, match=r"--resume.*--overwrite"):
        pretrain(config(text, finished.parent, "whole"))


def test_there_must_be_something_to_resume(text: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no run to resume"):
        pretrain(config(text, tmp_path, "none"), resume=True)
