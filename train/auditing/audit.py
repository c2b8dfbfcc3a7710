"""Audit an annotated corpus: what it holds, what is wrong with it, and what repeats.

Reads what a strict reader refuses: every fault is counted and listed instead. Printing is left to `audit_table`,
finding copies to `duplicates`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...infer.articles import Span
from ...infer.errors import InputError
from ...infer.formats.corpus import CORPUS_ENDINGS, corpus_drafts
from ...infer.formats.drafts import Draft, Fault, FaultKind
from ...infer.formats.settling import Settled, settle
from ...infer.scheme import CONFLICT, Scheme
from .duplicates import Duplicate, find_duplicates

__all__ = ["Audit", "Copy", "SplitAudit", "Unlinked", "audit_corpus", "find_splits"]

_SPLIT_NAMES = ("train", "dev", "val", "valid", "validation", "test")


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A span of a family that links lead from, itself at no end of any link."""

    where: str
    id: str
    label: str
    family: str
    text: str


@dataclass(slots=True)
class SplitAudit:
    """What one split holds. Spans and links are counted as written, right or wrong."""

    name: str
    articles: int = 0
    words: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    families: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    """Per link kind, how many spans have at least one such link from them."""
    passed_over: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    unlinked: list[Unlinked] = field(default_factory=list)

    def fault_counts(self) -> dict[str, int]:
        """Faults per kind."""
        return dict(Counter(fault.kind.value for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Copy:
    """Two articles of which one repeats the other, each as split and place; `shared` as in `Duplicate`."""

    first_split: str
    first: str
    second_split: str
    second: str
    exact: bool
    shared: float

    @property
    def crosses_splits(self) -> bool:
        """Whether the copy leaks from one split into another."""
        return self.first_split != self.second_split


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit of a corpus; `rare_below` is the number of spans under which a label counts as rare."""

    path: str
    scheme: Scheme
    splits: tuple[SplitAudit, ...]
    copies: tuple[Copy, ...]
    rare_below: int

    @property
    def is_clean(self) -> bool:
        """Whether a strict reader takes the corpus and no article is in two splits."""
        return not any(split.faults for split in self.splits) and not any(copy.crosses_splits for copy in self.copies)

    @property
    def labels(self) -> Counter[str]:
        """Spans per label over all splits."""
        return sum((split.labels for split in self.splits), Counter[str]())

    @property
    def learnt(self) -> SplitAudit:
        """The split a model learns from: `train`, else the first."""
        return next((split for split in self.splits if split.name == "train"), self.splits[0])

    def imbalance(self) -> dict[str, Any]:
        """The labels that are absent, rare in `learnt`, or judged but never learnt; and most to fewest spans."""
        counts = {name: self.learnt.labels[name] for name in self.scheme.label_names}
        present = [count for count in counts.values() if count]
        elsewhere = {label for split in self.splits if split is not self.learnt for label in split.labels}
        return {
            "split": self.learnt.name,
            "largest_to_smallest": max(present) / min(present) if present else None,
            "absent": [name for name, count in counts.items() if not count],
            "rare": {name: count for name, count in counts.items() if 0 < count < self.rare_below},
            "judged_but_not_learnt": [name for name, count in counts.items() if not count and name in elsewhere],
        }

    def to_json(self) -> dict[str, Any]:
        """The whole audit as a JSON value."""
        return {
            "path": self.path,
            "scheme": self.scheme.name,
            "clean": self.is_clean,
            "splits": {split.name: self._split_to_json(split) for split in self.splits},
            "duplicates": [
                {
                    "first": {"split": copy.first_split, "where": copy.first},
                    "second": {"split": copy.second_split, "where": copy.second},
                    "across_splits": copy.crosses_splits,
                    "kind": "exact" if copy.exact else "near",
                    "shared": round(copy.shared, 4),
                }
                for copy in self.copies
            ],
            "imbalance": self.imbalance() | {"rare_below": self.rare_below},
        }

    def _split_to_json(self, split: SplitAudit) -> dict[str, Any]:
        total = split.labels.total()
        return {
            "articles": split.articles,
            "words": split.words,
            "spans": total,
            "links": split.links.total(),
            "labels": {
                name: {"spans": split.labels[name], "share": round(split.labels[name] / total, 6) if total else 0.0}
                for name in names_of(self.scheme.label_names, split.labels)
            },
            "families": {name: split.families[name] for name in self.scheme.families},
            "link_kinds": {
                name: {"links": split.links[name], "spans_with_one": split.sources[name]}
                for name in names_of(self.scheme.link_by_name, split.links)
            },
            "faults": {
                "counts": {kind.value: split.fault_counts().get(kind.value, 0) for kind in FaultKind},
                "list": [
                    {"kind": fault.kind.value, "where": fault.where, "message": fault.message, "repair": fault.repair}
                    for fault in split.faults
                ],
            },
            "unlinked": [
                {"where": one.where, "span": one.id, "label": one.label, "family": one.family, "text": one.text}
                for one in split.unlinked
            ],
            "passed_over": dict(split.passed_over),
        }


def audit_corpus(path: Path, scheme: Scheme = CONFLICT, *, min_shared: float = 0.5, rare_below: int = 20) -> Audit:
    """Audit a folder or file; a folder of splits (train, dev, test) is audited split by split, and across them.

    `min_shared` is the part of its runs of words a near duplicate shares. Raises InputError where there is nothing
    annotated at all, MissingExtraError for Parquet without pyarrow.
    """
    splits: list[SplitAudit] = []
    places: list[tuple[str, str]] = []

    def texts() -> Iterator[str]:
        for name, split_path in find_splits(path).items():
            split = SplitAudit(name)
            splits.append(split)
            for draft in _drafts(split_path, split, path):
                _count(draft, settle(draft, scheme), scheme, split)
                # A text that could not be read, or is empty, repeats nothing.
                if draft.text.strip():
                    places.append((name, draft.where))
                    yield draft.text

    pairs = find_duplicates(texts(), min_shared=min_shared)
    return Audit(str(path), scheme, tuple(splits), tuple(_copy(pair, places) for pair in pairs), rare_below)


def find_splits(path: Path) -> dict[str, Path]:
    """The splits of a corpus by name: sub-folders or files named train, dev, test, … and those beside them.

    A path without such is one split named «all».
    """
    entries = sorted(path.iterdir()) if path.is_dir() else []
    entries = [
        entry
        for entry in entries
        if not entry.name.startswith(".") and (entry.is_dir() or entry.suffix in CORPUS_ENDINGS)
    ]
    if not any(entry.stem in _SPLIT_NAMES for entry in entries):
        return {"all": path}
    order = {name: number for number, name in enumerate(_SPLIT_NAMES)}
    entries.sort(key=lambda entry: (order.get(entry.stem, len(order)), entry.name))
    stems = Counter(entry.stem for entry in entries)
    return {entry.stem if stems[entry.stem] == 1 else entry.name: entry for entry in entries}


def names_of(declared: Iterable[str], found: Counter[str]) -> list[str]:
    """The names a scheme declares, in its order, and then those it lacks."""
    known = list(declared)
    return known + sorted(set(found) - set(known))


def _drafts(path: Path, split: SplitAudit, corpus: Path) -> Iterator[Draft]:
    """The drafts of a split; one that holds nothing annotated is a fault, unless it is the whole corpus."""
    try:
        yield from corpus_drafts(path)
    except InputError as error:
        if path == corpus:
            raise
        split.faults.append(Fault(FaultKind.FILE, str(path), str(error).removeprefix(f"{path}: ")))


def _count(draft: Draft, settled: Settled, scheme: Scheme, split: SplitAudit) -> None:
    split.faults += settled.faults
    split.passed_over += draft.passed_over
    unreadable = {FaultKind.FILE, FaultKind.ENCODING}
    if not draft.text and any(fault.kind in unreadable for fault in draft.faults):
        return
    split.articles += 1
    split.words += sum(any(map(str.isalnum, word)) for word in draft.text.split())
    split.labels.update(span.label for span in draft.spans)
    split.families.update(scheme.family_of(span.label) for span in draft.spans if span.label in scheme)
    split.links.update(link.kind for link in draft.links)
    split.sources.update(kind for kind, _ in {(link.kind, link.source) for link in settled.links})
    split.unlinked += _unlinked(draft, settled, scheme)


def _unlinked(draft: Draft, settled: Settled, scheme: Scheme) -> Iterator[Unlinked]:
    # A location stands well alone: only families that reach out to another are expected to be linked.
    expected = {kind.source_family for kind in scheme.links if kind.source_family != kind.target_family}
    linked = {end for link in settled.links for end in (link.source, link.target)}
    where = {span.id: span.where for span in draft.spans}
    spans: Iterable[Span] = settled.spans
    for span in spans:
        if span.family in expected and span.id not in linked:
            yield Unlinked(where[span.id], span.id, span.label, span.family, span.text)


def _copy(pair: Duplicate, places: list[tuple[str, str]]) -> Copy:
    return Copy(*places[pair.first], *places[pair.second], pair.exact, pair.shared)
