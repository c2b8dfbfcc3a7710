"""Print an audit for a person: tables of what each split holds, then what is wrong, worst first.

The figures come from `audit`; nothing is counted here.
"""

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ...infer.formats.drafts import FaultKind, shown
from .audit import Audit, SplitAudit, names_of

__all__ = ["print_audit"]


def print_audit(audit: Audit, console: Console, *, max_listed: int = 10) -> None:
    """Print tables and findings; of each list the first `max_listed`, and how many more there are."""
    console.print(_splits(audit))
    console.print(_labels(audit))
    if audit.scheme.links:
        console.print(_links(audit))
    _print_faults(audit, console, max_listed)
    _print_copies(audit, console, max_listed)
    _print_unlinked(audit, console, max_listed)
    _print_imbalance(audit, console)
    verdict = "clean" if audit.is_clean else "not clean: a strict reader refuses it, or splits share articles"
    console.print(
        Text(f"{audit.path}: {verdict}", style="bold green" if audit.is_clean else "bold red"), soft_wrap=True
    )


def _table(title: str, *columns: str, splits: Iterable[SplitAudit]) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column)
    for split in splits:
        table.add_column(split.name, justify="right")
    return table


def _splits(audit: Audit) -> Table:
    table = _table(f"{audit.path} · scheme {audit.scheme.name}", "", splits=audit.splits)
    table.add_row("articles", *(f"{split.articles:,}" for split in audit.splits))
    table.add_row("words", *(f"{split.words:,}" for split in audit.splits))
    table.add_row("spans", *(f"{split.labels.total():,}" for split in audit.splits))
    table.add_row("links", *(f"{split.links.total():,}" for split in audit.splits))
    for kind in FaultKind:
        counts = [split.fault_counts().get(kind.value, 0) for split in audit.splits]
        if any(counts):
            table.add_row(f"faults: {kind.value}", *map(str, counts), style="red")
    for name in sorted({name for split in audit.splits for name in split.passed_over}):
        table.add_row(f"passed over: {name}", *(str(split.passed_over[name]) for split in audit.splits))
    return table


def _labels(audit: Audit) -> Table:
    table = _table("Spans per label", "family", "label", splits=audit.splits)
    last_family = ""
    for name in names_of(audit.scheme.label_names, audit.labels):
        family = audit.scheme.family_of(name) if name in audit.scheme else "unknown"
        cells = (_with_share(split.labels[name], split.labels.total()) for split in audit.splits)
        table.add_row(family if family != last_family else "", name, *cells)
        last_family = family
    return table


def _links(audit: Audit) -> Table:
    table = _table(
        "Links per kind · how many of the spans they may lead from have one", "link", "", splits=audit.splits
    )
    for name, kind in audit.scheme.link_by_name.items():
        cells = (
            f"{split.links[name]:,} · {_part(split.sources[name], split.families[kind.source_family])}"
            for split in audit.splits
        )
        table.add_row(name, f"{kind.source_family} → {kind.target_family}", *cells)
    return table


def _print_faults(audit: Audit, console: Console, max_listed: int) -> None:
    faults = [fault for split in audit.splits for fault in split.faults]
    _print_list(console, f"Faults: {len(faults)}", [str(fault) for fault in faults], max_listed, "red")


def _print_copies(audit: Audit, console: Console, max_listed: int) -> None:
    copies = sorted(audit.copies, key=lambda copy: (not copy.crosses_splits, -copy.shared))
    across = sum(copy.crosses_splits for copy in copies)
    exact = sum(copy.exact for copy in copies)
    title = f"Duplicates: {len(copies)} ({exact} exact, {across} across splits)"
    lines = [
        f"{'exact' if copy.exact else f'near, {copy.shared:.0%} shared'}: "
        f"{copy.first_split} {copy.first} = {copy.second_split} {copy.second}"
        for copy in copies
    ]
    _print_list(console, title, lines, max_listed, "red" if across else "yellow")


def _print_unlinked(audit: Audit, console: Console, max_listed: int) -> None:
    unlinked = [one for split in audit.splits for one in split.unlinked]
    families = sorted({one.family for one in unlinked})
    counts = ", ".join(
        f"{family} {sum(one.family == family for one in unlinked)} of "
        f"{sum(split.families[family] for split in audit.splits)}"
        for family in families
    )
    lines = [f"{one.where}: {one.id} {one.label} {shown(one.text)}" for one in unlinked]
    _print_list(console, f"Unlinked: {counts or 0}", lines, max_listed, "yellow")


def _print_imbalance(audit: Audit, console: Console) -> None:
    found = audit.imbalance()
    ratio = found["largest_to_smallest"]
    lines = [f"largest to smallest label: {ratio:,.0f} to 1"] if ratio else []
    if found["absent"]:
        lines.append(f"no span: {', '.join(found['absent'])}")
    if found["rare"]:
        rare = ", ".join(f"{name} {count}" for name, count in found["rare"].items())
        lines.append(f"fewer than {audit.rare_below} spans: {rare}")
    if found["judged_but_not_learnt"]:
        lines.append(f"in another split only: {', '.join(found['judged_but_not_learnt'])}")
    _print_list(console, f"Label imbalance ({found['split']})", lines, len(lines), "yellow")


def _print_list(console: Console, title: str, lines: list[str], max_listed: int, style: str) -> None:
    console.print(Text(title, style=f"bold {style}" if lines else "bold"))
    for line in lines[:max_listed]:
        console.print(Text(f"  {line}"), soft_wrap=True)
    if len(lines) > max_listed:
        console.print(Text(f"  … and {len(lines) - max_listed} more (all of them with --format json)"))


def _with_share(count: int, total: int) -> str:
    return f"{count:,} · {_part(count, total)}"


def _part(count: int, total: int) -> str:
    return f"{count / total:.1%}" if total else "–"
