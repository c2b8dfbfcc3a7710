"""The link head while it is trained: `infer.links.head` in torch, and the tagger and the head as one module.

What the head computes and why is told there; this adds only drop-out and gradients, and takes its numbers for a batch
of windows at once. Which spans and pairs a window has is `link_examples`' business.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from ...infer.links.pairs import feature_sizes
from ...infer.scheme import Scheme
from ...infer.scorers.packing import to_device
from ..settings.run_config import LinksConfig

__all__ = ["LinkBatch", "LinkModule", "LinkedTagger"]

_LABEL_SIZE = 32


@dataclass(frozen=True, slots=True)
class LinkBatch:
    """The spans and pairs of a batch of windows, padded; whole numbers are int64.

    `words` (windows, subwords) is true at the first subword of a word; `first`, `last` and `labels` (windows, spans)
    are the first subword of a span's first and of its last word, and its label; `source` and `target`
    (windows, pairs) are spans, `features` (windows, pairs, features) those of `pairs`; `counts` and `gold`
    (windows, pairs, kinds) say whether a pair is learned for a link kind, and whether it is linked.
    """

    words: Tensor
    first: Tensor
    last: Tensor
    labels: Tensor
    source: Tensor
    target: Tensor
    features: Tensor
    counts: Tensor
    gold: Tensor

    def to(self, device: torch.device) -> "LinkBatch":
        """The same on a device; the host does not wait for the copies."""
        return LinkBatch(*(to_device(getattr(self, name), device) for name in self.__slots__))


class LinkModule(nn.Module):
    """The head's weights, named as in `links.safetensors`, for encoder states of width `states`."""

    def __init__(self, scheme: Scheme, states: int, config: LinksConfig) -> None:
        super().__init__()
        hidden, kinds = config.hidden, len(scheme.links)
        span = 3 * states + _LABEL_SIZE
        self.label = nn.Embedding(len(scheme.labels), _LABEL_SIZE)
        self.source = nn.Linear(span, hidden)
        self.target = nn.Linear(span, hidden)
        self.between = nn.Linear(states, hidden, bias=False)
        self.pair_source = nn.Linear(hidden, hidden, bias=False)
        self.pair_target = nn.Linear(hidden, hidden, bias=False)
        self.pair_bias = nn.Parameter(torch.zeros(hidden))
        self.features = nn.ModuleList(nn.Embedding(size, hidden) for size in feature_sizes(scheme))
        for embedding in self.features:
            nn.init.normal_(embedding.weight, std=0.1)  # type: ignore[arg-type]  # a ModuleList does not know its kind
        self.biaffine = nn.Parameter(0.01 * torch.randn(kinds, hidden, hidden))
        self.output = nn.Linear(hidden, kinds)
        self._of_states = nn.Dropout(config.dropout / 3)
        self._dropout = nn.Dropout(config.dropout)

    def forward(self, states: Tensor, batch: LinkBatch) -> Tensor:
        """Logits (windows, pairs, kinds) from the encoder's last states (windows, subwords, states)."""
        states = self._of_states(states)
        rows = torch.arange(len(states), device=states.device)[:, None]
        mean = _mean_of_words(states, batch.words, batch.first, batch.last + 1)
        span = torch.cat([states[rows, batch.first], states[rows, batch.last], mean, self.label(batch.labels)], dim=-1)
        source = self._dropout(functional.gelu(self.source(span), approximate="tanh"))  # (windows, spans, hidden)
        target = self._dropout(functional.gelu(self.target(span), approximate="tanh"))
        i, j = batch.source, batch.target
        left, right = torch.minimum(i, j), torch.maximum(i, j)
        between = _mean_of_words(
            self.between(states), batch.words, batch.last.gather(1, left) + 1, batch.first.gather(1, right)
        )
        layer = self.pair_source(source)[rows, i] + self.pair_target(target)[rows, j] + self.pair_bias + between
        for column, embedding in enumerate(self.features):
            layer = layer + embedding(batch.features[:, :, column])
        by_layer: Tensor = self.output(self._dropout(functional.gelu(layer, approximate="tanh")))
        # (windows, kinds, spans, spans): every source with every target, of which the pairs are taken
        asked = source[:, None] @ self.biaffine @ target[:, None].transpose(2, 3) / math.sqrt(source.shape[-1])
        scores: Tensor = by_layer + asked.permute(0, 2, 3, 1)[rows, i, j]
        return scores


class LinkedTagger(nn.Module):
    """A token classifier and a link head on its encoder, trained as one.

    `forward` gives the tag scores, and calls `spans` with them to learn which spans and pairs to score.
    """

    def __init__(self, tagger: Any, head: LinkModule) -> None:
        super().__init__()
        self.tagger = tagger
        self.head = head
        self.base_model_prefix = f"tagger.{tagger.base_model_prefix}"

    def forward(
        self, *, spans: Callable[[Tensor], LinkBatch], by_example: Callable[[Tensor], Tensor], **inputs: Any
    ) -> tuple[Tensor, Tensor, LinkBatch]:
        """Tag scores as the tagger gives them for `inputs`, link scores (windows, pairs, kinds) and what was scored.

        `by_example` makes (windows, subwords, …) of what the tagger computes, whose batch may be packed.
        """
        found = self.tagger(**inputs, output_hidden_states=True)
        batch = spans(by_example(found.logits.detach()))
        return found.logits, self.head(by_example(found.hidden_states[-1]), batch), batch


def _mean_of_words(states: Tensor, words: Tensor, start: Tensor, stop: Tensor) -> Tensor:
    """The mean state (windows, stretches, width) of the words from `start` to `stop`; zero where there is none."""
    at = torch.arange(states.shape[1], device=states.device)
    inside = (at >= start[:, :, None]) & (at < stop[:, :, None]) & words[:, None]  # (windows, stretches, subwords)
    share = inside / inside.sum(dim=-1, keepdim=True).clamp(min=1)
    return share.to(states.dtype) @ states
