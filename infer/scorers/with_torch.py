"""The PyTorch way to compute tag scores: any BERT-like token classifier, on CPU or CUDA.

One of the two ways behind the predictor's seam (`interface.Scorer`); the other is `with_onnx`. Windows come in, raw
scores per word go out, with the encoder's states where they are asked for; what the tags mean, and which words count,
is not known here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..errors import ModelError
from ..model_folder import refuse_other_tags
from ..scheme import Scheme
from ..windows import Window
from .packing import PackedLayout, enable_packing, to_device
from .padding import pad

__all__ = ["Submitted", "TorchPrecision", "TorchScorer", "load_torch_scorer"]

Floats = NDArray[np.float32]

TorchPrecision = Literal["auto", "fp32", "bf16", "fp16"]
"""Arithmetic of the encoder; "auto" is fp32 on a CPU and bf16 on CUDA where the card has it, else fp16."""

_CPU_BATCH, _CUDA_BATCH = 4096, 65_536  # subwords
_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


class TorchScorer:
    """Scores windows with a token classifier that is already on its device.

    Windows are packed end to end where the encoder can compute them so (`packing`), and padded to the longest of them
    where it cannot or `packing` is False; the scores are the same but for rounding. With `compile` the encoder is
    compiled by torch.compile at the first call.
    """

    def __init__(
        self, model: nn.Module, device: torch.device, pad_id: int = 0, *, packing: bool = True, compile: bool = False
    ) -> None:
        self._model = model
        self._device = device
        self._pad_id = pad_id
        # Compiled code for a CPU would be made anew for every row of other lengths.
        self._packs = packing and not (compile and device.type == "cpu") and enable_packing(model)
        if compile:
            model.compile(dynamic=True)

    @property
    def vocabulary(self) -> int:
        """The subwords the model knows."""
        return int(cast(Any, self._model).config.vocab_size)

    @property
    def batch_subwords(self) -> int:
        """How many subwords to score at once: 4,096 on a CPU; on CUDA what an eighth of the free memory holds, at most
        65,536."""
        return _batch_subwords(cast(Any, self._model).config, self._device)

    def score(self, windows: Sequence[Window]) -> list[Floats]:
        """Raw tag scores (words, tags) of each window."""
        return self.submit(windows).result()[0]

    def score_with_states(self, windows: Sequence[Window]) -> tuple[list[Floats], list[Floats]]:
        """Raw tag scores (words, tags) of each window, and the encoder's last states (words, width)."""
        return self.submit(windows, states=True).result()

    def submit(self, windows: Sequence[Window], *, states: bool = False) -> "Submitted":
        """Begin to score windows, at least one; on CUDA this returns before the device is done.

        Submit a batch before taking the result of the one before it, and the device need not wait for the host.
        """
        inputs, words = self._packed(windows) if self._packs else self._padded(windows)
        with torch.inference_mode():
            computed = self._model(**inputs, output_hidden_states=states)
            chosen = to_device(words, self._device)
            parts = [computed.logits, computed.hidden_states[-1]] if states else [computed.logits]
            rows = [part.flatten(0, 1)[chosen].float() for part in parts]  # (words, tags or width)
            return Submitted.of(rows, [len(window.first_subwords) for window in windows])

    def _packed(self, windows: Sequence[Window]) -> tuple[dict[str, Any], Tensor]:
        """The arguments of a call, and the place of each word's first subword in the row."""
        lengths = [len(window.subword_ids) for window in windows]
        ids = np.concatenate([np.asarray(window.subword_ids, dtype=np.int64) for window in windows])
        firsts = np.concatenate([np.asarray(window.first_subwords, dtype=np.int64) for window in windows])
        starts = np.repeat(np.cumsum([0, *lengths[:-1]]), [len(window.first_subwords) for window in windows])
        row = to_device(torch.from_numpy(ids), self._device)[None]
        return PackedLayout.of(lengths, self._device).inputs(row), torch.from_numpy(firsts + starts)

    def _padded(self, windows: Sequence[Window]) -> tuple[dict[str, Any], Tensor]:
        """The same for windows padded to the longest; places are those in the batch laid out flat."""
        padded = pad(windows, self._pad_id)
        ids, mask = (to_device(torch.from_numpy(array), self._device) for array in (padded.ids, padded.mask))
        return {"input_ids": ids, "attention_mask": mask}, torch.from_numpy(padded.words)


@dataclass(frozen=True, slots=True)
class Submitted:
    """Scores that are being computed: `rows` (words of all windows, tags or width) on their way to the host."""

    rows: list[Tensor]
    words: list[int]
    copied: "torch.cuda.Event | None"

    @classmethod
    def of(cls, rows: list[Tensor], words: list[int]) -> "Submitted":
        """Begin to copy rows to the host; `words` is how many of them are each window's."""
        if not rows[0].is_cuda:
            return cls(rows, words, None)
        host = [torch.empty(part.shape, dtype=part.dtype, pin_memory=True) for part in rows]
        for there, here in zip(rows, host, strict=True):
            here.copy_(there, non_blocking=True)
        stream: Any = torch.cuda.current_stream(rows[0].device)  # its methods have no types
        return cls(host, words, stream.record_event())

    def result(self) -> tuple[list[Floats], list[Floats]]:
        """Raw tag scores (words, tags) of each window, and states (words, width) if asked for, else none; waits."""
        if self.copied is not None:
            self.copied.synchronize()
        ends = np.cumsum(self.words)[:-1]
        by_window: list[list[Floats]] = [np.split(part.numpy(), ends) for part in self.rows]
        return by_window[0], by_window[1] if len(by_window) > 1 else []


def load_torch_scorer(
    folder: Path,
    scheme: Scheme,
    device: str,
    precision: TorchPrecision,
    *,
    packing: bool = True,
    compile: bool = False,
) -> TorchScorer:
    """Load a model folder's span model; `device` is "auto", "cpu", "cuda" or "cuda:N", the rest as in `TorchScorer`.

    Raises ModelError for weights that cannot be read, tags that are not the scheme's, or a device that is not there.
    """
    from transformers import AutoModelForTokenClassification
    from transformers.utils import logging

    target = _device(device)
    if not (folder / "model.safetensors").exists() and not (folder / "model.safetensors.index.json").exists():
        raise ModelError(f"{folder}: there is no model.safetensors")
    bars = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # a local folder is read in no time
    try:
        model = AutoModelForTokenClassification.from_pretrained(
            folder, dtype=_dtype(precision, target), use_safetensors=True, local_files_only=True
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(f"{folder}: the span model cannot be loaded ({str(error).splitlines()[0]})") from error
    finally:
        if bars:
            logging.enable_progress_bar()
    tags = tuple(model.config.id2label[number] for number in range(model.config.num_labels))
    refuse_other_tags(folder, tags, scheme)
    pad_id = model.config.pad_token_id or 0
    return TorchScorer(model.eval().to(target), target, pad_id, packing=packing, compile=compile)


def _batch_subwords(config: Any, device: torch.device) -> int:
    if device.type != "cuda":
        return _CPU_BATCH
    width, layers = config.hidden_size, config.num_hidden_layers
    # Half-precision activations of one layer, generously, and the states of all layers where a link head wants them.
    subword_bytes = 2 * (8 * width + 3 * config.intermediate_size + (layers + 1) * width)
    free, _ = torch.cuda.mem_get_info(device)
    fitting = free // 8 // subword_bytes
    return max(_CPU_BATCH, min(_CUDA_BATCH, 1 << max(0, int(fitting).bit_length() - 1)))


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
