"""brat standoff: `NAME.txt` and, beside it, `NAME.ann` with spans (T) and links (R).

Notes, attributes, events, normalisations and equivalences are passed over and counted; discontinuous spans are
refused. brat has no place for scores, metadata or a model's name: JSON Lines keeps them.
"""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..articles import Article
from ..errors import InputError
from ..scheme import CONFLICT, Scheme
from .drafts import Draft, DraftLink, DraftSpan, Fault, FaultKind
from .offsets import flat
from .settling import finish
from .text import encode_utf8, read_text, read_text_and_mark, write_bytes, write_text

__all__ = ["BratFile", "brat_draft", "brat_text", "read_brat", "write_brat"]

_PASSED_OVER = {
    "#": "notes",
    "A": "attributes",
    "M": "attributes",
    "E": "events",
    "N": "normalisations",
    "*": "equivalences",
}
_SPAN = re.compile(r"(?P<label>\S+) (?P<start>\d+) (?P<end>\d+)", re.ASCII)
_DISCONTINUOUS = re.compile(r"\S+ \d+ \d+(?:;\d+ \d+)+", re.ASCII)
_LINK = re.compile(r"(?P<kind>\S+) Arg1:(?P<source>\S+) Arg2:(?P<target>\S+)\s*")


@dataclass(frozen=True, slots=True)
class BratFile:
    """An article read from brat, what was passed over (how many of each kind) and what was repaired, a line each."""

    article: Article
    passed_over: Counter[str]
    repairs: list[str]


def read_brat(
    txt_path: Path, scheme: Scheme = CONFLICT, *, repair: bool = False, article_id: str | None = None
) -> BratFile:
    """Read a `.txt` and the `.ann` beside it; the article's id is the file's name without its ending by default.

    Raises EncodingError, OffsetError or InputError that lists every fault with its file, line and span; with
    `repair`, miscounted offsets are counted again, spans moved to word edges, and only the rest raises.
    """
    draft = brat_draft(txt_path, article_id=article_id)
    article, repairs = finish(draft, scheme, repair=repair)
    return BratFile(article, draft.passed_over, repairs)


def brat_draft(txt_path: Path, *, article_id: str | None = None) -> Draft:
    """What a pair of files says; faults in single lines are in the draft, InputError is raised for unreadable files."""
    name = txt_path.name.removesuffix(".txt") if article_id is None else article_id
    ann_path = ann_path_of(txt_path)
    text, had_mark = read_text_and_mark(txt_path)
    lines = _Lines(ann_path)
    for number, line in enumerate(read_text(ann_path).split("\n"), start=1):
        lines.take(number, line.removesuffix("\r"))
    # A link to an event is part of what events say, and passed over with them.
    links = [link for link in lines.links if not {link.source, link.target} & lines.events]
    if len(links) < len(lines.links):
        lines.passed_over["links to events"] = len(lines.links) - len(links)
    return Draft(
        where=str(ann_path),
        id=name,
        text=text,
        spans=tuple(lines.spans),
        links=tuple(links),
        faults=tuple(lines.faults),
        passed_over=lines.passed_over,
        set_aside=frozenset(lines.refused),
        had_mark=had_mark,
        one_line=True,
    )


def ann_path_of(txt_path: Path) -> Path:
    """The annotation file that belongs beside a text file."""
    return txt_path.with_name(txt_path.name.removesuffix(".txt") + ".ann")


def write_brat(article: Article, target: Path, *, overwrite: bool = False) -> Path:
    """Write an article as `.txt` and `.ann`; returns the path of the `.txt`.

    `target` is a path that ends in .txt, or a folder, in which the article's id gives the name and sub-folders.
    Ids that brat cannot use are numbered anew (T1, R1, …). Raises InputError for an id that is no path inside the
    folder, and, unless `overwrite`, rather than replace an annotation or a different text.
    """
    txt_path = target if target.suffix == ".txt" and not target.is_dir() else target / f"{_inside(article)}.txt"
    ann_path = ann_path_of(txt_path)
    if not overwrite:
        if ann_path.exists():
            raise InputError(f"{ann_path}: there is an annotation already; name another folder")
        if txt_path.exists() and read_text(txt_path) != article.text:
            raise InputError(f"{txt_path}: there is another text already; name another folder")
    data = encode_utf8(brat_text(article), str(ann_path))
    if overwrite or not txt_path.exists():
        write_text(txt_path, article.text)
    write_bytes(ann_path, data)
    return txt_path


def brat_text(article: Article) -> str:
    """The content of an article's `.ann` file."""
    span_ids = _brat_ids([span.id for span in article.spans], "T")
    link_ids = _brat_ids([link.id for link in article.links], "R")
    # Line ends and tabs inside a span are written as spaces, as brat does: a line holds one annotation.
    spans = [
        f"{span_ids[span.id]}\t{span.label} {span.start_char} {span.end_char}\t{flat(span.text)}\n"
        for span in article.spans
    ]
    links = [
        f"{link_ids[link.id]}\t{link.kind} Arg1:{span_ids[link.source]} Arg2:{span_ids[link.target]}\n"
        for link in article.links
    ]
    return "".join(spans + links)


class _Lines:
    """The lines of one `.ann` file, sorted by what they are."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.spans: list[DraftSpan] = []
        self.links: list[DraftLink] = []
        self.faults: list[Fault] = []
        self.passed_over: Counter[str] = Counter()
        self.events: set[str] = set()
        self.refused: set[str] = set()

    def take(self, number: int, line: str) -> None:
        """Read one line."""
        if not line.strip():
            return
        where = f"{self.path}:{number}"
        if line[0] == "T":
            self._take_span(where, line)
        elif line[0] == "R":
            self._take_link(where, line)
        elif line[0] in _PASSED_OVER:
            self.passed_over[_PASSED_OVER[line[0]]] += 1
            if line[0] == "E":
                self.events.add(line.split("\t")[0])
        else:
            self._refuse(where, f"expected a brat annotation (T, R, E, A, M, N, # or *), found {line[:40]!r}")

    def _take_span(self, where: str, line: str) -> None:
        name, _, rest = line.partition("\t")
        place, _, text = rest.partition("\t")
        if _DISCONTINUOUS.fullmatch(place):
            self.refused.add(name)
            self._refuse(
                where,
                f"span {name} ({place}) is discontinuous; a span here is one stretch of text: annotate its parts",
                FaultKind.DISCONTINUOUS,
            )
            return
        match = _SPAN.fullmatch(place)
        if match is None or not _is_id(name) or not text:
            self.refused.add(name)
            self._refuse(where, f"expected «T1<tab>LABEL START END<tab>text», found {line[:60]!r}")
            return
        start, end = _int(match["start"]), _int(match["end"])
        if start >= end:
            self.refused.add(name)
            self._refuse(where, f"span {name}: expected start < end, found {start} and {end}", FaultKind.OFFSETS)
            return
        self.spans.append(DraftSpan(where, name, match["label"], start, end, text))

    def _take_link(self, where: str, line: str) -> None:
        name, _, rest = line.partition("\t")
        match = _LINK.fullmatch(rest)
        if match is None or not _is_id(name):
            self._refuse(where, f"expected «R1<tab>kind Arg1:T1 Arg2:T2», found {line[:60]!r}")
            return
        self.links.append(DraftLink(where, name, match["kind"], match["source"], match["target"]))

    def _refuse(self, where: str, message: str, kind: FaultKind = FaultKind.SYNTAX) -> None:
        self.faults.append(Fault(kind, where, message))


def _is_id(name: str) -> bool:
    return len(name) > 1 and not any(char.isspace() for char in name)


def _int(digits: str) -> int:
    """The number, or one beyond any text for a run of digits too long to be an offset."""
    return int(digits) if len(digits) < 19 else 10**18


def _brat_ids(ids: list[str], letter: str) -> dict[str, str]:
    if all(_is_id(name) and name[0] == letter for name in ids):
        return {name: name for name in ids}
    return {name: f"{letter}{number}" for number, name in enumerate(ids, start=1)}


def _inside(article: Article) -> PurePosixPath:
    """The article's id as a path inside a folder; InputError if it is none."""
    path = PurePosixPath(article.id)
    if not path.parts or path.is_absolute() or ".." in path.parts or any(char in article.id for char in "\0\\\n\r"):
        raise InputError(f"article id {article.id!r} is no file name inside a folder; name a .txt file to write to")
    return path
