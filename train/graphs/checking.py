"""A graph held against PyTorch: the same windows through both, and how far apart the results are."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ...infer.errors import ModelError
from ...infer.model_folder import read_info
from ...infer.scorers.interface import StateScorer
from ...infer.scorers.with_onnx import OnnxScorer, open_session
from ...infer.windows import Window

__all__ = ["check_against_torch", "trial_windows"]

_TOLERANCE = 1e-3
_LENGTHS = (3, 40, 11)


def trial_windows(vocabulary: int, longest: int, seed: int = 0) -> list[Window]:
    """Windows of subwords drawn at random, of several lengths, the longest a model can read among them."""
    random = np.random.default_rng(seed)
    windows = []
    for length in (*(min(length, longest) for length in _LENGTHS), longest):
        ids = random.integers(0, vocabulary, length).tolist()
        firsts = list(range(1, length - 1)) or [0]
        windows.append(Window(0, ids, firsts, 0, len(firsts)))
    return windows


def check_against_torch(folder: Path, graph: Path) -> float:
    """The greatest difference of a score or state between a graph in fp32 and PyTorch.

    Raises ModelError where it is more than rounding explains: the model is a variant the graph does not cover.
    """
    from ...infer.scorers.with_torch import load_torch_scorer

    info = read_info(folder)
    torch_scorer = load_torch_scorer(folder, info.scheme, "cpu", "fp32")
    windows = trial_windows(torch_scorer.vocabulary, info.max_subwords)
    expected, found = _both(torch_scorer, windows), _both(OnnxScorer(open_session(graph)), windows)
    apart = max(float(np.abs(a - b).max()) for a, b in zip(expected, found, strict=True))
    size = max(float(np.abs(array).max()) for array in expected)
    if not apart <= _TOLERANCE * max(1.0, size):
        raise ModelError(
            f"{folder}: the graph's scores differ from PyTorch's by up to {apart:.2g} (expected at most "
            f"{_TOLERANCE * max(1.0, size):.2g}), so no graph is kept; the model is read by PyTorch"
        )
    return apart


def _both(scorer: StateScorer, windows: Sequence[Window]) -> list[np.ndarray]:
    scores, states = scorer.score_with_states(windows)
    return [*scores, *states]
