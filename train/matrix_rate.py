"""The machine's own limit: how fast it multiplies large matrices, to which every throughput is compared."""

import time

import torch

__all__ = ["measured_matrix_rate"]


def measured_matrix_rate(device: torch.device, dtype: torch.dtype, seconds: float = 1.0) -> float:
    """Floating-point operations a second (a multiply-add is two) of the best square matrix product seen.

    Repeats a product of 2048 (CPU) or 8192 (CUDA) rows for about `seconds` and keeps the fastest repetition, the one
    least disturbed by other work.
    """
    rows = 8192 if device.type == "cuda" else 2048
    left = torch.randn(rows, rows, device=device, dtype=dtype)
    right = torch.randn(rows, rows, device=device, dtype=dtype)
    best = float("inf")
    torch.mm(left, right)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        _synchronize(device)
        start = time.perf_counter()
        torch.mm(left, right)
        _synchronize(device)
        best = min(best, time.perf_counter() - start)
    return 2.0 * rows**3 / best


def _synchronize(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
