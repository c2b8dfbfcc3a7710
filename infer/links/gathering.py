"""Gathering the encoder's states of spans while an article streams by, word by word and in order.

Running sums over the words are all that is kept besides the spans themselves, so memory grows with the spans of an
article and not with its words. Where states and spans come from is `reading`'s business.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ..articles import Span
from ..tokens import Token
from .head import Floats, LinkHead, SpanVectors

__all__ = ["SpanGatherer"]

Sums = NDArray[np.float64]


class SpanGatherer:
    """Takes the words of one article, with their states and the spans that begin among them, chunk by chunk.

    A span may go on into later chunks; `vectors` may be asked for when the last word of every span has been taken.
    """

    def __init__(self, head: LinkHead) -> None:
        self._head = head
        self._words = 0
        self._sum: Sums = np.zeros(head.states)
        self._projected: Sums = np.zeros(head.hidden)
        self._open: list[tuple[Span, Floats, int, Sums, Sums]] = []  # first state, word and both sums before the span
        self._source: list[Floats] = []
        self._target: list[Floats] = []
        self._before: list[Sums] = []
        self._to: list[Sums] = []

    def take(self, tokens: Sequence[Token], states: Floats, spans: Iterable[Span]) -> None:
        """The next words with their states (words, states), and the spans that begin at one of them, in order."""
        if not tokens:
            return
        sums = np.concatenate([self._sum[None], states.astype(np.float64)]).cumsum(axis=0)
        projected = np.concatenate([self._projected[None], self._head.project(states)]).cumsum(axis=0)
        starts = {token.start_char: number for number, token in enumerate(tokens)}
        ends = {token.end_char: number for number, token in enumerate(tokens)}
        for span in spans:
            first = starts[span.start_char]
            self._open.append((span, states[first], self._words + first, sums[first], projected[first]))
        done = [entry for entry in self._open if entry[0].end_char in ends]
        self._open = [entry for entry in self._open if entry[0].end_char not in ends]
        if done:
            self._close(done, [ends[span.end_char] for span, *_ in done], states, sums, projected)
        self._words += len(tokens)
        self._sum, self._projected = sums[-1], projected[-1]

    def vectors(self) -> SpanVectors:
        """What was gathered of the spans, in the order in which they ended, which is that of the text."""
        width = self._head.hidden
        return SpanVectors(
            source=np.concatenate([np.zeros((0, width), dtype=np.float32), *self._source]),
            target=np.concatenate([np.zeros((0, width), dtype=np.float32), *self._target]),
            before=np.concatenate([np.zeros((0, width)), *self._before]),
            to=np.concatenate([np.zeros((0, width)), *self._to]),
        )

    def _close(
        self,
        done: list[tuple[Span, Floats, int, Sums, Sums]],
        lasts: list[int],
        states: Floats,
        sums: Sums,
        projected: Sums,
    ) -> None:
        spans, firsts, words, sums_before, before = zip(*done, strict=True)
        last = np.asarray(lasts)
        length = self._words + last + 1 - np.asarray(words)
        mean = (sums[last + 1] - np.stack(sums_before)) / length[:, None]
        source, target = self._head.represent(
            np.stack(firsts), states[last], mean.astype(np.float32), [span.label for span in spans]
        )
        self._source.append(source)
        self._target.append(target)
        self._before.append(np.stack(before))
        self._to.append(projected[last + 1])
