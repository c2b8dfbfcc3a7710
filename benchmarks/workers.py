"""A side in a process of its own, which loads it, times it when asked, and tells its peak memory.

Only the process that is asked computes; the others wait on their pipe. Peak memory is that of the whole process,
Python and libraries included, from its start.
"""

import multiprocessing
import os
import resource
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from .machine import pin_to_cores
from .predictors import UnavailableError
from .sides import SIDES, Setting
from .timing import repeat_for

__all__ = ["Worker", "call_in_process", "peak_memory_mb"]

Result = TypeVar("Result")


class Worker:
    """One side's process, which starts to load at once; `ready` waits for it, `close` ends it."""

    def __init__(self, side: str, setting: Setting) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, side, setting), daemon=True)
        self._process.start()
        theirs.close()

    def ready(self) -> None:
        """Wait until the side has loaded; UnavailableError, with the reason, if it cannot be measured here."""
        self._answer()

    def seconds(self, texts: Sequence[str], at_least: float = 1.0) -> float:
        """Seconds the side takes to read the texts once; it repeats them until `at_least` seconds are full."""
        self._pipe.send(("seconds", list(texts), at_least))
        return float(self._answer())

    def spans(self, texts: Sequence[str]) -> int:
        """How many spans the side finds in the texts."""
        self._pipe.send(("spans", list(texts), 0.0))
        return int(self._answer())

    def peak_memory_mb(self) -> float:
        """Peak resident memory of the process so far."""
        self._pipe.send(("memory", [], 0.0))
        return float(self._answer())

    def close(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.join(timeout=5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _answer(self) -> float:
        try:
            kind, value = self._pipe.recv()
        except EOFError:
            raise RuntimeError("a side's process ended; was it killed for memory?") from None
        if kind == "unavailable":
            raise UnavailableError(value)
        if kind == "error":
            raise RuntimeError(value)
        return float(value)


def peak_memory_mb() -> float:
    """Peak resident memory of this process, in 10^6 bytes."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        # Not getrusage: a process that was just spawned inherits its parent's peak there.
        return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def call_in_process(function: Callable[..., Result], *arguments: object) -> Result:
    """What a function of a module returns when a new process calls it, so that it leaves nothing behind in this one."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=_quiet) as pool:
        return pool.submit(function, *arguments).result()


def _quiet() -> None:
    # Through the environment: importing a library only to silence it would count in a side's memory.
    os.environ.update(TRANSFORMERS_VERBOSITY="error", HF_HUB_DISABLE_PROGRESS_BARS="1", TOKENIZERS_PARALLELISM="true")


def _serve(pipe: Connection, side: str, setting: Setting) -> None:
    _quiet()
    try:
        pin_to_cores(setting.threads)
        read = SIDES[side].make(setting)
    except UnavailableError as error:
        pipe.send(("unavailable", str(error)))
        return
    except Exception:
        pipe.send(("error", traceback.format_exc()))
        return
    pipe.send(("ready", 0.0))
    while True:
        try:
            what, texts, at_least = pipe.recv()
        except EOFError:
            return
        try:
            if what == "seconds":
                pipe.send(("value", repeat_for(lambda: read(texts), at_least)))  # noqa: B023 - called at once
            elif what == "spans":
                pipe.send(("value", float(read(texts))))
            else:
                pipe.send(("value", peak_memory_mb()))
        except Exception:
            pipe.send(("error", traceback.format_exc()))
