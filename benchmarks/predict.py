"""Text in, spans out: this package against others on the same weights and texts, all sides taking turns in one run.

    python -m benchmarks.predict --out build/benchmarks [--data FOLDER] [--vocabulary FILE] [--device cuda]

Which texts, models and sides there are is said in `articles`, `models` and `sides`; here they are put together, and
`rates` makes figures of the seconds.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from .articles import news_articles, with_long_article
from .machine import available_cores, cuda_device, describe_machine, pin_to_cores
from .models import ARABERT, TINY, draw_model, embedded_model
from .predictors import Unavailable
from .rates import Row, rates_table, row_of
from .sides import SIDES, Setting
from .tables import report
from .timing import alternate
from .workers import Worker, call_in_process

__all__ = ["BATCHES", "Case", "Job", "best_batch", "measure", "predict"]

BATCHES = (1, 2, 4, 8, 16, 32)
"""The batch sizes among which the pipeline's best is looked for."""

_CPU_SIDES = ("torch", "onnx", "int8", "everything", "pipeline", "pipeline-best", "sentences", "gliner")
_CUDA_SIDES = ("bf16", "everything", "pipeline", "pipeline-best", "sentences", "gliner")
_CUDA_COMMAND = "python -m benchmarks.predict --device cuda"


@dataclass(frozen=True, slots=True)
class Job:
    """A side on a model, as a row of a table."""

    title: str
    side: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Case:
    """Texts that several jobs read in turn; `seconds` is the time meant for them."""

    name: str
    title: str
    texts: tuple[str, ...]
    jobs: tuple[Job, ...]
    seconds: float


def predict(
    data: Annotated[Path | None, typer.Option(help="Folder of .txt articles; composed ones if not given.")] = None,
    vocabulary: Annotated[
        Path | None, typer.Option(help="WordPiece vocabulary of AraBERT's shape; the embedded one if not given.")
    ] = None,
    model: Annotated[str, typer.Option(help="embedded, arabert or both.")] = "both",
    sides: Annotated[str, typer.Option(help="Sides to measure, with commas; all if not given.")] = "",
    articles: Annotated[int, typer.Option(help="Articles of ordinary length.")] = 24,
    long_words: Annotated[int, typer.Option(help="Words of the long article of the mix.")] = 20_000,
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
    threads: Annotated[int | None, typer.Option(help="Cores to use; all if not given.")] = None,
    seconds: Annotated[float, typer.Option(help="Time the rounds may take together.")] = 150.0,
    out: Annotated[Path | None, typer.Option(help="Folder for predict.json and predict.md.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="A trial with a tiny model; its figures mean nothing.")
    ] = False,
) -> None:
    """Measure prediction side by side."""
    if device == "cuda" and cuda_device() is None:
        print(f"not measured: torch sees no CUDA device here. Command: {_CUDA_COMMAND}")
        raise typer.Exit(1)
    threads = threads or available_cores()
    pin_to_cores(threads)
    machine = describe_machine(threads)
    if quick:
        articles, long_words, seconds = min(articles, 3), min(long_words, 600), min(seconds, 5.0)
    known = _CUDA_SIDES if device == "cuda" else _CPU_SIDES
    wanted = [side for side in known if not sides or side in sides.split(",")]
    texts = news_articles(data, articles)
    with tempfile.TemporaryDirectory() as scratch:
        drawn = draw_model(Path(scratch) / "arabert-shape", TINY if quick else ARABERT, vocabulary)
        cases = [case for case in _cases(texts, long_words, drawn, wanted, seconds) if model in (case.name, "both")]
        rows = {case.title: measure(case, Setting(embedded_model(), device, threads)) for case in cases}
    report(
        "predict",
        machine,
        {"articles": len(texts), "real": data is not None, "long_words": long_words, "device": device},
        {title: [row.to_json() for row in found] for title, found in rows.items()},
        [f"**{title}**\n\n{rates_table(found)}" for title, found in rows.items()] + _not_measured(device),
        out,
    )


def _cases(texts: list[str], long_words: int, drawn: Path, sides: Sequence[str], seconds: float) -> Iterator[Case]:
    embedded = embedded_model()

    def jobs(folder: Path, names: Sequence[str]) -> list[Job]:
        return [Job(SIDES[name].title, name, folder) for name in sides if name in names]

    news = f"{len(texts)} articles of news length"
    across = [Job("transformers pipeline, best batch, AraBERT's shape", "pipeline-best", drawn)]
    across = across if "pipeline-best" in sides else []
    everything = jobs(embedded, sides)
    yield Case("embedded", f"Embedded model, {news}", tuple(texts), (*everything, *across), 0.35 * seconds)
    mix = with_long_article(texts, long_words)
    untruncated = jobs(embedded, [name for name in sides if name != "gliner"])
    title = f"Embedded model, the same and one of {long_words:,} words"
    yield Case("embedded", title, tuple(mix), tuple(untruncated), 0.25 * seconds)
    # Links of drawn spans would be no one's links.
    spans = jobs(drawn, [name for name in sides if name != "everything"])
    yield Case("arabert", f"AraBERT's shape, {news}", tuple(texts), tuple(spans), 0.4 * seconds)


def measure(case: Case, setting: Setting) -> list[Row]:
    """Let the case's jobs read its texts in turn; one row a job, in order, measured or with the reason why not."""
    from rasid.train.matrix_rate import measured_matrix_rate

    torch_device, dtype = _arithmetic(setting)
    with ExitStack() as stack:
        readers: dict[str, Worker] = {}
        missing: dict[str, str] = {}
        batches: dict[str, int] = {}
        for job in case.jobs:
            try:
                readers[job.title] = stack.enter_context(_worker(job, case.texts, setting, batches))
            except Unavailable as error:
                missing[job.title] = str(error)
        turns: dict[str, Any] = {"": lambda: measured_matrix_rate(torch_device, dtype, seconds=0.5)}
        for title, reader in readers.items():
            reader.spans(case.texts[:2])  # the first call of a side pays for what is made lazily
            turns[title] = lambda reader=reader: reader.seconds(case.texts)
        figures = alternate(turns, seconds=case.seconds)
        memory = {title: reader.peak_memory_mb() for title, reader in readers.items()}
        spans = {title: reader.spans(case.texts) for title, reader in readers.items()}
    rows = []
    for job in case.jobs:
        title = f"{job.title} ({batches[job.title]})" if job.title in batches else job.title
        if job.title in missing:
            rows.append(Row(title, why_not=missing[job.title]))
            continue
        against = {name: figures.get(SIDES[name].title) for name in ("pipeline", "pipeline-best")}
        rows.append(
            row_of(
                title,
                job.folder,
                case.texts,
                figures[job.title],
                matrix_rates=figures[""],
                memory_mb=memory[job.title],
                spans=spans[job.title],
                against=against,
            )
        )
    return rows


@contextmanager
def _worker(job: Job, texts: Sequence[str], setting: Setting, batches: dict[str, int]) -> Iterator[Worker]:
    """The job's process; for a side at its best batch, that is found first, in a process of its own."""
    here = Setting(job.folder, setting.device, setting.threads)
    if job.side == "pipeline-best":
        batches[job.title] = best_batch(call_in_process(_search, here, texts))
        here = here.with_batch(batches[job.title])
    with Worker(job.side, here) as worker:
        yield worker


def _search(setting: Setting, texts: Sequence[str]) -> dict[int, float]:
    """Seconds for the texts at each batch size. A very long text is left out: its windows are batched like others."""
    from .timing import repeat_for

    ordinary = sorted(texts, key=len)[: max(1, len(texts) - 1)]
    timed: dict[int, float] = {}
    for batch in BATCHES:
        read = SIDES["pipeline"].make(setting.with_batch(batch))
        read(ordinary[:1])
        timed[batch] = repeat_for(lambda: read(ordinary), 0.5)  # noqa: B023 - called at once
    return timed


def best_batch(seconds: Mapping[int, float]) -> int:
    """The batch size that took the least time, the smaller of two that took the same."""
    return min(seconds, key=lambda batch: (seconds[batch], batch))


def _arithmetic(setting: Setting) -> tuple[Any, Any]:
    """The device and number format whose matrix rate is the limit: fp32 on a CPU, bf16 on CUDA."""
    import torch

    if setting.device == "cpu":
        torch.set_num_threads(setting.threads)
        return torch.device("cpu"), torch.float32
    return torch.device(setting.device), torch.bfloat16


def _not_measured(device: str) -> list[str]:
    return [] if device == "cuda" else [f"CUDA, bf16: not measured in this run. Command: `{_CUDA_COMMAND}`"]


if __name__ == "__main__":
    typer.run(predict)
