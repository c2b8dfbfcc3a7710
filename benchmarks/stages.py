"""Where the time of a prediction goes, stage by stage, from text to a line of JSON.

    python -m benchmarks.stages --out build/benchmarks [--data FOLDER]

The functions of each stage are wrapped from outside for the time of a measurement (`Stopwatch`), a stage's time being
its own without that of stages it calls. The product knows nothing of this; a function that has moved is named in the
result instead of being lost in the rest.
"""

import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from rasid.infer import Predictor
from rasid.infer.formats import jsonl

from .articles import news_articles
from .machine import available_cores, describe_machine, pin_to_cores
from .models import embedded_model
from .predictors import UnavailableError, Way, engine_of, forget_words, load_predictor
from .stopwatch import Stopwatch
from .tables import markdown_table, number, report
from .timing import alternate, ratio_of, spread_of

__all__ = ["REST", "STAGES", "measured", "stages", "timed_stages"]

STAGES = ("words", "normal forms", "subwords and windows", "batching and padding", "encoder", "decoding and spans",
          "links", "claims", "JSON")  # fmt: skip
"""The stages in the order of the work."""

REST = "the rest: queues, checks, articles"

# Functions by the module that calls them, since that is where their name is looked up.
_FUNCTIONS = (
    ("words", "rasid.infer.articles", "token_table"),
    ("normal forms", "rasid.infer.reading", "iter_normal_forms"),
    ("subwords and windows", "rasid.infer.reading", "iter_windows"),
    ("decoding and spans", "rasid.infer.predictor", "decode_lines"),
    ("links", "rasid.infer.reading", "gathered"),
    ("links", "rasid.infer.reading", "revise_stances"),
    ("JSON", "rasid.infer.formats.jsonl", "jsonl_line"),
)


def stages(
    data: Annotated[Path | None, typer.Option(help="Folder of .txt articles; composed ones if not given.")] = None,
    model: Annotated[Path | None, typer.Option(help="Model folder; the embedded one if not given.")] = None,
    articles: Annotated[int, typer.Option(help="Articles to read.")] = 51,
    threads: Annotated[int | None, typer.Option(help="Cores to use; all if not given.")] = None,
    seconds: Annotated[float, typer.Option(help="Time the rounds may take together.")] = 60.0,
    out: Annotated[Path | None, typer.Option(help="Folder for stages.json and stages.md.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A trial; its figures mean nothing.")] = False,
) -> None:
    """Measure the stages of a prediction, links and claims included, for each engine the model has."""
    threads = threads or available_cores()
    machine = describe_machine(threads)
    pin_to_cores(threads)
    texts = news_articles(data, 2 if quick else articles)
    ways = {"ONNX Runtime fp32": Way("onnx", "fp32"), "ONNX Runtime int8": Way("onnx", "int8"), "as it comes": Way()}
    rows: dict[str, Any] = {}
    tables: list[str] = []
    for title, way in ways.items():
        try:
            predictor = load_predictor(model or embedded_model(), way, "cpu", spans_only=False, threads=threads)
        except UnavailableError as error:
            tables.append(f"{title}: not measured: {error}")
            continue
        rows[title] = measured(predictor, texts, 0.0 if quick else seconds / len(ways))
        tables.append(f"**{title} ({engine_of(predictor)})**\n\n{_table(rows[title])}")
    report("stages", machine, {"articles": len(texts), "real": data is not None}, rows, tables, out)


def measured(predictor: Predictor, texts: Sequence[str], seconds: float) -> dict[str, Any]:
    """Milliseconds an article by stage, the share of each in the whole, and what measuring itself costs."""
    passes: list[dict[str, float]] = []
    missing: list[str] = []

    def watched() -> float:
        with timed_stages(predictor) as (watch, lost):
            with watch.stage(REST):
                _read(predictor, texts)
            passes.append(dict(watch.seconds))
        missing[:] = lost
        return sum(watch.seconds.values())

    def plain() -> float:
        watch = Stopwatch()
        with watch.stage(REST):
            _read(predictor, texts)
        return watch.seconds[REST]

    _read(predictor, texts)
    totals = alternate({"plain": plain, "watched": watched}, seconds=seconds, least_rounds=3)
    names = [*STAGES, REST]
    per_article = {
        name: spread_of([1000 * one.get(name, 0.0) / len(texts) for one in passes]).to_json() for name in names
    }
    whole = sum(value[0] for value in per_article.values())
    return {
        "milliseconds": per_article,
        "share": {name: value[0] / whole for name, value in per_article.items()},
        "plain_milliseconds": spread_of([1000 * total / len(texts) for total in totals["plain"]]).to_json(),
        "cost_of_measuring": ratio_of(totals["watched"], totals["plain"]).to_json(),
        "not_found": missing,
    }


def _read(predictor: Predictor, texts: Sequence[str]) -> None:
    forget_words(predictor)
    for article in predictor.stream(texts):
        jsonl.jsonl_line(article)


@contextmanager
def timed_stages(predictor: Predictor) -> Iterator[tuple[Stopwatch, list[str]]]:
    """A stopwatch that runs in every stage of this predictor, and the functions that were not found."""
    watch, missing = Stopwatch(), []
    parts = vars(predictor)
    scorer, linker, facts = parts["_scorer"], parts["_linker"], parts["_facts"]
    with ExitStack() as stack:
        for stage, module, name in _FUNCTIONS:
            if not _swap(stack, importlib.import_module(module), name, watch.wrapped, stage):
                missing.append(f"{module}.{name}")
        for name in ("score", "score_with_states"):
            _swap(stack, scorer, name, watch.wrapped, "batching and padding")
        encoder = parts_of_encoder(scorer)
        if encoder is None or not _swap(stack, *encoder, watch.wrapped, "encoder"):
            missing.append("the encoder inside the scorer (its time is with batching and padding)")
        if linker is not None:
            _swap(stack, linker, "links_of", watch.wrapped, "links")
            # The gatherer takes states while lines are decoded; it belongs to the links.
            _swap(
                stack,
                importlib.import_module("rasid.infer.links.gathering").SpanGatherer,
                "take",
                watch.wrapped,
                "links",
            )
        if facts is not None:
            parts["_facts"] = watch.wrapped(facts, "claims")
            stack.callback(parts.__setitem__, "_facts", facts)
        yield watch, missing


def parts_of_encoder(scorer: Any) -> tuple[Any, str] | None:
    """The object and the name of its method that computes the encoder: a torch module or an ONNX Runtime session."""
    values = vars(scorer) if hasattr(scorer, "__dict__") else {}
    for value in values.values():
        if type(value).__name__ == "InferenceSession":
            return value, "run"
        if any(kind.__name__ == "Module" for kind in type(value).__mro__):
            return value, "forward"
    return None


def _swap(
    stack: ExitStack, owner: Any, name: str, wrap: Callable[[Callable[..., Any], str], Callable[..., Any]], stage: str
) -> bool:
    """Put a wrapped function in the place of an attribute until the stack closes; false if there is none."""
    if not hasattr(owner, name):
        return False
    own = name in vars(owner)
    before = getattr(owner, name)
    setattr(owner, name, wrap(before, stage))
    if own:
        stack.callback(setattr, owner, name, before)
    else:
        stack.callback(delattr, owner, name)
    return True


def _table(measured: dict[str, Any]) -> str:
    rows = [
        [name, f"{value[0]:.3f} ({value[1]:.3f}-{value[2]:.3f})", f"{100 * measured['share'][name]:.1f} %"]
        for name, value in measured["milliseconds"].items()
    ]
    plain, cost = measured["plain_milliseconds"][0], measured["cost_of_measuring"][0]
    below = f"\n\nWithout the stopwatch {number(plain)} ms an article; with it × {cost:.2f}."
    if measured["not_found"]:
        below += f" Not found, counted elsewhere: {', '.join(measured['not_found'])}."
    return markdown_table(["stage", "ms an article", "share"], rows) + below


if __name__ == "__main__":
    typer.run(stages)
