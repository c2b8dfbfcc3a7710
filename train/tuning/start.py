"""The model and tokenizer a run starts with, as its config says."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from ...infer.errors import ModelError
from ...infer.normalise import ADDRESS_FORMS, normal_forms
from ...infer.scheme import Scheme
from ...infer.tokens import tokenize
from ..encoders.classifiers import (
    SPECIAL_TOKENS,
    load_classifier,
    load_tokenizer,
    random_classifier,
    read_vocabulary,
    wordpiece_tokenizer,
)
from ..encoders.folders import find_encoder
from ..settings.run_config import ModelConfig

__all__ = ["start_model"]


def start_model(
    config: ModelConfig, scheme: Scheme, texts: Sequence[str], say: Callable[[str], None]
) -> tuple[Any, Any]:
    """A transformers token classifier in fp32 and its fast tokenizer, without truncation and padding.

    New weights are drawn from torch's generator; a vocabulary that the config does not name is made of the `texts`.
    Raises ModelError for an encoder that cannot be used, HubError if it cannot be fetched.
    """
    if config.encoder == "random":
        tokenizer = wordpiece_tokenizer(_vocabulary(config, texts), config.shape.positions)
        model = random_classifier(config, scheme, tokenizer)
        say(f"encoder: random weights, {_size(model)}, {len(tokenizer):,} subwords")
    else:
        source = find_encoder(config.encoder, say)
        tokenizer = load_tokenizer(source)
        model, kept = load_classifier(source, config, scheme)
        if len(tokenizer) > model.get_input_embeddings().num_embeddings:
            raise ModelError(f"{source}: the tokenizer has {len(tokenizer)} subwords, more than the encoder knows")
        weights = "random weights in its shape, " if config.fresh_encoder else ""
        say(f"encoder: {config.encoder}, {weights}{_size(model)}, with {'its own' if kept else 'a new'} classifier")
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    return model, tokenizer


def _vocabulary(config: ModelConfig, texts: Sequence[str]) -> list[str]:
    """The config's vocabulary, or every letter of the texts and their most frequent words, always in the same order."""
    if config.vocabulary is not None:
        return read_vocabulary(config.vocabulary)
    counts = Counter(form for text in texts for form in normal_forms(text, tokenize(text)))
    letters = sorted(set("".join(counts)))
    entries = [*SPECIAL_TOKENS.values(), *ADDRESS_FORMS.values(), *letters, *(f"##{letter}" for letter in letters)]
    words = sorted(counts.keys() - {*entries, ""}, key=lambda form: (-counts[form], form))
    return entries + words[: max(0, config.vocabulary_size - len(entries))]


def _size(model: Any) -> str:
    return f"{sum(parameter.numel() for parameter in model.parameters()) / 1e6:.1f} M parameters"
