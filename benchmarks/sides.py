"""The sides of the prediction benchmark: each takes texts and gives spans, in its own way, on one model folder.

A side is made in a process of its own (`workers`), so its imports, thread pools and memory are nobody else's. One
that cannot run here raises UnavailableError with the reason, and its row says so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .others import gliner_side, pipeline_reader, sentence_side
from .predictors import Way, forget_words, load_predictor

__all__ = ["SIDES", "Reader", "Setting", "Side"]

Reader = Callable[[Sequence[str]], int]
"""Reads texts and gives the number of spans found."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a side is made for; `batch` is for sides that have a batch size."""

    folder: Path
    device: str = "cpu"
    threads: int = 1
    batch: int = 1


@dataclass(frozen=True, slots=True)
class Side:
    """One way to get from texts to spans; `ours` tells this package's from others'."""

    title: str
    make: Callable[[Setting], Reader]
    ours: bool = False


def _rasid(way: Way, spans_only: bool, setting: Setting) -> Reader:
    predictor = load_predictor(setting.folder, way, setting.device, spans_only=spans_only, threads=setting.threads)

    def read(texts: Sequence[str]) -> int:
        forget_words(predictor)
        return sum(len(article.spans) for article in predictor.stream(texts))

    return read


def _pipeline(setting: Setting) -> Reader:
    read = pipeline_reader(setting.folder, setting.device)
    return lambda texts: read(texts, setting.batch)


def _ours(title: str, way: Way, *, spans_only: bool = True) -> Side:
    return Side(title, partial(_rasid, way, spans_only), ours=True)


SIDES: Mapping[str, Side] = {
    "torch": _ours("Rasid, PyTorch fp32", Way("torch", "fp32")),
    "onnx": _ours("Rasid, ONNX Runtime fp32", Way("onnx", "fp32")),
    "int8": _ours("Rasid, ONNX Runtime int8", Way("onnx", "int8")),
    "bf16": _ours("Rasid, PyTorch bf16", Way("torch", "bf16")),
    "everything": _ours("Rasid as it comes, with links and claims", Way(), spans_only=False),
    "pipeline": Side("transformers pipeline, default (batch 1)", _pipeline),
    "pipeline-best": Side("transformers pipeline, best batch", _pipeline),
    "sentences": Side(
        "sentence by sentence, as CAMeL Tools", lambda setting: sentence_side(setting.folder, setting.device)
    ),
    "gliner": Side("GLiNER, same encoder, random weights", lambda setting: gliner_side(setting.folder, setting.device)),
}
"""The sides by the name they have on the command line."""
