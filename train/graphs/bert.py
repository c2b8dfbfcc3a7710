"""The graph of a BERT token classifier (AraBERT, CAMeLBERT, MARBERT and their like).

Follows transformers' `BertForTokenClassification` (J. Devlin et al., "BERT", NAACL 2019).
"""

from typing import Any

import numpy as np

from .encoders import Encoded, GraphInputs, refuse_unless
from .writing import CONTRIBUTED, GraphWriter

__all__ = ["head", "write_bert"]


def write_bert(writer: GraphWriter, config: dict[str, Any], inputs: GraphInputs) -> Encoded:
    """Write the encoder; ModelError for a variant that it does not cover."""
    refuse_unless(config, hidden_act="gelu", position_embedding_type="absolute", is_decoder=False)
    epsilon = float(config.get("layer_norm_eps", 1e-12))
    state = _embeddings(writer, inputs, epsilon)
    for number in range(config["num_hidden_layers"]):
        layer = f"bert.encoder.layer.{number}"
        attended = _attention(writer, config, inputs, f"{layer}.attention.self", state)
        state = _add(writer, state, attended, f"{layer}.attention.output", epsilon)
        wide = writer.product(state, f"{layer}.intermediate.dense.weight")
        inside = writer.node("BiasGelu", [wide, writer.weight(f"{layer}.intermediate.dense.bias")], domain=CONTRIBUTED)
        state = _add(writer, state, inside, f"{layer}.output", epsilon)
    return Encoded(state)


def head(writer: GraphWriter, config: dict[str, Any], states: str) -> str:  # noqa: ARG001  # as every encoder's head
    """Scores of the tags from states (words, width)."""
    return writer.product(states, "classifier.weight", "classifier.bias")


def _embeddings(writer: GraphWriter, inputs: GraphInputs, epsilon: float) -> str:
    names = (f"bert.embeddings.{kind}_embeddings.weight" for kind in ("word", "position", "token_type"))
    words, positions, types = names
    places = writer.rows_of(positions, inputs.places())
    first_type = writer.rows_of(types, writer.constant(np.asarray([0], np.int64)))
    around = writer.node("Add", [places, first_type])
    total = writer.node("Add", [writer.rows_of(words, inputs.ids), around])
    return writer.normalise(total, "bert.embeddings.LayerNorm", epsilon)


def _attention(writer: GraphWriter, config: dict[str, Any], inputs: GraphInputs, layer: str, state: str) -> str:
    parts = [writer.product(state, f"{layer}.{part}.weight") for part in ("query", "key", "value")]
    biases = [writer.weight(f"{layer}.{part}.bias") for part in ("query", "key", "value")]
    bias = writer.node("Concat", biases, axis=0)
    return writer.node(
        "MultiHeadAttention",
        [*parts, bias, inputs.mask],
        domain=CONTRIBUTED,
        num_heads=config["num_attention_heads"],
    )


def _add(writer: GraphWriter, state: str, inside: str, layer: str, epsilon: float) -> str:
    """Normalise a state and what a dense layer makes of `inside`, added."""
    change = writer.product(inside, f"{layer}.dense.weight", f"{layer}.dense.bias")
    return writer.normalise(writer.node("Add", [state, change]), f"{layer}.LayerNorm", epsilon)
