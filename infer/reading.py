"""One article while it is being read: its windows go out, their scores come in, its spans are found.

Holds the text, the words whose tags are not decided yet with their scores, and the spans found so far. A line is given
out to be decoded when it is complete; of a line that runs on for thousands of words the part whose tags are settled
is decided early, so memory does not grow with the article. Links are found by a `Linker` when all spans are known.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from .articles import Article, Span
from .decoding import decode, settled_words, softmax, span_probability, tagged_spans
from .facts import Facts
from .links.choosing import Linker
from .links.stances import revise_stances
from .model_folder import ModelInfo
from .normalise import normal_forms
from .scheme import CONFLICT
from .tokens import LINE_BREAKS, SPAN_EDGES, Token, iter_tokens
from .windows import Window, iter_windows

__all__ = ["Line", "Reading", "decode_lines"]

_LONG_LINE_WORDS = 4096
_PADDED_WORDS = 16_384


@dataclass(frozen=True, slots=True)
class Line:
    """The words of one line, or of its last part, with their scores (words, tags) and the tag before the first.

    `states` are the encoder's (words, width), of no width where no links are found by them.
    """

    reading: "Reading"
    tokens: list[Token]
    scores: NDArray[np.float32]
    states: NDArray[np.float32]
    previous: int


class Reading:
    """The state of one article between its first window and its last link.

    With `keep_spans` the spans the article came with are linked, whatever the tags say; without a linker, no links.
    """

    def __init__(
        self,
        article: Article,
        tokenizer: Tokenizer,
        info: ModelInfo,
        linker: Linker | None = None,
        *,
        keep_spans: bool = False,
    ) -> None:
        self._article = article
        self._info = info
        self._tokens: deque[Token] = deque()  # drawn by the windows, tags not decided
        self._line_starts: deque[int] = deque()  # words that begin a line, counted over the article
        self._drawn = 0
        self._first = 0  # number in the article of the first token still held
        self._scores = np.zeros((0, len(info.scheme.tags)), dtype=np.float32)
        self._linker = linker
        self._gatherer = linker.gatherer() if linker is not None else None
        width = linker.head.states if linker is not None and linker.head is not None else 0
        self._states = np.zeros((0, width), dtype=np.float32)
        self._given = deque(article.spans) if keep_spans else None
        self._previous = 0
        self._spans: list[Span] = []
        self._last_char = 0
        self._waiting = 0
        self._all_drawn = False
        forms = self._forms()
        self._windows = iter_windows(forms, tokenizer, info.max_subwords, info.overlap_subwords)

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

        `states` are the encoder's (words, width), needed where the linker has a head.
        """
        self._waiting -= 1
        own = slice(window.own_from, window.own_to)
        self._scores = np.concatenate([self._scores, scores[own]])
        if states is not None:
            self._states = np.concatenate([self._states, states[own]])
        lines = []
        while self._line_starts and self._line_starts[0] <= self._first + len(self._scores):
            words = self._line_starts.popleft() - self._first
            if words:
                lines.append(self._cut(words))
                self._previous = 0
        if len(self._scores) > _LONG_LINE_WORDS:
            self._decide_settled()
        return lines

    def last_line(self) -> list[Line]:
        """What is left when every window has its scores."""
        return [self._cut(len(self._scores))] if len(self._scores) else []

    def take(
        self,
        tokens: Sequence[Token],
        tags: NDArray[np.int64],
        scores: NDArray[np.float32],
        states: NDArray[np.float32],
    ) -> None:
        """Keep the spans of decided words; `scores` and `states` may go further than `tags`."""
        known = len(self._spans)
        if self._given is None:
            self._find(tokens, tags, scores)
        else:
            while self._given and self._given[0].start_char < tokens[-1].end_char:
                self._spans.append(self._given.popleft())
        if self._gatherer is not None:
            self._gatherer.take(tokens, states[: len(tokens)], self._spans[known:])

    def result(self) -> Article:
        """The article with its spans, numbered in the order of the text, and the links between them."""
        article = replace(
            self._article,
            spans=tuple(self._spans),
            links=(),
            facts=Facts(),
            scheme=self._info.scheme,
            model=str(self._info),
            characters_read=self._last_char,
        )
        if self._linker is None:
            return article
        vectors = self._gatherer.vectors() if self._gatherer is not None else None
        linked = replace(article, links=self._linker.links(article, vectors))
        # Spans an article came with are not the model's to change.
        return revise_stances(linked) if self._given is None and linked.scheme == CONFLICT else linked

    def _find(self, tokens: Sequence[Token], tags: NDArray[np.int64], scores: NDArray[np.float32]) -> None:
        """Make the spans that decided tags spell."""
        if not tags.any():
            return
        scheme, text = self._info.scheme, self._article.text
        probabilities = softmax(scores, self._info.temperature)
        for start, end, number in tagged_spans(tags):
            label = scheme.labels[number]
            first, last = _trim(tokens, start, end)
            if first >= last:
                continue
            from_char, to_char = tokens[first].start_char, tokens[last - 1].end_char
            self._spans.append(
                Span(
                    id=f"T{len(self._spans) + 1}",
                    label=label.name,
                    family=label.family,
                    start_char=from_char,
                    end_char=to_char,
                    text=text[from_char:to_char],
                    score=span_probability(probabilities, start, end, number),
                )
            )

    def _forms(self) -> Iterator[str]:
        text = self._article.text
        for token in iter_tokens(text):
            if not LINE_BREAKS.isdisjoint(text[self._last_char : token.start_char]) and self._drawn:
                self._line_starts.append(self._drawn)
            self._tokens.append(token)
            self._drawn += 1
            self._last_char = token.end_char
            yield from normal_forms(text, (token,))
        self._last_char = len(text)

    def _cut(self, words: int) -> Line:
        """Take the first words, which are scored, from what is held."""
        tokens = [self._tokens.popleft() for _ in range(words)]
        line = Line(self, tokens, self._scores[:words], self._states[:words], self._previous)
        self._scores = self._scores[words:].copy()
        self._states = self._states[words:].copy()
        self._first += words
        return line

    def _decide_settled(self) -> None:
        count, tags = settled_words(self._scores, self._previous)
        # Cut before a word that continues no span, and keep that word: its score ends the span before it.
        cut = max((word for word in range(1, count) if tags[word] == 0 or tags[word] % 2 == 1), default=0)
        if not cut:
            return
        self.take(list(islice(self._tokens, cut)), tags[:cut], self._scores[: cut + 1], self._states)
        self._cut(cut)
        self._previous = int(tags[cut - 1])


def decode_lines(lines: Sequence[Line]) -> None:
    """Decode lines side by side and give each one's spans to its article, in the order the lines come in."""
    tags: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)] * len(lines)
    order = sorted(range(len(lines)), key=lambda number: len(lines[number].tokens))
    start = 0
    while start < len(order):
        stop = start + 1
        while stop < len(order) and (stop + 1 - start) * len(lines[order[stop]].tokens) <= _PADDED_WORDS:
            stop += 1
        for number, decided in zip(order[start:stop], _decode([lines[n] for n in order[start:stop]]), strict=True):
            tags[number] = decided
        start = stop
    for line, decided in zip(lines, tags, strict=True):
        line.reading.take(line.tokens, decided, line.scores, line.states)


def _decode(lines: Sequence[Line]) -> list[NDArray[np.int64]]:
    lengths = np.asarray([len(line.tokens) for line in lines])
    scores = np.zeros((len(lines), int(lengths.max()), lines[0].scores.shape[1]), dtype=np.float32)
    for row, line in enumerate(lines):
        scores[row, : len(line.tokens)] = line.scores
    tags = decode(scores, lengths, np.asarray([line.previous for line in lines]))
    return [tags[row, : len(line.tokens)] for row, line in enumerate(lines)]


def _trim(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """The words of a span without tokens at its edges on which no span may begin or end."""
    while start < end and tokens[start].kind not in SPAN_EDGES:
        start += 1
    while end > start and tokens[end - 1].kind not in SPAN_EDGES:
        end -= 1
    return start, end
