"""Fine-tuning: subwords a second against the transformers token-classification example script, and dev F1 of both.

    python -m benchmarks.training --out build/benchmarks [--data FOLDER] [--device cuda]

Both sides start from the same encoder, see each article as often, with the same learning rate and as many articles a
step on average; `training_sides` has both. Every training is a process of its own, and the sides take turns.
"""

import tempfile
from functools import partial
from pathlib import Path
from statistics import fmean, stdev
from typing import Annotated

import typer

from .articles import ROOT
from .machine import available_cores, cuda_device, describe_machine
from .tables import markdown_table, report, spread
from .timing import alternate, ratio_of, spread_of
from .training_sides import Budget, Trained, train_ours, train_theirs
from .workers import call_in_process

__all__ = ["training", "training_table"]

_COMMAND = "python -m benchmarks.training --device cuda"
_SIDES = {"Rasid": train_ours, "transformers example script": train_theirs}


def training(
    data: Annotated[
        Path | None, typer.Option(help="Folder with train and dev; the composed articles if not given.")
    ] = None,
    encoder: Annotated[str, typer.Option(help='Encoder folder, or "embedded".')] = "embedded",
    epochs: Annotated[int, typer.Option(help="Passes over the training articles.")] = 5,
    batch_subwords: Annotated[int, typer.Option(help="Subwords in a step, padding included.")] = 2048,
    rounds: Annotated[int, typer.Option(help="Trainings of each side, each with a seed of its own.")] = 3,
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
    threads: Annotated[int | None, typer.Option(help="Cores to use; all if not given.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for training.json and training.md.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A trial; its figures mean nothing.")] = False,
) -> None:
    """Measure fine-tuning side by side."""
    if device == "cuda" and cuda_device() is None:
        print(f"not measured: torch sees no CUDA device here. Command: {_COMMAND}")
        raise typer.Exit(1)
    threads = threads or available_cores()
    machine = describe_machine(threads)
    budget = Budget(
        data or ROOT / "seeds" / "corpus", encoder, 1 if quick else epochs, batch_subwords, device, threads,
        most_articles=4 if quick else None,
    )  # fmt: skip
    trained: dict[str, list[Trained]] = {name: [] for name in _SIDES}

    def turn(name: str) -> float:
        with tempfile.TemporaryDirectory() as scratch:
            seed = 1 + len(trained[name])
            trained[name].append(call_in_process(_SIDES[name], budget, seed, Path(scratch)))
        return trained[name][-1].subwords_per_second

    rounds = 1 if quick else rounds
    turns = {name: partial(turn, name) for name in _SIDES}
    rates = alternate(turns, seconds=0.0, least_rounds=rounds, most_rounds=rounds)
    scaling = ratio_of(rates["Rasid"], rates["transformers example script"])
    report(
        "training",
        machine,
        budget.to_json(),
        {
            "sides": {name: [one.to_json() for one in found] for name, found in trained.items()},
            "ratio": scaling.to_json(),
        },
        [training_table(trained), f"Rasid against the script: × {spread(scaling)} in subwords a second"]
        + ([] if device == "cuda" else [f"CUDA, bf16: not measured in this run. Command: `{_COMMAND}`"]),
        out,
    )


def training_table(trained: dict[str, list[Trained]]) -> str:
    """Speed with its range and dev F1 with its standard deviation over the seeds."""
    rows = []
    for name, found in trained.items():
        f1 = [100 * one.dev_f1 for one in found]
        deviation = f" ± {stdev(f1):.1f}" if len(f1) > 1 else ""
        rows.append(
            [
                name,
                spread(spread_of([one.subwords_per_second for one in found])),
                str(found[0].steps),
                f"{100 * fmean(one.padding for one in found):.1f} %",
                f"{fmean(f1):.1f}{deviation}",
                f"{max(one.memory_mb for one in found):,.0f}",
            ]
        )
    headers = ["side", "subwords/s", "steps", "padding", "dev F1, all labels", "peak memory, MB"]
    return markdown_table(headers, rows)


if __name__ == "__main__":
    typer.run(training)
