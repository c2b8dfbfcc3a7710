"""The PyTorch way to compute tag scores: any BERT-like token classifier, on CPU or CUDA.

One of the two ways behind the predictor's seam (`predictor.Scorer`); the other is `with_onnx`. Windows come in, raw scores per word go out, with
the encoder's states where they are asked for; what the tags mean, and which words count, is not known here.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ..errors import ModelError
from ..scheme import Scheme
from ..windows import Window
from .padding import pad

__all__ = ["TorchPrecision", "TorchScorer", "load_torch_scorer"]

TorchPrecision = Literal["auto", "fp32", "bf16", "fp16"]
"""Arithmetic of the encoder; "auto" is fp32 on a CPU and bf16 on CUDA where the card has it, else fp16."""

_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


class TorchScorer:
    """Scores windows with a token classifier that is already on its device."""

    def __init__(self, model: nn.Module, device: torch.device, pad_id: int = 0) -> None:
        self._model = model
        self._device = device
        self._pad_id = pad_id

    def score(self, windows: Sequence[Window]) -> list[NDArray[np.float32]]:
        """Raw tag scores (words, tags) of each window, padded to the longest of them for the computation."""
        return self._compute(windows, states=False)[0]

    def score_with_states(
        self, windows: Sequence[Window]
    ) -> tuple[list[NDArray[np.float32]], list[NDArray[np.float32]]]:
        """Raw tag scores (words, tags) of each window, and the encoder's last states (words, width)."""
        return self._compute(windows, states=True)

    def _compute(
        self, windows: Sequence[Window], *, states: bool
    ) -> tuple[list[NDArray[np.float32]], list[NDArray[np.float32]]]:
        padded = pad(windows, self._pad_id)
        with torch.inference_mode():
            computed = self._model(
                input_ids=torch.from_numpy(padded.ids).to(self._device),
                attention_mask=torch.from_numpy(padded.mask).to(self._device),
                output_hidden_states=states,
            )
            chosen = torch.from_numpy(padded.words).to(self._device)
            parts = [computed.logits, computed.hidden_states[-1]] if states else [computed.logits]
            arrays = [part.flatten(0, 1)[chosen].float().cpu().numpy() for part in parts]  # (words, tags or width)
        by_window = [padded.by_window(array) for array in arrays]
        return by_window[0], by_window[1] if states else []


def load_torch_scorer(folder: Path, scheme: Scheme, device: str, precision: TorchPrecision) -> TorchScorer:
    """Load a model folder's span model; `device` is "auto", "cpu", "cuda" or "cuda:N".

    Raises ModelError for weights that cannot be read, tags that are not the scheme's, or a device that is not there.
    """
    from transformers import AutoModelForTokenClassification

    target = _device(device)
    if not (folder / "model.safetensors").exists() and not (folder / "model.safetensors.index.json").exists():
        raise ModelError(f"{folder}: there is no model.safetensors")
    try:
        model = AutoModelForTokenClassification.from_pretrained(
            folder, dtype=_dtype(precision, target), use_safetensors=True, local_files_only=True
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(f"{folder}: the span model cannot be loaded ({str(error).splitlines()[0]})") from error
    tags = tuple(model.config.id2label[number] for number in range(model.config.num_labels))
    if tags != scheme.tags:
        raise ModelError(
            f"{folder}: config.json has {len(tags)} tags {', '.join(tags[:3])}…, the scheme in rasid.json has "
            f"{len(scheme.tags)} {', '.join(scheme.tags[:3])}…; the folder mixes two models"
        )
    return TorchScorer(model.eval().to(target), target, model.config.pad_token_id or 0)


def _device(name: str) -> torch.device:
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ModelError(f"device {name!r}: expected auto, cpu, cuda or cuda:N") from error
    if device.type not in ("cpu", "cuda"):
        raise ModelError(f"device {name!r}: expected auto, cpu, cuda or cuda:N")
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise ModelError(
            f"device {name!r}: this machine has {torch.cuda.device_count()} CUDA devices; use --device cpu"
        )
    return device


def _dtype(precision: TorchPrecision, device: torch.device) -> torch.dtype:
    if precision == "auto":
        if device.type == "cpu":
            return torch.float32
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    if precision not in _DTYPES:
        raise ModelError(f"precision {precision!r}: expected auto, {', '.join(_DTYPES)}")
    return _DTYPES[precision]
