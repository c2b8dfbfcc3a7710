"""The card of a pre-trained encoder: what it is, what it read and under which terms, how it learned, what it is for.

Everything in it comes from the run folder's own record; what fine-tuning makes of the encoder is measured elsewhere.
"""

import json
from pathlib import Path
from typing import Any

from .config import PretrainConfig

__all__ = ["encoder_card"]

_CURVE_ROWS = 12


def encoder_card(folder: Path, config: PretrainConfig) -> str:
    """The Markdown card of the encoder made in a run folder."""
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    return "\n".join(
        [
            *_front_matter(config),
            f"# {config.run.name}",
            "",
            _summary(record, config),
            "",
            "Not a reader by itself: it is fine-tuned first, for example with `rasid-train run CONFIG "
            "model.encoder=FOLDER`. Words reach it normalised by Rasid "
            f"(`{record['normalisation']}`).",
            "",
            "## Data",
            "",
            *(f"- {line}" for line in config.data.about),
            "",
            _amounts(record["data"], lines[-1]["subwords"]),
            "",
            "| file | sha256 |",
            "| --- | --- |",
            *(f"| {name} | `{checksum[:16]}…` |" for name, checksum in record["data"]["sha256"].items()),
            "",
            "## Recipe",
            "",
            *_recipe(record, config),
            "",
            "## Loss curve",
            "",
            "| million subwords read | held-out loss | perplexity | masked accuracy |",
            "| --- | --- | --- | --- |",
            *_curve([line for line in lines if "held_out_loss" in line]),
            "",
        ]
    )


def _front_matter(config: PretrainConfig) -> list[str]:
    rows = ["language: ar", f"license: {config.data.licence}", "library_name: transformers", "pipeline_tag: fill-mask"]
    return ["---", *rows, "---", ""]


def _summary(record: dict[str, Any], config: PretrainConfig) -> str:
    origin = f"{config.model.encoder}, pre-trained further" if config.model.encoder else "Trained from nothing"
    return f"An Arabic encoder of {record['parameters'] / 1e6:.1f} million parameters, stored in fp16. {origin}."


def _amounts(data: dict[str, Any], subwords_read: int) -> str:
    texts, held_out = data["train"], data["held_out"]
    return (
        f"The texts hold {texts['words']:,} words ({texts['subwords']:,} subwords, {texts['documents']:,} documents); "
        f"the run read {subwords_read / 1e6:.1f} million subwords. {held_out['documents']:,} further documents "
        "were held out and measured on."
    )


def _recipe(record: dict[str, Any], config: PretrainConfig) -> list[str]:
    shape, train = config.model.shape, config.train
    stages = ", then ".join(
        f"{s.million_subwords:g} million subwords in steps of {s.sequences} × {s.subwords}" for s in train.stages
    )
    made = f"{shape.architecture}, {shape.layers} layers, width {shape.width}, {shape.heads} heads, "
    return [
        f"- {made}feed-forward {shape.feed_forward}" if config.model.encoder is None else f"- {config.model.encoder}",
        f"- masked-language modelling, whole words, {train.masked_share:.0%} of the words; {stages}",
        f"- AdamW, rate {train.learning_rate:g}, {train.warmup_steps} steps of warm-up, constant, linear decay over "
        f"the last {train.decay_share:.0%}; {train.precision}; seed {config.run.seed}",
        f"- {record['steps']:,} steps; {', '.join(record['environment']['gpus']) or 'CPU'}, "
        f"{record['environment']['threads']} threads",
    ]


def _curve(scores: list[dict[str, float]]) -> list[str]:
    step = max(1, -(-len(scores) // _CURVE_ROWS))
    chosen = scores[::-step][::-1]
    return [
        f"| {s['subwords'] / 1e6:.2f} | {s['held_out_loss']:.3f} | {s['held_out_perplexity']:.0f} | "
        f"{s['held_out_accuracy']:.3f} |"
        for s in chosen
    ]
