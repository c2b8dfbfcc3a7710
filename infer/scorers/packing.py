"""Sequences laid end to end in one row, so that nothing is computed for padding; attention stays inside each of them.

`enable_packing` gives a Hugging Face encoder an attention that knows such rows; `PackedLayout` says where its sequences
lie and makes the arguments of a call. A model so prepared computes padded batches as before. There are three ways:
torch's variable-length attention (CUDA, bf16 and fp16, torch 2.10 or newer), runs of equal length (CPU), and padding
for the attention alone (CUDA otherwise). None of them builds a mask over the whole row. What a row is made of, and when
packing pays, is not known here.

Needs an encoder whose class takes its attention from transformers' `AttentionInterface`: BERT and ELECTRA, and
ModernBERT where the installed transformers has moved it there. `enable_packing` is False for any other.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["PackedLayout", "enable_packing", "packs", "to_device"]

_NAME = "rasid_packed"
_ARCHITECTURES = frozenset({"bert", "electra", "modernbert"})
_LARGEST_HEAD = 256  # of flash attention
_LONGEST_STEP = 64  # what the kernel is told of the longest sequence is rounded, so that compiled code meets few values


@dataclass(frozen=True)
class PackedLayout:
    """Where the sequences of a row lie: `lengths` on the host, `cumulative` (sequences + 1,) int32 on the device.

    `longest` is the greatest length; compiled code reads it and not `lengths`, or it would be made anew for each number
    of sequences. Sequences of equal length should be neighbours, as in a batch sorted by length: a CPU computes them
    together.
    """

    lengths: tuple[int, ...]
    cumulative: Tensor
    longest: int

    @classmethod
    def of(cls, lengths: Sequence[int], device: torch.device | str = "cpu") -> "PackedLayout":
        """The layout of sequences of these lengths in subwords, one after the other; at least one, none empty."""
        if not lengths or min(lengths) < 1:
            raise ValueError(f"expected sequences of one subword or more, found lengths {list(lengths)}")
        ends = torch.from_numpy(np.cumsum([0, *lengths], dtype=np.int32))
        return cls(tuple(lengths), to_device(ends, torch.device(device)), max(lengths))

    def to(self, device: torch.device) -> "PackedLayout":
        """The same layout on a device."""
        return PackedLayout(self.lengths, to_device(self.cumulative, device), self.longest)

    @property
    def total(self) -> int:
        """Subwords in the row."""
        return sum(self.lengths)

    @cached_property
    def positions(self) -> Tensor:
        """The place of each subword in its sequence, (1, total) int64 on the device."""
        places = np.concatenate([np.arange(length) for length in self.lengths])
        return to_device(torch.from_numpy(places), self.cumulative.device)[None]

    @cached_property
    def padded_places(self) -> Tensor:
        """Where each subword stands when the row is padded and laid out flat, (total,) int64 on the device."""
        starts = np.repeat(np.arange(len(self.lengths)) * self.longest, self.lengths)
        return to_device(torch.from_numpy(starts), self.cumulative.device) + self.positions[0]

    @cached_property
    def inside(self) -> Tensor:
        """Which places hold a subword when the row is padded, (sequences, longest) bool on the device."""
        return torch.arange(self.longest, device=self.cumulative.device) < self.cumulative.diff()[:, None]

    def inputs(self, subword_ids: Tensor) -> dict[str, Any]:
        """The arguments of a call of an encoder or classifier with this row (1, total) of subwords."""
        # A mask of four dimensions is passed on as it is, so that transformers builds none of total x total.
        mask = torch.ones((1, 1, 1, 1), dtype=torch.bool, device=subword_ids.device)
        return {"input_ids": subword_ids, "position_ids": self.positions, "attention_mask": mask, "packed": self}

    def padded(self, row: Tensor) -> Tensor:
        """What was computed for a row (1, total, …) as (sequences, longest, …), zero where there is no subword."""
        flat = row.new_zeros((len(self.lengths) * self.longest, *row.shape[2:]))
        filled = flat.index_put((self.padded_places,), row[0])
        return filled.view(len(self.lengths), self.longest, *row.shape[2:])


def enable_packing(model: Any) -> bool:
    """Let a Hugging Face model compute rows as well as padded batches; False if its architecture is not known to."""
    config = getattr(model, "config", None)
    if getattr(config, "model_type", None) not in _ARCHITECTURES or not _takes_attention(model):
        return False
    if getattr(config, "position_embedding_type", "absolute") != "absolute" or getattr(config, "is_decoder", False):
        return False
    _register()
    model.set_attn_implementation(_NAME)
    return packs(model)


def packs(model: Any) -> bool:
    """Whether a model can compute rows."""
    return getattr(getattr(model, "config", None), "_attn_implementation", None) == _NAME


def to_device(tensor: Tensor, device: torch.device) -> Tensor:
    """A tensor of the host on a device; to CUDA by way of pinned memory, so that the host does not wait."""
    if device.type != "cuda":
        return tensor.to(device)
    return tensor.pin_memory().to(device, non_blocking=True)


def _takes_attention(model: Any) -> bool:
    return bool(getattr(model, "_supports_attention_backend", False)) and hasattr(model, "set_attn_implementation")


@cache
def _register() -> None:
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.masking_utils import sdpa_mask

    AttentionInterface.register(_NAME, _attention)
    AttentionMaskInterface.register(_NAME, sdpa_mask)


def _attention(
    module: torch.nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    dropout: float = 0.0,
    scaling: float | None = None,
    sliding_window: int | None = None,
    packed: PackedLayout | None = None,
    **rest: Any,
) -> tuple[Tensor, None]:
    """Attention in the form transformers calls it: (1, heads, total, size) in, (1, total, heads, size) out.

    A subword sees those less than `sliding_window` away. Without `packed` the batch is a padded one.
    """
    if packed is None:
        from transformers.integrations.sdpa_attention import sdpa_attention_forward

        padded: Tensor = sdpa_attention_forward(
            module, query, key, value, attention_mask, dropout=dropout, scaling=scaling, **rest
        )[0]
        return padded, None
    window = None if sliding_window is None or sliding_window >= packed.longest else sliding_window
    kernel = _kernel(window is not None, scaling is None or scaling == query.shape[-1] ** -0.5)
    if kernel is not None and _fits_kernel(query, dropout):
        return _by_kernel(kernel, query, key, value, packed, scaling, window), None
    way = _padded_inside if query.is_cuda else _by_runs
    return way(query, key, value, packed, dropout, scaling, window), None


@cache
def _kernel(windowed: bool, usual_scale: bool) -> Callable[..., Any] | None:
    """torch's variable-length attention, if the installed one can do what is asked of it."""
    try:
        from torch.nn.attention.varlen import varlen_attn
    except ImportError:
        return None
    known = inspect.signature(varlen_attn).parameters
    return varlen_attn if ("window_size" in known or not windowed) and ("scale" in known or usual_scale) else None


def _fits_kernel(query: Tensor, dropout: float) -> bool:
    size = query.shape[-1]
    half = query.dtype in (torch.float16, torch.bfloat16)
    return query.is_cuda and half and dropout == 0.0 and size % 8 == 0 and size <= _LARGEST_HEAD


def _by_kernel(
    kernel: Callable[..., Any],
    query: Tensor,
    key: Tensor,
    value: Tensor,
    packed: PackedLayout,
    scaling: float | None,
    window: int | None,
) -> Tensor:
    ends, longest = packed.cumulative, -(-packed.longest // _LONGEST_STEP) * _LONGEST_STEP
    options: dict[str, Any] = {}
    if scaling is not None and scaling != query.shape[-1] ** -0.5:
        options["scale"] = scaling
    if window is not None:
        options["window_size"] = (window - 1, window - 1)
    rows = [part[0].transpose(0, 1) for part in (query, key, value)]  # (total, heads, size)
    out: Tensor = kernel(*rows, ends, ends, longest, longest, **options)
    return out[None]


def _by_runs(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    packed: PackedLayout,
    dropout: float,
    scaling: float | None,
    window: int | None,
) -> Tensor:
    """Neighbours of one length together, as a batch that needs no mask (none but a window's)."""
    parts: list[Tensor] = []
    start = 0
    for length, run in groupby(packed.lengths):
        count = len(list(run))
        stop = start + count * length
        shape = (query.shape[1], count, length, query.shape[3])
        q, k, v = (x[0, :, start:stop].reshape(shape).transpose(0, 1) for x in (query, key, value))
        mask = _near(length, window, query.device) if window is not None and window < length else None
        out = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=dropout, scale=scaling)
        parts.append(out.transpose(1, 2).flatten(0, 1))  # (count * length, heads, size)
        start = stop
    return torch.cat(parts)[None]


def _padded_inside(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    packed: PackedLayout,
    dropout: float,
    scaling: float | None,
    window: int | None,
) -> Tensor:
    """Padded for the attention alone: a few large calls, where many small ones would keep a GPU waiting."""
    q, k, v = (packed.padded(x.transpose(1, 2)).transpose(1, 2) for x in (query, key, value))
    mask = packed.inside[:, None, None]  # (sequences, 1, 1, longest)
    if window is not None:
        mask = mask & _near(packed.longest, window, query.device)
        # A row of padding may see nothing at all, which some kernels answer with NaN, and NaN spreads in the gradient.
        mask = mask | ~packed.inside[:, None, :, None]
    out = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=dropout, scale=scaling)
    return out.transpose(1, 2).flatten(0, 1)[packed.padded_places][None]


def _near(length: int, window: int, device: torch.device) -> Tensor:
    """Which subwords see which, (length, length) bool."""
    at = torch.arange(length, device=device)
    return (at[:, None] - at).abs() < window
