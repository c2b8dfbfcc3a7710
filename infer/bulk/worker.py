"""One worker of a bulk run: loads the predictor once and reads blocks into shards.

Runs in a process of its own, which may die at any moment: a block counts as done when its shard is there. How workers
are started and fed is left to `ray_engine`.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from time import time
from typing import TYPE_CHECKING, Any

from ..articles import Article
from ..errors import ModelError, RunError
from .blocks import Block, read_block
from .job import Job
from .outcomes import outcomes
from .record import RunRecord
from .shards import ShardFolder

if TYPE_CHECKING:
    from ..predictor import Predictor

__all__ = ["BlockWorker", "limit_threads"]

_MOST_DEATHS = 4
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")


class BlockWorker:
    """Reads blocks with one predictor; raises ModelError where its model is not the run's."""

    def __init__(self, job: Job, out: str, record: RunRecord, threads: int) -> None:
        limit_threads(threads)
        self._folder = ShardFolder(out, extra="ray")
        self._job = job
        self._record = record
        self._predictor: Predictor | None = None

    def __call__(self, columns: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
        """Read the blocks whose fields are the columns; what became of each, and when (seconds since 1970)."""
        # Not before: Ray hands on what a task raises, but of what a constructor raises only the text of a traceback.
        self._predictor = self._predictor or self._load()
        done: list[dict[str, Any]] = []
        for values in zip(*(columns[name] for name in Block.__dataclass_fields__), strict=True):
            block = Block(*(value.item() if hasattr(value, "item") else value for value in values))
            began = time()
            # A task that is tried again after its worker's death holds blocks that were done before it.
            info = self._folder.info(block.number) or self._read(self._predictor, block)
            done.append({**asdict(info), "began": began, "ended": time()})
        return {name: [each[name] for each in done] for name in done[0]}

    def _load(self) -> "Predictor":
        found = self._job.model_record()
        if found != self._record.model:
            raise ModelError(
                f"model {self._job.model}: is {found} here and {self._record.model} where the run was begun"
            )
        return self._job.load()

    def _read(self, predictor: "Predictor", block: Block) -> Any:
        if (killed := self._folder.attempts(block.number)) >= _MOST_DEATHS:
            rows = f"rows {block.first_row + 1}-{block.first_row + block.rows}"
            raise RunError(
                f"{block.path}: {rows} have killed {killed} workers (short of memory?), --resume tries again"
            )
        items = [self._job.filled(item) if isinstance(item, Article) else item for item in read_block(block)]
        results = outcomes(predictor, items, block.first_item)
        return self._folder.write_shard(block.number, block.first_item, results, self._record)


def limit_threads(threads: int) -> None:
    """Keep the libraries that compute, loaded or to be loaded, to so many threads in this process."""
    for name in _THREAD_VARIABLES:
        os.environ[name] = str(threads)
    if "torch" in sys.modules:
        import torch

        torch.set_num_threads(threads)
