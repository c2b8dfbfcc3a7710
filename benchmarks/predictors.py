"""Our own side in each way it can compute: engine, precision and device, with or without links and facts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from rasid.infer import Predictor, RasidError
from rasid.infer.model_folder import read_info, read_tokenizer

__all__ = ["Unavailable", "Way", "engine_of", "load_predictor"]


class Unavailable(Exception):
    """A side that cannot be measured here; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Way:
    """How the encoder is computed; "auto" is what a user gets who asks for nothing."""

    engine: Literal["auto", "torch", "onnx"] = "auto"
    precision: Literal["auto", "fp32", "bf16", "int8"] = "auto"


def load_predictor(folder: Path, way: Way, device: str, *, spans_only: bool) -> Predictor:
    """Our predictor computing in one way; Unavailable if this model or machine does not offer it."""
    try:
        if way.engine == "torch":
            return _with_torch(folder, way, device)
        predictor = Predictor.load(folder, device=device, precision=cast(Any, way.precision))
    except RasidError as error:
        raise Unavailable(str(error)) from error
    if way.engine == "onnx" and engine_of(predictor) != "onnx":
        raise Unavailable(f"{folder.name} has no graph for ONNX Runtime")
    parts = vars(predictor)
    return Predictor(parts["_scorer"], parts["_tokenizer"], predictor.info) if spans_only else predictor


def engine_of(predictor: Predictor) -> Literal["torch", "onnx"]:
    """What a predictor's scores are computed by."""
    return "onnx" if "onnx" in type(vars(predictor)["_scorer"]).__module__ else "torch"


def _with_torch(folder: Path, way: Way, device: str) -> Predictor:
    """Spans alone, by PyTorch, also where the folder has a graph."""
    from rasid.infer.scorers.with_torch import load_torch_scorer

    info = read_info(folder)
    scorer = load_torch_scorer(folder, info.scheme, device, cast(Any, way.precision))
    return Predictor(scorer, read_tokenizer(folder), info)
