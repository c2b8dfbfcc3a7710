"""Bulk runs on Ray Data: a pool of actors, each with a predictor, reads blocks of Parquet tables into shards.

What travels through Ray are the blocks' addresses, not their rows, so that the object store stays small, a block is
named before it is read, and one that is tried again writes over itself. Ray is imported when a run starts.
"""

import logging
import math
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..errors import MissingExtraError, RasidError, RunError
from .blocks import Block, cut, list_tables
from .job import Job
from .meter import metering
from .record import RunRecord
from .shard_rows import ShardInfo
from .shards import ShardFolder
from .survey import fingerprint, refuse_output_among_inputs
from .worker import BlockWorker

__all__ = ["BulkRun", "BulkSummary", "run_bulk"]

_OBJECT_STORE_BYTES = 200_000_000
_MOST_TASKS = 10_000
_STARTS = 3
_OURS = re.compile(r"rasid\.infer\.errors\.\w+: (.+)")


@dataclass(frozen=True, slots=True)
class BulkRun:
    """What to read, how, where to, and with how much of a machine or cluster.

    `inputs` and `out` are paths or URLs that every worker sees. A worker has `cpus_per_worker` cores and
    `gpus_per_worker` of a GPU, on which it computes where that is above 0. `address` is a running cluster's, None for
    one on this machine that lasts as long as the run.
    """

    inputs: tuple[str, ...]
    out: str
    job: Job
    workers: int = 1
    cpus_per_worker: float = 1
    gpus_per_worker: float = 0
    shard_articles: int = 1000
    resume: bool = False
    address: str | None = None


@dataclass(frozen=True, slots=True)
class BulkSummary:
    """What came of a run: over all its sittings, and in this one.

    `seconds` passed between the first block's beginning and the last one's end in this sitting, without the time Ray
    and the models take to start; `articles_now` and `characters_now` were read in them.
    """

    articles: int
    failed: int
    shards: int
    articles_now: int
    characters_now: int
    seconds: float


def run_bulk(run: BulkRun) -> BulkSummary:
    """Read all articles of Parquet tables into a folder of shards.

    Raises MissingExtraError without Ray, InputError for inputs or an output that cannot be used, RunError for an output
    that is another run's or blocks that kill one worker after another, and what loading the model raises.
    """
    _import_ray()
    run = _with_whole_paths(run)
    tables = [list_tables(source) for source in run.inputs]
    if "://" not in run.out:
        refuse_output_among_inputs(Path(run.out), [source for source in run.inputs if "://" not in source])
    record = RunRecord(
        rasid=version("rasid"),
        model=run.job.model_record(),
        options={**run.job.options_record(), "shard_articles": run.shard_articles},
        inputs=fingerprint([table.file for table in of_input] for of_input in tables),
    )
    folder = ShardFolder(run.out, extra="ray")
    whole = folder.begin(record, resume=run.resume)
    blocks = list(cut([table for of_input in tables for table in of_input], run.shard_articles))
    left = [block for block in blocks if block.number not in whole]
    began, ended, fresh = math.inf, -math.inf, []
    before = sum(info.articles + info.failed for info in whole.values())
    with metering(before + sum(block.rows for block in left), before) as meter:
        for done in _read_blocks(run, left, record) if left else ():
            began, ended = min(began, done.pop("began")), max(ended, done.pop("ended"))
            info = ShardInfo(**done)
            fresh.append(info)
            meter.count(info.articles, info.characters)
            if info.failed:
                meter.fail(f"{info.failed:,} articles of block {info.number} failed", info.failed)
    shards = [*whole.values(), *fresh]
    if len({info.number for info in shards}) != len(blocks):
        raise RunError(f"{run.out}: {len(blocks) - len(shards)} blocks were not done; --resume does them")
    folder.write_record(record.as_finished())
    return BulkSummary(
        articles=sum(info.articles for info in shards),
        failed=sum(info.failed for info in shards),
        shards=len(shards),
        articles_now=sum(info.articles for info in fresh),
        characters_now=sum(info.characters for info in fresh),
        seconds=max(ended - began, 0.0),
    )


def _read_blocks(run: BulkRun, blocks: list[Block], record: RunRecord) -> Iterator[dict[str, Any]]:
    """Have the actors read blocks; what each says of a block, as they finish."""
    job = replace(run.job, device="cuda" if run.gpus_per_worker else "cpu")
    threads = max(1, int(run.cpus_per_worker))
    with _cluster(run) as ray:
        done = ray.data.from_items(
            [asdict(block) for block in blocks], override_num_blocks=min(len(blocks), _MOST_TASKS)
        ).map_batches(
            BlockWorker,
            fn_constructor_args=(job, run.out, record, threads),
            batch_size=1,
            compute=ray.data.ActorPoolStrategy(size=run.workers),
            num_cpus=run.cpus_per_worker,
            num_gpus=run.gpus_per_worker or None,
        )  # an actor that dies is replaced and its block tried again for ever: `worker` draws the line
        try:
            yield from done.iter_rows()
        except (ray.exceptions.RayError, ray.exceptions.UserCodeException, RasidError) as error:
            raise _plain(error, run.out) from None


@contextmanager
def _cluster(run: BulkRun) -> Iterator[Any]:
    """Ray, connected to the cluster or started on this machine with what the workers need."""
    ray = _import_ray()
    if run.address is not None:
        where: dict[str, Any] = {"address": run.address}
    else:
        cpus = max(os.cpu_count() or 1, math.ceil(run.workers * run.cpus_per_worker))
        where = {"address": "local", "num_cpus": cpus, "include_dashboard": False}
        where["object_store_memory"] = _OBJECT_STORE_BYTES
    for attempt in range(1, _STARTS + 1):
        try:
            ray.init(**where, log_to_driver=False, logging_level=logging.CRITICAL)
            break
        except Exception as error:  # Ray raises bare Exception where a node does not answer within 30 seconds
            ray.shutdown()
            if attempt == _STARTS:
                raise RunError(f"Ray cannot be started or reached: {_first_line(error)}") from None
    try:
        gpus = ray.cluster_resources().get("GPU", 0)
        if run.workers * run.gpus_per_worker > gpus and run.address is None:
            raise RunError(
                f"{run.workers} workers with {run.gpus_per_worker:g} GPU each need more than the {gpus:g} there are"
            )
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        yield ray
    finally:
        ray.shutdown()


def _with_whole_paths(run: BulkRun) -> BulkRun:
    """The same run with paths that mean the same to workers in another working folder; URLs and hub ids stay."""

    def whole(path: str) -> str:
        return path if "://" in path else str(Path(path).absolute())

    job = run.job
    model = whole(job.model) if job.model is not None and Path(job.model).is_dir() else job.model
    places, actors = (path and path.absolute() for path in (job.places, job.actors))
    return replace(run, out=whole(run.out), job=replace(job, model=model, places=places, actors=actors))


def _import_ray() -> Any:
    # Set before Ray is loaded: it reads them once. Nothing is reported to anyone.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    # Seconds; a worker imports much before it answers, and more slowly on a busy machine.
    os.environ.setdefault("RAY_worker_register_timeout_seconds", "300")
    try:
        import ray
        import ray.data
        import ray.exceptions
    except ImportError:
        raise MissingExtraError("ray", "rasid bulk --engine ray") from None
    return ray


def _plain(error: BaseException, out: str) -> RunError:
    """An error of ours that a worker raised, in its own words, or one that says what Ray says."""
    # Ray hands on the traceback as text and not always the error itself.
    ours = _OURS.findall(str(error))
    if ours:
        return RunError(ours[-1])
    return RunError(f"{out}: a worker failed, {_first_line(error)}; --resume goes on with what is done")


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
