"""A WordPiece vocabulary over the package's own normalised words. The tokenizer made of it is `encoders`' business."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tokenizers import trainers
from tokenizers.models import WordPiece

from ...infer.normalise import ADDRESS_FORMS, normal_forms
from ...infer.tokens import tokenize
from ..encoders.classifiers import SPECIAL_TOKENS, wordpiece_tokenizer

__all__ = ["document_forms", "train_vocabulary"]


def document_forms(paragraphs: Sequence[str]) -> list[str]:
    """The normalised words of a document; a form that is empty is left out (there is nothing to learn from it)."""
    return [form for text in paragraphs for form in normal_forms(text, tokenize(text)) if form]


def train_vocabulary(documents: Iterable[Sequence[str]], size: int, min_count: int = 2) -> list[str]:
    """Train `size` WordPiece entries (special tokens included) on documents; most frequent words first.

    Source: M. Schuster, K. Nakajima, ICASSP 2012, as trained by the tokenizers library.
    """
    counts: Counter[str] = Counter()
    for document in documents:
        counts.update(document_forms(document))
    opening = [*SPECIAL_TOKENS.values(), *ADDRESS_FORMS.values()]
    # The same pre-tokenizer as at use; a vocabulary of special tokens alone is replaced by the trainer's.
    tokenizer = wordpiece_tokenizer(opening).backend_tokenizer
    tokenizer.model = WordPiece(unk_token=SPECIAL_TOKENS["unk_token"])
    trainer = trainers.WordPieceTrainer(
        vocab_size=size,
        min_frequency=min_count,
        special_tokens=opening,
        limit_alphabet=400,
        show_progress=False,
    )
    tokenizer.train_from_iterator(_repeated(counts), trainer)
    return sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().__getitem__)


def _repeated(counts: Counter[str]) -> Iterator[str]:
    # The trainer takes text, not counts: each word as often as it was seen, in lines of a bounded length.
    for word, count in sorted(counts.items()):
        for start in range(0, count, 1000):
            yield f"{word} " * min(1000, count - start)
