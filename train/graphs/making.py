"""What `rasid-train onnx` does: writes a model folder's graphs, and keeps those that are as good as they must be.

The graph in fp32 is kept where it computes what PyTorch computes, the one in int8 where its spans score within
`MOST_LOST` of the former's on annotated articles. What was measured is recorded in the int8 graph.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ...infer.articles import Article
from ...infer.errors import ModelError
from ...infer.model_folder import find_model, read_info, read_tokenizer
from ...infer.predictor import Predictor
from ...infer.scorers.graph_files import GRAPH, INT8_GRAPH, MEASURED
from ...infer.scorers.with_onnx import OnnxScorer, open_session
from ..judging.scoring import SpanScores, score_spans
from .building import build_graph
from .calibration import activation_ranges, windows_of
from .checking import check_against_torch
from .writing import Range

__all__ = ["MOST_LOST", "Measured", "make_graph", "make_int8_graph"]

MOST_LOST = 0.3
"""F1 points (of 100) that int8 may lose."""

_CALIBRATION_WINDOWS = 128


@dataclass(frozen=True, slots=True)
class Measured:
    """Micro F1 (of 100) of spans by label and by family, in fp32 and in int8, and on what."""

    label_fp32: float
    label_int8: float
    family_fp32: float
    family_int8: float
    articles: int
    data: str
    calibration_windows: int
    calibration: str

    @property
    def lost(self) -> float:
        """The points that int8 loses, by label or by family, whichever is more."""
        return max(self.label_fp32 - self.label_int8, self.family_fp32 - self.family_int8)


def make_graph(model: str | Path | None) -> tuple[Path, float]:
    """Write model.onnx; its path, and the greatest difference from PyTorch's scores.

    Raises ModelError for an encoder without a graph, or a graph that computes something else.
    """
    folder = find_model(model)
    trial = _write(folder, None, {})
    try:
        apart = check_against_torch(folder, trial)
        trial.replace(folder / GRAPH)
    finally:
        trial.unlink(missing_ok=True)
    return folder / GRAPH, apart


def make_int8_graph(
    model: str | Path | None, calibration: Sequence[Article], data: Sequence[Article], names: tuple[str, str]
) -> tuple[Path, Measured]:
    """Write model.int8.onnx beside model.onnx; its path, and what was measured on `data`.

    `names` are what calibration articles and data are called in the record. Raises ModelError where int8 loses more
    than `MOST_LOST`; nothing is kept then.
    """
    folder = find_model(model)
    windows = windows_of(folder, calibration, _CALIBRATION_WINDOWS)
    if not windows or not data:
        raise ModelError(f"{folder}: int8 needs articles to calibrate with and to be measured on, found none")
    ranges = activation_ranges(folder, windows)
    trial = _write(folder, ranges, {})
    try:
        full, small = (_scores(folder, graph, data) for graph in (folder / GRAPH, trial))
        measured = Measured(
            label_fp32=round(100 * full.overall.f1, 2),
            label_int8=round(100 * small.overall.f1, 2),
            family_fp32=round(100 * full.family_overall.f1, 2),
            family_int8=round(100 * small.family_overall.f1, 2),
            articles=len(data),
            data=names[1],
            calibration_windows=len(windows),
            calibration=names[0],
        )
        if measured.lost > MOST_LOST:
            raise ModelError(
                f"{folder}: int8 loses {measured.lost:.2f} points of F1 on {measured.data} (by label "
                f"{measured.label_int8} for {measured.label_fp32}, by family {measured.family_int8} for "
                f"{measured.family_fp32}), {MOST_LOST} are allowed; no {INT8_GRAPH} is kept"
            )
        _write(folder, ranges, {MEASURED: json.dumps(asdict(measured))}).replace(folder / INT8_GRAPH)
    finally:
        trial.unlink(missing_ok=True)
    return folder / INT8_GRAPH, measured


def _write(folder: Path, ranges: dict[str, Range] | None, metadata: dict[str, str]) -> Path:
    """A graph under a name of its own: it can be loaded only from beside the weights."""
    path = folder / ".making.onnx"
    path.write_bytes(build_graph(folder, ranges, metadata).SerializeToString())
    return path


def _scores(folder: Path, graph: Path, data: Sequence[Article]) -> SpanScores:
    scorer = OnnxScorer(open_session(graph))
    predictor = Predictor(scorer, read_tokenizer(folder), read_info(folder))
    return score_spans(data, list(predictor.stream(article.without_annotation() for article in data)))
