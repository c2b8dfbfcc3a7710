"""Writing a model folder: weights, tokenizer, link head and rasid.json, complete or not at all."""

import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from ...infer.links.head import WEIGHTS
from ...infer.model_folder import ModelInfo, write_info
from ..encoders.saving import save_pretrained
from .link_module import LinkModule

__all__ = ["save_model", "shown_path"]


def save_model(
    folder: Path,
    model: Any,
    tokenizer: Any,
    info: ModelInfo,
    *,
    precision: str = "fp32",
    head: LinkModule | None = None,
) -> None:
    """Write a transformers model, and its link head, to a folder, replacing the one there.

    Weights are stored as `precision`; the head's are in fp16 instead of bf16, which numpy does not read.
    """
    writing = folder.with_name(f".writing-{folder.name}")
    shutil.rmtree(writing, ignore_errors=True)
    save_pretrained(writing, model, tokenizer, precision)
    write_info(writing, info)
    if head is not None:
        kind = torch.float32 if precision == "fp32" else torch.float16
        weights = {name: tensor.detach().to("cpu", kind).contiguous() for name, tensor in head.state_dict().items()}
        save_file(weights, writing / WEIGHTS)
    shutil.rmtree(folder, ignore_errors=True)
    writing.rename(folder)


def shown_path(path: str | Path) -> str:
    """A path as it may be told to others: its last two names; a hub id or a plain word stays as it is."""
    text = str(path)
    return "/".join(Path(text).parts[-2:]) if Path(text).is_absolute() else text
