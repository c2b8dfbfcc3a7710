"""Cost as the work grows: time a word against the length of an article, memory against the number of articles.

    python -m benchmarks.growth --out build/benchmarks --figures docs/figures [--most-articles 100000]

Both should be flat. The model is the embedded one as it comes, links and claims included, and once more for spans
alone. Every point of memory is a process of its own, and the articles streamed are of one paragraph each.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from .articles import text_of_words
from .growth_plots import plot_lengths, plot_memory
from .machine import available_cores, describe_machine, pin_to_cores
from .models import embedded_model
from .predictors import Way, forget_words, load_predictor
from .tables import markdown_table, report, spread
from .timing import Spread, alternate, repeat_for, spread_of
from .workers import call_in_process, peak_memory_mb

__all__ = ["growth", "paragraphs", "seconds_a_word", "streamed_memory"]

LENGTHS = (200, 2_000, 20_000, 200_000)
COUNTS = (100, 1_000, 10_000, 100_000)
_PARAGRAPH_WORDS = 30
_PARAGRAPHS = 97  # different ones, in turn


def growth(
    most_words: Annotated[int, typer.Option(help="Longest article, in words.")] = LENGTHS[-1],
    most_articles: Annotated[int, typer.Option(help="Most articles streamed.")] = 10_000,
    threads: Annotated[int | None, typer.Option(help="Cores to use; all if not given.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for growth.json and growth.md.")] = None,
    figures: Annotated[Path | None, typer.Option(help="Folder for the two plots (SVG).")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A trial; its figures mean nothing.")] = False,
) -> None:
    """Measure how time and memory grow."""
    lengths = (20, 200) if quick else tuple(length for length in LENGTHS if length <= most_words)
    counts = (2, 20) if quick else tuple(count for count in COUNTS if count <= most_articles)
    threads = threads or available_cores()
    machine = describe_machine(threads)
    pin_to_cores(threads)
    ways = {"spans": True, "spans, links and claims": False}
    by_length = {
        name: call_in_process(seconds_a_word, embedded_model(), spans_only, lengths, 0.0 if quick else 35.0)
        for name, spans_only in ways.items()
    }
    memory = {
        name: {n: call_in_process(streamed_memory, embedded_model(), spans_only, n) for n in counts}
        for name, spans_only in ways.items()
        if not spans_only
    }
    if figures is not None:
        figures.mkdir(parents=True, exist_ok=True)
        (figures / "time-by-length.svg").write_text(plot_lengths(by_length), "utf-8")
        (figures / "memory-by-articles.svg").write_text(plot_memory(memory), "utf-8")
    report(
        "growth",
        machine,
        {"lengths": lengths, "counts": counts, "paragraph_words": _PARAGRAPH_WORDS},
        {
            "microseconds_a_word": {
                name: {str(length): value.to_json() for length, value in points.items()}
                for name, points in by_length.items()
            },
            "peak_memory_mb": {name: {str(n): value for n, value in points.items()} for name, points in memory.items()},
        },
        [_lengths_table(by_length, lengths), _memory_table(memory, counts)],
        out,
    )


def seconds_a_word(folder: Path, spans_only: bool, lengths: Sequence[int], seconds: float) -> dict[int, Spread]:
    """Microseconds a word for one article of each length, the lengths taking turns.

    A length is read as often as makes about the words of the second longest, so that short ones are not all noise.
    """
    predictor = load_predictor(folder, Way(), "cpu", spans_only=spans_only)
    texts = {length: text_of_words(length) for length in lengths}
    words = sorted(lengths)[-2] if len(lengths) > 1 else lengths[0]

    def read(length: int) -> float:
        times = max(1, words // length // 10)

        def all_of_them() -> None:
            for _ in range(times):
                forget_words(predictor)
                predictor.predict(texts[length])

        return repeat_for(all_of_them, 0.0) / times / length * 1e6

    predictor.predict(texts[min(lengths)])
    turns = {str(length): partial(read, length) for length in lengths}
    figures = alternate(turns, seconds=seconds, least_rounds=2 if seconds else 1)
    return {int(name): spread_of(values) for name, values in figures.items()}


def streamed_memory(folder: Path, spans_only: bool, articles: int) -> float:
    """Peak memory (10^6 bytes) of this process when it streams so many short articles and keeps none."""
    predictor = load_predictor(folder, Way(), "cpu", spans_only=spans_only)
    read = sum(1 for _ in predictor.stream(paragraphs(articles)))
    if read != articles:
        raise RuntimeError(f"{articles} articles went in and {read} came out")
    return peak_memory_mb()


def paragraphs(count: int) -> Iterator[str]:
    """So many texts of one paragraph, drawn one by one."""
    words = text_of_words(_PARAGRAPH_WORDS * _PARAGRAPHS).split()
    for number in range(count):
        start = number % _PARAGRAPHS * _PARAGRAPH_WORDS
        yield " ".join(words[start : start + _PARAGRAPH_WORDS])


def _lengths_table(by_length: dict[str, dict[int, Spread]], lengths: Sequence[int]) -> str:
    rows = [[f"{length:,}", *(spread(points[length]) for points in by_length.values())] for length in lengths]
    return markdown_table(["words", *(f"µs a word, {name}" for name in by_length)], rows)


def _memory_table(memory: dict[str, dict[int, float]], counts: Sequence[int]) -> str:
    rows: list[list[Any]] = [[f"{n:,}", *(f"{points[n]:,.0f}" for points in memory.values())] for n in counts]
    return markdown_table(["articles", *(f"peak memory, MB, {name}" for name in memory)], rows)


if __name__ == "__main__":
    typer.run(growth)
