"""What a distillation is: a training run whose student learns from a teacher's labels of raw text as well.

Every section of `rasid-train run` means the same here; [model] is the student. Only what distillation adds is
declared in this file.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..settings.run_config import Count, DataConfig, Fraction, ModelConfig, RunConfig, Section, TrainSource

__all__ = ["DistillConfig", "DistillData", "DistillSection", "StudentConfig", "TeacherConfig"]


class TeacherConfig(Section):
    """[teacher]: the model that labels the raw text."""

    model: str
    """Folder or hub id of a model that Rasid has fine-tuned, or "embedded" (the model that ships)."""
    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"
    """Arithmetic while it labels; "auto" is fp32 on a CPU and bf16 on CUDA, or fp16 where the card has no bf16."""
    batch_subwords: Annotated[int, Field(ge=8)] = 4096
    """Padded subwords it reads at once; memory grows with it."""


class StudentConfig(ModelConfig):
    """[model]: the student, as in a training run; its subwords need not be the teacher's."""

    keep_layers: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1)] | None = None
    """Numbers, from 0 and rising, of the encoder's layers that the student starts from; all of them if not given."""

    @model_validator(mode="after")
    def _layers_rise(self) -> "StudentConfig":
        if self.keep_layers is not None and list(self.keep_layers) != sorted(set(self.keep_layers)):
            raise ValueError(f"keep_layers {list(self.keep_layers)}: expected each number once, in rising order")
        return self


class DistillData(DataConfig):
    """[data]: raw text, and articles annotated by the teacher's scheme."""

    texts: Annotated[tuple[Path, ...], Field(min_length=1)]
    """Files or folders of raw text (.txt, .xz, .gz, .jsonl, .parquet); a document of each is read in turn."""
    bad_file: Literal["refuse", "skip"] = "refuse"
    """What to do with a file of raw text that is empty, cut short or not UTF-8."""
    about: tuple[str, ...] = ()
    """Lines for the model card: what the raw texts are and what their terms allow."""
    train: tuple[TrainSource, ...] = ()
    """Annotated articles to learn from besides, as in a training run; none by default."""


class DistillSection(Section):
    """[distill]: what the teacher reads and how the student learns from it."""

    million_words: Annotated[float, Field(gt=0)] | None = None
    """Millions of labelled words to learn from; all the texts hold if not given. More of them later adds to the labels
    there are."""
    passage_words: Annotated[int, Field(ge=8)] = 200
    """Longest passage, in words: whole paragraphs of a document, a longer one cut at the end of a sentence."""
    keep_empty_share: Fraction = 0.25
    """Share kept of the passages in which the teacher finds no span at all."""
    targets: Literal["soft", "hard"] = "soft"
    """Learn the teacher's distribution over the tags of each word, or its best tag alone (pseudo-labels)."""
    temperature: Annotated[float, Field(gt=0, le=20)] = 2.0
    """Softens teacher and student alike for "soft" targets; 1 leaves the teacher's calibrated probabilities."""
    gold_weight: Annotated[float, Field(ge=0)] = 1.0
    """What an annotated word counts in the loss; a labelled one counts 1."""
    top_tags: Count = 8
    """Tags of each word whose probability is stored; what is left is spread evenly over the others."""
    labels: Path = Path("runs/labels")
    """Folder for the teacher's labels, which runs share; a relative one starts at the current folder."""


class DistillConfig(RunConfig):
    """A whole distillation."""

    model: StudentConfig  # pyright: ignore[reportIncompatibleVariableOverride]  # frozen: a narrower type is safe
    """The student."""
    data: DistillData  # pyright: ignore[reportIncompatibleVariableOverride]  # frozen: a narrower type is safe
    """The texts, the articles and the label scheme."""
    teacher: TeacherConfig
    """The teacher."""
    distill: DistillSection = DistillSection()
    """What the teacher reads and how the student learns from it."""

    @model_validator(mode="after")
    def _spans_alone(self) -> "DistillConfig":
        if self.links.enabled:
            raise ValueError(
                "links.enabled is true, but a student learns spans alone; fine-tune it with a link head afterwards: "
                "rasid-train run CONFIG model.encoder=STUDENT links.enabled=true"
            )
        return self
