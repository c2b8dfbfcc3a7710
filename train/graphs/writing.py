"""Writes an ONNX graph node by node: weights that point at the stored ones, and products of matrices in fp32 or int8.

The operators are those of ONNX and, where ONNX Runtime has one kernel for what would be many nodes, its contributed
ones (domain com.microsoft, https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md). Which layers
there are is `bert`'s and `modern_bert`'s business, ranges of activations come from `calibration`.

Conversions of weights (half precision to fp32, transposition, quantisation to int8) stand in the graph as nodes over
constants: ONNX Runtime computes them once, when a session is made, and the file holds nothing of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from .stored_weights import StoredTensor, StoredWeights

__all__ = ["CONTRIBUTED", "GraphWriter", "Range"]

CONTRIBUTED = "com.microsoft"
_OPSET, _IR_VERSION = 20, 9  # read by ONNX Runtime from 1.18 on
_LEVELS = 255
_LARGEST_INT8 = 127


@dataclass(frozen=True, slots=True)
class Range:
    """The values an activation takes, as int8 arithmetic covers them; what lies outside is cut to the nearer end."""

    low: float
    high: float

    def scale_and_zero(self) -> tuple[float, int]:
        """The step between two of the 256 levels, and the level that stands for zero."""
        low, high = min(self.low, 0.0), max(self.high, 0.0)
        scale = (high - low) / _LEVELS or 1.0
        return scale, round(-low / scale)


class GraphWriter:
    """A graph in the making; `ranges` names the matrix products computed in int8, and the range of what goes in."""

    def __init__(self, weights: StoredWeights, ranges: Mapping[str, Range] | None = None) -> None:
        self.weights = weights
        self.products: dict[str, str] = {}
        """The activation that goes into each matrix product, by the name of the product's weight."""
        self._ranges = ranges or {}
        self._nodes: list[onnx.NodeProto] = []
        self._initializers: list[onnx.TensorProto] = []
        self._made: dict[tuple[str, ...], str] = {}

    def node(self, operator: str, inputs: list[str], *, domain: str = "", **attributes: Any) -> str:
        """Add a node with one result, and name that."""
        name = f"{operator.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [name], domain=domain, **attributes))
        return name

    def constant(self, value: NDArray[Any]) -> str:
        """A small constant that stands in the file itself."""
        key = ("constant", str(value.dtype), str(value.shape), value.tobytes().hex())
        if key not in self._made:
            self._made[key] = f"constant_{len(self._initializers)}"
            self._initializers.append(numpy_helper.from_array(value, self._made[key]))
        return self._made[key]

    def stored(self, tensor: StoredTensor) -> str:
        """A stored weight as it is stored."""
        if ("stored", tensor.name) not in self._made:
            self._made["stored", tensor.name] = tensor.name
            self._initializers.append(tensor.initializer())
        return tensor.name

    def weight(self, name: str | StoredTensor) -> str:
        """A stored weight in fp32."""
        tensor = self.weights[name] if isinstance(name, str) else name
        if tensor.is_full:
            return self.stored(tensor)
        if ("weight", tensor.name) not in self._made:
            self._made["weight", tensor.name] = self._to_full(self.stored(tensor))
        return self._made["weight", tensor.name]

    def rows_of(self, table: str, numbers: str) -> str:
        """Rows of a stored table, in fp32; only the rows are converted."""
        tensor = self.weights[table]
        rows = self.node("Gather", [self.stored(tensor), numbers])
        return rows if tensor.is_full else self._to_full(rows)

    def product(self, activation: str, weight: str | StoredTensor, bias: str = "") -> str:
        """`activation` times a stored matrix (out, in); `bias` is the name of a stored vector, or empty for none."""
        tensor = self.weights[weight] if isinstance(weight, str) else weight
        self.products[tensor.name] = activation
        has_bias = bias in self.weights
        if tensor.name in self._ranges:
            return self._int8_product(activation, tensor, self.weight(bias) if has_bias else "")
        result = self.node("MatMul", [activation, self._matrix(tensor)])
        return self.node("Add", [result, self.weight(bias)]) if has_bias else result

    def normalise(self, activation: str, weights: str, epsilon: float) -> str:
        """Layer normalisation with the stored `weights`.weight and, where there is one, `weights`.bias."""
        inputs = [activation, self.weight(f"{weights}.weight")]
        if f"{weights}.bias" in self.weights:
            inputs.append(self.weight(f"{weights}.bias"))
        return self.node("LayerNormalization", inputs, axis=-1, epsilon=epsilon)

    def model(
        self, inputs: list[onnx.ValueInfoProto], outputs: list[onnx.ValueInfoProto], metadata: Mapping[str, str]
    ) -> onnx.ModelProto:
        """The finished model."""
        model = helper.make_model(
            helper.make_graph(self._nodes, "span_model", inputs, outputs, initializer=self._initializers),
            opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(CONTRIBUTED, 1)],
            ir_version=_IR_VERSION,
            producer_name="rasid",
        )
        helper.set_model_props(model, dict(metadata))
        return model

    def rename(self, result: str, name: str) -> None:
        """Give a result the name under which the graph puts it out."""
        self._nodes.append(helper.make_node("Identity", [result], [name]))

    def _to_full(self, value: str) -> str:
        return self.node("Cast", [value], to=onnx.TensorProto.FLOAT)

    def _matrix(self, tensor: StoredTensor) -> str:
        if ("matrix", tensor.name) not in self._made:
            self._made["matrix", tensor.name] = self.node("Transpose", [self.weight(tensor)], perm=[1, 0])
        return self._made["matrix", tensor.name]

    def _int8_product(self, activation: str, tensor: StoredTensor, bias: str) -> str:
        """Activations in 256 levels over their range, each column of the turned matrix in 255 symmetric ones."""
        scale, zero = self._ranges[tensor.name].scale_and_zero()
        level, origin = self.constant(np.asarray(scale, np.float32)), self.constant(np.asarray(zero, np.uint8))
        key = ("levels", activation, level, origin)
        if key not in self._made:
            self._made[key] = self.node("QuantizeLinear", [activation, level, origin])
        columns = np.maximum(np.abs(self.weights.values(tensor)).max(axis=1), 1e-12) / _LARGEST_INT8
        scales = self.constant(columns.astype(np.float32))
        zeros = self.constant(np.zeros(len(columns), np.int8))
        # Before it is turned: levels of a row lie side by side then, which the kernel needs to be quick.
        rows = self.node("QuantizeLinear", [self.weight(tensor), scales, zeros], axis=0)
        matrix = self.node("Transpose", [rows], perm=[1, 0])
        inputs = [self._made[key], matrix, level, scales, origin, "", bias]
        return self.node("MatMulIntegerToFloat", inputs if bias else inputs[:5], domain=CONTRIBUTED)
