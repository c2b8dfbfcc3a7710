"""The link head at prediction time: from what an encoder makes of the spans to a score for each pair and link kind.

A span is its first and last word, the mean of its words and its label, projected once as a source and once as a target.
A pair is scored by a biaffine form over the two, and by a hidden layer that also sees the mean of the words between
them and the features of `pairs`. Source of the form: T. Dozat, C. Manning, "Deep Biaffine Attention", ICLR 2017.

Everything is numpy over the weights in `links.safetensors`, so it serves whatever computes the encoder. Which spans
and pairs there are, and which scores are good enough, is not known here; `train.tuning.link_module` is the same
function in torch, and a test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelError
from ..scheme import Scheme
from .pairs import Numbers, Pairs, SpanPlaces, feature_sizes

__all__ = ["WEIGHTS", "LinkHead", "SpanVectors", "load_link_head", "weight_shapes"]

Floats = NDArray[np.float32]

WEIGHTS = "links.safetensors"
"""The head's weights in a model folder."""

_PAIR_BLOCK = 8192


@dataclass(frozen=True, slots=True)
class SpanVectors:
    """What is kept of the encoder's states for each span of an article, in the order of the text.

    `source` and `target` (spans, hidden) are the span at either end of a link. `before` and `to` (spans, hidden) are
    sums of the projected states of all words of the article before the span, and up to its end: the words between
    two spans are their difference, so nothing is kept of words outside spans.
    """

    source: Floats
    target: Floats
    before: NDArray[np.float64]
    to: NDArray[np.float64]


def weight_shapes(scheme: Scheme, states: int, hidden: int, label_size: int) -> dict[str, tuple[int, ...]]:
    """The name and shape of each weight for encoder states of width `states`."""
    kinds, labels = len(scheme.links), len(scheme.labels)
    span = 3 * states + label_size
    return {
        "label.weight": (labels, label_size),
        "source.weight": (hidden, span),
        "source.bias": (hidden,),
        "target.weight": (hidden, span),
        "target.bias": (hidden,),
        "between.weight": (hidden, states),
        "pair_source.weight": (hidden, hidden),
        "pair_target.weight": (hidden, hidden),
        "pair_bias": (hidden,),
        **{f"features.{n}.weight": (size, hidden) for n, size in enumerate(feature_sizes(scheme))},
        "biaffine": (kinds, hidden, hidden),
        "output.weight": (kinds, hidden),
        "output.bias": (kinds,),
    }


class LinkHead:
    """Scores pairs with given weights (see `weight_shapes`); ModelError for weights of another scheme or shape."""

    def __init__(self, weights: Mapping[str, NDArray[np.generic]], scheme: Scheme) -> None:
        try:
            hidden, self.states = weights["between.weight"].shape
            expected = weight_shapes(scheme, self.states, hidden, weights["label.weight"].shape[1])
        except (KeyError, ValueError, IndexError) as error:
            raise ModelError(f"these are not the weights of a link head ({type(error).__name__} {error})") from error
        for name, shape in expected.items():
            found = weights[name].shape if name in weights else None
            if found != shape:
                raise ModelError(
                    f"weight {name} of the link head: scheme {scheme.name!r} needs {shape}, found {found or 'none'}"
                )
        self.hidden = hidden
        self._scheme = scheme
        self._weights = {name: np.asarray(weights[name], dtype=np.float32) for name in expected}
        self._between_weight = self._weights["between.weight"].T.astype(np.float64)
        self._label = {label: number for number, label in enumerate(scheme.label_names)}

    def project(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sums of the states of words (sums, states) as they count between spans, (sums, hidden).

        Projecting is linear, so sums are projected and not every word; in float64, for differences of sums over a
        long article are taken.
        """
        projected: NDArray[np.float64] = sums @ self._between_weight
        return projected

    def represent(self, first: Floats, last: Floats, mean: Floats, labels: list[str]) -> tuple[Floats, Floats]:
        """Spans as sources and as targets, (spans, hidden) each, from states (spans, states) and labels."""
        label = self._weights["label.weight"][[self._label[name] for name in labels]]
        span = np.concatenate([first, last, mean, label], axis=1)
        return self._side("source", span), self._side("target", span)

    def logits(self, vectors: SpanVectors, places: SpanPlaces, pairs: Pairs) -> Floats:
        """The score of each pair for each link kind, (pairs, kinds), before a sigmoid.

        Pairs stand in the order of their sources. A score for a kind that may not join a pair means nothing.
        """
        weights = self._weights
        source, target = (
            vectors.source @ weights["pair_source.weight"].T,
            vectors.target @ weights["pair_target.weight"].T,
        )
        biaffine = weights["biaffine"] / np.sqrt(np.float32(self.hidden))
        result = np.zeros((len(pairs), len(self._scheme.links)), dtype=np.float32)
        for start in range(0, len(pairs), _PAIR_BLOCK):
            block = slice(start, start + _PAIR_BLOCK)
            i, j = pairs.source[block], pairs.target[block]
            layer = source[i] + target[j] + weights["pair_bias"] + self._between(vectors, places, i, j)
            for number, column in enumerate(pairs.features[block].T):
                layer += weights[f"features.{number}.weight"][column]
            scores = _gelu(layer.astype(np.float32, copy=False)) @ weights["output.weight"].T + weights["output.bias"]
            low, high = int(i.min()), int(i.max()) + 1
            asked = vectors.source[low:high] @ biaffine  # (kinds, spans, hidden): what each source asks of a target
            wanted = vectors.target[j]
            for kind in range(result.shape[1]):
                may = np.flatnonzero(pairs.allowed[block, kind])
                scores[may, kind] += np.einsum("ph,ph->p", asked[kind][i[may] - low], wanted[may])
            result[block] = scores
        return result

    def _side(self, side: str, span: Floats) -> Floats:
        inside: Floats = span @ self._weights[f"{side}.weight"].T + self._weights[f"{side}.bias"]
        return _gelu(inside)

    def _between(self, vectors: SpanVectors, places: SpanPlaces, source: Numbers, target: Numbers) -> Floats:
        """The mean of the projected words between two spans (pairs, hidden); zero where there is none."""
        left, right = np.minimum(source, target), np.maximum(source, target)
        words = places.first_word[right] - places.end_word[left]
        mean = (vectors.before[right] - vectors.to[left]) / np.maximum(words, 1)[:, None]
        mean[words == 0] = 0.0
        result: Floats = mean.astype(np.float32)
        return result


def load_link_head(folder: Path, scheme: Scheme) -> LinkHead | None:
    """The link head of a model folder, None if it has none; ModelError for weights that do not fit the scheme."""
    path = folder / WEIGHTS
    if not path.exists():
        return None
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return LinkHead(load_file(path), scheme)
    except (OSError, SafetensorError, KeyError) as error:
        raise ModelError(f"{path}: cannot be read as safetensors ({error})") from error
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error


def _gelu(value: Floats) -> Floats:
    """GELU by its tanh form, as in training."""
    inside = np.float32(0.7978845608) * (value + np.float32(0.044715) * value * value * value)
    result: Floats = (np.float32(0.5) * value * (np.float32(1.0) + np.tanh(inside))).astype(np.float32)
    return result
