"""Writing an ordinary Hugging Face folder: safetensors of a chosen number format, config and tokenizer."""

import json
from pathlib import Path
from typing import Any

import torch

__all__ = ["save_pretrained"]

_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def save_pretrained(folder: Path, model: Any, tokenizer: Any, precision: str) -> None:
    """Write a transformers model and its tokenizer; weights are stored, and declared, as `precision`.

    Weights that are tied stay one tensor, so that they are stored once.
    """
    dtype = _DTYPES[precision]
    converted: dict[int, torch.Tensor] = {}
    weights: dict[str, torch.Tensor] = {}
    for name, tensor in model.state_dict().items():
        kind = dtype if tensor.is_floating_point() else tensor.dtype
        weights[name] = converted.setdefault(tensor.data_ptr(), tensor.detach().to("cpu", kind))
    model.save_pretrained(folder, state_dict=weights)
    tokenizer.save_pretrained(folder)
    path = folder / "config.json"
    value = json.loads(path.read_text("utf-8"))
    value["dtype"] = str(dtype).removeprefix("torch.")
    path.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n", encoding="utf-8")
