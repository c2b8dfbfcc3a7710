"""A WordPiece vocabulary over the package's own normalised words. The tokenizer made of it is `encoders`' business."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tokenizers import trainers
from tokenizers.models import WordPiece

from ...infer.normalise import ADDRESS_FORMS, normal_forms
from ...infer.tokens import tokenize
from ..encoders.classifiers import SPECIAL_TOKENS, wordpiece_tokenizer

__all__ = ["document_forms", "train_vocabulary"]

_ALPHABET = 400


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
    # The trainer numbers the letters inside words in the order of a hash table and breaks ties by number: given in a
    # fixed order, as if they were special, they make the same texts give the same vocabulary.
    letters = _frequent_letters(counts)
    inside = [f"##{letter}" for letter in letters]
    # The same pre-tokenizer as at use; a vocabulary of special tokens alone is replaced by the trainer's.
    tokenizer = wordpiece_tokenizer(opening).backend_tokenizer
    tokenizer.model = WordPiece(unk_token=SPECIAL_TOKENS["unk_token"])
    trainer = trainers.WordPieceTrainer(
        vocab_size=size,
        min_frequency=min_count,
        special_tokens=[*opening, *inside],
        initial_alphabet=letters,
        limit_alphabet=len(letters),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_repeated(counts), trainer)
    vocabulary = tokenizer.get_vocab()
    return sorted(vocabulary, key=vocabulary.__getitem__)


def _frequent_letters(counts: Counter[str]) -> list[str]:
    letters: Counter[str] = Counter()
    for word, count in counts.items():
        for letter in word:
            letters[letter] += count
    return sorted(sorted(letters), key=lambda letter: -letters[letter])[:_ALPHABET]


def _repeated(counts: Counter[str]) -> Iterator[str]:
    # The trainer takes text, not counts: each word as often as it was seen, in lines of a bounded length.
    for word, count in sorted(counts.items()):
        for start in range(0, count, 1000):
            yield f"{word} " * min(1000, count - start)
