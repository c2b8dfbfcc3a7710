"""Perplexity and masked accuracy on held-out documents, always with the same masks."""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from .masking import Masker
from .model import MaskedLanguageModel
from .store import TokenStore

__all__ = ["HeldOutScore", "score_held_out"]

_SEED = 20_260
_BATCH = 32


@dataclass(frozen=True, slots=True)
class HeldOutScore:
    """`loss` in nats a masked subword, its exponential `perplexity`, and the share guessed right."""

    loss: float
    perplexity: float
    accuracy: float


def score_held_out(
    model: MaskedLanguageModel, store: TokenStore, masker: Masker, sequences: int, subwords: int, device: torch.device
) -> HeldOutScore | None:
    """Score the first `sequences` held-out sequences of a length; None where the store holds none."""
    available = min(sequences, store.sequences(subwords))
    if available == 0:
        return None
    generator = np.random.default_rng(_SEED)
    loss, right, chosen = 0.0, 0, 0
    training = model.training
    model.eval()
    with torch.no_grad():
        for start in range(0, available, _BATCH):
            rows = range(start, min(start + _BATCH, available))
            batch = masker.batch(np.stack([store.sequence(row, subwords) for row in rows]), generator)
            if not len(batch.positions):
                continue
            targets = torch.from_numpy(batch.targets).to(device)
            logits = model(torch.from_numpy(batch.input_ids).to(device), torch.from_numpy(batch.positions).to(device))
            loss += float(functional.cross_entropy(logits.float(), targets, reduction="sum"))
            right += int((logits.argmax(-1) == targets).sum())
            chosen += len(targets)
    model.train(training)
    mean = loss / max(chosen, 1)
    return HeldOutScore(mean, float(np.exp(min(mean, 50.0))), right / max(chosen, 1))
