"""Copies of training articles with other names in them: the same sentences about other places and people.

A span's words are exchanged for those of another span of its label, seen elsewhere in the training articles or in a
list of names. A particle written to the name («بحلب») is told from the name's own letter by whether the rest is a
name, too, and stays. One name gets one other name throughout an article.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ...infer.articles import Article, Span

__all__ = ["NamePool", "swap_names"]

_PARTICLES = ("و", "ف", "ب", "ل", "ك")


class NamePool:
    """The names of each label, as they are written without a particle.

    `labels` are those whose names are exchanged; `more` adds names to a label.
    """

    def __init__(
        self, articles: Iterable[Article], labels: Sequence[str], more: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        written: dict[str, dict[str, None]] = {label: dict.fromkeys((more or {}).get(label, ())) for label in labels}
        for article in articles:
            for span in article.spans:
                if span.label in written:
                    written[span.label][span.text] = None
        self._names = {
            label: tuple(name for name in names if not _splits(name, names)) for label, names in written.items()
        }
        self._known = {label: frozenset(names) for label, names in written.items()}

    def split(self, span: Span) -> tuple[str, str] | None:
        """A span's particle ("" for none) and name; None for a label whose names are not exchanged."""
        known = self._known.get(span.label)
        if known is None:
            return None
        particle = _splits(span.text, known)
        return particle, span.text[len(particle) :]

    def draw(self, label: str, generator: np.random.Generator) -> str:
        """Any name of a label."""
        names = self._names[label]
        return names[int(generator.integers(len(names)))]


def swap_names(article: Article, pool: NamePool, share: float, generator: np.random.Generator) -> Article:
    """A copy in which each name is another one with probability `share`; spans and links are kept, offsets moved."""
    chosen: dict[tuple[str, str], str] = {}
    pieces: list[str] = []
    spans: list[Span] = []
    read = written = 0
    for span in article.spans:
        text = span.text
        parts = pool.split(span)
        if parts is not None:
            particle, name = parts
            key = (span.label, name)
            if key not in chosen:
                chosen[key] = pool.draw(span.label, generator) if generator.random() < share else name
            text = particle + chosen[key]
        between = article.text[read : span.start_char]
        pieces += [between, text]
        start = written + len(between)
        written = start + len(text)
        read = span.end_char
        spans.append(replace(span, start_char=start, end_char=written, text=text))
    pieces.append(article.text[read:])
    copy = article.without_annotation()
    return replace(copy, text="".join(pieces), spans=tuple(spans), links=article.links)


def _splits(text: str, known: Iterable[str]) -> str:
    """The particle of a mention, "" if its first letter is the name's own as far as the known names tell."""
    return text[0] if text[:1] in _PARTICLES and len(text) > 3 and text[1:] in known else ""
