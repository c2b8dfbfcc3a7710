"""Gathering the encoder's states of spans while an article streams by, word by word and in order.

Running sums over the words are all that is kept besides the spans themselves, so memory grows with the spans of an
article and not with its words. Where states and spans come from is `reading`'s business.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from .head import Floats, LinkHead, SpanVectors
from .pairs import Numbers

__all__ = ["SpanGatherer", "all_vectors", "gathered"]

Sums = NDArray[np.float64]

_MOST_WAITING = 512
"""Spans kept with their states; when there are more, they are made vectors of, which are smaller."""


@dataclass(frozen=True, slots=True)
class _Spans:
    """Some spans: first and last state and the sums of all states before and up to the end, (spans, states) each."""

    labels: list[str]
    first_words: Numbers
    end_words: Numbers
    first: Floats
    last: Floats
    before: Sums
    to: Sums


class SpanGatherer:
    """Takes the words of one article, with their states and the spans that begin among them, chunk by chunk.

    A span may go on into later chunks; `vectors` may be asked for when the last word of every span has been taken.
    """

    def __init__(self, head: LinkHead) -> None:
        self._head = head
        self._words = 0
        self._sum: Sums = np.zeros(head.states)  # of the states of all words so far
        self._open: _Spans | None = None  # the span that the last words are in: there is one at most
        self._waiting: list[_Spans] = []
        self._made: list[SpanVectors] = []

    def take(self, states: Floats, labels: Sequence[str], first_words: Numbers, end_words: Numbers) -> None:
        """The next words' states (words, states), and the spans that begin at one of them, in order.

        The words of an article are counted from 0, `end_words` are exclusive.
        """
        if not len(states):
            return
        start, stop = self._words, self._words + len(states)
        begun = self._begun(states, list(labels), first_words, end_words)
        cuts = np.unique(np.concatenate([[start], first_words, begun.end_words[begun.end_words < stop]]))
        pieces = np.add.reduceat(states, cuts - start, axis=0, dtype=np.float64)
        sums = self._sum + np.concatenate([np.zeros((1, states.shape[1])), pieces.cumsum(axis=0)])  # before each cut
        begun.before[len(begun.labels) - len(labels) :] = sums[np.searchsorted(cuts, first_words)]
        ended = int((begun.end_words <= stop).sum())
        ends = begun.end_words[:ended]
        begun.last[:ended] = states[ends - 1 - start]
        begun.to[:ended] = sums[np.searchsorted(cuts, ends)]
        if ended:
            self._waiting.append(_part(begun, slice(0, ended)))
        self._open = _part(begun, slice(ended, None)) if ended < len(begun.labels) else None
        self._words, self._sum = stop, sums[-1]
        if sum(len(spans.labels) for spans in self._waiting) > _MOST_WAITING:
            gathered([self])  # keeps what it makes

    def vectors(self) -> SpanVectors:
        """What was gathered of the spans, in the order in which they ended, which is that of the text."""
        return gathered([self])[0]

    def _begun(self, states: Floats, labels: list[str], first_words: Numbers, end_words: Numbers) -> _Spans:
        """The span that is open and those that begin, with room for what is not known of them yet."""
        number, width = len(labels), states.shape[1]
        room = np.zeros((number, width), dtype=np.float32), np.zeros((number, width)), np.zeros((number, width))
        spans = _Spans(labels, first_words, end_words, states[first_words - self._words], *room)
        return spans if self._open is None else _joined([self._open, spans])


def gathered(gatherers: Sequence[SpanGatherer]) -> list[SpanVectors]:
    """The `vectors` of several articles with one head, computed together: many small products take far longer."""
    head = gatherers[0]._head
    waiting = [spans for gatherer in gatherers for spans in gatherer._waiting]
    made = _vectors(head, _joined(waiting)) if waiting else None
    result, at = [], 0
    for gatherer in gatherers:
        number = sum(len(spans.labels) for spans in gatherer._waiting)
        parts = list(gatherer._made)
        if made is not None:
            parts.append(SpanVectors(*(getattr(made, name)[at : at + number] for name in _names(SpanVectors))))
        result.append(all_vectors(parts) if parts else _none(head.hidden))
        gatherer._waiting, gatherer._made = [], [result[-1]]
        at += number
    return result


def _vectors(head: LinkHead, spans: _Spans) -> SpanVectors:
    mean = (spans.to - spans.before) / (spans.end_words - spans.first_words)[:, None]
    source, target = head.represent(spans.first, spans.last, mean.astype(np.float32), spans.labels)
    return SpanVectors(source, target, head.project(spans.before), head.project(spans.to))


def all_vectors(parts: Sequence[SpanVectors]) -> SpanVectors:
    """Vectors of several articles or stretches, one after the other."""
    if len(parts) == 1:
        return parts[0]
    return SpanVectors(*(np.concatenate([getattr(one, name) for one in parts]) for name in _names(SpanVectors)))


def _names(kind: type[SpanVectors] | type[_Spans]) -> list[str]:
    return [field.name for field in fields(kind)]


def _none(width: int) -> SpanVectors:
    empty, sums = np.zeros((0, width), dtype=np.float32), np.zeros((0, width))
    return SpanVectors(empty, empty, sums, sums)


def _joined(parts: list[_Spans]) -> _Spans:
    labels = [label for part in parts for label in part.labels]
    return _Spans(labels, *(np.concatenate([getattr(part, name) for part in parts]) for name in _names(_Spans)[1:]))


def _part(spans: _Spans, rows: slice) -> _Spans:
    return _Spans(spans.labels[rows], *(getattr(spans, name)[rows] for name in _names(_Spans)[1:]))
