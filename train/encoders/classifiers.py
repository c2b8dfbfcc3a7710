"""The model a run starts from: a token classifier over a stored or a random encoder, and its tokenizer.

The encoder's folder is found by `encoder_folders`. How the model is trained, and how a trained folder is read for
prediction, is not known here.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import AddedToken, Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import BertProcessing

from ...infer.errors import ModelError
from ...infer.normalise import ADDRESS_FORMS
from ...infer.scheme import Scheme
from ..settings.run_config import ModelConfig

__all__ = [
    "SPECIAL_TOKENS",
    "load_classifier",
    "load_tokenizer",
    "random_classifier",
    "read_vocabulary",
    "wordpiece_tokenizer",
]

_DROPOUTS = (
    "hidden_dropout_prob",
    "attention_probs_dropout_prob",
    "dropout",
    "attention_dropout",
    "embedding_dropout",
    "mlp_dropout",
)

SPECIAL_TOKENS = {
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "mask_token": "[MASK]",
}
"""BERT's special tokens by the name transformers gives them."""


def read_vocabulary(path: Path) -> list[str]:
    """The entries of a WordPiece vocabulary in the order of their numbers; a file with one a line, or tokenizer.json.

    Raises ModelError if the file is missing, is not UTF-8, repeats an entry or lacks a special token.
    """
    try:
        text = path.read_text("utf-8")
        entries = _entries_of_json(path, text) if path.suffix == ".json" else text.removesuffix("\n").split("\n")
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


def _entries_of_json(path: Path, text: str) -> list[str]:
    try:
        numbers = json.loads(text)["model"]["vocab"]
        return sorted(numbers, key=numbers.__getitem__)
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError):
        raise ModelError(f"{path}: expected a tokenizer.json with a WordPiece vocabulary") from None


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


def load_tokenizer(folder: Path) -> Any:
    """The fast tokenizer of an encoder's folder; one that has only a vocab.txt is read as BERT's, case kept.

    Raises ModelError if the folder has neither.
    """
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    if (folder / "tokenizer.json").exists():
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        if isinstance(tokenizer, PreTrainedTokenizerFast):
            return tokenizer
    if (folder / "vocab.txt").exists():
        return wordpiece_tokenizer(read_vocabulary(folder / "vocab.txt"))
    raise ModelError(f"{folder}: expected a fast tokenizer (tokenizer.json) or a WordPiece vocabulary (vocab.txt)")


def load_classifier(folder: Path, config: ModelConfig, scheme: Scheme) -> tuple[Any, bool]:
    """A token classifier in fp32 with an encoder folder's weights, and whether it brought its own classifier.

    The folder's classifier is kept if it was trained for the scheme's tags; else a new one is drawn from torch's
    generator, and so are all weights where the config asks for a fresh encoder. Raises ModelError for weights that
    cannot be read or windows longer than the encoder's positions.
    """
    from transformers import AutoConfig, AutoModelForTokenClassification

    try:
        shape: Any = AutoConfig.from_pretrained(folder, local_files_only=True)
        tags = tuple((shape.id2label or {}).get(number) for number in range(shape.num_labels))
        kept = tags == scheme.tags and not (config.fresh_head or config.fresh_encoder)
        _prepare(shape, config, scheme)
        if config.fresh_encoder:
            return AutoModelForTokenClassification.from_config(shape, dtype=torch.float32), False
        model = AutoModelForTokenClassification.from_pretrained(
            folder,
            config=shape,
            dtype=torch.float32,
            use_safetensors=True,
            local_files_only=True,
            ignore_mismatched_sizes=True,
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(f"{folder}: the encoder cannot be loaded ({str(error).splitlines()[0]})") from error
    if not kept:
        _redraw(model.classifier)
    return model, kept


def random_classifier(config: ModelConfig, scheme: Scheme, tokenizer: Any) -> Any:
    """A BERT token classifier of the config's shape with weights drawn from torch's generator."""
    from transformers import AutoModelForTokenClassification, BertConfig

    shape = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=config.shape.hidden_size,
        num_hidden_layers=config.shape.layers,
        num_attention_heads=config.shape.heads,
        intermediate_size=config.shape.intermediate_size,
        max_position_embeddings=config.shape.positions,
        pad_token_id=tokenizer.pad_token_id,
    )
    _prepare(shape, config, scheme)
    return AutoModelForTokenClassification.from_config(shape)


def _prepare(shape: Any, config: ModelConfig, scheme: Scheme) -> None:
    """Write the scheme's tags and the config's dropout into a transformers config; ModelError for what cannot be."""
    positions = getattr(shape, "max_position_embeddings", None)
    if positions is not None and config.max_subwords > positions:
        raise ModelError(
            f"{config.encoder}: reads at most {positions} subwords; set model.max_subwords to that or less, "
            f"found {config.max_subwords}"
        )
    shape.num_labels = len(scheme.tags)
    shape.id2label = dict(enumerate(scheme.tags))
    shape.label2id = {tag: number for number, tag in enumerate(scheme.tags)}
    if config.dropout is not None:
        known = [name for name in _DROPOUTS if hasattr(shape, name)]
        if not known:
            raise ModelError(
                f"{config.encoder}: a {shape.model_type} model has no dropout to set; leave model.dropout out"
            )
        for name in known:
            setattr(shape, name, config.dropout)
    if config.classifier_dropout is not None:
        shape.classifier_dropout = config.classifier_dropout


def _redraw(classifier: torch.nn.Linear) -> None:
    """Fresh weights for a classifier, as BERT initialises them."""
    torch.nn.init.normal_(classifier.weight, std=0.02)
    if classifier.bias is not None:
        torch.nn.init.zeros_(classifier.bias)
