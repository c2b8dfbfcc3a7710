"""One article from a cold start: `rasid predict` on the seed article as a new process, and what its time goes to.

    python -m benchmarks.cold --out build/benchmarks

"Cold" is a new process whose files are in the page cache: the first run of all is not counted. Imports are read off
Python's own `-X importtime`, by the top-level package whose modules took the time.
"""

import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import regex
import typer

from .articles import SEED_ARTICLE
from .machine import describe_machine
from .tables import markdown_table, report, spread
from .timing import Spread, alternate, spread_of
from .workers import call_in_process

__all__ = ["cold", "import_seconds", "run_once"]

_MAIN = "from rasid.infer.cli import main; main()"
_LINE = regex.compile(r"import time:\s+(\d+) \|\s+\d+ \| *(\S+)")
_LOAD = "from rasid.infer import Predictor; Predictor.load()"
_SPANS_NEED = ("torch", "transformers", "onnxruntime", "tokenizers", "numpy")


def cold(
    rounds: Annotated[int, typer.Option(help="Runs of each command, in turn.")] = 9,
    out: Annotated[Path | None, typer.Option(help="Folder for cold.json and cold.md.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A trial; its figures mean nothing.")] = False,
) -> None:
    """Measure a cold `rasid predict` and its parts."""
    rounds = 1 if quick else rounds
    machine = describe_machine()
    imported = _seconds_of_imports([*_main("predict", str(SEED_ARTICLE))])  # also warms the page cache
    commands = {
        "rasid predict, the seed article": _main("predict", str(SEED_ARTICLE)),
        "the model loaded, nothing read": ["-c", _LOAD],
        "rasid --version": _main("--version"),
        "python alone": ["-c", "pass"],
    } | {f"import {name} alone": ["-c", f"import {name}"] for name in _SPANS_NEED}
    peaks: dict[str, float] = defaultdict(float)

    def turn(name: str) -> Callable[[], float]:
        def once() -> float:
            # By way of a small process: a new one inherits the peak memory of the one that starts it.
            seconds, peak = call_in_process(run_once, commands[name])
            peaks[name] = max(peaks[name], peak)
            return seconds

        return once

    turns = {name: turn(name) for name in commands}
    figures = alternate(turns, seconds=0.0 if quick else 200.0, least_rounds=min(3, rounds), most_rounds=rounds)
    found = {name: spread_of(seconds) for name, seconds in figures.items()}
    report(
        "cold",
        machine,
        {"rounds": len(next(iter(figures.values())))},
        {
            "seconds": {name: value.to_json() for name, value in found.items()},
            "peak_memory_mb": dict(peaks),
            "imports": imported,
        },
        [_table(found, peaks), _imports(imported)],
        out,
    )


def run_once(arguments: Sequence[str]) -> tuple[float, float]:
    """Wall seconds and peak memory (10^6 bytes) of a new Python process; RuntimeError if it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    errors = process.stderr.read() if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"python {' '.join(arguments)}: {errors.strip()[-500:]}")
    return seconds, usage.ru_maxrss * 1024 / 1e6


def import_seconds(report_lines: str) -> dict[str, float]:
    """Seconds spent importing by top-level package, from what `-X importtime` writes; most first."""
    microseconds: dict[str, int] = defaultdict(int)
    for match in _LINE.finditer(report_lines):
        microseconds[match[2].split(".")[0]] += int(match[1])
    return {name: value / 1e6 for name, value in sorted(microseconds.items(), key=lambda item: -item[1])}


def _main(*arguments: str) -> list[str]:
    return ["-c", _MAIN, *arguments]


def _seconds_of_imports(arguments: list[str]) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, encoding="utf-8", check=True
    )
    return import_seconds(done.stderr)


def _table(found: dict[str, Spread], peaks: dict[str, float]) -> str:
    rows = [[name, spread(value), f"{peaks[name]:,.0f}"] for name, value in found.items()]
    return markdown_table(["new process", "seconds", "peak memory, MB"], rows)


def _imports(imported: dict[str, float]) -> str:
    most = [[name, f"{seconds:.3f}"] for name, seconds in list(imported.items())[:10]]
    rows = [*most, ["all", f"{sum(imported.values()):.3f}"]]
    return "Imports of the first command, own time by package (measuring adds to it):\n\n" + markdown_table(
        ["package", "seconds"], rows
    )


if __name__ == "__main__":
    typer.run(cold)
