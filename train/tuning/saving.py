"""Writing a model folder: weights, tokenizer and rasid.json, complete or not at all."""

import shutil
from pathlib import Path
from typing import Any

from ...infer.model_folder import ModelInfo, write_info
from ..encoders.saving import save_pretrained

__all__ = ["save_model", "shown_path"]


def save_model(folder: Path, model: Any, tokenizer: Any, info: ModelInfo, *, precision: str = "fp32") -> None:
    """Write a transformers model to a folder, replacing the one there; weights are stored as `precision`."""
    writing = folder.with_name(f".writing-{folder.name}")
    shutil.rmtree(writing, ignore_errors=True)
    save_pretrained(writing, model, tokenizer, precision)
    write_info(writing, info)
    shutil.rmtree(folder, ignore_errors=True)
    writing.rename(folder)


def shown_path(path: str | Path) -> str:
    """A path as it may be told to others: its last two names; a hub id or a plain word stays as it is."""
    text = str(path)
    return "/".join(Path(text).parts[-2:]) if Path(text).is_absolute() else text
