"""What is near a place: on the earth, for many places of an article at once, and in the text of its paragraph.

One product of unit vectors tells which place is nearest, in blocks, so that a book with thousands of names neither
fills the memory nor is walked name by name; only the distance to that one is computed. What nearness is worth is left
to `ranking`.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ..articles import Span
from .entries import distance_km

__all__ = ["PlacesBeside", "nearest_km"]

Point = tuple[float, float]
_MOST_BESIDE = 100
"""Places of a paragraph asked on either side of one without coordinates; a paragraph of news names a few."""
_BLOCK = 512
_NOWHERE = -2.0
"""Less than any cosine."""


def nearest_km(
    points: Sequence[Point], owners: Sequence[int], others: Sequence[Point], other_owners: Sequence[int]
) -> list[float | None]:
    """For each point (latitude, longitude; degrees) the distance to the nearest of the others that is not its owner's.

    `owners` and `other_owners` are the numbers of the names that points belong to, those of the others ascending, no
    two alike. None where nothing else is there.
    """
    if not others:
        return [None] * len(points)
    there = _unit_vectors(others).T
    taken = np.array(other_owners)
    found: list[float | None] = []
    for start in range(0, len(points), _BLOCK):
        block, block_owners = points[start : start + _BLOCK], np.array(owners[start : start + _BLOCK])
        cosines = _unit_vectors(block) @ there  # (points of the block, others)
        own = np.minimum(np.searchsorted(taken, block_owners), len(taken) - 1)
        rows = np.flatnonzero(taken[own] == block_owners)
        cosines[rows, own[rows]] = _NOWHERE
        best = cosines.argmax(axis=1)
        there_is_one = cosines[np.arange(len(block)), best] > _NOWHERE
        for point, at, is_there in zip(block, best.tolist(), there_is_one.tolist(), strict=True):
            found.append(distance_km(point, others[at]) if is_there else None)
    return found


def _unit_vectors(points: Sequence[Point]) -> NDArray[np.float64]:
    """Points on the unit sphere (points, 3)."""
    latitude, longitude = np.radians(np.array(points, dtype=np.float64)).T
    parallel = np.cos(latitude)
    return np.column_stack([parallel * np.cos(longitude), parallel * np.sin(longitude), np.sin(latitude)])


class PlacesBeside:
    """Which of some places of an article are named in the paragraph of a span."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self._places = spans
        self._starts = [span.start_char for span in self._places]
        self._breaks = [at for at, letter in enumerate(text) if letter == "\n"]
        self._end = len(text)

    def nearest_first(self, span: Span) -> Iterator[str]:
        """Their ids, the nearest first, no more than `_MOST_BESIDE` on either side."""
        line, last = bisect_left(self._breaks, span.start_char), bisect_left(self._breaks, span.end_char)
        start = self._breaks[line - 1] + 1 if line else 0
        end = self._breaks[last] if last < len(self._breaks) else self._end
        at = bisect_left(self._starts, span.start_char)
        first = max(bisect_left(self._starts, start), at - _MOST_BESIDE)
        stop = min(bisect_left(self._starts, end), at + _MOST_BESIDE)
        near = (other for other in self._places[first:stop] if other.id != span.id)
        yield from (other.id for other in sorted(near, key=lambda other: abs(other.start_char - span.start_char)))
