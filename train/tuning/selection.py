"""Which weights a run ends with: scored on dev, kept when they are the best, averaged at the end if asked for.

Scores are those of a `Predictor` around the model being trained, so they are what a user would get. With a link head
the run is steered by the mean of two F1: that of the spans, and that of the links given the gold spans.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from safetensors.torch import save_file

from ...infer.articles import Article
from ...infer.model_folder import ModelInfo
from ...infer.predictor import Predictor
from ...infer.scorers.with_torch import TorchScorer
from ..judging.scoring import score_spans
from ..settings.run_config import RunConfig
from .averaging import mean_of_files
from .link_fitting import count_links, head_of, total, unfitted_linker
from .link_module import LinkedTagger
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
        self._tagger = model.tagger if isinstance(model, LinkedTagger) else model
        self._head = model.head if isinstance(model, LinkedTagger) else None
        self._tokenizer = tokenizer
        self._info = info
        self._dev = dev
        self._config = config
        self._snapshots = folder / "snapshots"

    def evaluate(self) -> dict[str, float]:
        """Strict span scores on dev of the model as it stands: f1, precision, recall, and F1 by family.

        With a link head "f1" is the mean of "f1_spans" and "f1_links".
        """
        self._model.eval()
        scorer = TorchScorer(self._tagger, self._tagger.device, self._tagger.config.pad_token_id or 0)
        predictor = Predictor(scorer, self._tokenizer.backend_tokenizer, self._info)
        found = list(predictor.stream(article.without_annotation() for article in self._dev))
        scores = score_spans(self._dev, found)
        overall = scores.overall
        by_family = {f"f1_{family.lower()}": counts.f1 for family, counts in scores.by_family.items()}
        metrics = {"f1": overall.f1, "precision": overall.precision, "recall": overall.recall, **by_family}
        if self._head is None:
            return metrics
        linker = unfitted_linker(head_of(self._head, self._info), self._info, self._config.links.reach_words)
        predictor = Predictor(scorer, self._tokenizer.backend_tokenizer, self._info, linker=linker)
        links = count_links(self._dev, list(predictor.stream_links(self._dev)))
        by_kind = {f"f1_{kind}": counts.f1 for kind, counts in links.items()}
        both = {"f1_spans": overall.f1, "f1_links": total(links).f1}
        return metrics | both | by_kind | {"f1": (both["f1_spans"] + both["f1_links"]) / 2}

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
        folder = self._folder / "model"
        save_model(folder, self._tagger, self._tokenizer, self._info, precision=stored, head=self._head)

    def _averaged_steps(self, f1_by_step: dict[int, float]) -> set[int]:
        count = self._config.train.average_count
        if self._config.train.average == "last":
            return set(sorted(f1_by_step)[-count:])
        return set(sorted(f1_by_step, key=lambda step: (f1_by_step[step], -step))[-count:])

    def _snapshot(self, step: int) -> Path:
        return self._snapshots / f"step-{step:08d}.safetensors"
