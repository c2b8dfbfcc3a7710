"""The ranges of activations that int8 arithmetic covers, found on real articles.

Every matrix product of the encoder has what goes into it watched over the windows of the articles; the range kept is
the one that rounds and cuts those values with the least squared error, which for values with a few far outliers is
narrower than their extremes (R. Banner, Y. Nahshan, D. Soudry, "Post training 4-bit quantization of convolutional
networks", NeurIPS 2019, choose the clipping so too). The ranges are fixed then: a word's scores do not depend on what
is computed beside it.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...infer.articles import Article
from ...infer.model_folder import read_info, read_tokenizer
from ...infer.normalise import normal_forms
from ...infer.scorers.padding import pad
from ...infer.scorers.with_onnx import open_session
from ...infer.tokens import tokenize
from ...infer.windows import Window, iter_windows
from .building import products_of
from .writing import Range

__all__ = ["activation_ranges", "windows_of"]

_VALUES_OF_WINDOW = 8192
_SHARES = np.linspace(1.0, 0.2, 33)


def windows_of(folder: Path, articles: Iterable[Article], most: int) -> list[Window]:
    """The first windows of a model's reading of the articles, `most` of them."""
    info, tokenizer = read_info(folder), read_tokenizer(folder)
    windows = (
        window
        for article in articles
        for window in iter_windows(
            normal_forms(article.text, tokenize(article.text)), tokenizer, info.max_subwords, info.overlap_subwords
        )
    )
    return list(islice(windows, most))


def activation_ranges(folder: Path, windows: Sequence[Window], seed: int = 0) -> dict[str, Range]:
    """The range of what goes into each matrix product, by the name of the product's weight.

    Needs the folder to be writable: ONNX Runtime reads a graph over stored weights only from beside them.
    """
    graph, products = products_of(folder)
    path = folder / ".calibrating.onnx"
    path.write_bytes(graph.SerializeToString())
    try:
        session = open_session(path)
        names = sorted(set(products.values()))
        values: dict[str, list[NDArray[np.float32]]] = {name: [] for name in names}
        extremes: dict[str, list[float]] = {name: [0.0, 0.0] for name in names}
        random = np.random.default_rng(seed)
        for window in windows:
            padded = pad([window], 0)
            given = {"input_ids": padded.ids, "attention_mask": padded.mask, "first_subwords": padded.words}
            for name, found in zip(names, session.run(names, given), strict=True):
                flat = np.asarray(found).ravel()
                values[name].append(random.choice(flat, min(flat.size, _VALUES_OF_WINDOW), replace=False))
                low, high = extremes[name]
                extremes[name] = [min(low, float(flat.min())), max(high, float(flat.max()))]
    finally:
        path.unlink()
    ranges = {name: _best_range(np.concatenate(values[name]), *extremes[name]) for name in names}
    return {product: ranges[name] for product, name in products.items()}


def _best_range(values: NDArray[np.float32], low: float, high: float) -> Range:
    """The share of the extremes, at either end the same, that costs the least squared error."""
    candidates = [Range(low * float(share), high * float(share)) for share in _SHARES]
    return min(candidates, key=lambda candidate: _squared_error(values, candidate))


def _squared_error(values: NDArray[np.float32], candidate: Range) -> float:
    scale, zero = candidate.scale_and_zero()
    levels = np.clip(np.rint(values / np.float32(scale)) + zero, 0, 255)
    return float(np.square((levels - zero) * np.float32(scale) - values).mean())
