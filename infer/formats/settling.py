"""Judge drafts: find every fault, each with what a repair would do about it, and make articles of what stands.

An audit takes the faults of `settle`; readers take articles from `finish` or `finish_all`, or one error that lists
all that is wrong. Files are not known here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..articles import Article, Link, Span
from ..errors import ArticleError, InputError
from ..scheme import Scheme
from .drafts import Draft, DraftLink, DraftSpan, Fault, FaultKind, refusal, shown
from .offsets import Given, find_spans, nearest
from .word_edges import to_word_edges

__all__ = ["Settled", "finish", "finish_all", "settle"]


@dataclass(frozen=True, slots=True)
class Settled:
    """A draft judged: spans and links as they are after every repair that is possible, and all faults."""

    spans: tuple[Span, ...]
    links: tuple[Link, ...]
    faults: tuple[Fault, ...]


def finish(draft: Draft, scheme: Scheme, *, repair: bool = False) -> tuple[Article, list[str]]:
    """The article of a draft, and what was repaired, a line each; for the errors see `finish_all`."""
    articles, repairs = finish_all([draft], scheme, repair=repair)
    return articles[0], repairs


def finish_all(drafts: Iterable[Draft], scheme: Scheme, *, repair: bool = False) -> tuple[list[Article], list[str]]:
    """The articles of drafts, and what was repaired, a line each.

    Raises EncodingError, OffsetError or InputError with every fault of them all, or, with `repair`, with those that
    nothing can repair.
    """
    articles: list[Article] = []
    repairs: list[str] = []
    faults: list[Fault] = []
    for draft in drafts:
        settled = settle(draft, scheme)
        lasting = [fault for fault in settled.faults if not (repair and fault.repair)]
        faults += lasting
        if not lasting and not faults:
            articles.append(_article(draft, settled, scheme))
            repairs += [f"{fault.where}: {fault.message}: {fault.repair}" for fault in settled.faults]
    if faults:
        raise refusal(faults)
    return articles, repairs


def _article(draft: Draft, settled: Settled, scheme: Scheme) -> Article:
    try:
        return Article(
            text=draft.text,
            spans=settled.spans,
            links=settled.links,
            id=draft.id,
            metadata=draft.metadata,
            scheme=scheme,
            model=draft.model,
            characters_read=draft.characters_read,
            facts=draft.facts,
        )
    except ArticleError as error:
        raise InputError(f"{draft.where}: {error}") from None


def settle(draft: Draft, scheme: Scheme) -> Settled:
    """Find every fault of a draft, and its spans and links as they are once repaired."""
    faults = list(draft.faults)
    spans, left_out = _on_word_edges(_found(draft, faults), draft.text, faults)
    spans = [span for span in spans if _label_is_known(span[0], scheme, faults)]
    _check_ids([(span.where, span.id) for span, _, _ in spans], faults)
    _check_overlaps(spans, draft.text, faults)
    known = {written.id: scheme.family_of(written.label) for written, _, _ in spans}
    aside = draft.set_aside | {span.id for span in draft.spans if span.id not in known}
    links = [link for link in draft.links if _link_stands(link, known, aside, left_out, scheme, faults)]
    _check_ids([(link.where, link.id) for link in links], faults)
    _check_repeated(links, faults)
    return Settled(
        tuple(
            Span(written.id, written.label, known[written.id], start, end, draft.text[start:end], written.score)
            for written, start, end in spans
        ),
        tuple(Link(link.id, link.kind, link.source, link.target, link.score) for link in links),
        tuple(faults),
    )


_Placed = tuple[DraftSpan, int, int]
"""A span as written and its start and end in code points."""


def _found(draft: Draft, faults: list[Fault]) -> list[_Placed]:
    """The spans that are in the text; one fault for all that are miscounted in the same way."""
    given = [Given(span.start, span.end, span.text) for span in draft.spans]
    found = find_spans(draft.text, given, had_mark=draft.had_mark, one_line=draft.one_line)
    placed: list[_Placed] = []
    miscounted: dict[str, list[DraftSpan]] = {}
    for span, as_given, at in zip(draft.spans, given, found, strict=True):
        if at is None:
            faults.append(_lost(draft, span, as_given))
            continue
        placed.append((span, at.start_char, at.end_char))
        if at.how:
            miscounted.setdefault(at.how, []).append(span)
    for how, spans in miscounted.items():
        first = spans[0]
        others = f", and {len(spans) - 1} more of {len(draft.spans)} spans" if len(spans) > 1 else ""
        faults.append(
            Fault(
                FaultKind.OFFSETS,
                first.where,
                f"{how}: span {first.id} {shown(first.text)} is given at {first.start}-{first.end}, "
                f"where the text has {shown(draft.text[first.start : first.end])}{others}",
                repair="counted again in code points",
            )
        )
    return placed


def _lost(draft: Draft, span: DraftSpan, given: Given) -> Fault:
    if span.end > len(draft.text):
        there = f"the text ends at {len(draft.text)}"
    else:
        there = f"the text has {shown(draft.text[span.start : span.end])} there"
    at = nearest(draft.text, given, one_line=draft.one_line)
    where = "it is nowhere in the text" if at is None else f"the nearest is at {at}-{at + len(span.text)}"
    return Fault(
        FaultKind.OFFSETS,
        span.where,
        f"span {span.id} {shown(span.text)} is given at {span.start}-{span.end}, {there}; {where}: correct it by hand",
    )


def _on_word_edges(spans: list[_Placed], text: str, faults: list[Fault]) -> tuple[list[_Placed], frozenset[str]]:
    """Spans moved to the edges of words where they were off them, and the ids of those that hold no word.

    A span that would run into another when moved is a fault that nothing repairs.
    """
    moved = to_word_edges(text, [(start, end) for _, start, end in spans])
    settled: list[_Placed] = []
    left_out: set[str] = set()
    for (span, start, end), at in zip(spans, moved, strict=True):
        if at == (start, end):
            settled.append((span, start, end))
            continue
        message = (
            f"span {span.id} {shown(text[start:end])} at {start}-{end} does not begin and end on the edges of "
            "words or numbers"
        )
        if at is None:
            repair: str | None = "left out, it holds no word or number"
            left_out.add(span.id)
        elif any(at[0] < e and s < at[1] and not (start < e and s < end) for other, s, e in spans if other is not span):
            message, repair = f"{message}, and at {at[0]}-{at[1]} it would overlap another: correct it by hand", None
        else:
            repair = f"moved to {at[0]}-{at[1]} {shown(text[at[0] : at[1]])}"
            settled.append((span, *at))
        faults.append(Fault(FaultKind.WORD_EDGES, span.where, message, repair))
    return settled, frozenset(left_out)


def _label_is_known(span: DraftSpan, scheme: Scheme, faults: list[Fault]) -> bool:
    if span.label not in scheme:
        known = ", ".join(scheme.label_names)
        message = f"span {span.id}: scheme {scheme.name!r} has no label {span.label!r}; it has {known}"
    elif span.family not in (None, family := scheme.family_of(span.label)):
        message = f"span {span.id}: {span.label} belongs to family {family}, found {span.family!r}"
    else:
        return True
    faults.append(Fault(FaultKind.LABEL, span.where, message))
    return False


def _check_ids(ids: Sequence[tuple[str, str]], faults: list[Fault]) -> None:
    first: dict[str, str] = {}
    for where, name in ids:
        if name in first:
            faults.append(Fault(FaultKind.ID, where, f"the id {name} is used twice, first at {first[name]}"))
        first.setdefault(name, where)


def _check_overlaps(spans: Sequence[_Placed], text: str, faults: list[Fault]) -> None:
    last: _Placed | None = None
    for here in sorted(spans, key=lambda placed: (placed[1], placed[2])):
        span, start, end = here
        if last is not None and start < last[2]:
            faults.append(
                Fault(
                    FaultKind.OVERLAP,
                    span.where,
                    f"span {span.id} {shown(text[start:end])} at {start}-{end} overlaps {last[0].id} "
                    f"{shown(text[last[1] : last[2]])} at {last[1]}-{last[2]}; spans are flat",
                )
            )
        if last is None or end > last[2]:
            last = here


def _link_stands(
    link: DraftLink,
    known: dict[str, str],
    aside: frozenset[str],
    left_out: frozenset[str],
    scheme: Scheme,
    faults: list[Fault],
) -> bool:
    """Whether a link can be kept; a fault unless its span was refused already."""
    kind = scheme.link_by_name.get(link.kind)
    message = None
    if kind is None:
        names = ", ".join(scheme.link_by_name) or "none"
        message = f"scheme {scheme.name!r} has no link {link.kind!r}; it has {names}"
    elif link.source == link.target:
        message = f"{link.kind} leads from {link.source} to itself"
    else:
        for end, family in ((link.source, kind.source_family), (link.target, kind.target_family)):
            if end in known and known[end] != family:
                joins = f"{kind.name} joins {kind.source_family} to {kind.target_family}"
                message = message or f"{joins}, but {end} is {known[end]}"
            elif end not in known and end not in aside:
                message = message or f"{link.kind}: there is no span {end}"
    if message:
        faults.append(Fault(FaultKind.LINK, link.where, f"link {link.id}: {message}"))
        return False
    if gone := {link.source, link.target} & left_out:
        message = f"link {link.id}: {link.kind} needs {', '.join(sorted(gone))}, which holds no word or number"
        faults.append(Fault(FaultKind.LINK, link.where, message, repair="left out too"))
    return link.source in known and link.target in known


def _check_repeated(links: Sequence[DraftLink], faults: list[Fault]) -> None:
    first: dict[tuple[str, str, str], str] = {}
    for link in links:
        joined = (link.kind, link.source, link.target)
        if joined in first:
            message = f"link {link.id}: {link.kind} from {link.source} to {link.target} is there twice, first as "
            faults.append(Fault(FaultKind.LINK, link.where, message + first[joined]))
        first.setdefault(joined, link.id)
