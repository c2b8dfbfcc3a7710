"""What must hold on a CUDA device; skipped, saying so, where there is none."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from test_packing import padded_scores, sequences, tiny
from training_config import write_config

from rasid.infer import Predictor
from rasid.infer.model_folder import find_model, read_info, read_tokenizer
from rasid.infer.normalise import normal_forms
from rasid.infer.scorers import packing
from rasid.infer.scorers.packing import PackedLayout, enable_packing
from rasid.infer.scorers.with_torch import load_torch_scorer
from rasid.infer.tokens import tokenize
from rasid.infer.windows import iter_windows
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


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("compiled", [False, True])
def test_packed_in_bf16_reads_nearly_what_padded_in_fp32_reads(packed: bool, compiled: bool) -> None:
    """Batches are queued one after the other before the first is read, as they are where speed counts."""
    folder = find_model(None)
    info, tokenizer = read_info(folder), read_tokenizer(folder)
    text = SEED.read_text("utf-8")
    forms = normal_forms(text, tokenize(text))
    windows = [*iter_windows(forms, tokenizer, 128, 32), *iter_windows(forms[:1], tokenizer, 128, 32)]
    there = load_torch_scorer(folder, info.scheme, "cuda", "bf16", packing=packed, compile=compiled)
    here = load_torch_scorer(folder, info.scheme, "cpu", "fp32", packing=False)
    assert there.batch_subwords >= 4096
    submitted = [there.submit(windows[start : start + 3], states=True) for start in range(0, len(windows), 3)]
    found = [scores for handle in submitted for scores in handle.result()[0]]
    expected = here.score(windows)
    assert [part.shape for part in found] == [part.shape for part in expected]
    agreed = np.concatenate([a.argmax(1) == b.argmax(1) for a, b in zip(found, expected, strict=True)])
    assert agreed.mean() > 0.98


@pytest.mark.parametrize("architecture", ["bert", "modernbert"])
def test_the_kernel_for_rows_gives_the_padded_scores(architecture: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if vars(packing)["_kernel"](True, True) is None:
        pytest.skip("the installed torch has no torch.nn.attention.varlen that takes windows")
    model, rows = tiny(architecture).half().cuda(), [row.cuda() for row in sequences()]
    with torch.inference_mode():
        expected = padded_scores(model, rows)
        assert enable_packing(model)
        for way in ("_by_runs", "_padded_inside"):  # no other way may be taken
            monkeypatch.setattr(packing, way, None)
        layout = PackedLayout.of([len(row) for row in rows], "cuda")
        found = model(**layout.inputs(torch.cat(rows)[None])).logits[0].split(layout.lengths)
    for ours, theirs in zip(found, expected, strict=True):
        assert torch.allclose(ours, theirs, atol=2e-2)


@pytest.mark.parametrize("packed", ["true", "false"])
@pytest.mark.parametrize("dropout", ["0.0", "0.1"])
@pytest.mark.parametrize("compiled", ["false", "true"])
def test_a_run_trains_in_mixed_precision(
    packed: str, dropout: str, compiled: str, tmp_path: Path, annotated_articles: Path
) -> None:
    config = write_config(tmp_path, annotated_articles, max_steps=4)
    how = [f"train.packing={packed}", f"train.compile={compiled}", f"model.dropout={dropout}"]
    result = run(config, ["run.device=cuda", "train.precision=bf16", f"run.out={tmp_path}", *how])
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
