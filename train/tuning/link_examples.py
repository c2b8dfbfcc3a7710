"""From gold articles to what a window teaches about links: its spans, the pairs within reach, and which are linked.

A window has the spans that lie wholly inside it, and a pair is learned in the first window that holds both its spans.
Spans are the gold ones, or those the tagger finds as it is; then each gold link goes to the predicted spans that
overlap its own. How the pairs are scored is `link_module`'s business.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ...infer.articles import Article, Span
from ...infer.decoding import decode, tagged_spans
from ...infer.links.pairs import Numbers, candidate_pairs, feature_sizes, place_spans
from ...infer.normalise import normal_forms
from ...infer.tokens import LINE_BREAKS, SPAN_EDGES, Token, tokenize
from ...infer.windows import Window, iter_windows
from ..judging.matching import match_spans
from .link_module import LinkBatch

__all__ = ["LinkTable", "LinkWindow", "link_windows", "make_link_batch"]


@dataclass(frozen=True, slots=True, eq=False)
class LinkTable:
    """What a window has to learn, not padded; the columns are those of `LinkBatch`, without its first axis."""

    first: Numbers
    last: Numbers
    labels: Numbers
    source: Numbers
    target: Numbers
    features: Numbers
    counts: NDArray[np.bool_]
    gold: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class LinkWindow:
    """One window of an article, from which tables are made.

    `tokens` are those of the window. Pairs whose spans both end within the first `known_words` of them were learned
    in the window before. `teaches` is false for an article whose source has no links, so that their absence says
    nothing.
    """

    article: Article
    window: Window
    tokens: Sequence[Token]
    known_words: int
    reach_words: int
    teaches: bool

    def gold_table(self) -> LinkTable:
        """The table over the gold spans."""
        first_char, last_char = self.tokens[0].start_char, self.tokens[-1].end_char
        inside = [s for s in self.article.spans if s.start_char >= first_char and s.end_char <= last_char]
        return self._table(inside, {span.id: row for row, span in enumerate(inside)})

    def predicted_table(self, scores: NDArray[np.float32]) -> LinkTable:
        """The table over the spans that tag scores (subwords, tags) of this window spell."""
        found = self._decode(scores[self.window.first_subwords])
        rows = {span.id: row for row, span in enumerate(found)}
        first_char, last_char = self.tokens[0].start_char, self.tokens[-1].end_char
        near = [s for s in self.article.spans if s.start_char < last_char and s.end_char > first_char]
        matched = {
            pair.gold.id: rows[pair.predicted.id]
            for pair in match_spans(near, found)
            if pair.gold is not None and pair.predicted is not None and pair.gold.family == pair.predicted.family
        }
        return self._table(found, matched)

    def _table(self, spans: Sequence[Span], row_of: dict[str, int]) -> LinkTable:
        """The table over some spans; `row_of` gives the span that stands for a gold one, by its id."""
        scheme = self.article.scheme
        places = place_spans(self.article.text, spans, self.tokens)
        pairs = candidate_pairs(spans, places, scheme, self.reach_words)
        gold = np.zeros(pairs.allowed.shape, dtype=np.bool_)
        at = {ends: row for row, ends in enumerate(zip(pairs.source.tolist(), pairs.target.tolist(), strict=True))}
        kinds = {kind.name: number for number, kind in enumerate(scheme.links)}
        for link in self.article.links:
            row = at.get((row_of.get(link.source, -1), row_of.get(link.target, -1)))
            if row is not None:
                gold[row, kinds[link.kind]] = True
        ends = np.maximum(places.end_word[pairs.source], places.end_word[pairs.target])
        new = (ends > self.known_words) & self.teaches
        number = {name: n for n, name in enumerate(scheme.label_names)}
        firsts = np.asarray(self.window.first_subwords)
        return LinkTable(
            first=firsts[places.first_word],
            last=firsts[places.end_word - 1],
            labels=np.array([number[span.label] for span in spans], dtype=np.int64),
            source=pairs.source,
            target=pairs.target,
            features=pairs.features,
            counts=pairs.allowed & new[:, None],
            gold=gold & pairs.allowed,
        )

    def _decode(self, scores: NDArray[np.float32]) -> list[Span]:
        """The spans of the best legal tags of words (words, tags), line by line."""
        text, tokens, scheme = self.article.text, self.tokens, self.article.scheme
        breaks = [
            word
            for word in range(1, len(tokens))
            if not LINE_BREAKS.isdisjoint(text[tokens[word - 1].end_char : tokens[word].start_char])
        ]
        lines = list(zip([0, *breaks], [*breaks, len(tokens)], strict=True))
        padded = np.zeros((len(lines), max(stop - start for start, stop in lines), scores.shape[1]), dtype=np.float32)
        for row, (start, stop) in enumerate(lines):
            padded[row, : stop - start] = scores[start:stop]
        tags = decode(padded, np.array([stop - start for start, stop in lines]))
        spans: list[Span] = []
        for row, (start, stop) in enumerate(lines):
            for first, end, label in tagged_spans(tags[row, : stop - start]):
                words = [token for token in tokens[start + first : start + end] if token.kind in SPAN_EDGES]
                if words:
                    begin, close = words[0].start_char, words[-1].end_char
                    name = scheme.labels[label]
                    spans.append(Span(f"P{len(spans)}", name.name, name.family, begin, close, text[begin:close]))
        return spans


def link_windows(
    articles: Sequence[Article], tokenizer: Tokenizer, max_subwords: int, overlap_subwords: int, reach_words: int
) -> list[LinkWindow]:
    """The windows of one source's articles, the same and in the same order as those of `article_examples`."""
    teaches = any(article.links for article in articles)
    windows: list[LinkWindow] = []
    for article in articles:
        tokens, before = tokenize(article.text), 0
        for window in iter_windows(normal_forms(article.text, tokens), tokenizer, max_subwords, overlap_subwords):
            end = window.first_word + len(window.first_subwords)
            known = max(0, before - window.first_word)
            words = tokens[window.first_word : end]
            windows.append(LinkWindow(article, window, words, known, reach_words, teaches))
            before = end
    return windows


def make_link_batch(windows: Sequence[LinkWindow], tables: Sequence[LinkTable], subwords: int) -> LinkBatch:
    """Tables as padded tensors over windows of `subwords`; at least one span and one pair wide."""
    scheme = windows[0].article.scheme
    kinds, features = len(scheme.links), len(feature_sizes(scheme))
    spans = max(1, *(len(table.first) for table in tables))
    pairs = max(1, *(len(table.source) for table in tables))
    words = np.zeros((len(tables), subwords), dtype=np.bool_)
    for row, window in enumerate(windows):
        words[row, window.window.first_subwords] = True

    def padded(name: str, width: int, *rest: int, dtype: type = np.int64) -> torch.Tensor:
        result: NDArray[Any] = np.zeros((len(tables), width, *rest), dtype=dtype)
        for row, table in enumerate(tables):
            values = getattr(table, name)
            result[row, : len(values)] = values
        return torch.from_numpy(result)

    return LinkBatch(
        words=torch.from_numpy(words),
        first=padded("first", spans),
        last=padded("last", spans),
        labels=padded("labels", spans),
        source=padded("source", pairs),
        target=padded("target", pairs),
        features=padded("features", pairs, features),
        counts=padded("counts", pairs, kinds, dtype=np.bool_),
        gold=padded("gold", pairs, kinds, dtype=np.bool_),
    )


def without_lessons(table: LinkTable) -> LinkTable:
    """The table with nothing to learn in it."""
    return replace(table, counts=np.zeros_like(table.counts))
