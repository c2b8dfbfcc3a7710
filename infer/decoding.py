"""Decoding: from tag scores to the best legal IOB2 tags, and from tags to spans with their probability.

A span never crosses a line break, so a line is the unit of decoding and lines are decoded side by side. I-X may only
follow B-X or I-X; every other step is free, which makes exact Viterbi linear in the number of tags.
Source: A. Viterbi, IEEE Trans. Inf. Theory 1967; IOB2 after E. Tjong Kim Sang, J. Veenstra, EACL 1999.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["best_if_legal", "decode", "settled_words", "softmax", "span_bounds", "span_probabilities", "tagged_spans"]

Floats = NDArray[np.float32]
Tags = NDArray[np.int64]
Legal = NDArray[np.bool_]


def decode(scores: Floats, lengths: NDArray[np.int64], previous: NDArray[np.int64] | None = None) -> Tags:
    """The best legal tags (lines, words) of scores (lines, words, tags) in `Scheme.tags` order.

    Scores add up along a line: logits or log-probabilities. `lengths` (lines,) gives the words of each line; the tags
    beyond are 0. `previous` (lines,) is the tag before the first word, O where not given: it matters to a line that
    goes on from words decoded before.
    """
    lines, words = scores.shape[:2]
    result = np.zeros((lines, words), dtype=np.int64)
    if not lines or not words:
        return result
    before = np.zeros(lines, dtype=np.int64) if previous is None else previous
    best, pointers = _forward(scores, before)
    # A line's path starts where the line ends; beyond it the path is not followed.
    final = np.take_along_axis(best, (lengths - 1)[:, None, None], axis=1)[:, 0]  # (lines, tags)
    state = final.argmax(axis=1)
    rows = np.arange(lines)
    for word in range(words - 1, -1, -1):
        inside = word < lengths
        result[inside, word] = state[inside]
        state = np.where(inside, pointers[rows, word, state], state)
    return result


def settled_words(scores: Floats, previous: int = 0) -> tuple[int, Tags]:
    """How many leading words of an unfinished line (words, tags) have their tags decided, and those tags.

    The tags are decided up to the word before which all paths, whatever their last tag, are one.
    """
    if not len(scores):
        return 0, np.zeros(0, dtype=np.int64)
    _, pointers = _forward(scores[None], np.asarray([previous]))
    states = np.arange(scores.shape[1])
    settled: list[int] = []
    for word in range(len(scores) - 1, -1, -1):
        if settled or len(np.unique(states)) == 1:
            settled.append(int(states[0]))
        states = pointers[0, word, states]
    return len(settled), np.asarray(settled[::-1], dtype=np.int64)


def _forward(scores: Floats, previous: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int16]]:
    """Best score and best predecessor of each tag at each word, both (lines, words, tags)."""
    lines, words, tags = scores.shape
    rows = np.arange(lines)
    best = np.empty_like(scores)
    pointers = np.empty((lines, words, tags), dtype=np.int16)
    begin, inside = np.arange(1, tags, 2), np.arange(2, tags, 2)
    before = np.full((lines, tags), -np.inf, dtype=scores.dtype)
    before[rows, previous] = 0.0
    for word in range(words):
        free = before.argmax(axis=1)  # (lines,)
        step = np.broadcast_to(before[rows, free][:, None], (lines, tags)).copy()
        pointers[:, word] = free[:, None]
        stays = before[:, inside] > before[:, begin]
        step[:, inside] = np.where(stays, before[:, inside], before[:, begin])
        pointers[:, word, 2::2] = np.where(stays, inside, begin)
        before = step + scores[:, word]
        best[:, word] = before
    return best, pointers


def softmax(scores: Floats, temperature: float = 1.0) -> Floats:
    """Probabilities over the last axis of scores divided by a temperature."""
    scaled = scores / np.float32(temperature)
    scaled = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    result: Floats = scaled / scaled.sum(axis=-1, keepdims=True)
    return result


def best_if_legal(scores: Floats, line_starts: NDArray[np.int64], previous: NDArray[np.int64]) -> tuple[Tags, Legal]:
    """The best tag of each word (words,) by itself, and which lines (lines,) these tags are legal for.

    Where they are, no other path is better, and there is nothing to decode. `scores` (words, tags) are those of the
    lines one after the other, `previous` (lines,) as in `decode`.
    """
    tags = scores.argmax(axis=1)
    before = np.empty_like(tags)
    before[1:] = tags[:-1]
    before[line_starts] = previous
    wrong = (tags > 0) & (tags % 2 == 0) & (before != tags) & (before != tags - 1)
    return tags, ~np.logical_or.reduceat(wrong, line_starts)


def tagged_spans(tags: Tags) -> Iterator[tuple[int, int, int]]:
    """The spans of legal tags (words,): first word, word after the last, and the number of the label."""
    return zip(*(part.tolist() for part in span_bounds(tags, np.zeros(1, dtype=np.int64))), strict=True)


def span_bounds(tags: Tags, line_starts: NDArray[np.int64]) -> tuple[Tags, Tags, Tags]:
    """The spans of the legal tags (words,) of lines one after the other: as `tagged_spans`, (spans,) each."""
    begins = tags % 2 == 1
    starts = np.flatnonzero(begins)
    ends_one = begins | (tags == 0)
    ends_one[line_starts[line_starts < len(tags)]] = True
    stops = np.append(np.flatnonzero(ends_one), len(tags))
    return starts, stops[np.searchsorted(stops, starts, side="right")], (tags[starts] - 1) // 2


def span_probabilities(
    scores: Floats,
    temperature: float,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    labels: NDArray[np.int64],
    line_goes_on: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """The probability of each span (spans,) that exactly its words are a span of its label, words as independent.

    `scores` (words, tags) are raw. Where the line goes on after a span, the word there must not continue it.
    """
    if not len(starts):
        return np.zeros(0)
    words = ends - starts
    counts = words + line_goes_on
    firsts = np.cumsum(counts) - counts
    span = np.repeat(np.arange(len(starts)), counts)
    place = np.arange(len(span)) - firsts[span]
    probabilities = softmax(scores[starts[span] + place], temperature)
    values = probabilities[np.arange(len(span)), 1 + 2 * labels[span] + (place > 0)].astype(np.float64)
    values = np.where(place == words[span], 1.0 - values, values)
    result: NDArray[np.float64] = np.clip(np.multiply.reduceat(values, firsts), 0.0, 1.0)
    return result
