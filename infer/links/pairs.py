"""Which pairs of spans may be linked, and what the text between them looks like.

A pair is a source and a target whose families some link kind joins and which lie within reach of each other, so their
number grows with the length of an article, not with its square. What is told of a pair here needs the text and the
spans only; what an encoder makes of them, and which pairs are linked, is `head`'s business. Training takes this code.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..articles import Span
from ..scheme import Scheme
from ..tokens import KINDS, LINE_BREAKS, Token, TokenKind, TokenTable, token_table

__all__ = ["FEATURE_SIZES", "Pairs", "SpanPlaces", "candidate_pairs", "feature_sizes", "place_spans", "side_by_side"]

Numbers = NDArray[np.int64]

_MARK_CLASSES = ("،,؛;", ".!?؟…", ":", "«»\"“”„'‘’()[]")
_CLASS_BY_MARK = {mark: number for number, marks in enumerate(_MARK_CLASSES) for mark in marks}
_MARK = KINDS.index(TokenKind.MARK)
_GAP_STEPS = np.array([1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 29, 38, 50, 64])
_MOST_BETWEEN = 5
_MOST_LINES = 3

FEATURE_SIZES = (
    2 * (len(_GAP_STEPS) + 1),  # words between, and which of the two comes first
    _MOST_LINES + 1,  # line breaks between
    2 * (_MOST_BETWEEN + 1),  # spans of the target's family between, and the order
    2 * (_MOST_BETWEEN + 1),  # spans of the source's family between, and the order
    _MOST_BETWEEN + 4,  # spans of any family between
    2 ** len(_MARK_CLASSES),  # which marks stand between: comma, full stop, colon, quotation mark or bracket
)
"""How many values each feature of a pair has, but for the last one: the two labels, which the scheme gives."""


@dataclass(frozen=True, slots=True)
class SpanPlaces:
    """Where each span of an article lies, one row a span in the order of the text.

    `first_word` and `end_word` (spans,) count the tokens of the article, `end_word` exclusive; `line` (spans,) counts
    lines; `marks_before` and `marks_to` (spans, classes) count the marks of each class before the span and up to its
    end.
    """

    first_word: Numbers
    end_word: Numbers
    line: Numbers
    marks_before: Numbers
    marks_to: Numbers


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidate pairs: the rows of `source` and `target` (pairs,) and the `features` (pairs, features) of each.

    `allowed` (pairs, kinds) says which link kinds may join the two, in the scheme's order.
    """

    source: Numbers
    target: Numbers
    features: Numbers
    allowed: NDArray[np.bool_]

    def __len__(self) -> int:
        """The number of pairs."""
        return len(self.source)


def feature_sizes(scheme: Scheme) -> tuple[int, ...]:
    """How many values each column of `Pairs.features` has."""
    return (*FEATURE_SIZES, len(scheme.labels) ** 2)


def place_spans(text: str, spans: Sequence[Span], tokens: Iterable[Token] | None = None) -> SpanPlaces:
    """Where spans, in the order of the text and on the edges of its words, lie among its words, lines and marks.

    `tokens` are those of the text, or of a stretch of it that holds all the spans and from which words are counted.
    """
    table = tokens if isinstance(tokens, TokenTable) else _tabled(text, tokens)
    first = table.starting_at([span.start_char for span in spans])
    end = table.ending_at([span.end_char for span in spans]) + 1
    line = np.searchsorted(table.line_starts, first, side="right")
    words = np.flatnonzero(table.kinds == _MARK)
    classes = np.array([_CLASS_BY_MARK.get(text[at], -1) for at in table.starts[words].tolist()], dtype=np.int64)
    before, to = (np.zeros((len(spans), len(_MARK_CLASSES)), dtype=np.int64) for _ in range(2))
    for number in range(len(_MARK_CLASSES)):
        of_class = words[classes == number]
        before[:, number] = np.searchsorted(of_class, first)
        to[:, number] = np.searchsorted(of_class, end)
    return SpanPlaces(first, end, line, before, to)


def _tabled(text: str, tokens: Iterable[Token] | None) -> TokenTable:
    if tokens is None:
        return token_table(text)
    given = list(tokens)
    starts, ends = [token.start_char for token in given], [token.end_char for token in given]
    lines = [
        number
        for number, (before, start) in enumerate(zip([0, *ends[:-1]], starts, strict=True))
        if not LINE_BREAKS.isdisjoint(text[before:start])
    ]
    return TokenTable(
        np.array(starts, dtype=np.int64),
        np.array(ends, dtype=np.int64),
        np.array([KINDS.index(token.kind) for token in given], dtype=np.uint8),
        np.array(lines, dtype=np.int64),
    )


def side_by_side(articles: Sequence[SpanPlaces], apart_words: int) -> SpanPlaces:
    """The spans of several articles as if they were one, with more than `apart_words` words between two of them.

    What is asked of two spans is how they lie to each other, so spans of one article lie as they did.
    """
    if len(articles) == 1:
        return articles[0]
    words = np.cumsum([0, *(int(one.end_word.max(initial=0)) + apart_words + 1 for one in articles[:-1])])
    return SpanPlaces(
        np.concatenate([one.first_word + shift for one, shift in zip(articles, words, strict=True)]),
        np.concatenate([one.end_word + shift for one, shift in zip(articles, words, strict=True)]),
        *(np.concatenate([getattr(one, name) for one in articles]) for name in ("line", "marks_before", "marks_to")),
    )


def candidate_pairs(spans: Sequence[Span], places: SpanPlaces, scheme: Scheme, reach_words: int) -> Pairs:
    """The pairs that may be linked: at most `reach_words` words between them, families joined by a link kind."""
    families = {name: number for number, name in enumerate(scheme.families)}
    labels = {name: number for number, name in enumerate(scheme.label_names)}
    family = np.array([families[span.family] for span in spans], dtype=np.int64)
    label = np.array([labels[span.label] for span in spans], dtype=np.int64)
    joined = np.zeros((len(families), len(families), len(scheme.links)), dtype=np.bool_)
    for number, kind in enumerate(scheme.links):
        joined[families[kind.source_family], families[kind.target_family], number] = True
    left, right = _within_reach(places, reach_words)
    source, target = np.concatenate([left, right]), np.concatenate([right, left])
    allowed = joined[family[source], family[target]]
    kept = allowed.any(axis=1)
    source, target, allowed = source[kept], target[kept], allowed[kept]
    order = np.lexsort((target, source))
    source, target, allowed = source[order], target[order], allowed[order]
    pair_label = label[source] * len(labels) + label[target]
    features = np.column_stack([*_between(family, places, source, target), pair_label])
    return Pairs(source, target, features.astype(np.int64), allowed)


def _within_reach(places: SpanPlaces, reach_words: int) -> tuple[Numbers, Numbers]:
    """The rows of all spans that lie within reach of each other, the earlier on the left."""
    rows = np.arange(len(places.first_word))
    stop = np.searchsorted(places.first_word, places.end_word + reach_words, side="right")
    counts = stop - rows - 1
    left = np.repeat(rows, counts)
    offsets = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    return left, left + 1 + offsets


def _between(family: Numbers, places: SpanPlaces, source: Numbers, target: Numbers) -> list[Numbers]:
    """The columns of features in the order of `FEATURE_SIZES`."""
    left, right = np.minimum(source, target), np.maximum(source, target)
    backwards = (target < source).astype(np.int64)
    gap = np.searchsorted(_GAP_STEPS, places.first_word[right] - places.end_word[left], side="right")
    lines = np.minimum(places.line[right] - places.line[left], _MOST_LINES)
    # (spans + 1, families): how many spans of each family come before a row
    so_far = np.zeros((len(family) + 1, int(family.max(initial=-1)) + 1), dtype=np.int64)
    np.cumsum(family[:, None] == np.arange(so_far.shape[1]), axis=0, out=so_far[1:])
    like_target = so_far[right, family[target]] - so_far[left + 1, family[target]]
    like_source = so_far[right, family[source]] - so_far[left + 1, family[source]]
    marks = places.marks_before[right] - places.marks_to[left] > 0
    return [
        2 * gap + backwards,
        lines,
        2 * np.minimum(like_target, _MOST_BETWEEN) + backwards,
        2 * np.minimum(like_source, _MOST_BETWEEN) + backwards,
        np.minimum(right - left - 1, _MOST_BETWEEN + 3),
        marks @ (2 ** np.arange(marks.shape[1])),
    ]
