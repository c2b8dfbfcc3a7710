"""Which device computes, known without importing PyTorch.

The number of CUDA devices is asked of NVIDIA's driver library itself: `cuInit` and `cuDeviceGetCount` of the CUDA
driver API (NVIDIA, "CUDA Driver API", sections Initialization and Device Management). The library comes with the
driver, so where it is missing there is no usable device.
"""

import ctypes
import os
import re
import sys

from ..errors import ModelError

__all__ = ["cpu_threads", "cuda_devices", "is_cpu"]

_LIBRARY = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"


def cuda_devices() -> int:
    """How many CUDA devices the driver offers to this process; `CUDA_VISIBLE_DEVICES` counts."""
    try:
        driver = ctypes.CDLL(_LIBRARY)
        number = ctypes.c_int(0)
        usable = driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(number)) == 0
    except (OSError, AttributeError):
        return 0
    return number.value if usable else 0


def is_cpu(device: str) -> bool:
    """Whether `device` ("auto", "cpu", "cuda", "cuda:N") means the CPU on this machine; ModelError for another name."""
    if device == "auto":
        return cuda_devices() == 0
    if not re.fullmatch(r"cpu|cuda(:\d+)?", device):
        raise ModelError(f"device {device!r}: expected auto, cpu, cuda or cuda:N")
    return device == "cpu"


def cpu_threads() -> int:
    """The processors this process may run on, or fewer where `OMP_NUM_THREADS` says so, as PyTorch takes it too."""
    usable = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return min(usable, int(wanted)) if wanted.isdecimal() and int(wanted) else usable
