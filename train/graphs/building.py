"""From a model folder to its ONNX graph, in memory.

    inputs   input_ids, attention_mask   (windows, subwords)
             first_subwords              (words) of all windows: places in the two above, laid out flat
    outputs  scores                      (words, tags)
             states                      (words, width), the encoder's last, which the link head reads

The graph is written over the stored weights and not traced from PyTorch: so it can use ONNX Runtime's own kernels for
attention, rotary positions and residual sums, point at the weights as they lie in model.safetensors, and is made in a
second. What it computes is held against PyTorch by `checking`, each time it is made.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper

from ...infer.errors import ModelError
from ...infer.scorers.graph_files import FINGERPRINT, fingerprint
from . import bert, modern_bert
from .encoders import GraphInputs
from .stored_weights import StoredWeights
from .writing import GraphWriter, Range

__all__ = ["build_graph", "products_of"]

_ENCODERS = {"bert": (bert.write_bert, bert.head), "modernbert": (modern_bert.write_modern_bert, modern_bert.head)}
_HEADS = ("head.", "classifier.")


def build_graph(
    folder: Path, ranges: Mapping[str, Range] | None = None, metadata: Mapping[str, str] | None = None
) -> onnx.ModelProto:
    """The graph of a model folder's span model, with the matrix products that `ranges` names in int8.

    Raises ModelError for an encoder that graphs cannot be written for, or weights that are not there.
    """
    return _build(folder, ranges or {}, metadata or {}, watched=False)[0]


def products_of(folder: Path) -> tuple[onnx.ModelProto, dict[str, str]]:
    """The fp32 graph with what goes into each of the encoder's matrix products put out as well.

    Also the name of that output for each product; several products share one.
    """
    return _build(folder, {}, {}, watched=True)


def _build(
    folder: Path, ranges: Mapping[str, Range], metadata: Mapping[str, str], *, watched: bool
) -> tuple[onnx.ModelProto, dict[str, str]]:
    config = _read_config(folder)
    weights = StoredWeights(folder)
    writer = GraphWriter(weights, ranges)
    inputs = GraphInputs(writer)
    write, head = _ENCODERS[config["model_type"]]
    states = _of_words(writer, write(writer, config, inputs).states, inputs, config["hidden_size"])
    products = {name: made for name, made in writer.products.items() if not name.startswith(_HEADS)}
    writer.rename(states, "states")
    writer.rename(head(writer, config, states), "scores")
    outputs = [
        _output("scores", ["words", len(config["id2label"])]),
        _output("states", ["words", config["hidden_size"]]),
    ]
    if watched:
        outputs += [_output(name, None) for name in sorted(set(products.values()))]
    recorded = {FINGERPRINT: fingerprint(weights.path), **metadata}
    return writer.model(inputs.declared(), outputs, recorded), products


def _of_words(writer: GraphWriter, states: str, inputs: GraphInputs, width: int) -> str:
    flat = writer.node("Reshape", [states, writer.constant(np.asarray([-1, width], np.int64))])
    return writer.node("Gather", [flat, inputs.words])


def _output(name: str, shape: list[Any] | None) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)


def _read_config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        config: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: cannot be read as JSON ({error})") from error
    if config.get("model_type") not in _ENCODERS:
        raise ModelError(
            f"{path}: model_type is {config.get('model_type')!r}, graphs can be written for {', '.join(_ENCODERS)}; "
            "other encoders are read by PyTorch"
        )
    return config
