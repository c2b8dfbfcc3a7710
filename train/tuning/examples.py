"""From gold articles to examples: windows of subwords with a tag on the first subword of each word.

An article is cut into the same windows as when it is predicted, and a word is learned in the window that its scores
would be taken from, so that every word counts once. How examples become batches is `batches`' business.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ...infer.articles import Article
from ...infer.normalise import normal_forms
from ...infer.scheme import Scheme
from ...infer.tokens import LINE_BREAKS, Token, tokenize
from ...infer.windows import iter_windows

__all__ = ["IGNORED", "Example", "article_examples", "tag_counts", "word_tags"]

IGNORED = -100
"""The tag of a subword that is not learned: not a word's first, or context that another window learns."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One window to learn from: `subword_ids` and `tags`, both (subwords,), tags in `Scheme.tags` order or IGNORED."""

    subword_ids: NDArray[np.int64]
    tags: NDArray[np.int64]

    def __len__(self) -> int:
        """Length in subwords."""
        return len(self.subword_ids)


def article_examples(
    articles: Iterable[Article], tokenizer: Tokenizer, scheme: Scheme, max_subwords: int, overlap_subwords: int
) -> list[Example]:
    """The windows of all articles, in order; an article without words has none."""
    examples: list[Example] = []
    for article in articles:
        tokens = tokenize(article.text)
        tags = word_tags(article, tokens, scheme)
        for window in iter_windows(normal_forms(article.text, tokens), tokenizer, max_subwords, overlap_subwords):
            row = np.full(len(window.subword_ids), IGNORED, dtype=np.int64)
            learned = slice(window.own_from, window.own_to)
            first = window.first_word
            row[window.first_subwords[learned]] = tags[first + window.own_from : first + window.own_to]
            examples.append(Example(np.array(window.subword_ids, dtype=np.int64), row))
    return examples


def word_tags(article: Article, tokens: Sequence[Token], scheme: Scheme) -> NDArray[np.int64]:
    """The IOB2 tag (words,) of each token of an article, in `Scheme.tags` order.

    A decoded span never crosses a line break, so one that does is begun anew on each of its lines.
    """
    number = {tag: n for n, tag in enumerate(scheme.tags)}
    tags = np.zeros(len(tokens), dtype=np.int64)
    starts = {token.start_char: position for position, token in enumerate(tokens)}
    for span in article.spans:
        position = starts[span.start_char]
        begins, previous_end = True, span.start_char
        while position < len(tokens) and tokens[position].start_char < span.end_char:
            token = tokens[position]
            begins = begins or not LINE_BREAKS.isdisjoint(article.text[previous_end : token.start_char])
            tags[position] = number[f"{'B' if begins else 'I'}-{span.label}"]
            begins, previous_end = False, token.end_char
            position += 1
    return tags


def tag_counts(examples: Iterable[Example], tags: int) -> NDArray[np.int64]:
    """How often each of `tags` tags is learned in the examples, (tags,)."""
    counts = np.zeros(tags, dtype=np.int64)
    for example in examples:
        counts += np.bincount(example.tags[example.tags != IGNORED], minlength=tags)
    return counts
