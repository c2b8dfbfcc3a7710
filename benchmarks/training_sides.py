"""The two ways to fine-tune: this package's run, and what transformers' `run_ner.py` does, on equal terms.

Theirs is a minimal equivalent of the example script with its defaults: one example an article, cut after 512 subwords;
the tag on the first subword of each word; padding to the longest of the batch (`pad_to_max_length` off), to a multiple
of 8 only in half precision; shuffled batches of a fixed number of articles; `Trainer` with fused AdamW, a linear
schedule without warm-up, no weight decay, gradients clipped at 1. Set alike on both sides, away from defaults: the
learning rate, the passes over the data, and the articles in a step (theirs: as many as ours has on average). Both are
timed from the first step to the last, without evaluation, and both models are scored on dev by the same scorer.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rasid.infer import Article, Predictor
from rasid.infer.formats.corpus import read_corpus
from rasid.infer.model_folder import EMBEDDED_ENCODER, ModelInfo
from rasid.infer.normalise import normal_forms
from rasid.infer.scheme import CONFLICT
from rasid.infer.tokens import tokenize

from .machine import pin_to_cores
from .workers import peak_memory_mb

__all__ = ["LEARNING_RATE", "Budget", "Trained", "articles_a_step", "train_ours", "train_theirs"]

LEARNING_RATE = 5e-4
_MAX_SUBWORDS = 512
_OVERLAP = 128


@dataclass(frozen=True, slots=True)
class Budget:
    """What both sides are given; `most_articles` cuts the data short for a trial."""

    data: Path
    encoder: str
    epochs: int
    batch_subwords: int
    device: str
    threads: int
    most_articles: int | None = None

    def articles(self, part: str) -> list[Article]:
        """The articles of `train` or `dev`."""
        return read_corpus(self.data / part, CONFLICT)[: self.most_articles]

    def encoder_folder(self) -> Path:
        """Where the encoder lies."""
        return EMBEDDED_ENCODER if self.encoder == "embedded" else Path(self.encoder)

    def to_json(self) -> dict[str, Any]:
        """As plain values, the folder by its last names."""
        return asdict(self) | {"data": "/".join(self.data.parts[-2:]), "learning_rate": LEARNING_RATE}


@dataclass(frozen=True, slots=True)
class Trained:
    """How a training went; `padding` is the share of computed subwords that were padding."""

    subwords_per_second: float
    steps: int
    padding: float
    dev_f1: float
    memory_mb: float

    def to_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


def train_ours(budget: Budget, seed: int, scratch: Path) -> Trained:
    """A run of this package, without links and averages, evaluated once at its end."""
    from rasid.infer.formats.jsonl import write_jsonl
    from rasid.train.settings.run_config import RunConfig
    from rasid.train.tuning.run import run_config

    pin_to_cores(budget.threads)
    for part in ("train", "dev"):
        write_jsonl(budget.articles(part), scratch / f"{part}.jsonl")
    never = 1_000_000
    config = {
        "model": {"encoder": str(budget.encoder_folder()), "max_subwords": _MAX_SUBWORDS, "overlap_subwords": _OVERLAP},
        "data": {"train": [{"path": str(scratch / "train.jsonl")}], "dev": {"path": str(scratch / "dev.jsonl")}},
        "train": {
            "epochs": budget.epochs, "batch_subwords": budget.batch_subwords, "learning_rate": LEARNING_RATE,
            "weight_decay": 0.0, "warmup_fraction": 0.0, "evaluate_steps": never,
        },
        "run": {
            "name": "ours", "out": str(scratch), "seeds": [seed], "device": budget.device, "threads": budget.threads,
            "deterministic": False, "log_steps": never,
        },
    }  # fmt: skip
    result = run_config(RunConfig.model_validate_json(json.dumps(config)))
    lines = [json.loads(line) for line in (result.folder / "metrics.jsonl").read_text("utf-8").splitlines()]
    rate = next(line["subwords_per_second"] for line in reversed(lines) if line["kind"] == "train")
    done = result.seeds[0]
    lengths = _lengths(budget)
    return Trained(rate, done.steps, _our_padding(lengths, budget, seed), done.dev_f1, peak_memory_mb())


def train_theirs(budget: Budget, seed: int, scratch: Path) -> Trained:
    """What the example script does, as this module's docstring has it."""
    import torch
    from datasets import Dataset
    from transformers import (
        AutoModelForTokenClassification,
        DataCollatorForTokenClassification,
        Trainer,
        TrainingArguments,
        set_seed,
    )

    from rasid.train.encoders.classifiers import load_tokenizer

    pin_to_cores(budget.threads)
    torch.set_num_threads(budget.threads)
    set_seed(seed)
    folder = budget.encoder_folder()
    tokenizer = load_tokenizer(folder)
    rows = [_their_example(article, tokenizer) for article in budget.articles("train")]
    tags = dict(enumerate(CONFLICT.tags))
    model: Any = AutoModelForTokenClassification.from_pretrained(
        folder,
        num_labels=len(tags),
        id2label=tags,
        label2id={tag: number for number, tag in tags.items()},
        dtype=torch.float32,
        ignore_mismatched_sizes=True,
    )
    half = budget.device == "cuda"
    batch = articles_a_step(_lengths(budget), budget)
    trainer: Any = Trainer(
        model=model,
        args=TrainingArguments(
            output_dir=str(scratch / "theirs"),
            num_train_epochs=budget.epochs,
            per_device_train_batch_size=batch,
            learning_rate=LEARNING_RATE,
            bf16=half,
            use_cpu=not half,
            seed=seed,
            save_strategy="no",
            logging_strategy="no",
            report_to=[],
            disable_tqdm=True,
        ),
        train_dataset=Dataset.from_list(rows),
        data_collator=_Counting(DataCollatorForTokenClassification(tokenizer, pad_to_multiple_of=8 if half else None)),
    )
    started = time.perf_counter()
    trainer.train()
    seconds = time.perf_counter() - started
    subwords = budget.epochs * sum(len(row["input_ids"]) for row in rows)
    padding = 1.0 - subwords / trainer.data_collator.computed
    return Trained(
        subwords / seconds, trainer.state.global_step, padding, _dev_f1(model, tokenizer, budget), peak_memory_mb()
    )


class _Counting:
    """A collator that counts the subwords, padding included, that it hands on."""

    def __init__(self, collate: Any) -> None:
        self._collate = collate
        self.computed = 0

    def __call__(self, rows: list[dict[str, Any]]) -> Any:
        batch = self._collate(rows)
        self.computed += batch["input_ids"].numel()
        return batch


def articles_a_step(lengths: Sequence[int], budget: Budget) -> int:
    """How many articles our steps hold on average, rounded."""
    from rasid.train.tuning.batches import plan_epoch

    plan = plan_epoch(lengths, [1.0] * len(lengths), batch_subwords=budget.batch_subwords, seed=1, epoch=0)
    return max(1, round(len(lengths) / len(plan)))


def _our_padding(lengths: Sequence[int], budget: Budget, seed: int) -> float:
    from rasid.train.tuning.batches import plan_epoch

    computed = 0
    for epoch in range(budget.epochs):
        plan = plan_epoch(lengths, [1.0] * len(lengths), batch_subwords=budget.batch_subwords, seed=seed, epoch=epoch)
        computed += sum(len(step) * (-(-max(lengths[n] for n in step) // 8) * 8) for step in plan)
    return 1.0 - budget.epochs * sum(lengths) / computed


def _lengths(budget: Budget) -> list[int]:
    """Subwords of each of our windows of the training articles."""
    from rasid.train.encoders.classifiers import load_tokenizer
    from rasid.train.tuning.examples import article_examples

    tokenizer = load_tokenizer(budget.encoder_folder()).backend_tokenizer
    return [
        len(example)
        for example in article_examples(budget.articles("train"), tokenizer, CONFLICT, _MAX_SUBWORDS, _OVERLAP)
    ]


def _their_example(article: Article, tokenizer: Any) -> dict[str, Any]:
    """The article's words as one row: ids, mask and labels, -100 for all but the first subword of a word."""
    from rasid.train.tuning.examples import word_tags

    tokens = tokenize(article.text)
    tags = word_tags(article, tokens, CONFLICT)
    encoded = tokenizer(
        normal_forms(article.text, tokens), is_split_into_words=True, truncation=True, max_length=_MAX_SUBWORDS
    )
    labels, before = [], None
    for word in encoded.word_ids():
        labels.append(-100 if word is None or word == before else int(tags[word]))
        before = word
    return {"input_ids": encoded["input_ids"], "attention_mask": encoded["attention_mask"], "labels": labels}


def _dev_f1(model: Any, tokenizer: Any, budget: Budget) -> float:
    """Strict F1 over all labels on dev, predicted and scored as our own side's model is."""
    import torch

    from rasid.infer.scorers.with_torch import TorchScorer
    from rasid.train.judging.scoring import score_spans

    scorer = TorchScorer(model.eval().float(), torch.device(budget.device), tokenizer.pad_token_id or 0)
    info = ModelInfo("theirs", "0", CONFLICT, max_subwords=_MAX_SUBWORDS, overlap_subwords=_OVERLAP)
    subwords = tokenizer.backend_tokenizer
    subwords.no_truncation()
    subwords.no_padding()
    gold = budget.articles("dev")
    predictor = Predictor(scorer, subwords, info)
    return score_spans(gold, list(predictor.stream(article.without_annotation() for article in gold))).overall.f1
