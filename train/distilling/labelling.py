"""Step one of a distillation: the teacher reads the raw text once, as much of it as is asked for, and leaves labels.

Labels lie in a folder named after all that decides what they are (the texts, the teacher, the cutting), so that runs
with other students find them again, and a run that was killed goes on where the last chunk was written.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from huggingface_hub.utils import WeakFileLock  # type: ignore[attr-defined]  # public, but not re-exported by name

from ...infer.errors import RunError
from ...infer.normalise import NORMALISATION
from ..pretraining.texts import readable_files, sha256_of, text_files
from ..run_folder import write_json
from ..tuning.material import Material
from .config import DistillConfig
from .labels import Labels, LabelWriter
from .passages import cut_passages, known_paragraphs, stream_documents
from .teacher import Teacher, TeacherFolder

__all__ = ["RawText", "find_texts", "label_texts"]

_CHUNK_WORDS = 20_000
_SAY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class RawText:
    """The files of raw text in the order they are read, and the sha256 of each by its name."""

    files: tuple[Path, ...]
    checksums: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Chunk:
    passages: list[str]
    documents: int
    words: int


def find_texts(config: DistillConfig, say: Callable[[str], None]) -> RawText:
    """The files that data.texts names; InputError for one that is not there or cannot be read."""
    files = text_files(config.data.texts)
    if config.data.bad_file == "skip":
        files = readable_files(files, "skip", say)
    return RawText(tuple(files), {path.name: sha256_of(path) for path in files})


def label_texts(
    config: DistillConfig,
    texts: RawText,
    found: TeacherFolder,
    material: Material,
    device: str,
    say: Callable[[str], None],
) -> Labels:
    """The labels of the texts, as many words as the config asks for; made where they are not there yet.

    Paragraphs of dev and test articles are left out. One process writes; another that wants the same labels waits for
    it. Raises RunError where the texts hold nothing to learn from.
    """
    settings = config.distill
    judged = [article.text for article in (*material.dev, *(material.test or ()))]
    left_out = known_paragraphs(judged)
    record = _record(config, texts, found, left_out)
    folder = settings.labels / hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:16]
    budget = None if settings.million_words is None else max(1, round(settings.million_words * 1e6))
    folder.mkdir(parents=True, exist_ok=True)
    with WeakFileLock(folder / ".lock"):
        write_json(folder / "record.json", record)
        writer = LabelWriter(folder, tags=len(material.scheme.tags), kept_tags=settings.top_tags)
        if not _enough(writer, budget):
            documents = islice(stream_documents(texts.files), writer.written.documents, None)
            chunks = _chunks(documents, settings.passage_words, left_out)
            _label(chunks, writer, Teacher(found, config.teacher, device), config, budget, say)
        labels = Labels(folder, budget)
    if not labels.words:
        raise RunError(
            f"{', '.join(texts.checksums)}: {writer.written.words_read:,} words, and none of them to learn from: "
            f"teacher {found.info} finds no span in them (distill.keep_empty_share is {settings.keep_empty_share:g})"
        )
    return labels


def _label(
    chunks: Iterator[_Chunk],
    writer: LabelWriter,
    teacher: Teacher,
    config: DistillConfig,
    budget: int | None,
    say: Callable[[str], None],
) -> None:
    wanted = "all" if budget is None else f"{budget / 1e6:,.2f} M"
    say(f"labels: {teacher.info} reads, {writer.written.words / 1e6:,.2f} of {wanted} words are there")
    started = said = time.perf_counter()
    words_before = writer.written.words_read
    while not _enough(writer, budget):
        chunk = next(chunks, None)
        if chunk is None:
            writer.append([], documents=0, words_read=0, complete=True)
            break
        labelled = list(zip(chunk.passages, teacher.label(chunk.passages), strict=True))
        kept = [
            (text, found)
            for text, found in labelled
            if found.argmax(axis=1).any() or _by_lot(text, config.distill.keep_empty_share)
        ]
        writer.append(kept, documents=chunk.documents, words_read=chunk.words)
        if (now := time.perf_counter()) - said >= _SAY_SECONDS:
            said, speed = now, (writer.written.words_read - words_before) / (now - started)
            say(f"labels: {writer.written.words / 1e6:,.2f} of {wanted} words, {speed:,.0f} words/s read")
    written = writer.written
    say(f"labels: {written.words:,} words in {written.passages:,} passages, of {written.words_read:,} words read")


def _enough(writer: LabelWriter, budget: int | None) -> bool:
    return writer.written.complete or (budget is not None and writer.written.words >= budget)


def _chunks(documents: Iterator[list[str]], passage_words: int, left_out: frozenset[str]) -> Iterator[_Chunk]:
    """Whole documents, of about 20,000 words together: what is labelled and written at a time."""
    chunk = _Chunk([], 0, 0)
    for document in documents:
        cut = list(cut_passages(document, passage_words, left_out))
        words = sum(length for _, length in cut)
        chunk = _Chunk(chunk.passages + [text for text, _ in cut], chunk.documents + 1, chunk.words + words)
        if chunk.words >= _CHUNK_WORDS:
            yield chunk
            chunk = _Chunk([], 0, 0)
    if chunk.documents:
        yield chunk


def _by_lot(text: str, share: float) -> bool:
    """Whether a passage without spans is kept: by the hash of its text, so by neither order nor state."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64


def _record(
    config: DistillConfig, texts: RawText, found: TeacherFolder, left_out: Sequence[str] | frozenset[str]
) -> dict[str, Any]:
    settings = config.distill
    return {
        "format": 1,
        "normalisation": NORMALISATION,
        "texts": list(texts.checksums.items()),
        "teacher": {"model": str(found.info), "precision": config.teacher.precision, "sha256": found.checksums()},
        "passage_words": settings.passage_words,
        "keep_empty_share": settings.keep_empty_share,
        "top_tags": min(settings.top_tags, len(found.info.scheme.tags)),
        "left_out": hashlib.sha256("\n".join(sorted(left_out)).encode("utf-8", "surrogatepass")).hexdigest(),
    }
