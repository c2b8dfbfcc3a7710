"""Our own side in each way it can compute: engine, precision and device, with or without links and facts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rasid.infer import Predictor, RasidError
from rasid.infer.model_folder import read_info, read_tokenizer

__all__ = ["UnavailableError", "Way", "engine_of", "forget_words", "load_predictor"]


class UnavailableError(Exception):
    """A side that cannot be measured here; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Way:
    """How the encoder is computed; "auto" is what a user gets who asks for nothing."""

    engine: Literal["auto", "torch", "onnx"] = "auto"
    precision: Literal["auto", "fp32", "bf16", "int8"] = "auto"


def load_predictor(folder: Path, way: Way, device: str, *, spans_only: bool, threads: int | None = None) -> Predictor:
    """Our predictor computing in one way; UnavailableError if this model or machine does not offer it."""
    try:
        if not spans_only and way.engine != "torch":
            predictor = Predictor.load(folder, device=device, precision=way.precision, threads=threads)
        else:
            predictor = Predictor(_scorer(folder, way, device, threads), read_tokenizer(folder), read_info(folder))
    except RasidError as error:
        raise UnavailableError(str(error)) from error
    if way.engine == "onnx" and engine_of(predictor) != "onnx":
        raise UnavailableError(f"{folder.name} has no graph for ONNX Runtime")
    return predictor


def engine_of(predictor: Predictor) -> Literal["torch", "onnx"]:
    """What a predictor's scores are computed by."""
    return "onnx" if "onnx" in type(vars(predictor)["_scorer"]).__module__ else "torch"


def forget_words(predictor: Predictor) -> None:
    """Empty what a predictor remembers of words it has met: a text that is read twice must not be cheaper then."""
    from rasid.infer.normalise import normal_form

    normal_form.cache_clear()
    vars(vars(predictor)["_cutter"])["_known"].clear()


def _scorer(folder: Path, way: Way, device: str, threads: int | None) -> Any:
    """What computes the scores: PyTorch where it is asked for, also where the folder has a graph."""
    scheme = read_info(folder).scheme
    if way.engine == "torch":
        from rasid.infer.scorers.with_torch import load_torch_scorer

        return load_torch_scorer(folder, scheme, device, "bf16" if way.precision == "bf16" else "fp32")
    from rasid.infer.scorers.choosing import load_scorer

    return load_scorer(folder, scheme, device, way.precision, threads)
