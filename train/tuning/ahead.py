"""What is needed next, made by another thread while the present one is in use: batches for a device that must not wait.

Things come in the order asked for and are made one at a time, so nothing depends on whether they are made ahead.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["made_ahead"]

_Asked = TypeVar("_Asked")
_Made = TypeVar("_Made")


def made_ahead(make: Callable[[_Asked], _Made], asked: Iterable[_Asked]) -> Iterator[_Made]:
    """`map(make, asked)` with each thing begun when the one before it is taken; raises what `make` raises."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead") as maker:
        coming: Future[_Made] | None = None
        for one in asked:
            following = maker.submit(make, one)
            if coming is not None:
                yield coming.result()
            coming = following
        if coming is not None:
            yield coming.result()
