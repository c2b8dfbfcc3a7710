"""The command `rasid`: reads articles from files and prints what was found in them.

Input and output formats are in `formats`, the reading itself in `predictor`; here are only options, progress and
exit codes (0 all read, 1 something could not be read, 2 a command line that makes no sense).
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from .articles import Article, Metadata
from .bulk.job import Job
from .errors import RasidError
from .formats.brat import write_brat
from .formats.inputs import InputProblem, iter_inputs
from .formats.jsonl import jsonl_line
from .late_commands import LateCommands
from .scheme import CONFLICT

if TYPE_CHECKING:
    from rich.console import RenderableType

    from .bulk.local import Summary

__all__ = ["app", "main", "quiet_libraries", "run_app"]

app = typer.Typer(
    cls=LateCommands,
    help="Read Arabic conflict news: actors, locations, casualties and stances, each with its exact characters.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class OutputFormat(StrEnum):
    """How results are printed."""

    CLAIMS = "claims"
    SPANS = "spans"
    JSONL = "jsonl"
    PARQUET = "parquet"
    BRAT = "brat"


class PrecisionChoice(StrEnum):
    """Arithmetic of the encoder."""

    AUTO = "auto"
    FP32 = "fp32"
    BF16 = "bf16"
    FP16 = "fp16"
    INT8 = "int8"


def main() -> None:
    """Run the command line."""
    run_app(app, "rasid")


def run_app(application: typer.Typer, name: str) -> None:
    """Run a typer application; a RasidError becomes one line on standard error and exit code 1."""
    try:
        application(prog_name=name)
    except RasidError as error:
        complain(name, error)
        sys.exit(1)
    except BrokenPipeError:
        # The reader has gone (`rasid … | head`): nothing is left to say, and closing must not raise again.
        sys.stderr.close()
        sys.exit(1)


def complain(name: str, error: object) -> None:
    """One error line on standard error."""
    print(f"{name}: error: {error}", file=sys.stderr)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version as package_version

        print(f"rasid {package_version('rasid')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Read Arabic conflict news: actors, locations, casualties and stances, each with its exact characters."""


@app.command()
def predict(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILES…|-",
            help="Text (.txt), JSON Lines, Parquet or brat files, folders of them, or - for standard input.",
            show_default=False,
        ),
    ],
    model: Annotated[
        str | None, typer.Option(help="Model folder or hub id; the embedded model if not given.", show_default=False)
    ] = None,
    output: Annotated[OutputFormat, typer.Option("--format", help="How to print.")] = OutputFormat.CLAIMS,
    out: Annotated[
        Path | None, typer.Option(help="File or, for brat and parquet, folder to write instead of printing.")
    ] = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on where an earlier run of the same command was killed (jsonl, parquet)."),
    ] = False,
    shard_articles: Annotated[int, typer.Option(min=1, help="Articles in each Parquet shard.")] = 1000,
    text: Annotated[bool, typer.Option("--text/--no-text", help="Keep the text in JSON Lines and Parquet.")] = True,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:N.")] = "auto",
    precision: Annotated[PrecisionChoice, typer.Option(help="Arithmetic of the encoder.")] = PrecisionChoice.AUTO,
    places: Annotated[
        Path | None,
        typer.Option(help="CSV of places of your own: name, latitude, longitude, country, level, within."),
    ] = None,
    actors: Annotated[
        Path | None, typer.Option(help="CSV of actors of your own, with the columns of docs/actors.md.")
    ] = None,
    published: Annotated[
        str | None, typer.Option(help="Publication date (YYYY-MM-DD) of articles that name none of their own.")
    ] = None,
    outlet: Annotated[str | None, typer.Option(help="Outlet of articles that name none of their own.")] = None,
    url: Annotated[str | None, typer.Option(help="URL of articles that name none of their own.")] = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Report files that cannot be read and go on; exit code 1 at the end.")
    ] = False,
) -> None:
    """Find who says what about whom in articles, how many were harmed, and where."""
    given = Metadata(_date(published), outlet, url)
    _check_output(output, out, files, resume=resume)
    job = Job(model, device, precision.value, places, actors, given, text)
    quiet_libraries()
    if out is not None and "-" not in files and output in (OutputFormat.JSONL, OutputFormat.PARQUET):
        from .bulk.local import Run, predict_to_lines, predict_to_shards

        run = Run(tuple(files), out, job, keep_going=keep_going, resume=resume)
        as_lines = output is OutputFormat.JSONL
        _tell(predict_to_lines(run) if as_lines else predict_to_shards(run, shard_articles), resume=resume)
    else:
        _print(files, job, output, out, keep_going=keep_going)


def _check_output(output: OutputFormat, out: Path | None, files: list[str], *, resume: bool) -> None:
    if output is OutputFormat.BRAT and out is None:
        raise typer.BadParameter("--format brat writes a .txt and .ann per article: give the folder with --out FOLDER")
    if output is OutputFormat.PARQUET and out is None:
        raise typer.BadParameter("--format parquet writes a folder of shards: give it with --out FOLDER")
    resumable = out is not None and output in (OutputFormat.JSONL, OutputFormat.PARQUET)
    if resume and not resumable:
        raise typer.BadParameter("--resume goes on with what lies at --out, as --format jsonl or parquet wrote it")
    if "-" in files and (resume or output is OutputFormat.PARQUET):
        raise typer.BadParameter("standard input can be read only once: give files for --resume and --format parquet")


def _tell(summary: "Summary", *, resume: bool) -> None:
    """What a run leaves to be said; exit code 1 where something could not be read."""
    if resume:
        print(f"rasid: {summary.articles:,} articles with those before", file=sys.stderr)
    if summary.stopped_by:
        complain("rasid", summary.stopped_by)
        complain("rasid", "stopped there; --keep-going --resume reads the rest")
    if summary.failed:
        complain("rasid", f"{summary.failed:,} articles failed; they are listed beside the output")
    if summary.stopped_by or summary.failed:
        raise typer.Exit(1)


def _print(files: list[str], job: Job, output: OutputFormat, out: Path | None, *, keep_going: bool) -> None:
    """Print articles, or write them where nothing is kept to go on with."""
    from .bulk.meter import metering

    problems: list[InputProblem] = []
    stopped = False

    def readable() -> Iterator[Article]:
        nonlocal stopped
        for item in iter_inputs(files):
            if isinstance(item, Article):
                yield job.filled(item)
                continue
            problems.append(item)
            if not keep_going:
                # Ending the input, rather than raising, lets the articles before this one come out first.
                stopped = True
                return

    predictor = job.load()
    with _writer(output, out, job.with_text) as write, metering() as meter:
        for article in predictor.stream(readable()):
            write(article)
            meter.count(1, article.characters)
    for problem in problems:
        complain("rasid", problem)
    if stopped:
        complain("rasid", "stopped there; --keep-going reads the rest")
    if problems:
        raise typer.Exit(1)


def quiet_libraries() -> None:
    """Keep transformers from printing advice; it is not imported for that, as most commands do without it."""
    if "transformers" in sys.modules:
        from transformers.utils import logging

        logging.set_verbosity_error()
    else:
        os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")


def _date(text: str | None) -> str | None:
    if text is not None:
        try:
            date.fromisoformat(text)
        except ValueError:
            raise typer.BadParameter(f"--published: expected a date such as 2017-10-25, found {text!r}") from None
    return text


@contextmanager
def _writer(output: OutputFormat, out: Path | None, with_text: bool) -> Iterator[Callable[[Article], None]]:
    if output is OutputFormat.BRAT and out is not None:
        folder = out
        folder.mkdir(parents=True, exist_ok=True)
        yield lambda article: _write_brat(article, folder)
        return
    stream = out.open("w", encoding="utf-8") if out is not None else sys.stdout
    try:
        if output is OutputFormat.JSONL:
            yield lambda article: _write_line(article, stream, with_text)
        else:
            from rich.console import Console

            console = Console(file=stream, highlight=False)
            yield lambda article: console.print(_table(article, output), end="\n\n")
    finally:
        if out is not None:
            stream.close()


def _table(article: Article, output: OutputFormat) -> "RenderableType":
    # A model of another scheme finds no claims; what it has is its spans.
    claims = output is OutputFormat.CLAIMS and article.scheme == CONFLICT
    if claims:
        from .tables.claims import claims_table

        return claims_table(article)
    from .tables.spans import spans_table

    return spans_table(article)


def _write_line(article: Article, stream: IO[str], with_text: bool) -> None:
    stream.write(jsonl_line(article, with_text=with_text) + "\n")


def _write_brat(article: Article, folder: Path) -> None:
    write_brat(article if article.id else replace(article, id="article"), folder)
