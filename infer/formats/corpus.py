"""Read an annotated corpus, whatever its format: a folder of brat pairs, JSON Lines, CoNLL or Parquet.

`corpus_drafts` gives what the files say, faults and all, for an audit; `read_corpus` gives articles or refuses.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from ..articles import Article
from ..errors import EncodingError, InputError
from ..scheme import CONFLICT, Scheme
from .brat import ann_path_of, brat_draft
from .conll import conll_drafts
from .drafts import Draft, Fault, FaultKind
from .folders import name_inside, walk
from .jsonl import jsonl_drafts
from .parquet import parquet_drafts
from .settling import finish_all

__all__ = ["CORPUS_ENDINGS", "corpus_drafts", "read_corpus"]

CORPUS_ENDINGS = (".jsonl", ".conll", ".parquet")
"""The endings of files that hold many articles each."""


def read_corpus(
    path: Path,
    scheme: Scheme = CONFLICT,
    *,
    repair: bool = False,
    on_repair: Callable[[str], None] | None = None,
) -> list[Article]:
    """All articles of a corpus, in order of their paths; ids are relative to the folder, without an ending.

    A folder holds brat pairs, or else .jsonl, .conll and .parquet files, at any depth. `on_repair` is told of each
    repair. Raises EncodingError, OffsetError or InputError that lists the faults of every bad file, and InputError
    for a path without annotated articles.
    """
    articles, repairs = finish_all(corpus_drafts(path), scheme, repair=repair)
    if on_repair:
        for line in repairs:
            on_repair(line)
    return articles


def corpus_drafts(path: Path) -> Iterator[Draft]:
    """A draft of each article; a file that cannot be read is a draft with that fault.

    Raises InputError for a path without annotated articles, MissingExtraError for Parquet without pyarrow.
    """
    return _with_unique_ids(_drafts(path))


def _drafts(path: Path) -> Iterator[Draft]:
    if not path.is_dir():
        yield from _file_drafts(path, path.name.removesuffix(path.suffix))
        return
    files = list(walk(path))
    endings = Counter(file.suffix for file in files)
    tables = [file for file in files if file.suffix in CORPUS_ENDINGS]
    if endings[".ann"] and tables:
        raise InputError(
            f"{path}: expected one format, found {endings['.ann']} .ann files and {tables[0].name}; "
            "keep each format in a folder of its own"
        )
    if not endings[".ann"] and not tables:
        raise InputError(
            f"{path}: expected annotated articles (.txt with .ann, {', '.join(CORPUS_ENDINGS)}), found none in "
            f"{len(files)} files"
        )
    for file in tables:
        yield from _file_drafts(file, name_inside(file, path))
    if not tables:
        yield from _pair_drafts(files, path)


def _pair_drafts(files: list[Path], folder: Path) -> Iterator[Draft]:
    """A draft of each brat pair, and of each file that lacks its other half."""
    known = set(files)
    for file in files:
        if file.suffix == ".txt":
            name = name_inside(file, folder)
            ann_path = ann_path_of(file)
            if ann_path not in known:
                message = f"there is no {ann_path.name} beside it; a text without annotations has an empty one"
                yield _unreadable(file, InputError(message))
                continue
            try:
                yield brat_draft(file, article_id=name)
            except InputError as error:
                yield _unreadable(file, error)
        elif file.suffix == ".ann" and file.with_suffix(".txt") not in known:
            yield _unreadable(file, InputError(f"there is no {file.stem}.txt beside it"))


def _file_drafts(file: Path, name: str) -> Iterator[Draft]:
    readers: dict[str, Callable[[Path, str], Iterator[Draft]]] = {
        ".jsonl": lambda path, name: jsonl_drafts(path, file_id=name),
        ".conll": lambda path, name: conll_drafts(path, file_id=name),
        ".parquet": lambda path, name: parquet_drafts(path, file_id=name),
    }
    if file.suffix not in readers:
        raise InputError(
            f"{file}: expected a folder of .txt and .ann, or a file that ends in {', '.join(readers)}"
            + ("" if file.exists() else "; there is no such file or folder")
        )
    try:
        yield from readers[file.suffix](file, name)
    except InputError as error:
        yield _unreadable(file, error)


def _unreadable(file: Path, error: InputError) -> Draft:
    where, message = str(file), str(error)
    # The message of a read error begins with its place, which a fault has already.
    if message.startswith(f"{file.with_suffix('')}."):
        where, _, message = message.partition(": ")
    kind = FaultKind.ENCODING if isinstance(error, EncodingError) else FaultKind.FILE
    return Draft(where=where, faults=(Fault(kind, where, message),))


def _with_unique_ids(drafts: Iterator[Draft]) -> Iterator[Draft]:
    """The drafts, a second article of the same id with a fault."""
    first: dict[str, str] = {}
    for draft in drafts:
        if draft.id and draft.id in first:
            message = f"the article id {draft.id} is used twice, first at {first[draft.id]}"
            yield replace(draft, faults=(*draft.faults, Fault(FaultKind.ID, draft.where, message)))
            continue
        first.setdefault(draft.id, draft.where)
        yield draft
