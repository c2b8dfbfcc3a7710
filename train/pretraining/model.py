"""The masked-language model: any BERT-like encoder, its logits computed at the masked positions only.

With a vocabulary of tens of thousands the output layer costs as much as several encoder layers; at 15 % of the
positions it costs little.
"""

from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn
from transformers import (
    AutoModelForMaskedLM,
    BertConfig,
    BertForMaskedLM,
    ModernBertConfig,
    ModernBertForMaskedLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from ...infer.errors import ModelError
from .config import EncoderShape

__all__ = ["MaskedLanguageModel", "new_model", "pretrained_model", "training_flops_per_subword"]


class MaskedLanguageModel(nn.Module):
    """Wraps a masked-LM head model so that a step computes only the logits it needs."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, positions: Tensor) -> Tensor:
        """Logits (chosen, vocabulary) at flattened `positions` (chosen,) of `input_ids` (batch, subwords)."""
        # All sequences are full, so no attention mask is needed, and none keeps the fast attention path open.
        hidden: Tensor = self.model.base_model(input_ids=input_ids)[0]  # (batch, subwords, width)
        chosen = hidden.reshape(-1, hidden.shape[-1]).index_select(0, positions)  # (chosen, width)
        logits: Tensor = _head(self.model)(chosen)
        return logits


def _head(model: PreTrainedModel) -> nn.Module:
    parts: list[Any] = [getattr(model, name, None) for name in ("head", "decoder")]
    if all(isinstance(part, nn.Module) for part in parts):  # ModernBERT
        return nn.Sequential(*parts)
    for name in ("cls", "lm_head"):
        head: Any = getattr(model, name, None)
        if isinstance(head, nn.Module):
            return head
    raise ModelError(
        f"{type(model).__name__} has no masked-LM head this package knows (cls, lm_head, or head and decoder)"
    )


def new_model(
    shape: EncoderShape,
    tokenizer: PreTrainedTokenizerFast,
    embeddings: Tensor | None = None,
    log_share: Tensor | None = None,
) -> PreTrainedModel:
    """An encoder of this shape with random weights, or with these starting values.

    `embeddings` (vocabulary, width) replaces its subword embeddings; `log_share` (vocabulary,), the logarithm of each
    subword's share of the text, its output bias, which else takes thousands of steps to learn just that.
    """
    model = _modernbert(shape, tokenizer) if shape.architecture == "modernbert" else _bert(shape, tokenizer)
    with torch.no_grad():
        if embeddings is not None:
            cast(nn.Embedding, model.get_input_embeddings()).weight.copy_(embeddings)
        if log_share is not None:
            cast(nn.Linear, model.get_output_embeddings()).bias.copy_(log_share)
    return model


def _bert(shape: EncoderShape, tokenizer: PreTrainedTokenizerFast) -> PreTrainedModel:
    return BertForMaskedLM(
        BertConfig(
            vocab_size=len(tokenizer),
            hidden_size=shape.width,
            num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads,
            intermediate_size=shape.feed_forward,
            max_position_embeddings=shape.max_subwords,
            hidden_dropout_prob=shape.dropout,
            attention_probs_dropout_prob=shape.dropout,
            pad_token_id=_id(tokenizer, tokenizer.pad_token),
        )
    )


def _modernbert(shape: EncoderShape, tokenizer: PreTrainedTokenizerFast) -> PreTrainedModel:
    # Every layer attends to the whole window: at these lengths a sliding one would save nothing.
    rotary = {"rope_type": "default", "rope_theta": 10_000.0}
    return ModernBertForMaskedLM(
        ModernBertConfig(
            vocab_size=len(tokenizer),
            hidden_size=shape.width,
            num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads,
            intermediate_size=shape.feed_forward,
            max_position_embeddings=shape.max_subwords,
            layer_types=["full_attention"] * shape.layers,
            rope_parameters={"full_attention": rotary, "sliding_attention": rotary},
            embedding_dropout=shape.dropout,
            mlp_dropout=shape.dropout,
            attention_dropout=shape.dropout,
            classifier_bias=True,
            pad_token_id=_id(tokenizer, tokenizer.pad_token),
            cls_token_id=_id(tokenizer, tokenizer.cls_token),
            sep_token_id=_id(tokenizer, tokenizer.sep_token),
            bos_token_id=_id(tokenizer, tokenizer.cls_token),
            eos_token_id=_id(tokenizer, tokenizer.sep_token),
        )
    )


def _id(tokenizer: PreTrainedTokenizerFast, token: Any) -> int:
    return int(tokenizer.get_vocab()[str(token)])


def pretrained_model(folder: Path) -> PreTrainedModel:
    """The masked-LM of an encoder folder, in fp32; ModelError where it has no weights of one."""
    try:
        model: PreTrainedModel = AutoModelForMaskedLM.from_pretrained(
            folder, dtype=torch.float32, use_safetensors=True, local_files_only=True
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(f"{folder}: cannot be pre-trained further ({str(error).splitlines()[0]})") from error
    return model


def training_flops_per_subword(model: PreTrainedModel, subwords: int, masked_share: float) -> float:
    """Multiply-adds counted as two, forward and backward, of one subword in a sequence of `subwords`.

    Counts the encoder's matrices, attention scores and the output layer at the masked share; leaves out
    embeddings look-ups, normalisation and the optimiser.
    """
    config = model.config
    encoder = sum(p.numel() for n, p in model.base_model.named_parameters() if p.dim() == 2 and "embeddings" not in n)
    attention = 2 * config.num_hidden_layers * config.hidden_size * subwords
    output = masked_share * config.hidden_size * (config.vocab_size + config.hidden_size)
    flops: float = 6.0 * (encoder + attention + output)
    return flops
