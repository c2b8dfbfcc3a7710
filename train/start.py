"""The model and tokenizer a run starts with, as its config says."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ..infer.errors import ModelError
from ..infer.scheme import Scheme
from .config import ModelConfig
from .encoder_folders import find_encoder
from .encoders import load_classifier, load_tokenizer, random_classifier, read_vocabulary, wordpiece_tokenizer
from .pretraining.vocabulary import train_vocabulary

__all__ = ["start_model"]


def start_model(
    config: ModelConfig, scheme: Scheme, texts: Sequence[str], folder: Path, say: Callable[[str], None]
) -> tuple[Any, Any]:
    """A transformers token classifier in fp32 and its fast tokenizer, without truncation and padding.

    New weights are drawn from torch's generator. A vocabulary made of the `texts` is written to the run's `folder`
    and read from there when the run is resumed. Raises ModelError for an encoder that cannot be used, HubError if it
    cannot be fetched.
    """
    if config.encoder == "random":
        tokenizer = wordpiece_tokenizer(_vocabulary(config, texts, folder), config.shape.positions)
        model = random_classifier(config, scheme, tokenizer)
        say(f"encoder: random weights, {_size(model)}, {len(tokenizer):,} subwords")
    else:
        source = find_encoder(config.encoder, say)
        tokenizer = load_tokenizer(source)
        model, kept = load_classifier(source, config, scheme)
        if len(tokenizer) > model.get_input_embeddings().num_embeddings:
            raise ModelError(f"{source}: the tokenizer has {len(tokenizer)} subwords, more than the encoder knows")
        say(f"encoder: {config.encoder}, {_size(model)}, with {'its own' if kept else 'a new'} classifier")
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    return model, tokenizer


def _vocabulary(config: ModelConfig, texts: Sequence[str], folder: Path) -> list[str]:
    if config.vocabulary is not None:
        return read_vocabulary(config.vocabulary)
    path = folder / "vocabulary.txt"
    if not path.exists():
        entries = train_vocabulary((text.splitlines() for text in texts), config.vocabulary_size, min_count=1)
        writing = path.with_name(f".writing-{path.name}")
        writing.write_text("\n".join(entries) + "\n", encoding="utf-8")
        writing.replace(path)
    return read_vocabulary(path)


def _size(model: Any) -> str:
    return f"{sum(parameter.numel() for parameter in model.parameters()) / 1e6:.1f} M parameters"
