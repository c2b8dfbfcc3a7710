"""A stopwatch for nested stages: while one runs, those around it stand still."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

__all__ = ["Stopwatch"]


class Stopwatch:
    """`seconds` by stage; the time of a stage is its own, without that of stages entered inside it."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._clock = clock
        self._running: list[str] = []
        self._since = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside the `with` to a stage."""
        self._enter(name)
        try:
            yield
        finally:
            self._leave()

    def wrapped(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        """The function, counted to a stage; of an iterator, the time it takes to give each value."""

        @wraps(function, updated=())
        def counted(*arguments: Any, **named: Any) -> Any:
            self._enter(name)
            try:
                result = function(*arguments, **named)
            finally:
                self._leave()
            return self._steps(result, name) if isinstance(result, Iterator) else result

        return counted

    def _steps(self, values: Iterator[Any], name: str) -> Iterator[Any]:
        while True:
            self._enter(name)
            try:
                value = next(values, _END)
            finally:
                self._leave()
            if value is _END:
                return
            yield value

    def _enter(self, name: str) -> None:
        now = self._clock()
        if self._running:
            self.seconds[self._running[-1]] += now - self._since
        self._running.append(name)
        self._since = now

    def _leave(self) -> None:
        now = self._clock()
        self.seconds[self._running.pop()] += now - self._since
        self._since = now


_END = object()
