"""Raw text for pre-training: documents streamed from plain, compressed, Parquet and JSON Lines files.

A plain file (`.txt`, `.xz`, `.gz`) holds one paragraph a line and a blank line between documents. Nothing is held in
memory beyond one document. A file that is empty, truncated or not UTF-8 is refused by name, or skipped by name
where the caller says so; a file skipped half-way loses the whole of the file, never a silent part. What a document
is made into is not known here.
"""

import gzip
import hashlib
import json
import lzma
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Literal

from ...infer.errors import InputError, MissingExtraError

__all__ = ["BadFile", "documents", "readable_files", "sha256_of", "text_files"]

BadFile = Literal["refuse", "skip"]
"""What to do with a file that cannot be read whole: stop, or pass over it and say so."""

_SUFFIXES = (".txt", ".xz", ".gz", ".jsonl", ".parquet")
_PARQUET_ROWS = 256


def text_files(paths: Iterable[Path]) -> list[Path]:
    """The files that paths stand for: a file itself, a folder's files of a known kind in order of name.

    Raises InputError for a path that is not there, a folder without such files or a kind that is not known.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix in _SUFFIXES)
            if not inside:
                raise InputError(f"{path}: expected files ending in {', '.join(_SUFFIXES)}, found none")
            files += inside
        elif not path.exists():
            raise InputError(f"{path}: there is no such file or folder of raw text")
        elif path.suffix not in _SUFFIXES:
            raise InputError(f"{path}: expected a file ending in {', '.join(_SUFFIXES)}")
        else:
            files.append(path)
    return files


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes as they are stored, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def documents(path: Path) -> Iterator[list[str]]:
    """The documents of one file, each a list of paragraphs; InputError names what is wrong and where."""
    found = False
    try:
        for document in _reader(path)(path):
            found = True
            yield document
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: expected UTF-8, found byte 0x{error.object[error.start]:02x}; convert it first"
        ) from error
    except (EOFError, lzma.LZMAError, gzip.BadGzipFile, OSError) as error:
        raise InputError(f"{path}: cannot be read to its end ({error}); the file is damaged or cut short") from error
    if not found:
        raise InputError(f"{path}: there is no text in it")


def readable_files(files: Iterable[Path], bad_file: BadFile, report: Callable[[str], None]) -> list[Path]:
    """Read every file once to its end; the files that could be, or InputError for the first that could not.

    With `bad_file="skip"` a bad file is reported, and left out of the result.
    """
    good: list[Path] = []
    for path in files:
        try:
            for _ in documents(path):
                pass
        except InputError as error:
            if bad_file == "refuse":
                raise InputError(f'{error} (or set data.bad_file = "skip" to go on without it)') from error
            report(f"skipped: {error}")
        else:
            good.append(path)
    if not good:
        raise InputError("no file of raw text could be read; there is nothing to train on")
    return good


def _reader(path: Path) -> Callable[[Path], Iterator[list[str]]]:
    if path.suffix == ".jsonl":
        return _from_jsonl
    return _from_parquet if path.suffix == ".parquet" else _from_plain


def _open(path: Path) -> IO[str]:
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8-sig")
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig")


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _from_plain(path: Path) -> Iterator[list[str]]:
    document: list[str] = []
    with _open(path) as lines:
        for line in lines:
            if line.strip():
                document.append(line.rstrip("\n"))
            elif document:
                yield document
                document = []
    if document:
        yield document


def _from_jsonl(path: Path) -> Iterator[list[str]]:
    with _open(path) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                text = json.loads(line)["text"]
            except (json.JSONDecodeError, KeyError, TypeError) as error:
                raise InputError(
                    f"{path}, line {number}: expected a JSON object with a `text`, found {line[:60]!r}"
                ) from error
            if not isinstance(text, str):
                raise InputError(f"{path}, line {number}: expected `text` to be a string, found {type(text).__name__}")
            if document := _paragraphs(text):
                yield document


def _from_parquet(path: Path) -> Iterator[list[str]]:
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise MissingExtraError("train", "reading Parquet") from error
    try:
        file = parquet.ParquetFile(path)
        if "text" not in file.schema_arrow.names:
            raise InputError(f"{path}: expected a column `text`, found {', '.join(file.schema_arrow.names)}")
        for rows in file.iter_batches(batch_size=_PARQUET_ROWS, columns=["text"]):
            for text in rows.column(0).to_pylist():
                if text and (document := _paragraphs(text)):
                    yield document
    except arrow.ArrowException as error:
        raise InputError(f"{path}: cannot be read as Parquet ({str(error).splitlines()[0]})") from error
