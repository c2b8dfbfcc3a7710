"""How good links are on dev given its gold spans, and what is fitted to them at the end of a run.

Each link kind gets a temperature, which makes the head's scores mean what they say, and the threshold with the best F1;
then the head or the rules, whichever does better, is chosen for it. How a head is trained is not known here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ...infer.articles import Article
from ...infer.links.choosing import KindSettings, Linker, LinkSettings
from ...infer.links.head import LinkHead
from ...infer.model_folder import ModelInfo
from ...infer.predictor import Predictor
from ...infer.scorers.interface import StateScorer
from ..judging.scoring import Counts
from .calibration import least
from .link_module import LinkModule

__all__ = ["count_links", "fit_links", "head_of", "total", "unfitted_linker"]

_THRESHOLDS = np.round(np.arange(0.10, 0.901, 0.05), 2)
_LOWEST, _HIGHEST = 0.2, 10.0
_TOLERANCE = 0.01
_EXTREME = 1e-6


@dataclass(frozen=True, slots=True)
class _Scored:
    """All pairs of one kind on dev: their scores, which are right, and how many links there are to find."""

    scores: NDArray[np.float64]
    right: NDArray[np.bool_]
    gold: int

    def counts(self, threshold: float) -> Counts:
        found = self.scores >= threshold
        tp = int((found & self.right).sum())
        return Counts(tp, int(found.sum()) - tp, self.gold - tp)


def head_of(module: LinkModule, info: ModelInfo) -> LinkHead:
    """A head in training as it stands, to predict with."""
    return LinkHead(
        {name: tensor.detach().cpu().float().numpy() for name, tensor in module.state_dict().items()}, info.scheme
    )


def unfitted_linker(head: LinkHead, info: ModelInfo, reach_words: int, threshold: float = 0.5) -> Linker:
    """A linker that takes every kind from the head, at one threshold and without calibration."""
    kinds = {kind.name: KindSettings("head", 1.0, threshold) for kind in info.scheme.links}
    return Linker(info.scheme, head, LinkSettings(reach_words, kinds))


def count_links(gold: Sequence[Article], linked: Sequence[Article]) -> dict[str, Counts]:
    """The counts of each link kind over articles whose links were found between their gold spans."""
    kinds = [kind.name for kind in gold[0].scheme.links]
    found, wanted = ([_ends(article) for article in articles] for articles in (linked, gold))
    counts: dict[str, Counts] = {}
    for kind in kinds:
        pairs = [
            ({ends for ends in ours if ends[0] == kind}, {ends for ends in theirs if ends[0] == kind})
            for ours, theirs in zip(wanted, found, strict=True)
        ]
        counts[kind] = Counts(
            sum(len(ours & theirs) for ours, theirs in pairs),
            sum(len(theirs - ours) for ours, theirs in pairs),
            sum(len(ours - theirs) for ours, theirs in pairs),
        )
    return counts


def total(counts: dict[str, Counts]) -> Counts:
    """All kinds together."""
    return Counts(*(sum(getattr(count, name) for count in counts.values()) for name in ("tp", "fp", "fn")))


def fit_links(
    scorer: StateScorer,
    tokenizer: Tokenizer,
    info: ModelInfo,
    head: LinkHead,
    reach_words: int,
    dev: Sequence[Article],
) -> LinkSettings:
    """Temperature, threshold and finder of each kind, and how the head and the rules do on dev given its spans.

    A kind of which dev has no link keeps what it has before fitting.
    """
    everything = Predictor(scorer, tokenizer, info, linker=unfitted_linker(head, info, reach_words, threshold=_EXTREME))
    scored = list(everything.stream_links(dev))
    rules = Linker(info.scheme)
    by_rules = count_links(dev, [replace(article, links=rules.links(article, None)) for article in dev])
    kinds: dict[str, KindSettings] = {}
    measured: dict[str, Any] = {}
    for kind in (kind.name for kind in info.scheme.links):
        pairs = _scored(kind, dev, scored)
        temperature = _temperature(pairs) if pairs.right.any() else 1.0
        tempered = replace(pairs, scores=_tempered(pairs.scores, temperature))
        threshold = _threshold(tempered) if pairs.right.any() else 0.5
        counts = {"head": tempered.counts(threshold), "rules": by_rules[kind]}
        by = "rules" if counts["rules"].f1 > counts["head"].f1 else "head"
        kinds[kind] = KindSettings("rules" if by == "rules" else "head", temperature, threshold)
        measured[kind] = {"gold": pairs.gold} | {who: _rates(count) for who, count in counts.items()}
    return LinkSettings(reach_words, kinds, {"dev given gold spans": measured})


def _scored(kind: str, gold: Sequence[Article], scored: Sequence[Article]) -> _Scored:
    scores: list[float] = []
    right: list[bool] = []
    wanted = 0
    for ours, theirs in zip(gold, scored, strict=True):
        ends = {end for end in _ends(ours) if end[0] == kind}
        wanted += len(ends)
        for link in theirs.links:
            if link.kind == kind:
                scores.append(link.score or 0.0)
                right.append((link.kind, link.source, link.target) in ends)
    return _Scored(np.array(scores), np.array(right, dtype=np.bool_), wanted)


def _ends(article: Article) -> set[tuple[str, str, str]]:
    return {(link.kind, link.source, link.target) for link in article.links}


def _temperature(pairs: _Scored) -> float:
    def loss(log_temperature: float) -> float:
        scores = np.clip(_tempered(pairs.scores, math.exp(log_temperature)), _EXTREME, 1.0 - _EXTREME)
        return float(-np.log(np.where(pairs.right, scores, 1.0 - scores)).mean())

    return math.exp(least(loss, math.log(_LOWEST), math.log(_HIGHEST), _TOLERANCE))


def _tempered(scores: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    inside = np.clip(scores, _EXTREME, 1.0 - _EXTREME)
    result: NDArray[np.float64] = 1.0 / (1.0 + ((1.0 - inside) / inside) ** (1.0 / temperature))
    return result


def _threshold(pairs: _Scored) -> float:
    """The threshold with the best F1; of equals, the one nearest to one half."""
    return float(max(_THRESHOLDS, key=lambda threshold: (pairs.counts(threshold).f1, -abs(threshold - 0.5))))


def _rates(counts: Counts) -> dict[str, float]:
    return {name: round(getattr(counts, name), 4) for name in ("precision", "recall", "f1")}
