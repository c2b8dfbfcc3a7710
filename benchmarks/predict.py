"""Text in, spans out: this package against others on the same weights and texts, all sides taking turns in one run.

    python -m benchmarks.predict --out build/benchmarks [--data FOLDER] [--vocabulary FILE] [--device cuda]

Which texts, models and sides there are is said in `articles`, `models` and `sides`; here they are put together, and
`rates` makes figures of the seconds.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from .articles import news_articles, with_long_article
from .machine import available_cores, cuda_device, describe_machine, pin_to_cores
from .models import ARABERT, TINY, add_graphs, draw_model, embedded_model
from .others import pipeline_reader
from .predictors import UnavailableError
from .rates import Row, rates_table, row_of
from .sides import SIDES, Setting
from .tables import report
from .timing import alternate, repeat_for
from .workers import Worker, call_in_process

__all__ = ["BATCHES", "Group", "Job", "Texts", "best_batch", "measure", "predict"]

BATCHES = (1, 2, 4, 8, 16, 32)
"""The batch sizes among which the pipeline's best is looked for."""

_CPU_SIDES = ("torch", "onnx", "int8", "everything", "pipeline", "pipeline-best", "sentences", "gliner")
_CUDA_SIDES = ("bf16", "everything", "pipeline", "pipeline-best", "sentences", "gliner")
_CUDA_COMMAND = "python -m benchmarks.predict --device cuda"


@dataclass(frozen=True, slots=True)
class Job:
    """A side on a model, as a row of a table; the reason where it cannot be measured is found when it is started."""

    title: str
    side: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Texts:
    """What is read: `sides` are those that read it, `seconds` the time meant for their rounds."""

    title: str
    texts: tuple[str, ...]
    sides: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Group:
    """Jobs that are started together and then read several sets of texts in turn."""

    name: str
    jobs: tuple[Job, ...]
    sets: tuple[Texts, ...]


def predict(
    data: Annotated[Path | None, typer.Option(help="Folder of .txt articles; composed ones if not given.")] = None,
    vocabulary: Annotated[
        Path | None, typer.Option(help="WordPiece vocabulary of AraBERT's shape; the embedded one if not given.")
    ] = None,
    model: Annotated[str, typer.Option(help="embedded, arabert or both.")] = "both",
    sides: Annotated[str, typer.Option(help="Sides to measure, with commas; all if not given.")] = "",
    articles: Annotated[int, typer.Option(help="Articles of ordinary length.")] = 16,
    long_words: Annotated[int, typer.Option(help="Words of the long article of the mix.")] = 20_000,
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
    threads: Annotated[int | None, typer.Option(help="Cores to use; all if not given.")] = None,
    seconds: Annotated[float, typer.Option(help="Time the rounds may take together; three are always done.")] = 120.0,
    out: Annotated[Path | None, typer.Option(help="Folder for predict.json and predict.md.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A trial; its figures mean nothing.")] = False,
) -> None:
    """Measure prediction side by side."""
    if device == "cuda" and cuda_device() is None:
        print(f"not measured: torch sees no CUDA device here. Command: {_CUDA_COMMAND}")
        raise typer.Exit(1)
    threads = threads or available_cores()
    machine = describe_machine(threads)
    pin_to_cores(threads)
    if quick:
        articles, long_words, seconds = min(articles, 3), min(long_words, 600), 0.0
    known = _CUDA_SIDES if device == "cuda" else _CPU_SIDES
    wanted = [side for side in known if not sides or side in sides.split(",")]
    texts = news_articles(data, articles)
    with tempfile.TemporaryDirectory() as scratch:
        drawn = draw_model(Path(scratch) / "arabert-shape", TINY if quick else ARABERT, vocabulary)
        add_graphs(drawn)
        groups = [_embedded(texts, long_words, drawn, wanted, seconds), _arabert(texts, drawn, wanted, seconds)]
        setting = Setting(embedded_model(), device, threads)
        batches = _Batches(partial(_search, texts=tuple(texts)))
        rows = {
            title: found
            for group in groups
            if model in (group.name, "both")
            for title, found in measure(group, setting, batches, at_least=0.05 if quick else 1.0).items()
        }
    report(
        "predict",
        machine,
        {"articles": len(texts), "real": data is not None, "long_words": long_words, "device": device},
        {title: [row.to_json() for row in found] for title, found in rows.items()},
        [f"**{title}**\n\n{rates_table(found)}" for title, found in rows.items()] + _not_measured(device),
        out,
    )


def _embedded(texts: list[str], long_words: int, drawn: Path, sides: Sequence[str], seconds: float) -> Group:
    jobs = [Job(SIDES[name].title, name, embedded_model()) for name in sides]
    if "pipeline-best" in sides:
        jobs.append(Job("transformers pipeline, best batch, AraBERT's shape", "pipeline-best", drawn))
    mix = with_long_article(texts, long_words)
    untruncated = tuple(name for name in sides if name != "gliner")
    news = f"Embedded model, {len(texts)} articles of news length"
    return Group(
        "embedded",
        tuple(jobs),
        (
            Texts(news, tuple(texts), tuple(sides), 0.3 * seconds),
            Texts(f"Embedded model, the same and one of {long_words:,} words", tuple(mix), untruncated, 0.25 * seconds),
        ),
    )


def _arabert(texts: list[str], drawn: Path, sides: Sequence[str], seconds: float) -> Group:
    # Links of drawn spans would be no one's links.
    spans = tuple(name for name in sides if name != "everything")
    jobs = tuple(Job(SIDES[name].title, name, drawn) for name in spans)
    title = f"AraBERT's shape, {len(texts)} articles of news length"
    return Group("arabert", jobs, (Texts(title, tuple(texts), spans, 0.45 * seconds),))


def measure(group: Group, setting: Setting, batches: "_Batches", at_least: float = 1.0) -> dict[str, list[Row]]:
    """Let the group's jobs read each of its sets in turn; for each set one row a job.

    A reading shorter than `at_least` seconds is repeated. A row of the drawn model beside the embedded one reads only
    the first set.
    """
    matrix = _matrix(setting)
    with ExitStack() as stack:
        settings = [
            Setting(job.folder, setting.device, setting.threads, batches.of(job, setting)) for job in group.jobs
        ]
        # All are started before any is waited for: loading is not timed, so they may load side by side.
        started = [Worker(job.side, here) for job, here in zip(group.jobs, settings, strict=True)]
        for worker in started:
            stack.callback(worker.close)
        readers: dict[str, Worker] = {}
        missing: dict[str, str] = {}
        for job, worker in zip(group.jobs, started, strict=True):
            try:
                worker.ready()
                readers[job.title] = worker
            except UnavailableError as error:
                missing[job.title] = str(error)
        found: dict[str, list[Row]] = {}
        for number, texts in enumerate(group.sets):
            jobs = [job for job in group.jobs if job.side in texts.sides]
            jobs = [job for job in jobs if number == 0 or job.folder == group.jobs[0].folder]
            found[texts.title] = _rows(jobs, texts, readers, missing, matrix, batches, at_least)
    return found


def _rows(
    jobs: Sequence[Job],
    given: Texts,
    readers: Mapping[str, Worker],
    missing: Mapping[str, str],
    matrix: Callable[[], float],
    batches: "_Batches",
    at_least: float,
) -> list[Row]:
    turns: dict[str, Callable[[], float]] = {"": matrix}
    for job in jobs:
        if job.title in readers:
            readers[job.title].spans(given.texts[:2])  # the first call of a side pays for what is made lazily
            turns[job.title] = partial(readers[job.title].seconds, given.texts, at_least)
    figures = alternate(turns, seconds=given.seconds, least_rounds=3 if given.seconds else 1)
    against = {name: figures.get(SIDES[name].title) for name in ("pipeline", "pipeline-best")}
    rows = []
    for job in jobs:
        if job.title in missing:
            rows.append(Row(job.title, why_not=missing[job.title]))
            continue
        batch = f" ({batches.found[job.folder]})" if job.side == "pipeline-best" else ""
        reader = readers[job.title]
        memory, spans = reader.peak_memory_mb(), reader.spans(given.texts)
        rows.append(
            row_of(
                job.title + batch,
                job.folder,
                given.texts,
                figures[job.title],
                matrix_rates=figures[""],
                memory_mb=memory,
                spans=spans,
                against=against,
            )
        )
    return rows


class _Batches:
    """The pipeline's best batch size for each model, looked for once, in a process of its own."""

    def __init__(self, search: Callable[[Setting], Mapping[int, float]]) -> None:
        self.found: dict[Path, int] = {}
        self._search = search

    def of(self, job: Job, setting: Setting) -> int:
        """The job's batch size: 1 but for sides at their best."""
        if job.side != "pipeline-best":
            return 1
        if job.folder not in self.found:
            here = Setting(job.folder, setting.device, setting.threads)
            self.found[job.folder] = best_batch(call_in_process(self._search, here))
        return self.found[job.folder]


def _search(setting: Setting, texts: Sequence[str]) -> dict[int, float]:
    """Seconds for the texts at each batch size."""
    read = pipeline_reader(setting.folder, setting.device)
    read(texts[:1], 1)
    return {batch: repeat_for(partial(read, texts, batch), 0.5) for batch in BATCHES}


def best_batch(seconds: Mapping[int, float]) -> int:
    """The batch size that took the least time, the smaller of two that took the same."""
    return min(seconds, key=lambda batch: (seconds[batch], batch))


def _matrix(setting: Setting) -> Callable[[], float]:
    """What measures the machine's limit: fp32 on a CPU, bf16 on CUDA."""
    import torch

    from rasid.train.matrix_rate import measured_matrix_rate

    dtype: Any = torch.bfloat16
    if setting.device == "cpu":
        torch.set_num_threads(setting.threads)
        dtype = torch.float32
    return lambda: measured_matrix_rate(torch.device(setting.device), dtype, seconds=0.5)


def _not_measured(device: str) -> list[str]:
    return [] if device == "cuda" else [f"CUDA, bf16: not measured in this run. Command: `{_CUDA_COMMAND}`"]


if __name__ == "__main__":
    typer.run(predict)
