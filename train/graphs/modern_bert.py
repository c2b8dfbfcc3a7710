"""The graph of a ModernBERT token classifier.

Follows transformers' `ModernBertForTokenClassification` (B. Warner et al., "Smarter, Better, Faster, Longer", 2024):
rotary positions, a gated layer in place of the feed-forward one, full or sliding attention. Query, key and value, and
the two halves of the gated layer, are stored as one matrix each; they are read as separate ones here, so that no
result has to be cut up and copied.
"""

from typing import Any

import numpy as np

from .encoders import Encoded, GraphInputs, refuse_unless
from .writing import CONTRIBUTED, GraphWriter

__all__ = ["head", "write_modern_bert"]


def write_modern_bert(writer: GraphWriter, config: dict[str, Any], inputs: GraphInputs) -> Encoded:
    """Write the encoder; ModelError for a variant that it does not cover."""
    refuse_unless(config, hidden_activation="gelu", classifier_activation="gelu")
    epsilon = float(config.get("norm_eps", 1e-5))
    rows = writer.rows_of("model.embeddings.tok_embeddings.weight", inputs.ids)
    state = writer.normalise(rows, "model.embeddings.norm", epsilon)
    seen = state  # what a layer reads: the first one the embeddings as they are
    layers = config["num_hidden_layers"]
    for number in range(layers):
        layer = f"model.layers.{number}"
        attended = _attention(writer, config, inputs, layer, config["layer_types"][number], seen)
        state, seen = _add(writer, state, attended, f"{layer}.mlp_norm", epsilon)
        after = f"model.layers.{number + 1}.attn_norm" if number + 1 < layers else "model.final_norm"
        state, seen = _add(writer, state, _gated(writer, layer, seen), after, epsilon)
    return Encoded(seen)


def head(writer: GraphWriter, config: dict[str, Any], states: str) -> str:
    """Scores of the tags from states (words, width)."""
    hidden = writer.node("Gelu", [writer.product(states, "head.dense.weight", "head.dense.bias")])
    normal = writer.normalise(hidden, "head.norm", float(config.get("norm_eps", 1e-5)))
    return writer.product(normal, "classifier.weight", "classifier.bias")


def _add(writer: GraphWriter, state: str, change: str, norm: str, epsilon: float) -> tuple[str, str]:
    """The sum of a state and its change, and the sum normalised."""
    total = writer.node("Add", [state, change])
    return total, writer.normalise(total, norm, epsilon)


def _attention(
    writer: GraphWriter, config: dict[str, Any], inputs: GraphInputs, layer: str, kind: str, seen: str
) -> str:
    width, heads = config["hidden_size"], config["num_attention_heads"]
    joined = writer.weights[f"{layer}.attn.Wqkv.weight"]
    query, key, value = (
        _part(writer, seen, f"{layer}.attn.Wqkv", joined.rows(start, start + width), start)
        for start in (0, width, 2 * width)
    )
    theta = float(config["rope_parameters"][kind]["rope_theta"])
    cosines, sines = _rotations(writer, width // heads, theta, config["max_position_embeddings"])
    start = writer.constant(np.zeros(1, np.int64))
    query, key = (
        writer.node("RotaryEmbedding", [part, start, cosines, sines], domain=CONTRIBUTED, num_heads=heads)
        for part in (query, key)
    )
    around = inputs.window(config["local_attention"] // 2) if kind == "sliding_attention" else ""
    given = [query, key, value, "", inputs.mask, *([around] if around else [])]
    attended = writer.node("MultiHeadAttention", given, domain=CONTRIBUTED, num_heads=heads)
    return writer.product(attended, f"{layer}.attn.Wo.weight", f"{layer}.attn.Wo.bias")


def _part(writer: GraphWriter, seen: str, name: str, rows: Any, start: int) -> str:
    """The product with some rows of a joined matrix, and the same part of its bias where it has one."""
    result = writer.product(seen, rows)
    if f"{name}.bias" not in writer.weights:
        return result
    bias = writer.weights[f"{name}.bias"].rows(start, start + rows.shape[0])
    return writer.node("Add", [result, writer.weight(bias)])


def _gated(writer: GraphWriter, layer: str, seen: str) -> str:
    joined = writer.weights[f"{layer}.mlp.Wi.weight"]
    half = joined.shape[0] // 2
    value = _part(writer, seen, f"{layer}.mlp.Wi", joined.rows(0, half), 0)
    gate = _part(writer, seen, f"{layer}.mlp.Wi", joined.rows(half, 2 * half), half)
    inside = writer.node("Mul", [writer.node("Gelu", [value]), gate])
    return writer.product(inside, f"{layer}.mlp.Wo.weight", f"{layer}.mlp.Wo.bias")


def _rotations(writer: GraphWriter, head_width: int, theta: float, positions: int) -> tuple[str, str]:
    """Cosines and sines (positions, head_width / 2) of the angles positions are rotated by; computed at loading."""
    exponents = np.arange(0, head_width, 2, dtype=np.float32) / head_width
    frequencies = writer.constant((1.0 / theta**exponents).astype(np.float32)[None])
    numbers = [writer.constant(np.asarray(value, np.float32)) for value in (0, positions, 1)]
    column = writer.node("Unsqueeze", [writer.node("Range", numbers), writer.constant(np.asarray([1], np.int64))])
    angles = writer.node("Mul", [column, frequencies])
    return writer.node("Cos", [angles]), writer.node("Sin", [angles])
