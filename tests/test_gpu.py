"""What must hold on a CUDA device; skipped, saying so, where there is none."""

import json
from pathlib import Path

import pytest
import torch
from training_config import write_config

from rasid.infer import Predictor
from rasid.train.pretraining.config import PretrainConfig
from rasid.train.pretraining.run import pretrain
from rasid.train.tuning.run import run

SEED = Path(__file__).parent.parent / "seeds" / "deir-ez-zor.txt"

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, and there is none"),
]


def test_cuda_in_fp32_reads_what_the_cpu_reads() -> None:
    text = SEED.read_text("utf-8")
    there, here = (Predictor.load(device=device, precision="fp32").predict(text) for device in ("cuda", "cpu"))
    assert [(s.label, s.start_char, s.end_char) for s in there.spans] == [
        (s.label, s.start_char, s.end_char) for s in here.spans
    ]
    assert [s.score for s in there.spans] == pytest.approx([s.score for s in here.spans], abs=1e-3)


@pytest.mark.parametrize("precision", ["auto", "bf16", "fp16"])
def test_half_precision_reads_nearly_the_same(precision: str) -> None:
    text = SEED.read_text("utf-8")
    half = Predictor.load(device="cuda", precision=precision).predict(text)  # type: ignore[arg-type]  # a literal
    full = Predictor.load(device="cpu", precision="fp32").predict(text)
    ours, theirs = ({(s.label, s.start_char, s.end_char) for s in article.spans} for article in (half, full))
    assert len(ours & theirs) >= 0.95 * len(ours | theirs)


def test_a_run_trains_in_mixed_precision(tmp_path: Path, annotated_articles: Path) -> None:
    config = write_config(tmp_path, annotated_articles, max_steps=4)
    result = run(config, ["run.device=cuda", "train.precision=bf16", f"run.out={tmp_path}"])
    lines = [json.loads(line) for line in (result.folder / "metrics.jsonl").read_text("utf-8").splitlines()]
    assert all(line["loss"] > 0 for line in lines if "loss" in line)
    assert (result.model_folder / "model.safetensors").exists()


def test_pre_training_runs_compiled_in_bf16(tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text("\n\n".join(["قصف الجيش مدينة الباب أمس وقتل عشرة مدنيين"] * 300), "utf-8")
    config = {
        "run": {"name": "gpu", "out": str(tmp_path), "device": "cuda"},
        "data": {"texts": [str(tmp_path / "news.txt")], "cache": str(tmp_path / "tokens")},
        "model": {
            "vocabulary_size": 100,
            "cooccurrence_subwords": 0,
            "shape": {"architecture": "modernbert", "layers": 2, "width": 64, "heads": 2, "feed_forward": 64},
        },
        "train": {
            "stages": [{"subwords": 32, "sequences": 8, "million_subwords": 0.02}],
            "precision": "bf16",
            "compile": True,
        },
    }
    folder = pretrain(PretrainConfig.model_validate_json(json.dumps(config))).parent
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text("utf-8").splitlines()]
    assert all(0 < line["share_of_matrix_rate"] < 1 for line in lines if "share_of_matrix_rate" in line)
    assert lines[-1]["held_out_loss"] < 4
