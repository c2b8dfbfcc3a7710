"""What the student learns word by word: the teacher's labels of the passages, and the tags of annotated articles.

In an example of the training loop a word of a passage has, in place of a tag, the number of its row of labels counted
from behind the last tag; so both kinds of example go through the same batches, and the loss tells them apart.
Source of the softened targets: G. Hinton, O. Vinyals, J. Dean, "Distilling the Knowledge in a Neural Network", 2015.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from ...infer.normalise import normal_forms
from ...infer.tokens import tokenize
from ...infer.windows import iter_windows
from ..tuning.batches import Batch
from ..tuning.examples import IGNORED, Example
from ..tuning.losses import tag_loss
from .labels import Labels

__all__ = ["DistillLoss", "passage_examples"]


def passage_examples(
    labels: Labels, tokenizer: Tokenizer, tags: int, max_subwords: int, overlap_subwords: int
) -> list[Example]:
    """The windows of all passages, in order; words have their row of labels, `tags` added to it, for a tag.

    Both models read the same words of the package, whatever their subwords, so rows and words agree one to one.
    """
    examples: list[Example] = []
    for passage in range(len(labels)):
        text = labels.text(passage)
        rows = np.arange(labels.rows(passage).start, labels.rows(passage).stop, dtype=np.int64)
        forms = normal_forms(text, tokenize(text))
        for window in iter_windows(forms, tokenizer, max_subwords, overlap_subwords):
            row = np.full(len(window.subword_ids), IGNORED, dtype=np.int64)
            learned = slice(window.own_from, window.own_to)
            first = window.first_word
            row[window.first_subwords[learned]] = tags + rows[first + window.own_from : first + window.own_to]
            examples.append(Example(np.array(window.subword_ids, dtype=np.int64), row))
    return examples


@dataclass(frozen=True, slots=True)
class DistillLoss:
    """The summed loss of a batch in nats: what the teacher's words cost, and `gold_weight` times what gold words cost.

    `tags` is the number of tags; `tag_weights` (tags,) and `label_smoothing` are for gold words alone.
    """

    labels: Labels
    tags: int
    targets: Literal["soft", "hard"]
    temperature: float
    gold_weight: float
    tag_weights: Tensor | None
    label_smoothing: float

    def __call__(self, model: Any, batch: Batch) -> Tensor:
        """The loss of a batch whose tags are as `passage_examples` and `article_examples` write them."""
        logits = model(**batch.inputs()).logits
        taught = batch.tags >= self.tags
        gold = torch.where(taught, IGNORED, batch.tags)
        # Never empty-handed: a batch of gold alone still gives every process its share of the backward pass.
        loss: Tensor = self._of_teacher(logits[taught].float(), batch.tags[taught] - self.tags)
        if (gold != IGNORED).any():
            loss = loss + self.gold_weight * tag_loss(logits, gold, self.tag_weights, self.label_smoothing)
        return loss

    def _of_teacher(self, logits: Tensor, rows: Tensor) -> Tensor:
        """The loss of words (words, tags) against the labels in these rows (words,).

        For soft targets the divergence of the student's softened distribution from the teacher's, times the square
        of the temperature, so that its gradient is of the size of a gold word's at any temperature.
        """
        numbers = rows.cpu().numpy()
        if self.targets == "hard":
            best = torch.from_numpy(self.labels.best_tags(numbers)).to(logits.device)
            return functional.cross_entropy(logits, best, reduction="sum")
        known = torch.from_numpy(self.labels.log_probabilities(numbers)).to(logits.device)
        teacher = functional.log_softmax(known / self.temperature, dim=-1)
        student = functional.log_softmax(logits / self.temperature, dim=-1)
        divergence = functional.kl_div(student, teacher, reduction="sum", log_target=True)
        return self.temperature**2 * divergence
