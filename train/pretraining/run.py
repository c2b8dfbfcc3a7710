"""One pre-training run, from a config to an encoder folder.

    NAME/config.json       the config as resolved          NAME/record.json   data with sha256, machine, versions, speed
    NAME/metrics.jsonl     loss, speed, held-out scores    NAME/tensorboard/  the same, for TensorBoard
    NAME/checkpoint/       the last state to resume from   NAME/encoders/     encoders kept on the way, for probes
    NAME/encoder/          the result, an ordinary Hugging Face folder (fp16 safetensors)

The loop is in `loop`; reading configs and the command line are left to others.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from ...infer.errors import RunError
from ...infer.normalise import NORMALISATION
from ..accelerators import make_accelerator
from ..encoders.classifiers import load_tokenizer, read_vocabulary, wordpiece_tokenizer
from ..encoders.folders import find_encoder
from ..encoders.saving import save_pretrained
from ..matrix_rate import measured_matrix_rate
from ..run_folder import claim_folder, environment, write_json
from ..settings.files import load_config_as
from .card import encoder_card
from .config import PretrainConfig
from .embeddings import cooccurrence_vectors
from .loop import LoopState, train
from .model import MaskedLanguageModel, new_model, pretrained_model, training_flops_per_subword
from .store import TokenStore, build_stores
from .texts import documents, readable_files, text_files
from .vocabulary import train_vocabulary

__all__ = ["pretrain", "pretrain_from_config"]

_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True, slots=True)
class _Material:
    tokenizer: PreTrainedTokenizerFast
    train: TokenStore
    held_out: TokenStore
    checksums: dict[str, str]


def pretrain_from_config(
    config: str | Path, overrides: Sequence[str] = (), *, resume: bool = False, overwrite: bool = False
) -> Path:
    """Read a config by name or path, apply `key.path=value` overrides and run it; see `pretrain`.

    Raises ConfigError that lists all mistakes.
    """
    return pretrain(load_config_as(PretrainConfig, config, overrides), resume=resume, overwrite=overwrite)


def pretrain(config: PretrainConfig, *, resume: bool = False, overwrite: bool = False) -> Path:
    """Run a config and return the encoder folder.

    Raises RunError for a run folder that is there already (unless resumed or overwritten), InputError for bad text
    files, ModelError for an encoder that cannot be loaded.
    """
    with _machine(config):
        return _pretrain(config, resume=resume, overwrite=overwrite)


@contextmanager
def _machine(config: PretrainConfig) -> Iterator[None]:
    """Set what of torch is global for the run, and set it back after it."""
    threads = torch.get_num_threads()
    # First of all: only threads started after it flush denormals, and Adam's state is full of them.
    torch.set_flush_denormal(True)
    if config.run.threads is not None:
        torch.set_num_threads(config.run.threads)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)
        torch.set_num_threads(threads)


def _pretrain(config: PretrainConfig, *, resume: bool, overwrite: bool) -> Path:
    accelerator = make_accelerator(config.run.device, config.train.precision)
    folder = claim_folder(config, accelerator, resume=resume, overwrite=overwrite)
    torch.manual_seed(config.run.seed)
    with accelerator.main_process_first():
        material = _material(config, folder, accelerator.print)
    model = _model(config, material, accelerator.print, resume=resume)
    flops = training_flops_per_subword(model, config.train.stages[-1].subwords, config.train.masked_share)
    rate = measured_matrix_rate(accelerator.device, _DTYPES[config.train.precision]) * accelerator.num_processes
    if accelerator.is_main_process:
        _write_record(folder, config, material, model, flops, rate)

    def save(to: Path) -> None:
        save_pretrained(to, model, material.tokenizer, "fp16")

    state = LoopState(
        folder=folder, config=config.train, seed=config.run.seed, tokenizer=material.tokenizer.backend_tokenizer,
        store=material.train, held_out=material.held_out, flops_per_subword=flops, matrix_rate=rate,
    )  # fmt: skip
    train(
        MaskedLanguageModel(model),
        state,
        accelerator,
        save=save,
        resume=resume,
    )
    accelerator.wait_for_everyone()
    if accelerator.is_main_process:
        save(folder / "encoder")
        (folder / "encoder" / "README.md").write_text(encoder_card(folder, config), encoding="utf-8")
    accelerator.wait_for_everyone()
    return folder / "encoder"


def _material(config: PretrainConfig, folder: Path, say: Callable[[str], None]) -> _Material:
    files = text_files(config.data.texts)
    if config.data.bad_file == "skip":
        files = readable_files(files, "skip", say)
    tokenizer = _tokenizer(config, folder, files, say)
    train_store, held_out, checksums = build_stores(
        files,
        tokenizer.backend_tokenizer,
        config.data.cache,
        config.data.held_out_share,
        lambda path: say(f"reading {path.name}"),
    )
    longest = max(stage.subwords for stage in config.train.stages)
    if train_store.sequences(longest) == 0:
        raise RunError(f"the texts hold {len(train_store.ids)} subwords, fewer than one sequence of {longest}")
    return _Material(tokenizer, train_store, held_out, checksums)


def _tokenizer(
    config: PretrainConfig, folder: Path, files: list[Path], say: Callable[[str], None]
) -> PreTrainedTokenizerFast:
    if config.model.encoder is not None:
        tokenizer: PreTrainedTokenizerFast = load_tokenizer(find_encoder(config.model.encoder, say))
        return tokenizer
    longest = config.model.shape.max_subwords
    if config.model.vocabulary is not None:
        return wordpiece_tokenizer(read_vocabulary(config.model.vocabulary), longest)
    saved = folder / "vocab.txt"
    if not saved.exists():
        say(f"training a vocabulary of {config.model.vocabulary_size} entries")
        entries = train_vocabulary(chain.from_iterable(documents(path) for path in files), config.model.vocabulary_size)
        saved.write_text("\n".join(entries) + "\n", encoding="utf-8")
    return wordpiece_tokenizer(read_vocabulary(saved), longest)


def _model(config: PretrainConfig, material: _Material, say: Callable[[str], None], *, resume: bool) -> PreTrainedModel:
    if config.model.encoder is not None:
        return pretrained_model(find_encoder(config.model.encoder, say))
    size = len(material.tokenizer)
    counted = config.model.cooccurrence_subwords
    if not counted or resume:
        return new_model(config.model.shape, material.tokenizer)
    say("counting co-occurrences for the starting embeddings")
    ids = np.asarray(material.train.ids[:counted])
    vectors = cooccurrence_vectors(ids, size, config.model.shape.width, seed=config.run.seed)
    counts = np.bincount(ids, minlength=size) + 0.5
    log_share = np.log(counts / counts.sum()).astype(np.float32)
    return new_model(config.model.shape, material.tokenizer, torch.from_numpy(vectors), torch.from_numpy(log_share))


def _write_record(
    folder: Path, config: PretrainConfig, material: _Material, model: PreTrainedModel, flops: float, rate: float
) -> None:
    record = {
        "data": {
            "sha256": material.checksums,
            "train": {
                "subwords": len(material.train.ids),
                "words": material.train.words,
                "documents": material.train.documents,
            },
            "held_out": {
                "subwords": len(material.held_out.ids),
                "words": material.held_out.words,
                "documents": material.held_out.documents,
            },
        },
        "normalisation": NORMALISATION,
        "parameters": sum(p.numel() for p in model.parameters()),
        "steps": config.train.steps,
        "training_flops_per_subword": flops,
        "matrix_rate_flops": rate,
        "environment": environment(),
        "stages": [stage.model_dump(mode="json") for stage in config.train.stages],
    }
    write_json(folder / "record.json", record)
