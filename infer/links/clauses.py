"""Where the spans of an article stand: paragraphs, sentences, clauses, and what lies between two of them.

Every question about the text between two spans is answered from running counts or within a reach of a few spans,
so that an article costs time in proportion to its length. What a position means for a link is left to the rules.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import accumulate

import regex

from ..articles import Article, Span
from ..tokens import LINE_BREAKS
from .cues import first_word, fold, is_agent_word, is_complementiser, is_conjunction, is_result_word

__all__ = ["Break", "Gap", "Layout", "Mark", "is_coordinated", "lay_out"]

REACH = 11
"""How many spans away an argument of its own is looked for."""

_MOST_JOINED = 24
"""How many mentions one coordination may have; lists that are longer fall into several."""

_PIECES = regex.compile(
    r"[\n\r\u2028\u2029]|[.…]+(?!\s?\p{Nd})|[!؟?؛;]|[،,]|:|[()\[\]\"“”«»]|[\p{L}\p{M}\p{Cf}\u0640]+|\p{Nd}+"
)
_OR = ("و", "او")
_FREE_PREPOSITIONS = frozenset(("ل", "الي", "عن", "ضد", "من", "علي", "مع", "في", "بحق", "ب", "بين", "تجاه"))
_NOT_FOR = ("لجان", "لجنه", "لواء", "لبنان", "لندن", "ليبيا")


class Break(IntEnum):
    """What separates two spans: the strongest of it."""

    NONE = 0
    COMMA = 1
    CLAUSE = 2
    SENTENCE = 3
    PARAGRAPH = 4


class Mark(IntEnum):
    """What is counted in the text between spans."""

    WORD = 0
    COMMA = 1
    COLON = 2
    CONJUNCTION = 3
    SENTENCE = 4
    PARAGRAPH = 5
    COMPLEMENTISER = 6
    AGENT = 7
    RESULT = 8


_STRONGEST_FIRST = (
    (int(Mark.PARAGRAPH), Break.PARAGRAPH),
    (int(Mark.SENTENCE), Break.SENTENCE),
    (int(Mark.CONJUNCTION), Break.CLAUSE),
    (int(Mark.COMMA), Break.COMMA),
)


@dataclass(frozen=True, slots=True)
class Gap:
    """The text before a span, back to the one before it: its folded words, how often each `Mark`, its first piece."""

    words: tuple[str, ...]
    counts: tuple[int, ...]
    opening: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The spans of one article with running counts of what lies before each; positions are those of `spans`.

    `gaps[n]` lies before `spans[n]`, the last one after all spans; `groups[n]` are the mentions of one family that
    coordination and apposition join to span n, itself included.
    """

    spans: tuple[Span, ...]
    gaps: tuple[Gap, ...]
    groups: tuple[tuple[int, ...], ...]
    sums: tuple[tuple[int, ...], ...]

    def count(self, mark: Mark, first: int, last: int) -> int:
        """How many of a mark lie between two spans, `first` before `last`."""
        return self.sums[mark][last] - self.sums[mark][first]

    def boundary(self, one: int, other: int) -> Break:
        """What separates two spans, in either order."""
        for mark, separates in _STRONGEST_FIRST:
            sums = self.sums[mark]
            if sums[one] != sums[other]:
                return separates
        return Break.NONE

    def nearest(self, start: int, step: int, wanted: Callable[[int], bool]) -> int | None:
        """The nearest span of the paragraph after (`step` 1) or before (-1) a span that is wanted, within reach."""
        paragraphs = self.sums[Mark.PARAGRAPH]
        for at in range(start + step, start + step * (REACH + 1), step):
            if not 0 <= at < len(paragraphs) or paragraphs[at] != paragraphs[start]:
                return None
            if wanted(at):
                return at
        return None

    def has_family(self, family: str, first: int, last: int) -> bool:
        """Whether a span of a family stands strictly between two."""
        return any(self.spans[at].family == family for at in range(first + 1, last))

    def preposition(self, at: int) -> str:
        """The preposition that governs a span, written apart or attached; empty if there is none."""
        words = self.gaps[at].words
        if words and words[-1] in _FREE_PREPOSITIONS:
            return words[-1]
        text = fold(self.spans[at].text)
        if text.startswith("ل") and not text.startswith(_NOT_FOR):
            return "ل"
        return "ب" if text.startswith("بال") else ""


def lay_out(article: Article) -> Layout:
    """The layout of an article."""
    gaps: list[Gap] = []
    end = 0
    for span in article.spans:
        gaps.append(_gap(article.text[end : span.start_char]))
        end = span.end_char
    sums = tuple(tuple(accumulate(gap.counts[mark] for gap in gaps)) for mark in Mark)
    groups = _groups(article.spans, gaps)
    gaps.append(_gap(article.text[end:]))
    return Layout(article.spans, tuple(gaps), groups, sums)


def is_coordinated(span: Span, gap: Gap) -> bool:
    """Whether a span begins with «و», its own or the last word before it."""
    return _begins_with_and(span) or (bool(gap.words) and (gap.words[0] in _OR or gap.words[-1] == "و"))


def _gap(text: str) -> Gap:
    words: list[str] = []
    counts = [0] * len(Mark)
    opening = ""
    for piece in _PIECES.findall(text):
        folded, marks, is_word = _read(piece)
        opening = opening or folded
        if is_word:
            words.append(folded)
        for mark in marks:
            counts[mark] += 1
    return Gap(tuple(words), tuple(counts), opening)


@lru_cache(maxsize=16_384)
def _read(piece: str) -> tuple[str, tuple[int, ...], bool]:
    """A piece of text folded, what it counts as, and whether it is a word."""
    word = fold(piece)
    if piece in LINE_BREAKS:
        return word, (Mark.PARAGRAPH,), False
    if piece[0] in ".…!؟?؛;":
        return word, (Mark.SENTENCE,), False
    if piece in "،,":
        return word, (Mark.COMMA,), False
    if piece == ":":
        return word, (Mark.COLON,), False
    if piece in '()[]"“”«»':
        return word, (), False
    what = {
        Mark.COMPLEMENTISER: is_complementiser(word),
        Mark.CONJUNCTION: is_conjunction(word),
        Mark.AGENT: is_agent_word(word),
        Mark.RESULT: is_result_word(word),
    }
    return word, (int(Mark.WORD), *(int(mark) for mark, is_there in what.items() if is_there)), True


def _groups(spans: tuple[Span, ...], gaps: list[Gap]) -> tuple[tuple[int, ...], ...]:
    groups: list[tuple[int, ...]] = []
    run: list[int] = []
    for at, span in enumerate(spans):
        if run and (len(run) == _MOST_JOINED or not _joins(spans[at - 1], gaps[at], span)):
            groups += [tuple(run)] * len(run)
            run = []
        run.append(at)
    return tuple(groups + [tuple(run)] * len(run))


def _joins(before: Span, gap: Gap, span: Span) -> bool:
    """Whether the text joins two neighbours: «X و» «Y», or an office and the name of who holds it."""
    if before.family != span.family or span.family == "STANCE":
        return False
    if gap.counts[Mark.SENTENCE] or gap.counts[Mark.PARAGRAPH] or gap.counts[Mark.COLON] or len(gap.words) > 1:
        return False
    if gap.words:
        return gap.words[0] in _OR
    named = (before.label == "PERSON") != (span.label == "PERSON") and "CIVILIAN" not in (before.label, span.label)
    return _begins_with_and(span) or (span.family == "ACTOR" and named)


def _begins_with_and(span: Span) -> bool:
    word = fold(span.text).partition(" ")[0]
    return word.startswith("و") and first_word(span) != word
