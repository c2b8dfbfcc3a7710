"""What the graphs of all encoders share: their inputs, the mask of attention, and what is refused."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from onnx import helper

from ...infer.errors import ModelError
from .writing import GraphWriter

__all__ = ["Encoded", "GraphInputs", "refuse_unless"]


@dataclass(frozen=True, slots=True)
class Encoded:
    """The name of the encoder's last states (windows, subwords, width)."""

    states: str


class GraphInputs:
    """The inputs of a graph, declared, and what follows from them.

    `ids` and `attention_mask` are (windows, subwords); `mask` is the latter as attention reads it. `words` are the
    places of words' first subwords in the windows laid out flat.
    """

    ids, attention_mask, words = "input_ids", "attention_mask", "first_subwords"

    def __init__(self, writer: GraphWriter) -> None:
        self._writer = writer
        self.mask = writer.node("Cast", [self.attention_mask], to=onnx.TensorProto.INT32)
        self._windows: dict[int, str] = {}

    def declared(self) -> list[onnx.ValueInfoProto]:
        """The declarations of the three inputs, all of 64-bit whole numbers."""
        shapes: dict[str, list[int | str]] = {
            self.ids: ["windows", "subwords"],
            self.attention_mask: ["windows", "subwords"],
            self.words: ["words"],
        }
        return [helper.make_tensor_value_info(name, onnx.TensorProto.INT64, shape) for name, shape in shapes.items()]

    def places(self) -> str:
        """0, 1, … for the subwords of a window."""
        writer = self._writer
        count = writer.node("Shape", [self.ids], start=1, end=2)
        numbers = [writer.constant(np.asarray(value, np.int64)) for value in (0, 1)]
        return writer.node("Range", [numbers[0], writer.node("Squeeze", [count]), numbers[1]])

    def window(self, reach: int) -> str:
        """What is added to scores of attention (1, 1, subwords, subwords) so that it reaches that many subwords."""
        if reach not in self._windows:
            writer = self._writer
            places = self.places()
            column, row = (
                writer.node("Unsqueeze", [places, writer.constant(np.asarray([axis], np.int64))]) for axis in (1, 0)
            )
            distance = writer.node("Abs", [writer.node("Sub", [column, row])])
            near = writer.node("LessOrEqual", [distance, writer.constant(np.asarray(reach, np.int64))])
            ends = [writer.constant(np.asarray(value, np.float32)) for value in (0.0, np.finfo(np.float32).min / 4)]
            axes = writer.constant(np.asarray([0, 1], np.int64))
            self._windows[reach] = writer.node("Unsqueeze", [writer.node("Where", [near, *ends]), axes])
        return self._windows[reach]


def refuse_unless(config: dict[str, Any], **expected: Any) -> None:
    """ModelError for a config.json with another value than the graph is written for."""
    for key, value in expected.items():
        if config.get(key, value) != value:
            raise ModelError(
                f"config.json: {key} is {config[key]!r}, a graph can be written for {value!r} only; such a model is "
                "read by PyTorch"
            )
