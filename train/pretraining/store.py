"""The token store: a corpus as one file of subword numbers, memory-mapped, cut into sequences of any length.

Documents follow one another with [SEP] between them, so sequences are packed to their full length. A store is built
once per corpus and tokenizer and found again by the fingerprint of both; held-out documents go to a store of their
own. Which sequence is trained on when is a pure function of the seed, so a run can go on exactly where it stopped.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from .texts import documents, sha256_of
from .vocabulary import document_forms

__all__ = ["TokenStore", "build_stores", "sequence_order"]

_CHUNK_WORDS = 4096
_HELD_OUT_MODULUS = 10_000


@dataclass(frozen=True, slots=True)
class TokenStore:
    """Subword numbers `ids` of shape (subwords,), memory-mapped; `words` and `documents` count what they came from."""

    ids: NDArray[np.int32]
    words: int
    documents: int

    def sequences(self, subwords: int) -> int:
        """How many sequences of this many subwords, [CLS] and the last [SEP] included, the store holds."""
        return len(self.ids) // (subwords - 2)

    def sequence(self, number: int, subwords: int) -> NDArray[np.int32]:
        """Sequence `number` without its [CLS] and [SEP], shape (subwords - 2,)."""
        body = subwords - 2
        return self.ids[number * body : (number + 1) * body]


def sequence_order(sequences: int, seed: int, epoch: int) -> NDArray[np.int64]:
    """The order in which one epoch visits all sequences, shape (sequences,)."""
    return np.random.default_rng([seed, epoch]).permutation(sequences)


def build_stores(
    files: Iterable[Path],
    tokenizer: Tokenizer,
    folder: Path,
    held_out_share: float,
    progress: Callable[[Path], None] = lambda _: None,
) -> tuple[TokenStore, TokenStore, dict[str, str]]:
    """The training store, the held-out store and the sha256 of each file, built in `folder` unless already there.

    A document is held out by the hash of its own text, so the choice does not depend on order or on other files.
    """
    files = list(files)
    checksums = {path.name: sha256_of(path) for path in files}
    fingerprint = hashlib.sha256(
        json.dumps([checksums, held_out_share, tokenizer.to_str()], sort_keys=True).encode()
    ).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    record = folder / f"{fingerprint}.json"
    if not record.exists():
        counts = _write(files, tokenizer, folder, fingerprint, held_out_share, progress)
        temporary = record.with_suffix(".part")
        temporary.write_text(json.dumps(counts), encoding="utf-8")
        temporary.replace(record)
    counts = json.loads(record.read_text(encoding="utf-8"))
    train, held_out = (
        TokenStore(_mapped(folder / f"{fingerprint}.{part}.int32"), counts[part]["words"], counts[part]["documents"])
        for part in ("train", "held-out")
    )
    return train, held_out, checksums


def _mapped(path: Path) -> NDArray[np.int32]:
    if path.stat().st_size == 0:
        return np.zeros(0, dtype=np.int32)
    return np.memmap(path, dtype=np.int32, mode="r")


def _write(
    files: list[Path],
    tokenizer: Tokenizer,
    folder: Path,
    fingerprint: str,
    held_out_share: float,
    progress: Callable[[Path], None],
) -> dict[str, dict[str, int]]:
    separator = tokenizer.token_to_id("[SEP]")
    counts = {part: {"words": 0, "documents": 0} for part in ("train", "held-out")}
    outputs = {part: (folder / f"{fingerprint}.{part}.int32").open("wb") for part in counts}
    try:
        for path in files:
            progress(path)
            for document in documents(path):
                forms = document_forms(document)
                part = "held-out" if _is_held_out(document, held_out_share) else "train"
                for chunk in _chunks(forms):
                    ids = tokenizer.encode(chunk, is_pretokenized=True, add_special_tokens=False).ids
                    outputs[part].write(np.asarray(ids, dtype=np.int32).tobytes())
                outputs[part].write(np.asarray([separator], dtype=np.int32).tobytes())
                counts[part]["words"] += len(forms)
                counts[part]["documents"] += 1
    finally:
        for output in outputs.values():
            output.close()
    return counts


def _chunks(forms: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(forms), _CHUNK_WORDS):
        yield forms[start : start + _CHUNK_WORDS]


def _is_held_out(document: list[str], share: float) -> bool:
    digest = hashlib.sha256("\n".join(document).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % _HELD_OUT_MODULUS < share * _HELD_OUT_MODULUS
