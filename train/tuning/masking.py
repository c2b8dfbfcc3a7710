"""Word masking: the model reads some words of each example as [MASK] and must tag them from what stands around.

A few hundred articles hold few names; a model that may not always see the name learns how names are introduced. The
pre-trained encoder knows [MASK] already. Which words are hidden is a function of the generator alone.
"""

from collections.abc import Sequence

import numpy as np

from .examples import IGNORED, Example

__all__ = ["mask_words"]


def mask_words(
    examples: Sequence[Example], share: float, mask_id: int, generator: np.random.Generator
) -> list[Example]:
    """The examples with each learned word hidden with probability `share`, all its subwords replaced by `mask_id`.

    A word is its first subword (the one with a tag) and those after it up to the next tag or special token; words
    that only give context are left as they are.
    """
    return [_masked(example, share, mask_id, generator) for example in examples]


def _masked(example: Example, share: float, mask_id: int, generator: np.random.Generator) -> Example:
    first = example.tags != IGNORED  # (subwords,)
    words = np.cumsum(first)  # 0 before the first learned word, then the number of the word
    hidden = np.concatenate([[False], generator.random(int(words[-1])) < share]) if len(words) else first
    chosen = hidden[words]
    # What follows the last learned word may be another window's context or the end, so only its first subword goes.
    last = np.flatnonzero(first)[-1:] if first.any() else np.zeros(0, dtype=np.int64)
    if len(last):
        chosen[int(last[0]) + 1 :] = False
    ids = np.where(chosen, mask_id, example.subword_ids)
    return Example(ids, example.tags)
