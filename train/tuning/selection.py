"""Which weights a run ends with: scored on dev, kept when they are the best, averaged at the end if asked for.

Scores are those of a `Predictor` around the model being trained, so they are what a user would get.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from safetensors.torch import save_file

from ...infer.articles import Article
from ...infer.model_folder import ModelInfo
from ...infer.predictor import Predictor
from ...infer.torch_scorer import TorchScorer
from ..judging.scoring import score_spans
from ..settings.run_config import RunConfig
from .averaging import mean_of_files
from .progress import Progress
from .saving import save_model

__all__ = ["Selection"]


class Selection:
    """Scores a model on dev and keeps the best in `folder/model`; for the main process of a run.

    With `train.average` "last" or "best" it also keeps the weights of that many evaluations in `folder/snapshots`.
    """

    def __init__(
        self, folder: Path, model: Any, tokenizer: Any, info: ModelInfo, dev: Sequence[Article], config: RunConfig
    ) -> None:
        self._folder = folder
        self._model = model
        self._tokenizer = tokenizer
        self._info = info
        self._dev = dev
        self._config = config
        self._snapshots = folder / "snapshots"

    def evaluate(self) -> dict[str, float]:
        """Strict span scores on dev of the model as it stands: f1, precision, recall, and F1 by family."""
        self._model.eval()
        scorer = TorchScorer(self._model, self._model.device, self._model.config.pad_token_id or 0)
        predictor = Predictor(scorer, self._tokenizer.backend_tokenizer, self._info)
        found = list(predictor.stream(article.without_annotation() for article in self._dev))
        scores = score_spans(self._dev, found)
        overall = scores.overall
        by_family = {f"f1_{family.lower()}": counts.f1 for family, counts in scores.by_family.items()}
        return {"f1": overall.f1, "precision": overall.precision, "recall": overall.recall, **by_family}

    def keep(self, progress: Progress, f1: float, best: bool) -> None:
        """Keep the model as it stands, if it is the best or will be averaged; `progress` is that before this score."""
        if best:
            self._save()
        if self._config.train.average in ("last", "best"):
            self._snapshots.mkdir(exist_ok=True)
            weights = {name: tensor.detach().cpu().contiguous() for name, tensor in self._model.state_dict().items()}
            save_file(weights, self._snapshot(progress.step), metadata={"format": "pt"})
            f1_by_step = {score.step: score.f1 for score in progress.scores} | {progress.step: f1}
            for step in f1_by_step.keys() - self._averaged_steps(f1_by_step):
                self._snapshot(step).unlink(missing_ok=True)

    def average(self, progress: Progress) -> float | None:
        """Average the kept weights, and keep the average if dev finds it no worse; its F1, None if nothing is averaged.

        The model holds the average afterwards.
        """
        steps = sorted(self._averaged_steps({score.step: score.f1 for score in progress.scores}))
        if self._config.train.average not in ("last", "best") or len(steps) < 2:
            return None
        self._model.load_state_dict(mean_of_files([self._snapshot(step) for step in steps]))
        f1 = self.evaluate()["f1"]
        if progress.best is None or f1 >= progress.best.f1:
            self._save()
        return f1

    def _save(self) -> None:
        stored = self._config.model.stored_precision
        save_model(self._folder / "model", self._model, self._tokenizer, self._info, precision=stored)

    def _averaged_steps(self, f1_by_step: dict[int, float]) -> set[int]:
        count = self._config.train.average_count
        if self._config.train.average == "last":
            return set(sorted(f1_by_step)[-count:])
        return set(sorted(f1_by_step, key=lambda step: (f1_by_step[step], -step))[-count:])

    def _snapshot(self, step: int) -> Path:
        return self._snapshots / f"step-{step:08d}.safetensors"
