"""Ray: how much two workers of one core each read against one.

    python -m benchmarks.bulk --out build/benchmarks

Times `rasid bulk … --engine ray --workers N --cpus-per-worker 1` as a whole for two sizes of the same input; the
difference between the sizes is free of what starting Ray and loading the model cost, and gives the rate.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path
from typing import Annotated

import typer

from .articles import news_articles
from .machine import available_cores, describe_machine
from .tables import markdown_table, report, spread
from .timing import alternate, ratio_of, spread_of

__all__ = ["bulk", "rates_of", "write_input"]

_MAIN = "from rasid.infer.cli import main; main()"
WORKERS = (1, 2)
_SHARD_ARTICLES = 50  # small enough that both workers are busy to the end


def bulk(
    articles: Annotated[int, typer.Option(help="Articles of the larger input.")] = 400,
    rounds: Annotated[int, typer.Option(help="Runs of each kind, in turn.")] = 2,
    out: Annotated[Path | None, typer.Option(help="Folder for bulk.json and bulk.md.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A trial; its figures mean nothing.")] = False,
) -> None:
    """Measure one worker and two."""
    if find_spec("ray") is None:
        print("not measured: ray is not installed. Command: pip install '.[ray]' && python -m benchmarks.bulk")
        raise typer.Exit(1)
    if available_cores() < max(WORKERS):
        print(f"not measured: {max(WORKERS)} workers of one core each need as many cores, here are {available_cores()}")
        raise typer.Exit(1)
    machine = describe_machine(max(WORKERS))
    large = 20 if quick else articles
    sizes = (large // 4, large)
    with tempfile.TemporaryDirectory() as scratch:
        inputs = {size: write_input(Path(scratch) / f"{size}.parquet", size) for size in sizes}
        target = Path(scratch) / "out"
        turns = {
            f"{size}/{workers}": partial(_seconds, inputs[size], target, workers)
            for size in sizes
            for workers in WORKERS
        }
        least = 1 if quick else rounds
        figures = alternate(turns, seconds=0.0, least_rounds=least, most_rounds=least)
    rates = {workers: rates_of(sizes, [figures[f"{size}/{workers}"] for size in sizes]) for workers in WORKERS}
    whole = {workers: spread_of(figures[f"{large}/{workers}"]) for workers in WORKERS}
    scaling = ratio_of(rates[2], rates[1])
    rows = [[f"{workers} × 1 core", spread(spread_of(rates[workers])), spread(whole[workers])] for workers in WORKERS]
    table = markdown_table(["workers", "articles/s", f"seconds for {large:,} articles, start included"], rows)
    report(
        "bulk",
        machine,
        {"sizes": sizes, "rounds": least},
        {"seconds": figures, "articles_per_second": rates, "scaling": scaling.to_json()},
        [table, f"Two workers against one: × {spread(scaling)}"],
        out,
    )


def write_input(path: Path, articles: int) -> Path:
    """A Parquet file of so many articles of news length."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = list(islice(cycle(news_articles(None, 51)), articles))
    pq.write_table(pa.table({"id": [f"a{number:06}" for number in range(articles)], "text": texts}), path)
    return path


def rates_of(sizes: tuple[int, int], seconds: list[list[float]]) -> list[float]:
    """Articles a second, one a round, from what the larger input took longer than the smaller."""
    few, many = seconds
    return [(sizes[1] - sizes[0]) / max(more - less, 1e-9) for less, more in zip(few, many, strict=True)]


def _seconds(source: Path, target: Path, workers: int) -> float:
    shutil.rmtree(target, ignore_errors=True)
    command = ["bulk", str(source), "--out", str(target), "--engine", "ray", "--workers", str(workers)]
    command += ["--cpus-per-worker", "1", "--shard-articles", str(_SHARD_ARTICLES)]
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _MAIN, *command],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"rasid {' '.join(command)}: {done.stderr.strip()[-800:]}")
    return time.perf_counter() - started


if __name__ == "__main__":
    typer.run(bulk)
