"""The command `rasid-train`: train from a config, distil, pre-train an encoder, evaluate a model, check a corpus.

Only options live here; each command loads what it needs when it is called, so that help and mistakes come at once.
"""

import shlex
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..infer.cli import PrecisionChoice, quiet_libraries, run_app
from ..infer.errors import MissingExtraError

__all__ = ["app", "main"]

app = typer.Typer(
    help="Train, pre-train and judge readers of Arabic conflict news.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ConfigArgument = Annotated[str, typer.Argument(metavar="CONFIG", help="Name of a config that ships, or a file.")]
Overrides = Annotated[
    list[str] | None,
    typer.Argument(metavar="[KEY.PATH=VALUE]…", help="Changes to the config, as TOML values.", show_default=False),
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with a run that was stopped, from its last checkpoint.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a run of the same name.")]


class CheckFormat(StrEnum):
    """Whether a corpus check prints a table or JSON."""

    TABLE = "table"
    JSON = "json"


def main() -> None:
    """Run the command line."""
    run_app(app, "rasid-train")


@app.command()
def run(
    config: ConfigArgument, overrides: Overrides = None, resume: Resume = False, overwrite: Overwrite = False
) -> None:
    """Fine-tune a span model from a config and write its run folder."""
    with _train_extra("rasid-train run"):
        from .tuning.run import run as run_from_config
    run_from_config(config, overrides or (), resume=resume, overwrite=overwrite)


@app.command()
def distill(
    config: ConfigArgument, overrides: Overrides = None, resume: Resume = False, overwrite: Overwrite = False
) -> None:
    """Train a compact student on raw text that a fine-tuned teacher labels, and write its run folder."""
    with _train_extra("rasid-train distill"):
        from .distilling.run import distill as distill_from_config
    distill_from_config(config, overrides or (), resume=resume, overwrite=overwrite)


@app.command()
def pretrain(
    config: ConfigArgument, overrides: Overrides = None, resume: Resume = False, overwrite: Overwrite = False
) -> None:
    """Pre-train an encoder on raw text, from nothing or from an encoder there is."""
    with _train_extra("rasid-train pretrain"):
        from .pretraining.run import pretrain_from_config
    folder = pretrain_from_config(config, overrides or (), resume=resume, overwrite=overwrite)
    print(folder)


@app.command()
def evaluate(
    data: Annotated[Path, typer.Option(help="Annotated articles: brat folder, .jsonl, .conll or .parquet.")],
    out: Annotated[Path, typer.Option(help="Folder for report.json, report.md and report.html.")],
    model: Annotated[
        str | None, typer.Option(help="Model folder or hub id; the embedded model if not given.", show_default=False)
    ] = None,
    dictionary: Annotated[
        Path | None,
        typer.Option(help="Judge a dictionary of the spans of these articles instead of a model: the baseline."),
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:N.")] = "auto",
    precision: Annotated[PrecisionChoice, typer.Option(help="Arithmetic of the encoder.")] = PrecisionChoice.AUTO,
    repair: Annotated[bool, typer.Option("--repair", help="Repair recognised offset mistakes in the data.")] = False,
    resamples: Annotated[int, typer.Option(min=100, help="Bootstrap resamples of the documents.")] = 2000,
    seed: Annotated[int, typer.Option(help="Seed of the resampling.")] = 0,
) -> None:
    """Score a model on annotated articles and write the report; the model is never changed."""
    with _train_extra("rasid-train evaluate"):
        from .judging.evaluation import evaluate as evaluate_reader
        from .judging.report import write_report
        from .run_folder import commit_of_code
    from ..infer.claims.facts_of import FactReader
    from ..infer.formats.corpus import read_corpus
    from ..infer.links.rules import link_by_rules
    from ..infer.predictor import Predictor
    from ..infer.scheme import CONFLICT
    from .judging.dictionary import DictionaryReader

    reader: Predictor | DictionaryReader
    linker, linker_name = link_by_rules, "rules"
    if dictionary is not None:
        if model is not None:
            raise typer.BadParameter("--model and --dictionary exclude each other")
        scheme, name = CONFLICT, f"dictionary of {dictionary}"
        reader = DictionaryReader(read_corpus(dictionary, scheme, repair=repair, on_repair=_say), scheme)
    else:
        quiet_libraries()
        reader = Predictor.load(model, device=device, precision=precision.value)
        scheme, name = reader.info.scheme, str(reader.info)
        linker, linker_name = reader.links_between, "the model's"
    evaluation = evaluate_reader(
        reader,
        read_corpus(data, scheme, repair=repair, on_repair=_say),
        data_name="/".join(data.resolve().parts[-2:]),
        model_name=name,
        linker=linker,
        linker_name=linker_name,
        facts=FactReader.load() if scheme == CONFLICT else None,
        resamples=resamples,
        seed=seed,
        command=shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        commit=commit_of_code(),
    )
    print(write_report(evaluation, out))


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="Annotated articles; a folder may hold train, dev and test.")],
    output: Annotated[CheckFormat, typer.Option("--format", help="How to print.")] = CheckFormat.TABLE,
    config: Annotated[
        str | None, typer.Option(help="Run config whose label scheme the articles use; else the conflict scheme.")
    ] = None,
) -> None:
    """Audit an annotated corpus: counts, faults, duplicates, what is not linked."""
    from ..infer.scheme import CONFLICT
    from .auditing.check import check as check_corpus
    from .settings.files import load_config

    scheme = CONFLICT if config is None else load_config(config).data.label_scheme()
    raise typer.Exit(check_corpus(folder, scheme=scheme, as_json=output is CheckFormat.JSON))


@app.command()
def onnx(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Model folder; `embedded` for the one that ships.")],
    int8: Annotated[
        bool, typer.Option("--int8", help="Make model.int8.onnx too; needs --calibrate and --data.")
    ] = False,
    calibrate: Annotated[
        Path | None, typer.Option(help="Articles whose values set the ranges of int8: those of training.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Annotated articles that int8 is judged on: those of dev.")] = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Repair recognised offset mistakes in the articles.")
    ] = False,
) -> None:
    """Write a model folder's graphs, which ONNX Runtime computes on a CPU without PyTorch."""
    if int8 != (calibrate is not None and data is not None):
        raise typer.BadParameter("--int8, --calibrate FOLDER and --data FOLDER belong together")
    with _extra("onnx", "rasid-train onnx"):
        from .graphs.making import make_graph, make_int8_graph
    from ..infer.formats.corpus import read_corpus
    from ..infer.model_folder import find_model, read_info

    quiet_libraries()
    folder = find_model(None if model == "embedded" else model)
    path, apart = make_graph(folder)
    print(f"{path}: scores and states as PyTorch's, to {apart:.1g}")
    if calibrate is not None and data is not None:
        scheme = read_info(folder).scheme
        taught, held_out = (read_corpus(part, scheme, repair=repair, on_repair=_say) for part in (calibrate, data))
        names = tuple("/".join(part.resolve().parts[-2:]) for part in (calibrate, data))
        path, measured = make_int8_graph(folder, taught, held_out, (names[0], names[1]))
        print(
            f"{path}: F1 on {measured.data} by label {measured.label_int8} (fp32 {measured.label_fp32}), by family "
            f"{measured.family_int8} ({measured.family_fp32})"
        )


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _train_extra(command: str) -> AbstractContextManager[None]:
    return _extra("train", command)


@contextmanager
def _extra(extra: str, command: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("rasid"):
            raise
        raise MissingExtraError(extra, f"{command} (package {error.name})") from error


if __name__ == "__main__":
    main()
