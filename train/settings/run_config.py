"""What a training run is: frozen sections that a TOML file fills in, each field described with its unit.

Only the meaning and the limits of the values are known here; `config_files` finds, overrides and reads them.
A run is its config: same config, same seed, same numbers on the same machine.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from ...infer.errors import RasidError
from ...infer.scheme import CONFLICT, LinkKind, Scheme, SpanLabel

__all__ = [
    "DataConfig",
    "LinksConfig",
    "LossConfig",
    "ModelConfig",
    "RunConfig",
    "RunSection",
    "SchemeTable",
    "Shape",
    "Source",
    "TrainConfig",
    "TrainSource",
]

Fraction = Annotated[float, Field(ge=0, le=1)]
Share = Annotated[float, Field(ge=0, lt=1)]
Count = Annotated[int, Field(ge=1)]


class Section(BaseModel):
    """One table of a config: strict types, no unknown keys, no change after reading."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True
    )


class Shape(Section):
    """The size of an encoder with random weights; the defaults are those of BERT base and AraBERT v0.2 base."""

    hidden_size: Count = 768
    """Width of the encoder's states; a multiple of `heads`."""
    layers: Count = 12
    """Number of transformer layers."""
    heads: Count = 12
    """Attention heads in each layer."""
    intermediate_size: Count = 3072
    """Width of each layer's feed-forward part."""
    positions: Count = 512
    """Longest input, in subwords, special ones included."""

    @model_validator(mode="after")
    def _heads_divide_width(self) -> "Shape":
        if self.hidden_size % self.heads:
            raise ValueError(f"hidden_size {self.hidden_size} is not a multiple of heads {self.heads}")
        return self


class ModelConfig(Section):
    """[model]: the encoder to start from, and the name of what comes out."""

    encoder: str
    """Hub id, local folder, "embedded" (the pre-trained encoder that ships) or "random" (see shape)."""
    vocabulary: Path | None = None
    """Only for a random encoder: its WordPiece vocabulary file, one entry a line; without it, one is made of the
    training texts."""
    vocabulary_size: Annotated[int, Field(ge=100)] = 4000
    """Only for a random encoder without a vocabulary file: entries of the vocabulary made of the training texts."""
    shape: Shape = Shape()
    """Only for a random encoder: its size."""
    fresh_encoder: bool = False
    """Draw the encoder's weights anew and keep only its shape and subwords: what pre-training is measured against."""
    fresh_head: bool = False
    """Start with a new classifier even where the encoder brings one for the same tags."""
    dropout: Share | None = None
    """Probability of dropping a hidden state or attention weight; without it, as the encoder was trained."""
    classifier_dropout: Share | None = None
    """Probability of dropping an input of the classifier; without it, as the encoder says."""
    max_subwords: Annotated[int, Field(ge=8)] = 512
    """Longest window, in subwords, special ones included."""
    overlap_subwords: Annotated[int, Field(ge=0)] = 128
    """Subwords that two neighbouring windows of a long article share."""
    name: str = "rasid"
    """Name of the model this run makes, kept in its folder and printed with every prediction."""
    version: str = "0"
    """Version of the model this run makes."""
    stored_precision: Literal["fp32", "bf16", "fp16"] = "fp32"
    """Number format of the weights in the model folder; scores and temperature are those of the stored model."""
    licence: str = "other"
    """Licence of the weights for the model card, as an identifier the Hugging Face hub knows."""

    @model_validator(mode="after")
    def _windows_and_encoder_agree(self) -> "ModelConfig":
        if self.overlap_subwords > self.max_subwords // 2:
            raise ValueError(
                f"overlap_subwords {self.overlap_subwords} is more than half of max_subwords {self.max_subwords}"
            )
        if self.vocabulary is not None and self.encoder != "random":
            raise ValueError(f'vocabulary is for encoder = "random"; {self.encoder!r} brings its own')
        if self.encoder == "random" and self.max_subwords > self.shape.positions:
            raise ValueError(f"max_subwords {self.max_subwords} is more than shape.positions {self.shape.positions}")
        return self


class Source(Section):
    """One set of annotated articles: a brat folder, or a .jsonl, .conll or .parquet file."""

    path: Path
    """The folder or file; a relative one starts at the config's folder, on the command line at the current one."""
    repair: bool = False
    """Repair recognised offset mistakes (UTF-16 units, \\r\\n) instead of refusing the file."""
    part: Literal["all", "nine_tenths", "tenth"] = "all"
    """"tenth" takes every tenth article and "nine_tenths" the others: train and dev of a corpus without a dev set."""
    about: str = ""
    """One line for the model card: what these articles are."""
    licence: str = ""
    """One line for the model card: what their licence asks."""


class TrainSource(Source):
    """A source to learn from."""

    repeat: Annotated[float, Field(gt=0, le=100)] = 1.0
    """How often each article is seen in an epoch; 0.5 takes a random half of the windows, another every epoch."""


class SchemeTable(Section):
    """A label scheme declared in the config, for corpora that do not use the conflict scheme."""

    name: str
    """Name of the scheme."""
    families: dict[str, list[str]]
    """Families with their labels, in the order the model numbers them."""
    links: dict[str, tuple[str, str]] = {}
    """Kinds of links, each with the family it starts from and the family it leads to."""

    @model_validator(mode="after")
    def _is_a_scheme(self) -> "SchemeTable":
        try:
            self.scheme()
        except RasidError as error:
            raise ValueError(str(error)) from error
        return self

    def scheme(self) -> Scheme:
        """The scheme this table declares; SchemeError if it contradicts itself."""
        labels = tuple(SpanLabel(label, family) for family, labels in self.families.items() for label in labels)
        return Scheme(self.name, labels, tuple(LinkKind(name, *ends) for name, ends in self.links.items()))


def _scheme_form(value: Any) -> str:
    return "name" if isinstance(value, str) else "table"


class DataConfig(Section):
    """[data]: what is learned from and what the run is judged by."""

    train: Annotated[tuple[TrainSource, ...], Field(min_length=1)]
    """Sources to learn from: a list of paths, or of tables with path, repeat, repair, about and licence."""
    dev: Source
    """Articles for early stopping and for fitting the temperature."""
    test: Source | None = None
    """Articles for a second report, after everything was chosen on dev; none by default."""
    scheme: Annotated[
        Annotated[Literal["conflict"], Tag("name")] | Annotated[SchemeTable, Tag("table")],
        Discriminator(_scheme_form),
    ] = "conflict"
    """"conflict" (the 23 labels of the guidelines) or a table with name, families and links."""

    def label_scheme(self) -> Scheme:
        """The label scheme that the articles are read with and the model is trained for."""
        return CONFLICT if isinstance(self.scheme, str) else self.scheme.scheme()


class TrainConfig(Section):
    """[train]: the optimisation."""

    epochs: Count = 10
    """Most passes over the training data."""
    max_steps: Count | None = None
    """Most optimiser steps; the schedule then ends there, too."""
    batch_subwords: Annotated[int, Field(ge=8)] = 4096
    """Subwords in one optimiser step, padding included, over all processes and accumulated parts together."""
    micro_batch_subwords: Annotated[int, Field(ge=8)] | None = None
    """Most subwords one process computes at a time; a larger step is accumulated from parts. Whole steps without it."""
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 3e-5
    """Highest learning rate of the encoder's last layer."""
    head_learning_rate: Annotated[float, Field(gt=0, le=1)] | None = None
    """Highest learning rate of the classifier; without it, `learning_rate`."""
    layer_decay: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Factor from each layer's learning rate to that of the layer below; 1 gives all the same."""
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 0.01
    """AdamW's weight decay; biases and normalisation layers have none."""
    adam_beta2: Annotated[float, Field(gt=0, lt=1)] = 0.999
    """AdamW's second decay rate."""
    adam_epsilon: Annotated[float, Field(gt=0)] = 1e-8
    """AdamW's epsilon."""
    clip_norm: Annotated[float, Field(gt=0)] | None = 1.0
    """Largest norm of the gradient of one step; a larger one is scaled down."""
    warmup_fraction: Share = 0.1
    """Share of all steps over which the learning rate rises from zero."""
    schedule: Literal["linear", "cosine", "constant"] = "linear"
    """How the learning rate goes on after the warm-up."""
    final_fraction: Fraction = 0.0
    """Share of the highest learning rate that is left at the last step (not for "constant")."""
    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"
    """Arithmetic of the encoder: bf16 and fp16 are mixed precision, and fp16 needs a CUDA device; "auto" is fp32 on a
    CPU and bf16 on CUDA, or fp16 where the card has no bf16."""
    packing: bool | None = None
    """Compute examples end to end without padding, where the encoder can; without it, on CUDA and not on a CPU. The
    steps are the same either way, and their gradients but for rounding and dropout's lots."""
    compile: bool = False
    """Compile the encoder with torch.compile: minutes at the start, and faster steps on some machines."""
    evaluate_steps: Count | None = None
    """Steps from one evaluation on dev to the next; without it, one at the end of each epoch."""
    patience: Count | None = None
    """Evaluations without a better F1 on dev before the run stops early; without it, it never does."""
    average: Literal["none", "last", "best", "ema"] = "none"
    """Average the weights of the last or the best evaluations, or over all steps (an exponential moving average).
    An average of evaluations is kept only if its F1 on dev is at least the best evaluation's."""
    average_count: Count = 3
    """How many evaluations' weights "last" and "best" average."""
    ema_decay: Annotated[float, Field(gt=0, lt=1)] = 0.99
    """How much of the moving average stays at each step."""


class LossConfig(Section):
    """[loss]: what a wrong tag costs."""

    label_smoothing: Share = 0.0
    """Share of each word's target spread evenly over all tags."""
    class_weights: Literal["none", "inverse_sqrt"] = "none"
    """Weigh rare tags more: by one over the square root of their frequency in the training data."""
    class_weight_limit: Annotated[float, Field(ge=1)] = 5.0
    """Largest weight of a tag; the most frequent tag has weight 1."""


class LinksConfig(Section):
    """[links]: the link head, trained with the tagger on the same encoder."""

    enabled: bool = False
    """Train a link head; the run is then steered by the mean of span F1 and of link F1 given the gold spans."""
    weight: Annotated[float, Field(gt=0)] = 1.0
    """How much a nat of link loss counts beside one of tag loss; both are summed over an article."""
    hidden: Count = 96
    """Width of the head's layers."""
    reach_words: Count = 64
    """Most words between two spans that may be linked."""
    dropout: Share = 0.3
    """Probability of dropping a hidden value of the head; the states it reads are dropped a third as often."""
    start_epoch: Annotated[int, Field(ge=0)] = 0
    """Epochs that pass before links are learned."""
    predicted_epoch: Annotated[int, Field(ge=0)] = 4
    """Epochs that pass before links are also learned between the spans the model finds, and not only gold ones."""
    predicted_share: Fraction = 0.3
    """Share of the windows that are then learned with the spans the model finds."""


class RunSection(Section):
    """[run]: where and how the run takes place; nothing here changes what is learned but `seeds`."""

    name: Annotated[str, Field(pattern=r"^[^/\\\s]+$")]
    """Name of the run's folder; without it, the config's name."""
    out: Path = Path("runs")
    """Folder that holds the runs; a relative one starts at the current folder."""
    seeds: Annotated[tuple[Annotated[int, Field(ge=0, lt=2**32)], ...], Field(min_length=1)] = (1,)
    """One run per seed, with mean and spread at the end if there are several."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where to compute; "auto" takes a CUDA device if there is one."""
    threads: Count | None = None
    """CPU threads to compute with; without it, torch's own choice."""
    deterministic: bool = True
    """Only algorithms that give the same bits each time, where torch has them."""
    checkpoint_steps: Count | None = None
    """Optimiser steps from one checkpoint to the next, besides the one at every evaluation."""
    log_steps: Count = 10
    """Optimiser steps from one line of metrics to the next."""

    @model_validator(mode="after")
    def _seeds_differ(self) -> "RunSection":
        if len(set(self.seeds)) < len(self.seeds):
            raise ValueError(f"seeds {list(self.seeds)} repeat one another")
        return self


class RunConfig(Section):
    """A whole training run."""

    model: ModelConfig
    """The encoder and the model."""
    data: DataConfig
    """The articles and the label scheme."""
    train: TrainConfig = TrainConfig()
    """The optimisation."""
    loss: LossConfig = LossConfig()
    """The loss."""
    links: LinksConfig = LinksConfig()
    """The link head."""
    run: RunSection
    """The run folder, the seeds and the machine."""

    @model_validator(mode="after")
    def _links_have_kinds(self) -> "RunConfig":
        scheme = self.data.label_scheme()
        if self.links.enabled and not scheme.links:
            raise ValueError(f"links.enabled is true, but scheme {scheme.name!r} declares no links")
        return self
