"""Whole-word masking of packed sequences.

About 15 % of the subwords are chosen, whole words at a time; of the chosen words 80 % become [MASK], 10 % random
subwords, 10 % stay. Source: J. Devlin et al., BERT, NAACL 2019, with its later whole-word masking.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

__all__ = ["MaskedBatch", "Masker"]


@dataclass(frozen=True, slots=True)
class MaskedBatch:
    """What a step trains on.

    `input_ids` (batch, subwords); `positions` (chosen,) index the flattened batch; `targets` (chosen,) are the
    subwords that stood there.
    """

    input_ids: NDArray[np.int64]
    positions: NDArray[np.int64]
    targets: NDArray[np.int64]


class Masker:
    """Masks batches for one tokenizer; every choice comes from the generator it is given."""

    def __init__(self, tokenizer: Tokenizer, share: float) -> None:
        vocabulary = tokenizer.get_vocab()
        self._share = share
        self._size = tokenizer.get_vocab_size()
        self._mask, self._cls, self._sep = (vocabulary[token] for token in ("[MASK]", "[CLS]", "[SEP]"))
        self._continues = np.zeros(self._size, dtype=bool)
        self._maskable = np.ones(self._size, dtype=bool)
        for token, number in vocabulary.items():
            self._continues[number] = token.startswith("##")
        self._maskable[[vocabulary[t] for t in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")]] = False

    def batch(self, bodies: NDArray[np.int32], generator: np.random.Generator) -> MaskedBatch:
        """Wrap bodies (batch, subwords - 2) in [CLS] and [SEP] and mask them."""
        rows, body = bodies.shape
        ids = np.empty((rows, body + 2), dtype=np.int64)
        ids[:, 0], ids[:, 1:-1], ids[:, -1] = self._cls, bodies, self._sep
        flat = ids.reshape(-1)
        begins = ~self._continues[flat]
        begins.reshape(rows, -1)[:, 1] = True  # the rest of a word cut by the sequence's start counts as one
        word = np.cumsum(begins) - 1
        chosen_words = generator.random(word[-1] + 1) < self._share
        chosen = chosen_words[word] & self._maskable[flat]
        positions = np.flatnonzero(chosen)
        targets = flat[positions].copy()
        fate = generator.random(word[-1] + 1)[word[positions]]
        replaced = np.where(fate < 0.8, self._mask, targets)
        swapped = (fate >= 0.8) & (fate < 0.9)
        replaced[swapped] = generator.integers(0, self._size, int(swapped.sum()))
        flat[positions] = replaced
        return MaskedBatch(ids, positions, targets)
