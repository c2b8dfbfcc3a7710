"""The words and sentences of an article as cue tables and date rules compare them.

A folded word has its normal form with one letter for the forms of alef, ya and ta marbuta; particles in front and
pronouns behind can be taken off for a comparison, never from the text. What a word means is left to `events` and
`dates`.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..articles import Article
from ..normalise import LETTER_FOLDS, normal_form
from ..tokens import KINDS, LINE_BREAKS, Token, TokenKind, iter_tokens

__all__ = ["REACH_CHARS", "FoldedWord", "Sentences", "bare_forms", "fold", "folded_words", "line_bounds"]

Ints = NDArray[np.int64]
"""Offsets (spans,)."""

_FOLDS = str.maketrans(LETTER_FOLDS | {"ة": "ه"})
_ENDS = frozenset(".!?؟…")
_LINE_BREAK = re.compile(f"[{''.join(sorted(LINE_BREAKS))}]")
_MARK = KINDS.index(TokenKind.MARK)
_PRONOUNS = ("هما", "ها", "هم", "ه", "نا")
_SHORTEST_STEM = 2
_LONGEST_SENTENCE = 5_000
"""Characters; the longest sentence of some 460 news articles has 1,150. A text without full stops is cut at words."""
REACH_CHARS = 20_000
"""How far apart (characters, some 3,300 words) a text may tell the same claim or event again.

In a longer text, a digest or a book, what is told further apart is told of something else, and to compare everything
with everything would cost ever more a word.
"""


class FoldedWord(NamedTuple):
    """A word, number or mark of the text in its folded form, with its offsets."""

    form: str
    start_char: int
    end_char: int


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """One form for words that differ in marks, hamza, or a final ya or ta marbuta only."""
    return " ".join(normal_form(word) for word in text.split()).translate(_FOLDS)


def folded_words(text: str, start_char: int, end_char: int) -> list[FoldedWord]:
    """The words, numbers and marks of a stretch of a text."""
    return [
        FoldedWord(fold(text[start_char + start : start_char + end]), start_char + start, start_char + end)
        for start, end, _ in iter_tokens(text[start_char:end_char])
    ]


@lru_cache(maxsize=65_536)
def bare_forms(form: str) -> frozenset[str]:
    """A folded word with and without the particles in front (و ف, ب ل ك, ال) and a pronoun behind."""
    forms = {form}
    for particles in (("و", "ف"), ("ب", "ل", "ك")):
        forms |= {one[1:] for one in forms if one[:1] in particles}
    # «للغارة» is ل and ال and «غارة»: the alef of the article is not written after ل.
    forms |= {one[2:] for one in forms if one.startswith(("ال", "لل"))}
    for one in list(forms):
        for pronoun in _PRONOUNS:
            if one.endswith(pronoun):
                stem = one[: -len(pronoun)]
                forms.add(stem)
                if stem.endswith("ت"):
                    forms.add(stem[:-1] + "ه")
    return frozenset(one for one in forms if len(one) >= _SHORTEST_STEM)


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of a text as (start_char, end_char): they end at a line's end or at . ! ? ؟ … before a space.

    One of more than 5,000 characters is cut, between words and outside spans, into pieces of no more than that where
    it can be.
    """

    bounds: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, article: Article) -> "Sentences":
        """Cut an article's text; a mark inside a span (a name's «د.») ends no sentence."""
        text, tokens = article.text, article.tokens
        ends = [match.start() for match in _LINE_BREAK.finditer(text)]
        marks = np.flatnonzero(tokens.kinds == _MARK)
        marks = marks[[text[at] in _ENDS for at in tokens.starts[marks].tolist()]] if len(marks) else marks
        # The span that begins last before a mark is the one the mark may stand in.
        starts = np.array([-1, *(span.start_char for span in article.spans)])
        stops = np.array([-1, *(span.end_char for span in article.spans)])
        holding = np.searchsorted(starts, tokens.starts[marks], side="right") - 1
        for number in marks[stops[holding] <= tokens.starts[marks]].tolist():
            if _ends_sentence(text, tokens[number - 1] if number else None, tokens[number]):
                ends.append(int(tokens.ends[number]))
        edges = [0, *sorted(set(ends)), len(text)]
        whole = [(start, end) for start, end in pairwise(edges) if start < end]
        if any(end - start > _LONGEST_SENTENCE for start, end in whole):
            whole = [piece for start, end in whole for piece in _pieces(article, start, end, starts, stops)]
        return cls(tuple(whole))

    def number(self, at_char: int) -> int:
        """Which sentence holds a character."""
        return max(0, bisect_right(self.bounds, (at_char, len(self.bounds) and self.bounds[-1][1])) - 1)


def _pieces(article: Article, start: int, end: int, starts: Ints, stops: Ints) -> list[tuple[int, int]]:
    """A sentence in pieces that begin at words outside spans; `starts` and `stops` are those of the spans."""
    words = article.tokens.starts
    pieces = []
    while end - start > _LONGEST_SENTENCE:
        at = int(np.searchsorted(words, start + _LONGEST_SENTENCE, side="right")) - 1
        cut = int(words[at]) if at >= 0 else start
        span = int(np.searchsorted(starts, cut, side="right")) - 1
        if stops[span] > cut:
            cut = int(starts[span])
        if cut <= start:  # one word or span as long as that
            break
        pieces.append((start, cut))
        start = cut
    return [*pieces, (start, end)]


def line_bounds(text: str) -> list[tuple[int, int]]:
    """(start_char, end_char) of every line, without the white space around it; empty lines are left out."""
    edges = [-1, *(match.start() for match in _LINE_BREAK.finditer(text)), len(text)]
    lines = []
    for before, after in pairwise(edges):
        line = text[before + 1 : after]
        start = before + 1 + len(line) - len(line.lstrip())
        end = start + len(line.strip())
        if start < end:
            lines.append((start, end))
    return lines


def _ends_sentence(text: str, before: Token | None, token: Token) -> bool:
    if token.kind is not TokenKind.MARK or text[token.start_char] not in _ENDS:
        return False
    after = text[token.end_char : token.end_char + 1]
    if after and after.isalnum():
        return False
    # One letter and a full stop are a title or an initial («د. أحمد»), not the end of a sentence.
    return before is None or before.kind is not TokenKind.WORD or before.end_char - before.start_char > 1
