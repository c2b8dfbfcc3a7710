"""The ONNX Runtime way to compute tag scores: a model folder's graph, on the CPU, without PyTorch.

The other way behind the predictor's seam (`interface.Scorer`). Windows come in, raw scores per word go out, with the
encoder's states where they are asked for. How the graph was made is `train.graphs`' business.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelError
from ..windows import Window
from .devices import cpu_threads
from .graph_files import FINGERPRINT, WEIGHTS, fingerprint
from .padding import PaddedWindows, pad

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["OnnxScorer", "open_session"]

Floats = NDArray[np.float32]


class OnnxScorer:
    """Scores windows with a graph; one session may be used by several threads at once."""

    def __init__(self, session: "InferenceSession", pad_id: int = 0) -> None:
        self._session = session
        self._pad_id = pad_id

    def score(self, windows: Sequence[Window]) -> list[Floats]:
        """Raw tag scores (words, tags) of each window, padded to the longest of them for the computation."""
        padded = pad(windows, self._pad_id)
        return padded.by_window(self._run(["scores"], padded)[0])

    def score_with_states(self, windows: Sequence[Window]) -> tuple[list[Floats], list[Floats]]:
        """Raw tag scores (words, tags) of each window, and the encoder's last states (words, width)."""
        padded = pad(windows, self._pad_id)
        scores, states = self._run(["scores", "states"], padded)
        return padded.by_window(scores), padded.by_window(states)

    def _run(self, wanted: list[str], padded: PaddedWindows) -> list[Floats]:
        given = {"input_ids": padded.ids, "attention_mask": padded.mask, "first_subwords": padded.words}
        return [np.asarray(part) for part in self._session.run(wanted, given)]  # no copy: they are arrays


def open_session(graph: Path, threads: int | None = None) -> "InferenceSession":
    """Load a graph over the weights beside it; `threads` compute one batch, as many as there are processors if None.

    Raises ModelError for a graph that cannot be read, or was made for other weights.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or cpu_threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # The graph is written with the fused kernels that pay; the higher levels would only fuse what is faster apart.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    try:
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's own errors share no base class but Exception
        raise ModelError(f"{graph}: ONNX Runtime cannot load it ({_reason(error)}); {_AGAIN}") from error
    made_for = session.get_modelmeta().custom_metadata_map.get(FINGERPRINT)
    if made_for != fingerprint(graph.with_name(WEIGHTS)):
        raise ModelError(f"{graph}: was made for other weights than the {WEIGHTS} beside it; {_AGAIN}")
    return session


_AGAIN = "make it again with `rasid-train onnx MODEL`, or delete it to compute with PyTorch"


def _reason(error: Exception) -> str:
    """An error of ONNX Runtime without its codes and its line breaks."""
    return re.sub(r"\[ONNXRuntimeError\] : \d+ : ", "", " ".join(str(error).split()))[:200]
