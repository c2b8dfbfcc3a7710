"""What a student's model card says besides: who taught it, on which texts, and how near it comes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .config import DistillConfig

__all__ = ["add_teacher"]

_BEFORE = "## Scores\n"


def add_teacher(
    card: Path, config: DistillConfig, record: Mapping[str, Any], compared: Mapping[str, Mapping[str, float]]
) -> None:
    """Put the teacher's section into a written card, before its scores.

    `record` is what the run's `Lesson` tells of teacher and texts; `compared` has, by the name of the data, the F1 of
    teacher and student and their agreement.
    """
    text = card.read_text("utf-8")
    head, scores, rest = text.partition(_BEFORE)
    section = "\n".join(_section(config, record, compared))
    card.write_text(f"{head}{section}\n{scores}{rest}" if scores else f"{text}\n{section}", encoding="utf-8")


def _section(
    config: DistillConfig, record: Mapping[str, Any], compared: Mapping[str, Mapping[str, float]]
) -> list[str]:
    settings, labels = config.distill, record["labels"]
    how = (
        f"its distribution over the tags of each word, softened by {settings.temperature:g}"
        if settings.targets == "soft"
        else "its best tag of each word"
    )
    origin = f"layers {', '.join(map(str, config.model.keep_layers))} of " if config.model.keep_layers else ""
    return [
        "## Teacher",
        "",
        f"A student of `{record['name']}` (weights sha256 `{record['weights'][:16]}…`), begun from {origin}the encoder "
        f"named below. It learned from {how}, on {labels['words']:,} words of raw text in {labels['passages']:,} "
        f"passages. Of the passages in which the teacher finds no span a share of {settings.keep_empty_share:g} was "
        "kept.",
        "",
        *(f"- {line}" for line in config.data.about),
        *([""] if config.data.about else []),
        "| raw text | sha256 |",
        "| --- | --- |",
        *(f"| {name} | `{checksum[:16]}…` |" for name, checksum in record["texts"].items()),
        "",
        "| | teacher's F1 | student's F1 | student's spans against the teacher's, F1 |",
        "| --- | --- | --- | --- |",
        *(
            f"| {name} | {score['teacher_f1']:.3f} | {score['student_f1']:.3f} | {score['agreement']:.3f} |"
            for name, score in compared.items()
        ),
        "",
        "The texts' terms hold for what was learned from them; what the teacher was trained on came with it.",
        "",
    ]
