"""The teacher's labels on disk: passages, and for each of their words the likeliest tags with their probabilities.

    passages.txt              the texts, one behind the other, UTF-8
    passages.int64            (passages, 2): where each text (in bytes) and its words end
    tags.uint16               (words, kept tags): the likeliest tags of each word, best first
    log_probabilities.fp16    (words, kept tags): their natural logarithms
    written.json              how much of these files holds, and how far the raw text has been read

Files only grow. What was appended counts once written.json says so, and what a kill left behind it is cut off when
writing goes on; so nothing is lost and nothing is there twice. Reading maps the files into memory.
"""

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...infer.errors import RunError
from ..run_folder import write_json

__all__ = ["LabelWriter", "Labels", "Written"]

_TEXTS, _PASSAGES, _TAGS, _PROBABILITIES = (
    "passages.txt",
    "passages.int64",
    "tags.uint16",
    "log_probabilities.fp16",
)
_RECORD = "written.json"


@dataclass(frozen=True, slots=True)
class Written:
    """How much there is: `passages` and `words` kept, `documents` and `words_read` of raw text behind them.

    `tags` and `kept_tags` are the tags of the scheme and those stored for each word; `text_bytes` is the length of all
    texts. `complete` says that the raw text has no more.
    """

    tags: int
    kept_tags: int
    documents: int = 0
    passages: int = 0
    words: int = 0
    text_bytes: int = 0
    words_read: int = 0
    complete: bool = False

    @classmethod
    def read(cls, folder: Path) -> "Written":
        """Read what a writer left; RunError if it cannot be read."""
        try:
            return cls(**json.loads((folder / _RECORD).read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise RunError(f"{folder / _RECORD}: cannot be read ({type(error).__name__} {error})") from error

    def lengths(self) -> dict[str, int]:
        """Length of each file in bytes."""
        per_word = 2 * self.kept_tags * self.words
        return {
            _TEXTS: self.text_bytes,
            _PASSAGES: 16 * self.passages,
            _TAGS: per_word,
            _PROBABILITIES: per_word,
        }


class LabelWriter:
    """Appends to the labels in a folder, from where the last writer came to; one writer at a time."""

    def __init__(self, folder: Path, *, tags: int, kept_tags: int) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / _RECORD).exists():
            self.written = Written.read(folder)
        else:
            self.written = Written(tags=tags, kept_tags=min(tags, kept_tags))
        for name, length in self.written.lengths().items():
            with (folder / name).open("ab") as file:
                if file.tell() < length:
                    raise RunError(f"{folder / name}: expected {length} bytes, found {file.tell()}; delete {folder}")
                file.truncate(length)

    def append(
        self,
        passages: list[tuple[str, NDArray[np.float32]]],
        *,
        documents: int,
        words_read: int,
        complete: bool = False,
    ) -> None:
        """Add passages with their log-probabilities (words, tags), and what was read of the raw text for them."""
        before = self.written
        texts = [text.encode("utf-8", "surrogatepass") for text, _ in passages]
        ends = np.empty((len(passages), 2), dtype=np.int64)
        ends[:, 0] = before.text_bytes + np.cumsum([len(text) for text in texts])
        ends[:, 1] = before.words + np.cumsum([len(found) for _, found in passages])
        every = np.concatenate([np.zeros((0, before.tags), dtype=np.float32), *(found for _, found in passages)])
        best = np.argsort(-every, axis=1, kind="stable")[:, : before.kept_tags]
        for name, content in (
            (_TEXTS, b"".join(texts)),
            (_PASSAGES, ends.tobytes()),
            (_TAGS, best.astype(np.uint16).tobytes()),
            (_PROBABILITIES, np.take_along_axis(every, best, axis=1).astype(np.float16).tobytes()),
        ):
            with (self._folder / name).open("ab") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        self.written = replace(
            before,
            documents=before.documents + documents,
            passages=before.passages + len(passages),
            words=before.words + len(every),
            text_bytes=before.text_bytes + sum(map(len, texts)),
            words_read=before.words_read + words_read,
            complete=complete,
        )
        write_json(self._folder / _RECORD, asdict(self.written))


class Labels:
    """The first passages in a folder that together hold `words` words, or all of them."""

    def __init__(self, folder: Path, words: int | None = None) -> None:
        self.written = written = Written.read(folder)
        self._texts = _mapped(folder / _TEXTS, np.uint8, written.text_bytes, 1)[:, 0]
        ends = _mapped(folder / _PASSAGES, np.int64, written.passages, 2)
        self._tags = _mapped(folder / _TAGS, np.uint16, written.words, written.kept_tags)
        self._probabilities = _mapped(folder / _PROBABILITIES, np.float16, written.words, written.kept_tags)
        self._passages = len(ends) if words is None else min(len(ends), int(np.searchsorted(ends[:, 1], words)) + 1)
        self._ends = np.concatenate([np.zeros((1, 2), dtype=np.int64), ends[: self._passages]])

    def __len__(self) -> int:
        """Number of passages."""
        return self._passages

    @property
    def words(self) -> int:
        """Number of words in the passages."""
        return int(self._ends[-1, 1])

    def text(self, passage: int) -> str:
        """The text of a passage."""
        start, end = self._ends[passage : passage + 2, 0]
        return self._texts[start:end].tobytes().decode("utf-8", "surrogatepass")

    def rows(self, passage: int) -> range:
        """The numbers of a passage's words, counted over all passages."""
        start, end = self._ends[passage : passage + 2, 1]
        return range(int(start), int(end))

    def best_tags(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The likeliest tag (words,) of words by their numbers."""
        best: NDArray[np.int64] = self._tags[rows, 0].astype(np.int64)
        return best

    def log_probabilities(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Log-probabilities (words, tags) of words by their numbers; tags not stored share the rest evenly."""
        stored = self._probabilities[rows].astype(np.float32)
        full = np.empty((len(rows), self.written.tags), dtype=np.float32)
        others = self.written.tags - self.written.kept_tags
        if others:
            rest = np.maximum(1.0 - np.exp(stored).sum(axis=1, keepdims=True), _LEAST)
            # No tag that is left out can be likelier than the last one that is not.
            full[:] = np.minimum(np.log(rest / others), stored[:, -1:])
        np.put_along_axis(full, self._tags[rows].astype(np.int64), stored, axis=1)
        return full


_LEAST = 1e-6


def _mapped(path: Path, kind: Any, rows: int, columns: int) -> NDArray[Any]:
    if not rows:
        return np.zeros((0, columns), dtype=kind)
    return np.memmap(path, dtype=kind, mode="r", shape=(rows, columns))
