"""The teacher: any model the package can load, asked for its distribution over the tags of each word.

Words are the package's own, so a student with another vocabulary learns word by word from what comes out here.
What is kept of it is `labels`' business.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ...infer.articles import Article
from ...infer.errors import RunError
from ...infer.model_folder import ModelInfo, find_model, read_info, read_tokenizer
from ...infer.normalise import normal_forms
from ...infer.predictor import Predictor
from ...infer.scheme import Scheme
from ...infer.scorers.interface import Scorer
from ...infer.scorers.with_torch import load_torch_scorer
from ...infer.tokens import tokenize
from ...infer.windows import Window, iter_windows
from ..pretraining.texts import sha256_of
from ..tuning.batches import parts_of_step
from .config import TeacherConfig

__all__ = ["Teacher", "TeacherFolder", "find_teacher"]


@dataclass(frozen=True, slots=True)
class TeacherFolder:
    """A teacher that was found and fits, before its weights are loaded."""

    folder: Path
    info: ModelInfo

    def checksums(self) -> dict[str, str]:
        """The sha256 of each file that decides what it says."""
        kinds = {".json", ".safetensors"}
        files = sorted(path for path in self.folder.iterdir() if path.suffix in kinds)
        return {path.name: sha256_of(path) for path in files}


class Teacher:
    """A loaded teacher; `device` and `precision` as for `Predictor.load`."""

    def __init__(self, found: TeacherFolder, config: TeacherConfig, device: str) -> None:
        self.info = found.info
        self._tokenizer: Tokenizer = read_tokenizer(found.folder)
        self._batch_subwords = config.batch_subwords
        self._scorer: Scorer = load_torch_scorer(found.folder, found.info.scheme, device, config.precision)

    def label(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """The calibrated log-probabilities (words, tags) of the tokens of each text."""
        info = self.info
        windows: list[tuple[int, Window]] = []
        for number, text in enumerate(texts):
            forms = normal_forms(text, tokenize(text))
            cut = iter_windows(forms, self._tokenizer, info.max_subwords, info.overlap_subwords)
            windows += ((number, window) for window in cut)
        scores = self._scores([window for _, window in windows])
        parts: list[list[NDArray[np.float32]]] = [[] for _ in texts]
        for (number, window), found in zip(windows, scores, strict=True):
            parts[number].append(found[window.own_from : window.own_to])
        none = np.zeros((0, len(info.scheme.tags)), dtype=np.float32)
        return [_log_softmax(np.concatenate([none, *part]), info.temperature) for part in parts]

    def read(self, articles: Iterable[Article]) -> list[Article]:
        """The articles with the spans the teacher finds in them."""
        predictor = Predictor(self._scorer, self._tokenizer, self.info, batch_subwords=self._batch_subwords)
        return list(predictor.stream(article.without_annotation() for article in articles))

    def _scores(self, windows: Sequence[Window]) -> list[NDArray[np.float32]]:
        lengths = [len(window.subword_ids) for window in windows]
        order = tuple(sorted(range(len(windows)), key=lambda number: lengths[number]))
        scores: dict[int, NDArray[np.float32]] = {}
        if order:
            (batches,) = parts_of_step(order, lengths, processes=1, part_subwords=self._batch_subwords)
            for batch in batches:
                found = self._scorer.score([windows[number] for number in batch])
                scores.update(zip(batch, found, strict=True))
        return [scores[number] for number in range(len(windows))]


def find_teacher(config: TeacherConfig, scheme: Scheme) -> TeacherFolder:
    """Find the teacher and see that it finds the labels of the data.

    Raises ModelError or HubError for a model that cannot be had, RunError for one of another label scheme.
    """
    folder = find_model(None if config.model == "embedded" else config.model)
    info = read_info(folder)
    if info.scheme.tags != scheme.tags:
        raise RunError(
            f"teacher {info}: finds {_shown(info.scheme)}, but the articles of data.dev and data.train are read as "
            f"{_shown(scheme)}; take articles annotated by the teacher's scheme and declare it in data.scheme, or "
            "another teacher"
        )
    return TeacherFolder(folder, info)


def _shown(scheme: Scheme) -> str:
    names = scheme.label_names
    return f"{len(names)} labels of scheme {scheme.name!r} ({', '.join(names[:4])}{', …' if len(names) > 4 else ''})"


def _log_softmax(scores: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    if not len(scores):
        return scores
    shifted = (scores - scores.max(axis=1, keepdims=True)) / temperature
    result: NDArray[np.float32] = (shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))).astype(np.float32)
    return result
