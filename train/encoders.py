"""Where a run's encoder comes from: a folder, the hub, the embedded model, or random weights of a given shape.

Gives a Hugging Face token classifier with fresh or stored weights and the tokenizer that goes with it. How it is
trained, and how a trained folder is read for prediction, is not known here.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import BertProcessing

from ..infer.errors import ModelError
from ..infer.normalise import ADDRESS_FORMS

__all__ = ["SPECIAL_TOKENS", "read_vocabulary", "wordpiece_tokenizer"]

SPECIAL_TOKENS = {
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "mask_token": "[MASK]",
}
"""BERT's special tokens by the name transformers gives them."""


def read_vocabulary(path: Path) -> list[str]:
    """The entries of a WordPiece vocabulary file, one a line, in the order of their numbers.

    Raises ModelError if the file is missing, is not UTF-8, repeats an entry or lacks a special token.
    """
    try:
        entries = path.read_text("utf-8").removesuffix("\n").split("\n")
    except FileNotFoundError:
        raise ModelError(f"{path}: there is no such vocabulary file") from None
    except UnicodeDecodeError as error:
        raise ModelError(f"{path}: not UTF-8 at byte {error.start}") from None
    missing = [token for token in SPECIAL_TOKENS.values() if token not in entries]
    if missing:
        raise ModelError(f"{path}: a WordPiece vocabulary has one entry a line; there is no {' and no '.join(missing)}")
    if len(set(entries)) != len(entries):
        repeated = next(entry for n, entry in enumerate(entries) if entry in entries[:n])
        raise ModelError(f"{path}: the entry {repeated!r} is there twice")
    return entries


def wordpiece_tokenizer(vocabulary: Sequence[str], max_subwords: int = 512) -> Any:
    """BERT's WordPiece tokenizer over a vocabulary, as transformers' `PreTrainedTokenizerFast`.

    Case and accents are kept: words come in normalised already, and BERT's accent stripping would take the hamza
    from its letter. Built from parts, because `BertTokenizerFast(vocab_file=…)` of transformers 5 comes out
    almost empty.
    """
    from transformers import PreTrainedTokenizerFast

    ids = {token: number for number, token in enumerate(vocabulary)}
    unknown, cls, sep = (SPECIAL_TOKENS[name] for name in ("unk_token", "cls_token", "sep_token"))
    tokenizer = Tokenizer(WordPiece(ids, unk_token=unknown, max_input_chars_per_word=100))
    tokenizer.normalizer = BertNormalizer(
        clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False
    )
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = BertProcessing((sep, ids[sep]), (cls, ids[cls]))
    addresses = [AddedToken(form, normalized=False) for form in ADDRESS_FORMS.values() if form in ids]
    tokenizer.add_tokens(addresses)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=max_subwords, **SPECIAL_TOKENS)
