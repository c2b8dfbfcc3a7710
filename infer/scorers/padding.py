"""Windows as arrays: what every way to compute is fed with."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..windows import Window

__all__ = ["PaddedWindows", "pad"]


@dataclass(frozen=True, slots=True)
class PaddedWindows:
    """Windows padded to the longest of them.

    `ids` and `mask` are (windows, subwords), the mask 1 on subwords and 0 on padding. `words` (all words of all
    windows) holds the place of each word's first subword in the two when they are laid out flat; `word_counts` says
    how many of them are each window's.
    """

    ids: NDArray[np.int64]
    mask: NDArray[np.int64]
    words: NDArray[np.int64]
    word_counts: list[int]

    def by_window(self, rows: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Rows of all words (words, …) as one array for each window."""
        parts: list[NDArray[np.float32]] = np.split(rows, np.cumsum(self.word_counts)[:-1])
        return parts


def pad(windows: Sequence[Window], pad_id: int) -> PaddedWindows:
    """Lay windows out as arrays; there must be one at least."""
    longest = max(len(window.subword_ids) for window in windows)
    ids = np.full((len(windows), longest), pad_id, dtype=np.int64)
    mask = np.zeros((len(windows), longest), dtype=np.int64)
    words = []
    for row, window in enumerate(windows):
        ids[row, : len(window.subword_ids)] = window.subword_ids
        mask[row, : len(window.subword_ids)] = 1
        words.append(np.asarray(window.first_subwords, dtype=np.int64) + row * longest)
    return PaddedWindows(ids, mask, np.concatenate(words), [len(window.first_subwords) for window in windows])
