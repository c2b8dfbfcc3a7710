"""Writing a model folder: weights, tokenizer and rasid.json, complete or not at all."""

import json
import shutil
from pathlib import Path
from typing import Any

import torch

from ...infer.model_folder import ModelInfo, write_info

__all__ = ["save_model", "shown_path"]

_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def save_model(folder: Path, model: Any, tokenizer: Any, info: ModelInfo, *, precision: str = "fp32") -> None:
    """Write a transformers model to a folder, replacing the one there; weights are stored as `precision`."""
    writing = folder.with_name(f".writing-{folder.name}")
    shutil.rmtree(writing, ignore_errors=True)
    dtype = _DTYPES[precision]
    weights = {
        name: tensor.detach().to("cpu", dtype if tensor.is_floating_point() else tensor.dtype)
        for name, tensor in model.state_dict().items()
    }
    model.save_pretrained(writing, state_dict=weights)
    tokenizer.save_pretrained(writing)
    _declare_dtype(writing / "config.json", dtype)
    write_info(writing, info)
    shutil.rmtree(folder, ignore_errors=True)
    writing.rename(folder)


def shown_path(path: str | Path) -> str:
    """A path as it may be told to others: its last two names; a hub id or a plain word stays as it is."""
    text = str(path)
    return "/".join(Path(text).parts[-2:]) if Path(text).is_absolute() else text


def _declare_dtype(path: Path, dtype: torch.dtype) -> None:
    value = json.loads(path.read_text("utf-8"))
    value["dtype"] = str(dtype).removeprefix("torch.")
    path.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n", encoding="utf-8")
