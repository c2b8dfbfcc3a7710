"""What a pre-training run is made of: its TOML config as frozen, strict values, each with its unit."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["DataConfig", "EncoderShape", "ModelConfig", "PretrainConfig", "RunConfig", "Stage", "TrainConfig"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True)


class RunConfig(_Strict):
    """Where the run goes and how it is repeated."""

    name: str
    """Name of the run and of its folder under `out`."""
    out: Path = Path("runs")
    """Folder that holds run folders, relative to the current directory."""
    seed: int = 1
    """Seed of the weights, the order and the masks."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where to compute; "auto" takes a CUDA device if there is one."""
    threads: int | None = None
    """CPU threads; all of them if not given."""


class DataConfig(_Strict):
    """The raw text."""

    texts: tuple[Path, ...]
    """Files or folders of raw text (.txt, .xz, .gz, .jsonl, .parquet), relative to the config's folder."""
    about: tuple[str, ...] = ()
    """Lines for the encoder's card: what the texts are and what their terms allow."""
    licence: str = "other"
    """Licence of the encoder for its card, as an identifier the Hugging Face hub knows."""
    bad_file: Literal["refuse", "skip"] = "refuse"
    """What to do with a file that is empty, cut short or not UTF-8."""
    held_out_share: float = Field(default=0.004, ge=0.0, lt=0.5)
    """Share of the documents kept for perplexity and masked accuracy."""
    cache: Path = Path("runs/tokens")
    """Folder for the token store, relative to the current directory."""


class EncoderShape(_Strict):
    """A new encoder."""

    architecture: Literal["bert", "modernbert"] = "bert"
    """BERT as in 2019, or ModernBERT: rotary positions, normalisation first, gated; it learns from less."""
    layers: int = Field(default=4, ge=1)
    """Transformer layers."""
    width: int = Field(default=256, ge=8)
    """Hidden size."""
    heads: int = Field(default=4, ge=1)
    """Attention heads."""
    feed_forward: int = Field(default=1024, ge=8)
    """Width of the feed-forward layers (of ModernBERT's gated one, after the gate)."""
    max_subwords: int = Field(default=512, ge=16)
    """Longest sequence the encoder reads, in subwords."""
    dropout: float = Field(default=0.0, ge=0.0, lt=1.0)
    """Dropout while pre-training."""


class ModelConfig(_Strict):
    """What is trained: an encoder to go on from, or the shape of a new one."""

    encoder: str | None = None
    """Hub id or local folder to continue; not given, a new encoder of `shape` is made."""
    shape: EncoderShape = EncoderShape()
    """Shape of a new encoder."""
    vocabulary: Path | None = None
    """A vocab.txt for a new encoder, relative to the config's folder; not given, one is trained on the texts."""
    vocabulary_size: int = Field(default=20_000, ge=100)
    """Entries of a vocabulary trained here, special tokens included."""
    cooccurrence_subwords: int = Field(default=20_000_000, ge=0)
    """Subwords counted for the starting embeddings of a new encoder; 0 starts from noise."""


class Stage(_Strict):
    """A stretch of the run with one sequence length and batch size."""

    subwords: int = Field(ge=16)
    """Sequence length in subwords, [CLS] and [SEP] included."""
    sequences: int = Field(ge=1)
    """Sequences a step, over all processes and accumulation."""
    million_subwords: float = Field(gt=0)
    """How much text the stage reads, in millions of subwords."""

    @property
    def steps(self) -> int:
        """Optimiser steps of the stage."""
        return max(1, round(self.million_subwords * 1e6 / (self.subwords * self.sequences)))


class TrainConfig(_Strict):
    """The optimisation."""

    stages: tuple[Stage, ...] = Field(min_length=1)
    """Stages in order; later ones usually read longer sequences."""
    accumulate: int = Field(default=1, ge=1)
    """Micro-batches a step is cut into."""
    learning_rate: float = Field(default=1e-3, gt=0)
    """Peak learning rate of AdamW."""
    warmup_steps: int = Field(default=500, ge=0)
    """Steps of linear warm-up."""
    decay_share: float = Field(default=0.3, ge=0.0, le=1.0)
    """Last share of the steps over which the rate falls linearly to 0; constant before."""
    weight_decay: float = Field(default=0.01, ge=0.0)
    """Decoupled weight decay of matrices."""
    clip_norm: float = Field(default=1.0, gt=0.0)
    """Gradient norm above which a step is scaled down."""
    masked_share: float = Field(default=0.15, gt=0.0, lt=1.0)
    """Share of the words masked."""
    precision: Literal["fp32", "bf16", "fp16"] = "fp32"
    """Arithmetic of the encoder; bf16 is meant for CUDA."""
    compile: bool = False
    """Compile the model with torch.compile."""
    evaluate_every_steps: int = Field(default=1000, ge=1)
    """Steps between measurements on the held-out documents."""
    held_out_sequences: int = Field(default=256, ge=1)
    """Sequences measured each time."""
    checkpoint_every_steps: int = Field(default=1000, ge=1)
    """Steps between checkpoints to resume from."""
    keep_encoders_at_million_subwords: tuple[float, ...] = ()
    """Points of the run at which the encoder is also saved, for probes."""

    @property
    def steps(self) -> int:
        """Optimiser steps of the run."""
        return sum(stage.steps for stage in self.stages)


class PretrainConfig(_Strict):
    """A whole pre-training run."""

    run: RunConfig
    data: DataConfig
    model: ModelConfig = ModelConfig()
    train: TrainConfig
