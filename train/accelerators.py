"""The processes and devices a run computes on, for fine-tuning and pre-training alike."""

from typing import Literal

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState

from ..infer.errors import RunError

__all__ = ["Device", "Precision", "make_accelerator"]

Device = Literal["auto", "cpu", "cuda"]
Precision = Literal["auto", "fp32", "bf16", "fp16"]


def make_accelerator(device: Device, precision: Precision) -> Accelerator:
    """An accelerator for this process and the others of its launch (`torchrun`), which there may be on a CPU, too.

    "auto" is CUDA where there is a device, and fp32 on a CPU, bf16 on CUDA (fp16 where the card has no bf16). Raises
    RunError for a device or a precision this machine does not have.
    """
    cuda = torch.cuda.is_available()
    if device == "cuda" and not cuda:
        raise RunError("run.device is cuda, but this machine has no CUDA device; use run.device=cpu or auto")
    cpu = device == "cpu" or not cuda
    if precision == "auto":
        precision = "fp32" if cpu else "bf16" if torch.cuda.is_bf16_supported() else "fp16"
    if precision == "fp16" and cpu:
        raise RunError("train.precision is fp16, which needs a CUDA device; on a CPU use bf16 or fp32")
    # The state outlives an Accelerator and would keep the precision of an earlier run in this process.
    AcceleratorState._reset_state(reset_partial_state=True)
    # Without cpu=True accelerate overlooks the other processes of a launch on a CPU.
    return Accelerator(cpu=cpu, mixed_precision="no" if precision == "fp32" else precision)
