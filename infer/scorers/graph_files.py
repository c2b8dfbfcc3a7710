"""The ONNX graphs of a model folder: their names, what they record, and whether they belong to the weights there.

    model.onnx         the graph in fp32; its weights are the bytes of model.safetensors, which it points at
    model.int8.onnx    the same with int8 arithmetic, where a model has one whose scores are good enough

Both record the fingerprint of the model.safetensors they were made for, as metadata under `FINGERPRINT`. Running a
graph is `with_onnx`'s business, making one `train.graphs`'.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from ..errors import ModelError

__all__ = ["FINGERPRINT", "GRAPH", "INT8_GRAPH", "MEASURED", "WEIGHTS", "fingerprint", "safetensors_header"]

WEIGHTS = "model.safetensors"
"""The span model's weights in a model folder."""

GRAPH = "model.onnx"
"""The graph in fp32."""

INT8_GRAPH = "model.int8.onnx"
"""The graph in int8."""

FINGERPRINT = "rasid.weights"
"""Metadata key of the fingerprint of the weights a graph was made for."""

MEASURED = "rasid.measured"
"""Metadata key, in an int8 graph, of what was measured when it was made, as JSON."""

_LONGEST_HEADER = 100_000_000  # the format's own limit, in bytes
_BLOCKS, _BLOCK_BYTES = 64, 4096


def safetensors_header(path: Path) -> tuple[int, dict[str, Any]]:
    """Where the tensors' bytes begin in a safetensors file, and its header; ModelError if it is none."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 2 <= length <= _LONGEST_HEADER:
                raise ModelError(f"{path}: cannot be read as safetensors (a header of {length} bytes)")
            header: dict[str, Any] = json.loads(file.read(length))
    except FileNotFoundError:
        raise ModelError(f"{path.parent}: there is no {path.name}") from None
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: cannot be read as safetensors ({error})") from error
    return 8 + length, header


def fingerprint(weights: Path) -> str:
    """Tells one model's weights from another's without reading hundreds of megabytes.

    The sha256 of the file's size, its header and 64 blocks of 4 KiB spread evenly over the tensors: training moves
    every weight, so another model differs in them, and so does a file that was cut short.
    """
    start, _ = safetensors_header(weights)
    size = weights.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with weights.open("rb") as file:
        digest.update(file.read(start))
        room = max(0, size - start - _BLOCK_BYTES)
        for block in range(_BLOCKS):
            file.seek(start + room * block // (_BLOCKS - 1))
            digest.update(file.read(_BLOCK_BYTES))
    return digest.hexdigest()
