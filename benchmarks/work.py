"""The arithmetic an encoder cannot avoid, in floating-point operations; a multiply-add is two.

For a window of n subwords, L layers of width h and a feed-forward part of width f:

    n · L · (8 h² + 4 h f)     projections of queries, keys, values and output; feed-forward (6 h f where it is gated)
    + 4 n · m · h · L          attention scores and their sums; m = n, or the local window where a layer has one
    + n · 2 h t                the classifier of t tags (+ 2 h² where it has a layer of its own)

Embeddings are looked up, and normalisation and activations are left out. Padding counts as nothing: it is not needed.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["EncoderShape", "read_shape"]


@dataclass(frozen=True, slots=True)
class EncoderShape:
    """The sizes the formula needs; `attention_spans` has an entry a layer, None where it sees the whole window."""

    width: int
    feed_forward: int
    gated: bool
    attention_spans: tuple[int | None, ...]
    tags: int
    head_layer: bool

    @property
    def layers(self) -> int:
        """Number of transformer layers."""
        return len(self.attention_spans)

    def operations(self, windows: Iterable[int]) -> float:
        """Floating-point operations for windows of these lengths in subwords, special ones included."""
        h, f = self.width, self.feed_forward
        dense = self.layers * (8 * h * h + (6 if self.gated else 4) * h * f)
        head = 2 * h * self.tags + (2 * h * h if self.head_layer else 0)
        total = 0.0
        for length in windows:
            seen = sum(length if span is None else min(length, span) for span in self.attention_spans)
            total += length * (dense + head + 4.0 * h * seen)
        return total


def read_shape(folder: Path) -> EncoderShape:
    """The shape a model folder's config.json declares (BERT or ModernBERT)."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    modern = config["model_type"] == "modernbert"
    kinds = config.get("layer_types") or ["full_attention"] * config["num_hidden_layers"]
    local = config.get("local_attention")
    return EncoderShape(
        width=config["hidden_size"],
        feed_forward=config["intermediate_size"],
        gated=modern,
        attention_spans=tuple(None if kind == "full_attention" else local for kind in kinds),
        tags=len(config["id2label"]),
        head_layer=modern,
    )
