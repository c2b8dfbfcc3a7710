"""The tensors of a safetensors file as ONNX initializers that point at its bytes, so that no weight is stored twice.

A safetensors file is a header of JSON followed by the tensors' raw bytes, little endian and row by row
(https://github.com/huggingface/safetensors, "Format"), which is just what ONNX calls external data: a file, an offset
and a length. What is made of the tensors is not known here.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from ...infer.errors import ModelError
from ...infer.scorers.graph_files import WEIGHTS, safetensors_header

__all__ = ["StoredTensor", "StoredWeights"]

_TYPES = {"F32": onnx.TensorProto.FLOAT, "F16": onnx.TensorProto.FLOAT16, "BF16": onnx.TensorProto.BFLOAT16}
_BYTES = {"F32": 4, "F16": 2, "BF16": 2}


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """Where a tensor lies in the file: shape, number format (F32, F16, BF16) and the place of its first byte."""

    name: str
    shape: tuple[int, ...]
    format: str
    offset: int

    @property
    def is_full(self) -> bool:
        """Whether it is stored in the 32-bit floats a CPU computes with."""
        return self.format == "F32"

    def rows(self, start: int, stop: int) -> "StoredTensor":
        """Some of its rows, as a tensor of their own."""
        size = math.prod(self.shape[1:]) * _BYTES[self.format]
        return StoredTensor(
            f"{self.name}[{start}:{stop}]", (stop - start, *self.shape[1:]), self.format, self.offset + start * size
        )

    def initializer(self) -> onnx.TensorProto:
        """The tensor as ONNX external data."""
        tensor = onnx.TensorProto(name=self.name, data_type=_TYPES[self.format], dims=self.shape)
        tensor.data_location = onnx.TensorProto.EXTERNAL
        length = math.prod(self.shape) * _BYTES[self.format]
        for key, value in (("location", WEIGHTS), ("offset", self.offset), ("length", length)):
            tensor.external_data.add(key=key, value=str(value))
        return tensor


class StoredWeights:
    """The tensors of a folder's model.safetensors; ModelError for a file that is not there or cannot be read."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / WEIGHTS
        start, header = safetensors_header(self.path)
        self._entries = {name: entry for name, entry in header.items() if name != "__metadata__"}
        self._start = start

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __getitem__(self, name: str) -> StoredTensor:
        if name not in self._entries:
            raise ModelError(f"{self.path}: expected weight {name}, which is not there; the graph needs it")
        entry = self._entries[name]
        if entry["dtype"] not in _TYPES:
            raise ModelError(f"{self.path}: weight {name} is {entry['dtype']}, expected {', '.join(_TYPES)}")
        return StoredTensor(name, tuple(entry["shape"]), entry["dtype"], self._start + entry["data_offsets"][0])

    def values(self, tensor: StoredTensor) -> NDArray[np.float32]:
        """The numbers of a stored tensor."""
        raw = np.fromfile(
            self.path, dtype=np.uint8, count=math.prod(tensor.shape) * _BYTES[tensor.format], offset=tensor.offset
        )
        if tensor.format == "BF16":  # the upper half of a 32-bit float
            return (raw.view("<u2").astype(np.uint32) << 16).view(np.float32).reshape(tensor.shape)
        return raw.view("<f4" if tensor.is_full else "<f2").astype(np.float32).reshape(tensor.shape)
