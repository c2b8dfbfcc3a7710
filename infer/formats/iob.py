"""IOB2 tags: from the spans of an article, and back to spans, naming tags that are not IOB2.

Of files and columns nothing is known here.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..articles import Span
from ..tokens import Token
from .drafts import DraftSpan, Fault, FaultKind

__all__ = ["TaggedToken", "is_tag", "spans_of_tags", "tags_of"]

_TAG = re.compile(r"([BIESLUM])-(\S+)")
_AS_IOB = {"B": "B", "I": "I", "M": "I", "E": "I", "L": "I", "S": "B", "U": "B"}


class TaggedToken(NamedTuple):
    """A token of a text with its tag; `where` is the file and line it came from."""

    where: str
    tag: str
    start_char: int
    end_char: int


def tags_of(tokens: Sequence[Token], spans: Iterable[Span]) -> list[str]:
    """The IOB2 tag of each token; spans are flat, in order, and begin and end on tokens."""
    tags = ["O"] * len(tokens)
    at = 0
    for span in spans:
        while at < len(tokens) and tokens[at].start_char < span.start_char:
            at += 1
        edge = "B"
        while at < len(tokens) and tokens[at].end_char <= span.end_char:
            tags[at] = f"{edge}-{span.label}"
            edge = "I"
            at += 1
    return tags


def is_tag(tag: str) -> bool:
    """Whether this is a tag of IOB or of one of its relatives."""
    return tag == "O" or _TAG.fullmatch(tag) is not None


def spans_of_tags(text: str, sentences: Iterable[Iterable[TaggedToken]], faults: list[Fault]) -> list[DraftSpan]:
    """The spans that the tags of a text spell, numbered T1, T2, …; a span ends with its sentence.

    Tags of IOB1 and BIOES are read as what they mean, and are faults that a repair lets pass.
    """
    found: list[tuple[TaggedToken, str, int]] = []
    for sentence in sentences:
        label, previous = "", "at the beginning of a sentence"
        for token in sentence:
            edge, new_label = _edge_and_label(token, faults)
            if edge == "I" and new_label == label:
                found[-1] = (*found[-1][:2], token.end_char)
            elif edge:
                if edge == "I":
                    message = f"tag {token.tag} {previous}: IOB2 begins a span with B-, this looks like IOB1"
                    faults.append(Fault(FaultKind.TAG, token.where, message, f"read as B-{new_label}"))
                found.append((token, new_label, token.end_char))
            label, previous = new_label, f"after {token.tag}"
    return [
        DraftSpan(first.where, f"T{number}", label, first.start_char, end_char, text[first.start_char : end_char])
        for number, (first, label, end_char) in enumerate(found, start=1)
    ]


def _edge_and_label(token: TaggedToken, faults: list[Fault]) -> tuple[str, str]:
    """B or I and the label, both empty outside spans."""
    if token.tag == "O":
        return "", ""
    match = _TAG.fullmatch(token.tag)
    if match is None:
        message = f"expected the tag O, B-LABEL or I-LABEL, found {token.tag!r}"
        faults.append(Fault(FaultKind.TAG, token.where, message))
        return "", ""
    edge, label = _AS_IOB[match[1]], match[2]
    if edge != match[1]:
        message = f"tag {token.tag} is not IOB2, it looks like BIOES or BILOU"
        faults.append(Fault(FaultKind.TAG, token.where, message, f"read as {edge}-{label}"))
    return edge, label
