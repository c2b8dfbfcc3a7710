"""Which predicted span stands for which gold span: the one-to-one matching all scores and reports rest on.

The matching looks at offsets, labels and families of two flat span sequences over the same text. Counting,
averaging and showing what it found is left to others.
"""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from ...infer.articles import Span

__all__ = ["Outcome", "Pair", "match_spans"]


class Outcome(Enum):
    """What became of a span: right, or one of the five ways to be wrong."""

    CORRECT = "correct"
    MISSED = "missed"
    SPURIOUS = "spurious"
    WRONG_LABEL = "wrong-label"
    WRONG_EDGE = "wrong-edge"
    WRONG_BOTH = "wrong-both"


class Pair(NamedTuple):
    """A gold span and the predicted span matched with it; None where one of them stands alone."""

    gold: Span | None
    predicted: Span | None

    @property
    def outcome(self) -> Outcome:
        """How the two differ."""
        gold, predicted = self
        if gold is None:
            return Outcome.SPURIOUS
        if predicted is None:
            return Outcome.MISSED
        if gold.start_char == predicted.start_char and gold.end_char == predicted.end_char:
            return Outcome.CORRECT if gold.label == predicted.label else Outcome.WRONG_LABEL
        return Outcome.WRONG_EDGE if gold.label == predicted.label else Outcome.WRONG_BOTH


def match_spans(gold: Sequence[Span], predicted: Sequence[Span]) -> list[Pair]:
    """Match two flat span sequences of one text, each sorted by offset, one to one.

    Two spans may be matched when they share a character of their half-open offsets. Spans with the same offsets
    are always matched: being flat, they touch nothing else. Where several overlap, the matching chosen has the
    most pairs with one label, then the most with one family, then the most pairs, then the most shared
    characters. Returns every span once, gold spans and predicted ones each in order; linear in the number of spans.
    """
    pairs: list[Pair] = []
    g = p = 0
    while g < len(gold) and p < len(predicted):
        ours, theirs = gold[g], predicted[p]
        if ours.end_char <= theirs.start_char:
            pairs.append(Pair(ours, None))
            g += 1
        elif theirs.end_char <= ours.start_char:
            pairs.append(Pair(None, theirs))
            p += 1
        elif ours.start_char == theirs.start_char and ours.end_char == theirs.end_char:
            pairs.append(Pair(ours, theirs))
            g += 1
            p += 1
        else:
            edges = _overlaps(gold, predicted, g, p)
            pairs.extend(_match_overlapping(gold, predicted, edges))
            g, p = edges[-1][0] + 1, edges[-1][1] + 1
    pairs.extend(Pair(span, None) for span in gold[g:])
    pairs.extend(Pair(None, span) for span in predicted[p:])
    return pairs


def _overlaps(gold: Sequence[Span], predicted: Sequence[Span], g: int, p: int) -> list[tuple[int, int]]:
    """The overlapping (gold, predicted) positions that hang together with (g, p), which overlap.

    Each step moves on in one of the two sequences only, so the positions form a staircase.
    """
    edges = [(g, p)]
    while True:
        if g + 1 < len(gold) and gold[g + 1].start_char < predicted[p].end_char:
            g += 1
        elif p + 1 < len(predicted) and predicted[p + 1].start_char < gold[g].end_char:
            p += 1
        else:
            return edges
        edges.append((g, p))


_Weight = tuple[int, int, int, int]
_NOTHING: _Weight = (0, 0, 0, 0)


def _match_overlapping(gold: Sequence[Span], predicted: Sequence[Span], edges: Sequence[tuple[int, int]]) -> list[Pair]:
    """The best matching within one staircase of overlaps, by dynamic programming over its steps.

    `best[t]` is the weight of the best matching that uses the first `t` steps only. A step shares a span with
    every step of the run (same gold span, or same predicted span) that it ends, and with none before that run.
    """
    best: list[_Weight] = [_NOTHING]
    before: list[int] = []
    run_start, run_axis = 0, None
    for t, (g, p) in enumerate(edges):
        if t:
            axis = 0 if edges[t - 1][0] == g else 1
            if axis != run_axis:
                run_start, run_axis = t - 1, axis
        before.append(run_start)
        taken = _add(best[run_start], _weigh(gold[g], predicted[p]))
        best.append(max(best[t], taken))
    chosen: list[tuple[int, int]] = []
    t = len(edges)
    while t:
        if best[t] == best[t - 1]:
            t -= 1
        else:
            chosen.append(edges[t - 1])
            t = before[t - 1]
    pairs: list[Pair] = []
    g, p = edges[0]
    for matched_g, matched_p in (*reversed(chosen), (edges[-1][0] + 1, edges[-1][1] + 1)):
        alone = [Pair(span, None) for span in gold[g:matched_g]]
        alone += [Pair(None, span) for span in predicted[p:matched_p]]
        pairs += sorted(alone, key=_start)
        if matched_g <= edges[-1][0]:
            pairs.append(Pair(gold[matched_g], predicted[matched_p]))
        g, p = matched_g + 1, matched_p + 1
    return pairs


def _weigh(gold: Span, predicted: Span) -> _Weight:
    shared_chars = min(gold.end_char, predicted.end_char) - max(gold.start_char, predicted.start_char)
    return (int(gold.label == predicted.label), int(gold.family == predicted.family), 1, shared_chars)


def _add(a: _Weight, b: _Weight) -> _Weight:
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3])


def _start(pair: Pair) -> int:
    return min(span.start_char for span in pair if span is not None)
