"""One article while it is being read: its windows go out, their scores come in, its spans are found.

Holds the text, the words whose tags are not decided yet with their scores, and the spans found so far. A line is given
out to be decoded when it is complete; of a line that runs on for thousands of words the part whose tags are settled
is decided early, so memory does not grow with the article. Links are found by a `Linker` when all spans are known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from .articles import Article, Span, read_article
from .decoding import best_if_legal, decode, settled_words, span_bounds, span_probabilities
from .facts import Facts
from .links.choosing import Linker
from .links.gathering import SpanGatherer, gathered
from .links.stances import revise_stances
from .model_folder import ModelInfo
from .normalise import iter_normal_forms
from .scheme import CONFLICT
from .windows import SubwordCutter, Window, iter_windows

__all__ = ["Line", "Reading", "decode_lines", "finish"]

_LONG_LINE_WORDS = 4096
_PADDED_WORDS = 16_384


@dataclass(frozen=True, slots=True)
class Line:
    """The words of one line, or of its last part, with their scores (words, tags) and the tag before the first.

    Its words are those of the article from `first_word` on. `states` are the encoder's (words, width), of no width
    where no links are found by them.
    """

    reading: "Reading"
    first_word: int
    scores: NDArray[np.float32]
    states: NDArray[np.float32]
    previous: int


class Reading:
    """The state of one article between its first window and its last span.

    With `keep_spans` the spans the article came with are linked, whatever the tags say.
    """

    def __init__(
        self,
        article: Article,
        cutter: SubwordCutter,
        info: ModelInfo,
        gatherer: SpanGatherer | None = None,
        *,
        keep_spans: bool = False,
    ) -> None:
        self._article = article
        self._info = info
        self._tokens = article.tokens
        self._next_line = 0  # place in the table's line_starts of the first line that is not complete
        self._first = 0  # number in the article of the first word whose tag is not decided
        self._scores = np.zeros((0, len(info.scheme.tags)), dtype=np.float32)
        self._states = np.zeros((0, 0), dtype=np.float32)
        self._previous = 0
        self._spans: list[Span] = []
        self._waiting = 0
        self._all_drawn = False
        self.gatherer = gatherer
        self.keeps_spans = keep_spans
        given = article.spans if keep_spans else ()
        self._given_first = self._tokens.starting_at([span.start_char for span in given])
        self._given_end = self._tokens.ending_at([span.end_char for span in given]) + 1
        forms = iter_normal_forms(article.text, self._tokens)
        self._windows = iter_windows(forms, cutter, info.max_subwords, info.overlap_subwords)

    def windows(self) -> Iterator[Window]:
        """The windows of the article, in order; the scores of each are expected back by `add`, in the same order."""
        for window in self._windows:
            self._waiting += 1
            yield window
        self._all_drawn = True

    @property
    def complete(self) -> bool:
        """Whether the scores of every window have come in."""
        return self._all_drawn and self._waiting == 0

    def add(self, window: Window, scores: NDArray[np.float32], states: NDArray[np.float32] | None = None) -> list[Line]:
        """Take the scores (words, tags) of the next window; the lines that are complete with them.

        `states` are the encoder's (words, width), needed where there is a gatherer.
        """
        self._waiting -= 1
        own = slice(window.own_from, window.own_to)
        self._scores = np.concatenate([self._scores, scores[own]]) if len(self._scores) else scores[own]
        if states is not None:
            self._states = np.concatenate([self._states, states[own]]) if len(self._states) else states[own]
        lines, starts = [], self._tokens.line_starts
        scored = self._first + len(self._scores)
        while self._next_line < len(starts) and starts[self._next_line] <= scored:
            lines.append(self._cut(int(starts[self._next_line]) - self._first))
            self._previous = 0
            self._next_line += 1
        if len(self._scores) > _LONG_LINE_WORDS:
            self._decide_settled()
        return lines

    def last_line(self) -> list[Line]:
        """What is left when every window has its scores."""
        return [self._cut(len(self._scores))] if len(self._scores) else []

    def take(
        self,
        first_word: int,
        tags: NDArray[np.int64],
        scores: NDArray[np.float32],
        states: NDArray[np.float32],
        line_starts: NDArray[np.int64],
    ) -> None:
        """Keep the spans of decided words (words,) of lines; `scores` and `states` may go further than `tags`."""
        if self.keeps_spans:
            known = len(self._spans)
            last = int(np.searchsorted(self._given_first, first_word + len(tags)))
            self._spans += self._article.spans[known:last]
            firsts, ends = self._given_first[known:last], self._given_end[known:last]
            labels = [span.label for span in self._spans[known:]]
        else:
            firsts, ends, labels = self._find(first_word, tags, scores, line_starts)
        if self.gatherer is not None:
            self.gatherer.take(states[: len(tags)], labels, firsts, ends)

    def article(self) -> Article:
        """The article with its spans, numbered in the order of the text, without links."""
        return read_article(
            self._article,
            spans=tuple(self._spans),
            links=(),
            facts=Facts(),
            scheme=self._info.scheme,
            model=str(self._info),
            characters_read=len(self._article.text),
        )

    def _find(
        self, first_word: int, tags: NDArray[np.int64], scores: NDArray[np.float32], line_starts: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
        """Make the spans that decided tags spell; their words in the article, and their labels."""
        starts, ends, numbers = span_bounds(tags, line_starts)
        in_line = np.arange(len(tags) + 1) < len(scores)  # whether there is such a word in the line before
        in_line[line_starts] = False
        values = span_probabilities(scores, self._info.temperature, starts, ends, numbers, in_line[ends])
        # Tokens at the edges of a span on which none may begin or end are left out of it.
        edges = np.flatnonzero(self._tokens.may_be_edges(slice(first_word, first_word + len(tags))))
        first, stop = np.searchsorted(edges, starts), np.searchsorted(edges, ends)
        kept = np.flatnonzero(first < stop)
        firsts, lasts = edges[first[kept]] + first_word, edges[stop[kept] - 1] + first_word
        scheme, text, labels = self._info.scheme, self._article.text, []
        rows = self._tokens.starts[firsts], self._tokens.ends[lasts], numbers[kept], values[kept]
        for from_char, to_char, number, value in zip(*(row.tolist() for row in rows), strict=True):
            label = scheme.labels[number]
            labels.append(label.name)
            self._spans.append(
                Span(
                    id=f"T{len(self._spans) + 1}",
                    label=label.name,
                    family=label.family,
                    start_char=from_char,
                    end_char=to_char,
                    text=text[from_char:to_char],
                    score=value,
                )
            )
        return firsts, lasts + 1, labels

    def _cut(self, words: int) -> Line:
        """Take the first words, which are scored, from what is held."""
        line = Line(self, self._first, self._scores[:words], self._states[:words], self._previous)
        self._scores, self._states = self._scores[words:], self._states[words:]
        self._first += words
        return line

    def _decide_settled(self) -> None:
        count, tags = settled_words(self._scores, self._previous)
        # Cut before a word that continues no span, and keep that word: its score ends the span before it.
        cut = max((word for word in range(1, count) if tags[word] == 0 or tags[word] % 2 == 1), default=0)
        if not cut:
            return
        line = np.zeros(1, dtype=np.int64)
        self.take(self._first, tags[:cut], self._scores[: cut + 1], self._states, line)
        self._cut(cut)
        self._previous = int(tags[cut - 1])


def finish(readings: Sequence[Reading], linker: Linker | None) -> list[Article]:
    """The articles that were read, each with its spans and the links between them; none without a linker."""
    articles = [reading.article() for reading in readings]
    if linker is None or not articles:
        return articles
    gatherers = [reading.gatherer for reading in readings if reading.gatherer is not None]
    links = linker.links_of(articles, gathered(gatherers) if gatherers else None)
    linked = [read_article(article, links=found) for article, found in zip(articles, links, strict=True)]
    # Spans an article came with are not the model's to change.
    return [
        article if reading.keeps_spans or article.scheme != CONFLICT else revise_stances(article)
        for article, reading in zip(linked, readings, strict=True)
    ]


def decode_lines(lines: Sequence[Line]) -> None:
    """Decode lines side by side and give each one's spans to its article, in the order the lines come in."""
    if not lines:
        return
    lengths = np.array([len(line.scores) for line in lines])
    starts = np.cumsum(lengths) - lengths
    scores = np.concatenate([line.scores for line in lines]) if len(lines) > 1 else lines[0].scores
    tags, legal = best_if_legal(scores, starts, np.array([line.previous for line in lines]))
    for numbers in _alike(np.flatnonzero(~legal), lengths):
        for number, decided in zip(numbers, _decode([lines[n] for n in numbers]), strict=True):
            tags[starts[number] : starts[number] + lengths[number]] = decided
    at = 0
    for reading, group in groupby(lines, key=attrgetter("reading")):
        own = list(group)
        words = slice(int(starts[at]), int(starts[at]) + sum(len(line.scores) for line in own))
        states = np.concatenate([line.states for line in own]) if len(own) > 1 else own[0].states
        line_starts = starts[at : at + len(own)] - starts[at]
        reading.take(own[0].first_word, tags[words], scores[words], states, line_starts)
        at += len(own)


def _alike(numbers: NDArray[np.int64], lengths: NDArray[np.int64]) -> Iterator[list[int]]:
    """Lines of like length together, as many as may be padded to the longest of them."""
    group: list[int] = []
    for number in numbers[np.argsort(lengths[numbers], kind="stable")].tolist():
        if group and (len(group) + 1) * int(lengths[number]) > _PADDED_WORDS:
            yield group
            group = []
        group.append(number)
    if group:
        yield group


def _decode(lines: Sequence[Line]) -> list[NDArray[np.int64]]:
    lengths = np.asarray([len(line.scores) for line in lines])
    scores = np.zeros((len(lines), int(lengths.max()), lines[0].scores.shape[1]), dtype=np.float32)
    for row, line in enumerate(lines):
        scores[row, : len(line.scores)] = line.scores
    tags = decode(scores, lengths, np.asarray([line.previous for line in lines]))
    return [tags[row, : len(line.scores)] for row, line in enumerate(lines)]
