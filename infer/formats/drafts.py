"""Drafts: what a file says of an article before any of it is believed, and the faults found in it.

Every reader makes drafts; `settling` judges them and makes articles. Neither files nor schemes are known here.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ..articles import Metadata
from ..errors import EncodingError, InputError, OffsetError
from ..facts import Facts

__all__ = ["Draft", "DraftLink", "DraftSpan", "Fault", "FaultKind", "refusal", "shown"]

_MAX_LISTED_FAULTS = 10


class FaultKind(StrEnum):
    """What is wrong; the value is what an audit prints."""

    FILE = "file"
    ENCODING = "encoding"
    SYNTAX = "syntax"
    DISCONTINUOUS = "discontinuous span"
    TAG = "tag"
    OFFSETS = "offsets"
    WORD_EDGES = "off word edges"
    OVERLAP = "overlap"
    LABEL = "label"
    LINK = "link"
    ID = "id"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where it is, what was expected and found, and what a repair does (None: nothing can)."""

    kind: FaultKind
    where: str
    message: str
    repair: str | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" + (f" (with repair: {self.repair})" if self.repair else "")


@dataclass(frozen=True, slots=True)
class DraftSpan:
    """A span as written: offsets in whatever unit the file counts, 0 <= start < end; `where` is file and line."""

    where: str
    id: str
    label: str
    start: int
    end: int
    text: str
    score: float | None = None
    family: str | None = None


@dataclass(frozen=True, slots=True)
class DraftLink:
    """A link as written."""

    where: str
    id: str
    kind: str
    source: str
    target: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a file says of one article.

    `faults` are those its reader met; `set_aside` the ids of annotations it passed over or refused, whose links
    are not faults of their own; `had_mark` and `one_line` are explained in `offsets.find_spans`.
    """

    where: str
    id: str = ""
    text: str = ""
    spans: tuple[DraftSpan, ...] = ()
    links: tuple[DraftLink, ...] = ()
    faults: tuple[Fault, ...] = ()
    passed_over: Counter[str] = field(default_factory=Counter)
    set_aside: frozenset[str] = frozenset()
    had_mark: bool = False
    one_line: bool = False
    metadata: Metadata = field(default_factory=Metadata)
    model: str | None = None
    characters_read: int | None = None
    facts: Facts = field(default_factory=Facts)


def refusal(faults: Sequence[Fault]) -> InputError:
    """One error that lists faults, a line each, at most ten of a file."""
    kinds = {fault.kind for fault in faults}
    error: type[InputError]
    if kinds == {FaultKind.ENCODING}:
        error = EncodingError
    elif kinds <= {FaultKind.OFFSETS, FaultKind.WORD_EDGES}:
        error = OffsetError
    else:
        error = InputError
    if len(faults) == 1:
        return error(str(faults[0]))
    lines = [f"{len(faults)} faults:"]
    by_file: dict[str, list[Fault]] = {}
    for fault in faults:
        by_file.setdefault(_file(fault.where), []).append(fault)
    for of_file in by_file.values():
        lines += [f"  {fault}" for fault in of_file[:_MAX_LISTED_FAULTS]]
        if len(of_file) > _MAX_LISTED_FAULTS:
            lines.append(f"  {_file(of_file[0].where)}: {len(of_file) - _MAX_LISTED_FAULTS} more")
    return error("\n".join(lines))


def shown(text: str, max_chars: int = 60) -> str:
    """A text as messages show it: in guillemets, on one line, the middle of a long one left out."""
    text = " ".join(text.split("\n")).replace("\r", "")
    if len(text) > max_chars:
        text = f"{text[: max_chars // 2]}…{text[-max_chars // 2 :]}"
    return f"«{text}»"


def _file(where: str) -> str:
    """The file of a place `file` or `file:line`."""
    file, colon, line = where.rpartition(":")
    return file if colon and line.isdigit() else where
