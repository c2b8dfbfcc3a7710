"""What a run's inputs are, without reading them: a fingerprint that changes when they do, and how many articles.

The fingerprint is of names, sizes and times of change, as `make` and `rsync` judge files; memory does not grow with the
number of files.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError, RasidError
from ..formats.inputs import INPUT_ENDINGS, count_articles

__all__ = ["InputFile", "fingerprint", "number_of_articles", "refuse_output_among_inputs", "survey"]

_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file as a listing gives it; `name` is the path inside the input given."""

    name: str
    bytes: int
    changed_ns: int


def survey(inputs: Sequence[str]) -> dict[str, Any]:
    """Number of files, bytes and fingerprint of the inputs of `iter_inputs`; files that are not there count as none."""
    return fingerprint(_files(Path(path)) for path in inputs)


def fingerprint(inputs: Iterable[Iterable[InputFile]]) -> dict[str, Any]:
    """The same of listed files; their order inside an input does not count, the order of inputs does."""
    files = size = 0
    whole = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for listed in inputs:
        total = 0
        for file in listed:
            files, size = files + 1, size + file.bytes
            line = f"{file.name}\0{file.bytes}\0{file.changed_ns}".encode("utf-8", "surrogateescape")
            # A sum needs no order, so no list of the files either.
            total += int.from_bytes(hashlib.blake2b(line, digest_size=_DIGEST_BYTES).digest())
        whole.update((total % (1 << (8 * _DIGEST_BYTES))).to_bytes(_DIGEST_BYTES))
    return {"files": f"{files:,} files", "bytes": f"{size:,} bytes", "fingerprint": whole.hexdigest()}


def number_of_articles(inputs: Sequence[str]) -> int:
    """How many articles and problems the inputs hold, by line ends, footers and names; what cannot be counted is 1."""
    given = [Path(path) for path in inputs]
    return sum(_count(path / file.name if path.is_dir() else path) for path in given for file in _files(path))


def refuse_output_among_inputs(out: Path, inputs: Sequence[str]) -> None:
    """InputError where a run would read what it writes, or write over what it reads."""
    for path in inputs:
        given, written = Path(path).resolve(), out.resolve()
        if written == given or (given.is_dir() and given in written.parents):
            raise InputError(f"{out}: lies in the input {path}, and would be read as articles; give another --out")


def _files(path: Path) -> Iterator[InputFile]:
    if not path.is_dir():
        yield from _listed(path, path.name)
        return
    pending = [""]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(path / folder) as entries:
                for entry in entries:
                    name = f"{folder}{entry.name}"
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(f"{name}/")
                    elif entry.name.endswith(INPUT_ENDINGS):
                        yield from _listed(Path(entry.path), name)
        except OSError:
            continue  # the reading itself says so, in its place


def _listed(path: Path, name: str) -> Iterator[InputFile]:
    try:
        found = path.stat()
    except OSError:
        return
    yield InputFile(name, found.st_size, found.st_mtime_ns)


def _count(path: Path) -> int:
    try:
        return count_articles(path)
    except RasidError:
        return 1
