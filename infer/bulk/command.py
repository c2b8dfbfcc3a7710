"""The command `rasid bulk`: options and the summary. The work is `ray_engine`'s."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..articles import Metadata
from .job import Job
from .ray_engine import BulkRun, run_bulk

__all__ = ["Engine", "bulk"]


class Engine(StrEnum):
    """What distributes the work; for one process there is `rasid predict --format parquet`."""

    RAY = "ray"


def bulk(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT…", help="Parquet files or folders of them, paths or URLs.", show_default=False),
    ],
    out: Annotated[str, typer.Option(help="Folder of Parquet shards to write, path or URL.", show_default=False)],
    engine: Annotated[Engine, typer.Option(help="What distributes the work.")] = Engine.RAY,
    workers: Annotated[int, typer.Option(min=1, help="Processes, each with a model of its own.")] = 1,
    cpus_per_worker: Annotated[float, typer.Option(min=0.01, help="Cores of each worker, and its threads.")] = 1,
    gpus_per_worker: Annotated[float, typer.Option(min=0, help="GPUs of each worker; a fraction shares one.")] = 0,
    address: Annotated[
        str | None, typer.Option(help="A running Ray cluster (auto, HOST:PORT, ray://…); else one here.")
    ] = None,
    shard_articles: Annotated[int, typer.Option(min=1, help="Articles in each shard, the unit of work.")] = 1000,
    resume: Annotated[bool, typer.Option("--resume", help="Do only what an earlier run did not finish.")] = False,
    model: Annotated[
        str | None, typer.Option(help="Model folder or hub id; the embedded model if not given.", show_default=False)
    ] = None,
    precision: Annotated[str, typer.Option(help="Arithmetic of the encoder, as for rasid predict.")] = "auto",
    places: Annotated[Path | None, typer.Option(help="CSV of places of your own (docs/places.md).")] = None,
    actors: Annotated[Path | None, typer.Option(help="CSV of actors of your own (docs/actors.md).")] = None,
    outlet: Annotated[str | None, typer.Option(help="Outlet of articles that name none of their own.")] = None,
    text: Annotated[bool, typer.Option("--text/--no-text", help="Keep the text in the shards.")] = True,
) -> None:
    """Read very many articles from Parquet into Parquet, with many workers (docs/bulk.md)."""
    job = Job(model, "auto", precision, places, actors, Metadata(outlet=outlet), text)
    run = BulkRun(tuple(inputs), out, job, workers, cpus_per_worker, gpus_per_worker, shard_articles, resume, address)
    done = {Engine.RAY: run_bulk}[engine](run)
    rate = f" ({done.articles_now / done.seconds:,.1f} articles/s)" if done.seconds else ""
    print(f"rasid: {done.articles:,} articles in {done.shards:,} shards{rate}", file=sys.stderr)
    if done.failed:
        print(f"rasid: error: {done.failed:,} articles failed; {out}/failed lists them", file=sys.stderr)
        raise typer.Exit(1)
