"""The pre-training loop: one readable pass over the steps, for one process or many.

A step's sequences, order, masks and dropout are functions of the seed and the step, so a run goes on exactly from the
state of the model and the optimiser alone; but for dropout, the number of processes makes no difference. The loss is
the mean over all masked subwords of a step, so processes and accumulation do not change it.
"""

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from accelerate import Accelerator
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.tensorboard import SummaryWriter

from ...infer.errors import RunError
from .config import TrainConfig
from .evaluation import score_held_out
from .masking import MaskedBatch, Masker
from .model import MaskedLanguageModel
from .schedule import StepReader, learning_rate_share, subwords_read
from .store import TokenStore

__all__ = ["LoopState", "train"]

_REPORT_STEPS = 50
_NO_DECAY = ("bias", "LayerNorm.weight", "layer_norm.weight")


@dataclass(frozen=True, slots=True)
class LoopState:
    """What the loop works on. `matrix_rate` is in FLOP/s, over all processes."""

    folder: Path
    config: TrainConfig
    seed: int
    tokenizer: Tokenizer
    store: TokenStore
    held_out: TokenStore
    flops_per_subword: float
    matrix_rate: float


def train(
    model: MaskedLanguageModel,
    state: LoopState,
    accelerator: Accelerator,
    save: Callable[[Path], None],
    *,
    resume: bool,
) -> None:
    """Train `model` in place; `save` writes an encoder folder. Raises RunError where there is nothing to resume."""
    config = state.config
    optimiser = _optimiser(model, config)
    wrapped, optimiser = accelerator.prepare(model, optimiser)
    step_model = torch.compile(wrapped) if config.compile else wrapped
    first = _load_checkpoint(state.folder, accelerator) if resume else 0
    reader = StepReader(state.store, config, state.seed)
    masker = Masker(state.tokenizer, config.masked_share)
    log = _Log(state.folder, first, accelerator)
    window = _Speed()
    with _progress(accelerator) as progress:
        task = progress.add_task("pre-training", total=config.steps, completed=first, figures="")
        wrapped.train()
        for step in range(first, config.steps):
            batch = masker.batch(reader.bodies(step), np.random.default_rng([state.seed, step, 7]))
            torch.manual_seed(_step_seed(state.seed, step, accelerator.process_index))
            for group in optimiser.param_groups:
                group["lr"] = config.learning_rate * learning_rate_share(step, config)
            loss = _step(step_model, batch, optimiser, accelerator, config)
            window.add(loss, batch.input_ids.size)
            done = step + 1
            if done % _REPORT_STEPS == 0 or done == config.steps:
                figures = window.figures(state)
                log.write(
                    {
                        "step": done,
                        "subwords": subwords_read(done, config),
                        "rate": optimiser.param_groups[0]["lr"],
                        **figures,
                    }
                )
                progress.update(
                    task,
                    completed=done,
                    figures=f"loss {figures['loss']:.3f} · {figures['subwords_per_second']:,.0f} subwords/s",
                )
                window = _Speed()
            if done % config.evaluate_every_steps == 0 or done == config.steps:
                _, stage, _ = reader.stage_of(step)
                score = score_held_out(
                    model, state.held_out, masker, config.held_out_sequences, stage.subwords, accelerator.device
                )
                if score is not None:
                    log.write(
                        {
                            "step": done,
                            "subwords": subwords_read(done, config),
                            **{f"held_out_{k}": v for k, v in asdict(score).items()},
                        }
                    )
                    progress.console.print(
                        f"step {done}: held-out perplexity {score.perplexity:.1f}, masked accuracy {score.accuracy:.3f}"
                    )
                window = _Speed()
            if accelerator.is_main_process:
                for point in config.keep_encoders_at_million_subwords:
                    if subwords_read(step, config) < point * 1e6 <= subwords_read(done, config):
                        save(state.folder / "encoders" / f"{point:g}M")
            if done % config.checkpoint_every_steps == 0 and done < config.steps:
                _save_checkpoint(state.folder, done, accelerator)
    log.close()


def _optimiser(model: MaskedLanguageModel, config: TrainConfig) -> torch.optim.AdamW:
    decayed: list[nn.Parameter] = []
    kept: list[nn.Parameter] = []
    for name, parameter in model.named_parameters():
        (kept if name.endswith(_NO_DECAY) else decayed).append(parameter)
    groups = [{"params": decayed, "weight_decay": config.weight_decay}, {"params": kept, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=config.learning_rate, betas=(0.9, 0.98), eps=1e-6, fused=True)


def _step_seed(seed: int, step: int, process: int) -> int:
    """The seed of a step's dropout."""
    return int(np.random.SeedSequence([seed, step, process]).generate_state(1)[0])


def _step(
    model: Callable[[Tensor, Tensor], Tensor],
    batch: MaskedBatch,
    optimiser: torch.optim.Optimizer,
    accelerator: Accelerator,
    config: TrainConfig,
) -> float:
    """One optimiser step; the mean loss over the masked subwords of this process's share."""
    rows = len(batch.input_ids)
    pieces = accelerator.num_processes * config.accumulate
    if rows % pieces:
        raise RunError(f"{rows} sequences a step cannot be shared by {pieces} (processes x train.accumulate)")
    share, width, total = rows // pieces, batch.input_ids.shape[1], 0.0
    optimiser.zero_grad(set_to_none=True)
    for piece in range(config.accumulate):
        first = (accelerator.process_index * config.accumulate + piece) * share
        inside = (batch.positions >= first * width) & (batch.positions < (first + share) * width)
        ids = torch.from_numpy(batch.input_ids[first : first + share]).to(accelerator.device, non_blocking=True)
        positions = torch.from_numpy(batch.positions[inside] - first * width).to(accelerator.device, non_blocking=True)
        targets = torch.from_numpy(batch.targets[inside]).to(accelerator.device, non_blocking=True)
        # Processes average their gradients, so each contributes its sum over the count of all, times their number.
        loss = functional.cross_entropy(model(ids, positions).float(), targets, reduction="sum")
        accelerator.backward(loss * accelerator.num_processes / max(1, len(batch.targets)))
        total += float(loss.detach())
    accelerator.clip_grad_norm_([p for g in optimiser.param_groups for p in g["params"]], config.clip_norm)
    optimiser.step()
    shared = accelerator.reduce(torch.tensor(total, device=accelerator.device), reduction="sum")
    return cast(Tensor, shared).item() / max(1, len(batch.targets))


class _Speed:
    """Loss and speed since the last report."""

    def __init__(self) -> None:
        self._start, self._subwords, self._losses = time.perf_counter(), 0, list[float]()

    def add(self, loss: float, subwords: int) -> None:
        self._subwords += subwords
        self._losses.append(loss)

    def figures(self, state: LoopState) -> dict[str, float]:
        speed = self._subwords / (time.perf_counter() - self._start)
        return {
            "loss": float(np.mean(self._losses)),
            "subwords_per_second": speed,
            "share_of_matrix_rate": speed * state.flops_per_subword / state.matrix_rate,
        }


class _Log:
    """Metrics to JSON Lines and TensorBoard, from the main process; lines past a resumed step are dropped."""

    def __init__(self, folder: Path, first: int, accelerator: Accelerator) -> None:
        self._main = accelerator.is_main_process
        if not self._main:
            return
        path = folder / "metrics.jsonl"
        kept = (
            [line for line in path.read_text(encoding="utf-8").splitlines() if json.loads(line)["step"] <= first]
            if first
            else []
        )
        path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
        self._file = path.open("a", encoding="utf-8")
        self._board = SummaryWriter(str(folder / "tensorboard"), purge_step=first or None)

    def write(self, values: dict[str, float]) -> None:
        if not self._main:
            return
        self._file.write(json.dumps(values) + "\n")
        self._file.flush()
        for name, value in values.items():
            if name not in ("step", "subwords"):
                self._board.add_scalar(name, value, int(values["step"]))

    def close(self) -> None:
        if self._main:
            self._file.close()
            self._board.close()


def _save_checkpoint(folder: Path, step: int, accelerator: Accelerator) -> None:
    part, place, old = folder / "checkpoint.part", folder / "checkpoint", folder / "checkpoint.old"
    if accelerator.is_main_process:
        shutil.rmtree(part, ignore_errors=True)
    accelerator.wait_for_everyone()
    accelerator.save_state(str(part), safe_serialization=True)
    accelerator.wait_for_everyone()
    if accelerator.is_main_process:
        (part / "step.json").write_text(json.dumps({"step": step}), encoding="utf-8")
        shutil.rmtree(old, ignore_errors=True)
        if place.exists():
            place.rename(old)
        part.rename(place)
        shutil.rmtree(old, ignore_errors=True)
    accelerator.wait_for_everyone()


def _load_checkpoint(folder: Path, accelerator: Accelerator) -> int:
    # A kill between the two renames leaves only the old checkpoint, which is whole.
    for place in (folder / "checkpoint", folder / "checkpoint.old"):
        if (place / "step.json").exists():
            accelerator.load_state(str(place))
            step: int = json.loads((place / "step.json").read_text(encoding="utf-8"))["step"]
            return step
    raise RunError(f"{folder}: no checkpoint was written yet; start again with --overwrite")


def _progress(accelerator: Accelerator) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"),
        TextColumn("{task.fields[figures]}"), TimeRemainingColumn(), disable=not accelerator.is_main_process,
    )  # fmt: skip
