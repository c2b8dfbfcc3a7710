"""An article cut into segments, each knowing which gold and which predicted span lies over it.

The segments together are the text, unchanged; the HTML template gives them colours. Which span is right was
decided by `matching`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...infer.articles import Span
from ...infer.scheme import Scheme
from .evaluation import Document
from .matching import Outcome, Pair
from .scoring import Counts

__all__ = ["COLOURS", "OUTCOME_WORDS", "ArticleView", "Segment", "family_colours", "view_articles"]

OUTCOME_WORDS = {
    Outcome.CORRECT: "correct",
    Outcome.WRONG_EDGE: "wrong edge",
    Outcome.WRONG_LABEL: "wrong label",
    Outcome.WRONG_BOTH: "wrong label and edge",
    Outcome.MISSED: "missed",
    Outcome.SPURIOUS: "spurious",
}
"""What a report calls each outcome, from right to quite wrong."""


COLOURS = 8
"""How many family colours the style sheet has; further families begin again with the first."""


def family_colours(scheme: Scheme) -> dict[str, int]:
    """The number of each family's colour."""
    return {family: number % COLOURS for number, family in enumerate(scheme.families)}


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text no span begins or ends inside of.

    `classes` name families and outcomes for the style sheet. `tag`, `gold_tag` and `predicted_tag` are shown
    after the segment that ends a pair, its gold span and its predicted span; empty elsewhere.
    """

    text: str
    classes: str = ""
    title: str = ""
    tag: str = ""
    gold_tag: str = ""
    predicted_tag: str = ""


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article as the report shows it; `outcomes` counts its pairs by the words of `OUTCOME_WORDS`."""

    id: str
    about: str
    counts: Counts
    errors: int
    outcomes: dict[str, int]
    segments: tuple[Segment, ...]


def view_articles(documents: Iterable[Document], scheme: Scheme, most: int) -> list[ArticleView]:
    """The `most` articles with the most errors, the worst first; equal ones by share of errors, then by id."""

    def rank(document: Document) -> tuple[int, float, str]:
        return (-document.errors, -document.errors / max(1, len(document.pairs)), document.gold.id)

    colours = family_colours(scheme)
    return [_view(document, colours) for document in sorted(documents, key=rank)[:most]]


def _view(document: Document, colours: dict[str, int]) -> ArticleView:
    text, metadata = document.gold.text, document.gold.metadata
    gold = _cover([(pair.gold, pair) for pair in document.pairs])
    predicted = _cover([(pair.predicted, pair) for pair in document.pairs])
    cuts = {0, len(text)}
    for span, _ in (*gold, *predicted):
        cuts.update((span.start_char, span.end_char))
    edges = sorted(cuts)
    segments = []
    g = p = 0
    for start, end in pairwise(edges):
        while g < len(gold) and gold[g][0].end_char <= start:
            g += 1
        while p < len(predicted) and predicted[p][0].end_char <= start:
            p += 1
        over = [
            covers[at] if at < len(covers) and covers[at][0].start_char <= start else None
            for covers, at in ((gold, g), (predicted, p))
        ]
        segments.append(_segment(text[start:end], end, over[0], over[1], colours))
    known = [value for value in (metadata.outlet, metadata.published, metadata.url) if value]
    times = document.outcomes
    return ArticleView(
        id=document.gold.id,
        about=" · ".join(known),
        counts=document.counts,
        errors=document.errors,
        outcomes={words: times[outcome] for outcome, words in OUTCOME_WORDS.items() if times[outcome]},
        segments=tuple(segments),
    )


_Cover = tuple[Span, Pair]


def _cover(spans: Iterable[tuple[Span | None, Pair]]) -> list[_Cover]:
    return sorted(((span, pair) for span, pair in spans if span is not None), key=lambda cover: cover[0].start_char)


def _segment(text: str, end: int, gold: _Cover | None, predicted: _Cover | None, colours: dict[str, int]) -> Segment:
    covers = [cover for cover in (gold, predicted) if cover is not None]
    if not covers:
        return Segment(text)
    pairs = list(dict.fromkeys(pair for _, pair in covers))
    classes = ["s"]
    if gold is not None:
        classes.append(f"g{colours[gold[0].family]}")
    if predicted is not None:
        classes.append(f"p{colours[predicted[0].family]}")
    classes += dict.fromkeys(f"o-{pair.outcome.value}" for pair in pairs)
    ending = [pair for pair in pairs if end == max(span.end_char for span in pair if span is not None)]
    return Segment(
        text=text,
        classes=" ".join(classes),
        title="\n".join(map(_describe, pairs)),
        tag=" ".join(map(_tag, ending)),
        gold_tag=_end_label(gold, end),
        predicted_tag=_end_label(predicted, end),
    )


def _end_label(cover: _Cover | None, end: int) -> str:
    return cover[0].label if cover is not None and cover[0].end_char == end else ""


def _tag(pair: Pair) -> str:
    labels = [span.label for span in pair if span is not None]
    words = {
        Outcome.CORRECT: "{0}",
        Outcome.MISSED: "− {0}",
        Outcome.SPURIOUS: "+ {0}",
        Outcome.WRONG_LABEL: "{0} → {1}",
        Outcome.WRONG_EDGE: "{0} ↔",
        Outcome.WRONG_BOTH: "{0} → {1} ↔",
    }
    return words[pair.outcome].format(*labels)


def _describe(pair: Pair) -> str:
    parts: list[str] = [OUTCOME_WORDS[pair.outcome]]
    ends: Sequence[tuple[str, Span | None]] = (("gold", pair.gold), ("predicted", pair.predicted))
    for whose, span in ends:
        if span is not None:
            score = "" if span.score is None else f", score {span.score:.2f}"
            parts.append(f"{whose} {span.label} «{span.text}» {span.start_char}-{span.end_char}{score}")
    return " | ".join(parts)
