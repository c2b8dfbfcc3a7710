"""The graphs of a model folder compute what PyTorch computes, belong to their weights, and need no PyTorch."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rasid.infer import Predictor
from rasid.infer.articles import Article
from rasid.infer.errors import ModelError
from rasid.infer.model_folder import EMBEDDED, ModelInfo, write_info
from rasid.infer.scheme import CONFLICT
from rasid.infer.scorers.choosing import load_scorer
from rasid.infer.scorers.graph_files import GRAPH, INT8_GRAPH, WEIGHTS, fingerprint
from rasid.infer.scorers.with_onnx import OnnxScorer, open_session
from rasid.infer.scorers.with_torch import TorchScorer, load_torch_scorer
from rasid.train.graphs.building import build_graph
from rasid.train.graphs.checking import check_against_torch, trial_windows
from rasid.train.graphs.making import make_graph

SEEDS = Path(__file__).parent.parent / "seeds"
SEED = SEEDS / "deir-ez-zor.txt"


def tiny_folder(folder: Path, kind: str, dtype: str = "float32", **changes: object) -> Path:
    """A model folder with an untrained span model of two layers (BERT) or three (ModernBERT)."""
    import torch
    from transformers import AutoConfig, AutoModelForTokenClassification

    torch.manual_seed(1)
    shape = {"vocab_size": 60, "hidden_size": 32, "num_attention_heads": 2, "intermediate_size": 48}
    own = {"bert": {"num_hidden_layers": 2}, "modernbert": {"num_hidden_layers": 3, "local_attention": 16}}
    config = AutoConfig.for_model(
        kind,
        **{**shape, **own[kind], "max_position_embeddings": 64, "pad_token_id": 0, **changes},
        id2label=dict(enumerate(CONFLICT.tags)),
        label2id={tag: number for number, tag in enumerate(CONFLICT.tags)},
    )
    model = AutoModelForTokenClassification.from_config(config)
    with torch.no_grad():
        for weight in model.parameters():  # weights that are all 0 or 1 would hide a mistake
            weight += 0.1 * torch.randn_like(weight)
    model.to(getattr(torch, dtype)).save_pretrained(folder)
    write_info(folder, ModelInfo("tiny", "1", CONFLICT, max_subwords=64, overlap_subwords=8))
    return folder


@pytest.fixture
def embedded_copy(tmp_path: Path) -> Path:
    """The embedded model without its graphs."""
    folder = tmp_path / "model"
    shutil.copytree(EMBEDDED, folder, ignore=shutil.ignore_patterns("*.onnx"))
    return folder


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("bert", {}),
        ("modernbert", {}),
        ("modernbert", {"attention_bias": True, "mlp_bias": True, "norm_bias": True, "classifier_bias": True}),
    ],
)
def test_a_graph_computes_what_pytorch_computes(
    tmp_path: Path, kind: str, changes: dict[str, object], dtype: str
) -> None:
    path, apart = make_graph(tiny_folder(tmp_path / "m", kind, dtype, **changes))
    assert path.name == GRAPH
    assert apart < 1e-4


def test_a_window_reads_the_same_beside_others_as_alone(tmp_path: Path) -> None:
    path, _ = make_graph(tiny_folder(tmp_path / "m", "modernbert"))
    scorer = OnnxScorer(open_session(path, threads=1))
    windows = trial_windows(60, 64)
    for window, beside in zip(windows, scorer.score(windows), strict=True):
        assert np.allclose(scorer.score([window])[0], beside, atol=1e-5)


def test_the_graph_that_ships_is_the_one_the_command_writes() -> None:
    assert (EMBEDDED / GRAPH).read_bytes() == build_graph(EMBEDDED).SerializeToString()


def test_no_weight_is_stored_twice() -> None:
    assert sum((EMBEDDED / name).stat().st_size for name in (GRAPH, INT8_GRAPH)) < 200_000


def test_the_embedded_model_reads_as_with_pytorch(embedded_copy: Path) -> None:
    texts = [SEED.read_text("utf-8"), *(path.read_text("utf-8") for path in sorted(SEEDS.glob("corpus/dev/*.txt")))]
    with_onnx, with_torch = (list(Predictor.load(model, device="cpu").stream(texts)) for model in (None, embedded_copy))
    for ours, theirs in zip(with_onnx, with_torch, strict=True):
        assert without_scores(ours) == without_scores(theirs)
        assert np.allclose([s.score for s in ours.spans], [s.score for s in theirs.spans], atol=1e-4)
        assert np.allclose([k.score for k in ours.links], [k.score for k in theirs.links], atol=1e-4)


def without_scores(article: Article) -> tuple[object, object]:
    return [replace(span, score=None) for span in article.spans], [replace(link, score=None) for link in article.links]


def test_int8_reads_nearly_the_same() -> None:
    text = SEED.read_text("utf-8")
    full, small = (Predictor.load(device="cpu", precision=p).predict(text).spans for p in ("fp32", "int8"))  # type: ignore[arg-type]  # literals
    same = {(s.label, s.start_char, s.end_char) for s in full} & {(s.label, s.start_char, s.end_char) for s in small}
    assert len(same) >= 0.85 * max(len(full), len(small))


@pytest.mark.parametrize(
    ("precision", "expected"), [("auto", OnnxScorer), ("fp32", OnnxScorer), ("int8", OnnxScorer), ("bf16", TorchScorer)]
)
def test_onnx_runtime_computes_on_a_cpu_where_there_is_a_graph(precision: str, expected: type) -> None:
    assert isinstance(load_scorer(EMBEDDED, CONFLICT, "cpu", precision), expected)  # type: ignore[arg-type]  # a literal


def test_pytorch_computes_where_there_is_none(embedded_copy: Path) -> None:
    assert isinstance(load_scorer(embedded_copy, CONFLICT, "cpu"), TorchScorer)


def broken_graph(folder: Path) -> None:
    (folder / GRAPH).write_bytes(b"not a graph")


def graph_of_other_weights(folder: Path) -> None:
    shutil.copy(EMBEDDED / GRAPH, folder)
    bytes_ = bytearray((folder / WEIGHTS).read_bytes())
    bytes_[-1] ^= 1
    (folder / WEIGHTS).write_bytes(bytes_)


def cut_weights(folder: Path) -> None:
    shutil.copy(EMBEDDED / GRAPH, folder)
    (folder / WEIGHTS).write_bytes((folder / WEIGHTS).read_bytes()[:-5000])


def other_tags(folder: Path) -> None:
    shutil.copy(EMBEDDED / GRAPH, folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config["id2label"]["1"] = "B-OTHER"
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (broken_graph, "ONNX Runtime cannot load it"),
        (graph_of_other_weights, "was made for other weights"),
        (cut_weights, "model.onnx"),
        (other_tags, "mixes two models"),
    ],
)
def test_a_graph_that_does_not_fit_is_refused_in_one_line(
    embedded_copy: Path, spoil: Callable[[Path], None], told: str
) -> None:
    spoil(embedded_copy)
    with pytest.raises(ModelError, match=told) as refused:
        Predictor.load(embedded_copy, device="cpu")
    assert "\n" not in str(refused.value)


def test_int8_without_its_graph_names_the_command(embedded_copy: Path) -> None:
    with pytest.raises(ModelError, match=r"rasid-train onnx .* --int8"):
        Predictor.load(embedded_copy, device="cpu", precision="int8")


@pytest.mark.parametrize(("device", "told"), [("gpu", "expected auto, cpu"), ("cuda:9", "CUDA devices")])
def test_a_device_that_is_not_there_is_refused(device: str, told: str) -> None:
    with pytest.raises(ModelError, match=told):
        Predictor.load(device=device)


def test_a_variant_without_a_graph_is_refused(tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path / "m", "bert", hidden_act="relu")
    with pytest.raises(ModelError, match="hidden_act"):
        make_graph(folder)
    assert not list(folder.glob("*.onnx"))
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "model_type": "roberta"}), encoding="utf-8")
    with pytest.raises(ModelError, match="model_type is 'roberta'"):
        make_graph(folder)


def test_a_graph_that_computes_something_else_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tiny_folder(tmp_path / "m", "bert")
    graph = tmp_path / "m" / "other.onnx"
    model = build_graph(folder)
    for node in model.graph.node:
        if node.op_type == "BiasGelu":
            node.op_type = "Add"
            node.domain = ""
    graph.write_bytes(model.SerializeToString())
    with pytest.raises(ModelError, match="differ from PyTorch's"):
        check_against_torch(folder, graph)


def test_the_fingerprint_tells_models_apart(tmp_path: Path) -> None:
    weights = tiny_folder(tmp_path / "m", "bert") / WEIGHTS
    before = fingerprint(weights)
    assert fingerprint(weights) == before
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    assert fingerprint(weights) != before


def test_torch_and_onnx_scorers_take_the_same_windows(tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path / "m", "bert")
    windows = trial_windows(60, 64)
    scores = load_torch_scorer(folder, CONFLICT, "cpu", "fp32").score(windows)
    assert [array.shape for array in scores] == [(len(w.first_subwords), len(CONFLICT.tags)) for w in windows]


def test_a_cold_prediction_imports_no_pytorch() -> None:
    code = (
        "import sys\nfrom rasid.infer.cli import main\n"
        "sys.argv = ['rasid', 'predict', sys.argv[1], '--device', 'cpu']\n"
        "try: main()\nexcept SystemExit as end: assert not end.code, end.code\n"
        "unwanted = {'torch', 'transformers', 'pyarrow', 'huggingface_hub', 'ray', 'onnx'}\n"
        "print('imported:', sorted(unwanted & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(SEED)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "imported: []"
