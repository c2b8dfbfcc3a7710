"""Which way computes a model's scores: ONNX Runtime on a CPU where the folder has a graph, else PyTorch.

| device | precision | graph in the folder | computed by |
| --- | --- | --- | --- |
| CPU | auto, fp32 | model.onnx | ONNX Runtime |
| CPU | auto, fp32 | none | PyTorch |
| CPU | int8 | model.int8.onnx, else refused | ONNX Runtime |
| CPU | bf16, fp16 | either | PyTorch |
| CUDA | auto, fp32, bf16, fp16 | either | PyTorch |

PyTorch and transformers are imported only where they compute.
"""

import json
from pathlib import Path
from typing import Any, Literal, cast, get_args

from ..errors import ModelError
from ..model_folder import refuse_other_tags
from ..scheme import Scheme
from .devices import is_cpu
from .graph_files import GRAPH, INT8_GRAPH
from .interface import StateScorer

__all__ = ["PRECISIONS", "Precision", "load_scorer"]

Precision = Literal["auto", "fp32", "bf16", "fp16", "int8"]
"""Arithmetic of the encoder; "auto" is fp32 on a CPU and bf16 on CUDA where the card has it, else fp16."""

PRECISIONS: tuple[Precision, ...] = get_args(Precision)


def load_scorer(
    folder: Path, scheme: Scheme, device: str = "auto", precision: Precision = "auto", threads: int | None = None
) -> StateScorer:
    """Load a model folder's span model for a device and precision; `threads` of the CPU, all of them if None.

    Raises ModelError for a device or precision that cannot be used, for tags that are not the scheme's, or for weights
    or a graph that cannot be read.
    """
    if precision not in PRECISIONS:
        raise ModelError(f"precision {precision!r}: expected {', '.join(PRECISIONS)}")
    cpu = is_cpu(device)
    if precision == "int8":
        _require_int8(folder, device, cpu)
    graph = folder / (INT8_GRAPH if precision == "int8" else GRAPH)
    if cpu and precision in ("auto", "fp32", "int8") and graph.exists():
        return _with_onnx(graph, scheme, threads)
    from .with_torch import TorchPrecision, load_torch_scorer

    if cpu and threads is not None:
        import torch

        torch.set_num_threads(threads)
    return load_torch_scorer(folder, scheme, device, cast(TorchPrecision, precision))


def _require_int8(folder: Path, device: str, cpu: bool) -> None:
    if not cpu and device != "auto":
        raise ModelError(f"precision int8 is for the CPU, found device {device!r}; use bf16 or fp16 there")
    if not cpu:
        raise ModelError("precision int8 is for the CPU, and device auto is the CUDA device here; use --device cpu")
    if not (folder / INT8_GRAPH).exists():
        raise ModelError(
            f"{folder}: there is no {INT8_GRAPH}; `rasid-train onnx {folder} --int8 --calibrate TRAIN_FOLDER "
            "--data DEV_FOLDER` makes one where its F1 is good enough"
        )


def _with_onnx(graph: Path, scheme: Scheme, threads: int | None) -> StateScorer:
    from .with_onnx import OnnxScorer, open_session

    config = _read_config(graph.parent)
    names = config["id2label"]
    tags = tuple(names[str(number)] for number in range(len(names)))
    refuse_other_tags(graph.parent, tags, scheme)
    return OnnxScorer(open_session(graph, threads), config.get("pad_token_id") or 0)


def _read_config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        config: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if not isinstance(config["id2label"], dict):
            raise TypeError("id2label is no table")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: cannot be read as a model's config ({type(error).__name__} {error})") from error
    return config
